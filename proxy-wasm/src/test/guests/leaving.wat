;; Functions that are left in each way there is. Each export calls one of them 10,000 times, and
;; returns how many answers were wrong: under a small limit of depth a level that is not given back
;; ends the call.
(module
  (type $pair (func (param i32) (result i32 i32)))
  (type $number (func (param i32) (result i32)))
  (func (export "headgate_abi_v1"))
  (table funcref (elem $twice $up_twice $down_twice))

  (func $one (result i32) (i32.const 1))
  (func $twice (param i32) (result i32) (i32.mul (local.get 0) (i32.add (call $one) (call $one))))
  (func $up_twice (param i32) (result i32) (call $twice (i32.add (local.get 0) (call $one))))
  (func $down_twice (param i32) (result i32) (call $twice (i32.sub (local.get 0) (call $one))))
  (func $wrong (param $is i32) (param $should i32) (result i32)
    (i32.ne (local.get $is) (local.get $should)))

  ;; By return, out of a block in a loop in a branch; behind it is code that can't be reached.
  (func $by_return (param $n i32) (result i32)
    (local $i i32)
    (if (i32.and (local.get $n) (i32.const 1))
      (then
        (loop $again
          (block
            (local.set $i (i32.add (local.get $i) (call $one)))
            (br_if $again (i32.lt_u (local.get $i) (i32.const 3)))
            (return (call $twice (local.get $n)))
            (return (i32.const 7))))))
    (return (i32.add (local.get $n) (call $one))))

  ;; By branches to the label of the function itself, with a value below that must go.
  (func $by_branch (param $n i32) (result i32)
    (i32.const 99)
    (block
      (block
        (block (br_table 0 1 2 (local.get $n)))
        ;; 0
        (br 2 (call $twice (i32.const 5))))
      ;; 1
      (drop (br_if 1 (i32.const 21) (call $one))))
    ;; 2 and all others
    (drop)
    (call $twice (local.get $n)))

  ;; With two results, by return and at the end.
  (func $two (type $pair)
    (if (i32.and (local.get 0) (i32.const 1))
      (then (return (call $twice (local.get 0)) (i32.const 1))))
    (call $twice (local.get 0))
    (call $one)
    (i32.add (call $one)))

  ;; With a reference as its result.
  (func $reference (param i32) (result funcref)
    (if (call $one) (then (return (ref.null func))))
    (table.get 0 (local.get 0)))

  ;; Without a result.
  (global $seen (mut i32) (i32.const 0))
  (func $nothing (param i32)
    (global.set $seen (call $twice (local.get 0)))
    (br_if 0 (i32.and (local.get 0) (i32.const 1)))
    (global.set $seen (i32.add (global.get $seen) (call $one)))
    (if (call $one) (then (return)))
    (global.set $seen (i32.const 0)))

  ;; By way of a table.
  (func $indirect (param i32) (result i32)
    (call_indirect (type $number) (local.get 0) (i32.rem_u (local.get 0) (i32.const 3))))

  (func (export "returns") (result i32) (local $i i32) (local $bad i32)
    (loop $more
      (local.set $bad (i32.add (local.get $bad) (call $wrong
        (call $by_return (local.get $i))
        (select
          (i32.shl (local.get $i) (i32.const 1))
          (i32.add (local.get $i) (i32.const 1))
          (i32.and (local.get $i) (i32.const 1))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $i) (i32.const 10000))))
    (local.get $bad))

  (func (export "branches") (result i32) (local $i i32) (local $bad i32)
    (loop $more
      (local.set $bad (i32.add (local.get $bad)
        (call $wrong (call $by_branch (i32.const 0)) (i32.const 10))))
      (local.set $bad (i32.add (local.get $bad)
        (call $wrong (call $by_branch (i32.const 1)) (i32.const 21))))
      (local.set $bad (i32.add (local.get $bad)
        (call $wrong (call $by_branch (i32.const 2)) (i32.const 4))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $i) (i32.const 10000))))
    (local.get $bad))

  (func (export "pairs") (result i32) (local $i i32) (local $bad i32) (local $second i32)
    (loop $more
      (call $two (local.get $i))
      (local.set $second)
      (i32.shl (local.get $i) (i32.const 1))
      (call $wrong)
      (i32.add (local.get $bad))
      (local.set $bad)
      (local.set $bad (i32.add (local.get $bad) (call $wrong
        (local.get $second)
        (i32.sub (i32.const 2) (i32.and (local.get $i) (i32.const 1))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $i) (i32.const 10000))))
    (local.get $bad))

  (func (export "references") (result i32) (local $i i32) (local $bad i32)
    (loop $more
      (local.set $bad (i32.add (local.get $bad)
        (i32.eqz (ref.is_null (call $reference (i32.const 0))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $i) (i32.const 10000))))
    (local.get $bad))

  (func (export "nothings") (result i32) (local $i i32) (local $bad i32)
    (loop $more
      (call $nothing (local.get $i))
      (local.set $bad (i32.add (local.get $bad) (call $wrong
        (global.get $seen)
        (i32.add
          (i32.shl (local.get $i) (i32.const 1))
          (i32.eqz (i32.and (local.get $i) (i32.const 1)))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $i) (i32.const 10000))))
    (local.get $bad))

  (func (export "tables") (result i32) (local $i i32) (local $bad i32)
    (loop $more
      (local.set $bad (i32.add (local.get $bad) (call $wrong
        (call $indirect (local.get $i))
        (i32.shl
          (i32.add (local.get $i)
            (i32.sub
              (i32.eq (i32.rem_u (local.get $i) (i32.const 3)) (i32.const 1))
              (i32.eq (i32.rem_u (local.get $i) (i32.const 3)) (i32.const 2))))
          (i32.const 1)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $i) (i32.const 10000))))
    (local.get $bad)))
