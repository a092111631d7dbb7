;; Echoes its input by way of its own memory, and makes sure that nobody else wrote there meanwhile.
;; The configuration is not used. on_request does the same, so that it can stand in a chain.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "free" (func $free (param i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  (import "extism:host/env" "load_u8" (func $load8 (param i64) (result i32)))
  (import "extism:host/env" "load_u64" (func $load64 (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store8 (param i64 i32)))
  (import "extism:host/env" "store_u64" (func $store64 (param i64 i64)))
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input8 (param i64) (result i32)))
  (import "extism:host/env" "output_set" (func $output (param i64 i64)))
  (import "extism:host/env" "error_set" (func $error (param i64)))
  (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  (import "extism:host/env" "log_info" (func $log (param i64)))
  (import "extism:host/env" "http_request" (func $http (param i64 i64) (result i64)))
  (import "extism:host/user" "headgate_property" (func $property (param i64) (result i64)))
  (import "extism:host/user" "headgate_header_set" (func $header_set (param i64 i64)))
  (memory 2)
  (data (i32.const 0) "request.idX-Verified")

  (func (export "headgate_abi_v1"))

  (func $text (param $at i32) (param $size i32) (result i64)
    (local $block i64) (local $i i32)
    (local.set $block (call $alloc (i64.extend_i32_u (local.get $size))))
    (loop $next
      (call $store8
        (i64.add (local.get $block) (i64.extend_i32_u (local.get $i)))
        (i32.load8_u (i32.add (local.get $at) (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $size))))
    (local.get $block))

  (func (export "echo") (result i32)
    (local $size i32) (local $i i32) (local $round i32) (local $out i64)
    (local.set $size (i32.wrap_i64 (call $input_length)))
    (loop $read
      (i32.store8 (i32.add (i32.const 4096) (local.get $i))
        (call $input8 (i64.extend_i32_u (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $read (i32.lt_u (local.get $i) (local.get $size))))
    (loop $rounds
      (local.set $i (i32.const 0))
      (loop $check
        (if (i32.ne
              (i32.load8_u (i32.add (i32.const 4096) (local.get $i)))
              (call $input8 (i64.extend_i32_u (local.get $i))))
          (then (unreachable)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $check (i32.lt_u (local.get $i) (local.get $size))))
      (local.set $round (i32.add (local.get $round) (i32.const 1)))
      (br_if $rounds (i32.lt_u (local.get $round) (i32.const 8))))
    (local.set $out (call $text (i32.const 4096) (local.get $size)))
    (call $output (local.get $out) (i64.extend_i32_u (local.get $size)))
    (i32.const 0))

  ;; Tells the request's id back in a field, by way of memory.
  (func (export "on_request") (result i32)
    (local $id i64) (local $i i32) (local $size i32)
    (local.set $id (call $property (call $text (i32.const 0) (i32.const 10))))
    (local.set $size (i32.wrap_i64 (call $length (local.get $id))))
    (loop $read
      (i32.store8 (i32.add (i32.const 4096) (local.get $i))
        (call $load8 (i64.add (local.get $id) (i64.extend_i32_u (local.get $i)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $read (i32.lt_u (local.get $i) (local.get $size))))
    (call $header_set
      (call $text (i32.const 10) (i32.const 10))
      (call $text (i32.const 4096) (local.get $size)))
    (i32.const 0)))
