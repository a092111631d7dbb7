;; Logs the name of each hook that is called. By hand, to show how little a guest needs.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store (param i64 i32)))
  (import "extism:host/env" "log_info" (func $log (param i64)))

  (memory 1)
  (data (i32.const 0)
    "on_request"            ;;  0, 10
    "on_request_chunk"      ;; 10, 16
    "on_response_headers"   ;; 26, 19
    "on_response_chunk"     ;; 45, 17
    "on_response_complete"  ;; 62, 20
    "on_error"              ;; 82,  8
    "on_connect")           ;; 90, 10

  ;; Copies a text into host memory, logs it, and returns 0: no error.
  (func $tell (param $start i32) (param $length i32) (result i32)
    (local $block i64) (local $i i32)
    (local.set $block (call $alloc (i64.extend_i32_u (local.get $length))))
    (loop $next
      (call $store
        (i64.add (local.get $block) (i64.extend_i32_u (local.get $i)))
        (i32.load8_u (i32.add (local.get $start) (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $length))))
    (call $log (local.get $block))
    (i32.const 0))

  (func (export "headgate_abi_v1"))
  (func (export "on_request") (result i32) (call $tell (i32.const 0) (i32.const 10)))
  (func (export "on_request_chunk") (result i32) (call $tell (i32.const 10) (i32.const 16)))
  (func (export "on_response_headers") (result i32) (call $tell (i32.const 26) (i32.const 19)))
  (func (export "on_response_chunk") (result i32) (call $tell (i32.const 45) (i32.const 17)))
  (func (export "on_response_complete") (result i32) (call $tell (i32.const 62) (i32.const 20)))
  (func (export "on_error") (result i32) (call $tell (i32.const 82) (i32.const 8)))
  (func (export "on_connect") (result i32) (call $tell (i32.const 90) (i32.const 10))))
