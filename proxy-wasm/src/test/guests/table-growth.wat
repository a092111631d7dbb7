;; Grows its table by what it may, once, and returns how many elements there were before, as an
;; error: 1 in each instance, unless instances share what they should not.
(module
  (table 1 funcref)
  (func (export "headgate_abi_v1"))
  (func (export "grow") (result i32) (table.grow 0 (ref.null func) (i32.const 1000))))
