;; Invalid: sets a global that it does not have, at the index at which fuel would be counted.
(module
  (func (export "headgate_abi_v1"))
  (func (export "on_request") (result i32)
    (loop $again (global.set 0 (i64.const 1000000)) (br $again))
    (i32.const 0)))
