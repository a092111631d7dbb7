;; Logs its input, whatever the hook.
(module
  (import "extism:host/env" "input_offset" (func $input (result i64)))
  (import "extism:host/env" "log_info" (func $log (param i64)))
  (func (export "headgate_abi_v1"))
  (func $tell (result i32) (call $log (call $input)) (i32.const 0))
  (func (export "on_request") (result i32) (call $tell))
  (func (export "on_connect") (result i32) (call $tell))
  (func (export "on_response_headers") (result i32) (call $tell))
  (func (export "on_response_complete") (result i32) (call $tell))
  (func (export "on_error") (result i32) (call $tell)))
