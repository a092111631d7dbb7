;; Sets fields without end.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/user" "headgate_header_set" (func $set (param i64 i64)))
  (func (export "headgate_abi_v1"))
  (func (export "on_request") (result i32)
    (local $a i64)
    (local.set $a (call $alloc (i64.const 1000)))
    (loop $more (call $set (local.get $a) (local.get $a)) (br $more))
    (i32.const 0)))
