;; Traps in its start section.
(module
  (func (export "headgate_abi_v1"))
  (func $start (unreachable))
  (start $start))
