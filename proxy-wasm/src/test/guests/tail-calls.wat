;; Tail calls leave a function too: a chain of 1,000 of them is not deep.
(module
  (type $number (func (param i32) (result i32)))
  (func (export "headgate_abi_v1"))
  (table funcref (elem $even $odd))
  (func $even (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))
    (return_call $odd (i32.sub (local.get 0) (i32.const 1))))
  (func $odd (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (return_call_indirect (type $number) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))
  (func $deep (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (i32.add (call $deep (i32.sub (local.get 0) (i32.const 1))) (call $even (i32.const 1))))

  ;; Returns how many answers were wrong.
  (func (export "chain") (result i32) (call $odd (i32.const 1000)))
  (func (export "depth_within") (result i32) (call $deep (i32.const 6)))
  (func (export "depth_beyond") (result i32) (call $deep (i32.const 20))))
