(module
  (import "env" "system" (func (param i32) (result i32)))
  (import "extism:host/env" "alloc" (func (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write_all" (func))
  (import "env" "memory" (memory 1))
  (func (export "headgate_abi_v1")))
