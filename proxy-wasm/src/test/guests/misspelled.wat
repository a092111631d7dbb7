;; A gate that would never be asked: its hook has a name that nobody calls.
(module
  (func (export "headgate_abi_v1"))
  (func (export "on_reqest") (result i32) unreachable)
  (func (export "on_response_headers") (result i32) (i32.const 0)))
