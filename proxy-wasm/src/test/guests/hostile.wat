;; Each export attacks one limit. None of them returns if nothing stops it, but for those that say so.
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
  (memory 1)
  (table 1 funcref)
  (global $calls (mut i32) (i32.const 0))

  (func (export "headgate_abi_v1"))

  (func (export "endless_loop") (result i32)
    (loop $again (br $again)) (i32.const 0))

  ;; The loop's header is in a block that it is left by, so that no turn looks like a loop's end.
  (func (export "endless_nested_loop") (result i32)
    (loop $outer (block $out (loop $inner (br_if $inner (i32.const 1)) (br $out))) (br $outer))
    (i32.const 0))

  (func $recurse (param i64) (result i64)
    (i64.add (call $recurse (i64.add (local.get 0) (i64.const 1))) (i64.const 1)))
  (func (export "endless_recursion") (result i32)
    (i32.wrap_i64 (call $recurse (i64.const 0))))

  ;; The same in a circle, by way of a table.
  (type $circle (func (param i64) (result i64)))
  (elem declare func $around)
  (func $around (type $circle)
    (if (result i64) (i64.eqz (local.get 0))
      (then (return (i64.const 0)))
      (else (call_indirect (type $circle) (i64.add (local.get 0) (i64.const 1)) (i32.const 0)))))
  (func (export "recursion_by_table") (result i32)
    (table.set 0 (i32.const 0) (ref.func $around))
    (i32.wrap_i64 (call $around (i64.const 1))))

  ;; Recursion by way of a host function at each step.
  (func $recurse_logging (param i64)
    (call $log (call $alloc (i64.const 8)))
    (call $recurse_logging (local.get 0)))
  (func (export "recursion_with_host_calls") (result i32)
    (call $recurse_logging (i64.const 0)) (i32.const 0))

  ;; Returns the number of pages that it got, as an error.
  (func (export "memory_growth") (result i32)
    (loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (memory.size))

  ;; Returns the number of elements that it got, as an error.
  (func (export "table_growth") (result i32)
    (loop $more
      (br_if $more (i32.ne (table.grow 0 (ref.null func) (i32.const 1000)) (i32.const -1))))
    (table.size 0))

  (func (export "memory_filling") (result i32)
    (drop (memory.grow (i32.const 200)))
    (loop $again
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 13000000)) (br $again))
    (i32.const 0))

  (func (export "memory_out_of_bounds") (result i32) (i32.load (i32.const 65536)))
  (func (export "unreachable_code") (result i32) (unreachable))
  (func (export "division_by_zero") (result i32)
    (i32.div_u (i32.const 1) (global.get $calls)))
  (func (export "undefined_element") (result i32)
    (call_indirect (result i32) (i32.const 7)))

  (func (export "host_memory_at_once") (result i32)
    (drop (call $alloc (i64.const 0x7fffffffffffffff))) (i32.const 0))
  (func (export "host_memory_negative") (result i32)
    (drop (call $alloc (i64.const -1))) (i32.const 0))
  (func (export "host_memory_bit_by_bit") (result i32)
    (loop $more (drop (call $alloc (i64.const 1))) (br $more)) (i32.const 0))
  ;; Returns: what is freed can be had again.
  (func (export "host_memory_freed") (result i32)
    (local $i i32) (local $a i64)
    (loop $more
      (local.set $a (call $alloc (i64.const 4096)))
      (drop (call $alloc (i64.const 8)))
      (call $free (local.get $a))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $i) (i32.const 10000))))
    (i32.const 0))

  (func (export "variables") (result i32)
    (local $name i64) (local $i i64)
    (local.set $name (call $alloc (i64.const 8)))
    (loop $more
      (call $store64 (local.get $name) (local.get $i))
      (call $var_set (local.get $name) (local.get $name))
      (local.set $i (i64.add (local.get $i) (i64.const 1)))
      (br $more))
    (i32.const 0))

  ;; Sets a variable and then traps; the next call must not see it. Returns 1 if it does.
  (func (export "variable_then_trap") (result i32)
    (local $name i64)
    (local.set $name (call $alloc (i64.const 1)))
    (if (i64.ne (call $var_get (local.get $name)) (i64.const 0)) (then (return (i32.const 1))))
    (call $var_set (local.get $name) (local.get $name))
    (unreachable))

  (func (export "output_too_large") (result i32)
    (call $output (call $alloc (i64.const 3000000)) (i64.const 3000000)) (i32.const 0))
  (func (export "output_range_overflows") (result i32)
    (call $output (i64.const 0x7fffffffffffffff) (i64.const 100)) (i32.const 0))
  (func (export "output_range_negative") (result i32)
    (call $output (i64.const -8) (i64.const 100)) (i32.const 0))
  (func (export "output_length_negative") (result i32)
    (call $output (call $alloc (i64.const 8)) (i64.const -8)) (i32.const 0))
  (func (export "output_beyond_blocks") (result i32)
    (call $output (call $alloc (i64.const 8)) (i64.const 9000)) (i32.const 0))
  ;; Returns: the range goes over two blocks of its own.
  (func (export "output_over_two_blocks") (result i32)
    (local $a i64)
    (local.set $a (call $alloc (i64.const 8)))
    (drop (call $alloc (i64.const 8)))
    (call $output (i64.add (local.get $a) (i64.const 4)) (i64.const 8)) (i32.const 0))

  (func (export "load_at_zero") (result i32) (call $load8 (i64.const 0)))
  (func (export "load_negative") (result i32) (call $load8 (i64.const -1)))
  (func (export "load_across_the_end") (result i32)
    (drop (call $load64 (i64.add (call $alloc (i64.const 8)) (i64.const 1)))) (i32.const 0))
  (func (export "load_nan") (result i32)
    (call $load8 (i64.reinterpret_f64 (f64.const nan))))
  (func (export "store_at_zero") (result i32)
    (call $store8 (i64.const 0) (i32.const 1)) (i32.const 0))
  (func (export "store_behind_2_to_32") (result i32)
    (call $store8 (i64.add (call $alloc (i64.const 8)) (i64.const 0x100000000)) (i32.const 1))
    (i32.const 0))
  (func (export "input_out_of_bounds") (result i32)
    (call $input8 (call $input_length)))
  (func (export "variable_of_no_block") (result i32)
    (drop (call $var_get (i64.const 77))) (i32.const 0))
  (func (export "log_inside_a_block") (result i32)
    (call $log (i64.add (call $alloc (i64.const 8)) (i64.const 1))) (i32.const 0))
  ;; Returns: what is no block has no length, and can be freed any number of times.
  (func (export "lengths_and_frees_of_no_block") (result i32)
    (local $a i64)
    (call $free (i64.const -1)) (call $free (i64.const 0)) (call $free (i64.const 1234567))
    (local.set $a (call $alloc (i64.const 8)))
    (drop (call $alloc (i64.const 8)))
    (call $free (local.get $a)) (call $free (local.get $a))
    (i32.wrap_i64 (i64.or (call $length (i64.const -1))
      (i64.or (call $length (i64.reinterpret_f64 (f64.const nan))) (call $length (local.get $a))))))

  (func (export "network") (result i32)
    (drop (call $http (call $alloc (i64.const 8)) (i64.const 0))) (i32.const 0))

  ;; Returns; the lines over the limit are dropped.
  (func (export "log_flood") (result i32)
    (local $i i32) (local $line i64)
    (local.set $line (call $alloc (i64.const 100)))
    (loop $more
      (call $log (local.get $line))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $i) (i32.const 5000))))
    (i32.const 0))

  ;; Returns an error that is no block.
  (func (export "error_of_no_block") (result i32)
    (call $error (i64.const 99999)) (i32.const 1))

  ;; Returns; what a well-behaved call between the attacks looks like.
  (func (export "well_behaved") (result i32)
    (local $a i64)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (local.set $a (call $alloc (i64.const 2)))
    (call $store8 (local.get $a) (i32.const 111))
    (call $store8 (i64.add (local.get $a) (i64.const 1)) (i32.const 107))
    (call $output (local.get $a) (i64.const 2))
    (i32.const 0)))
