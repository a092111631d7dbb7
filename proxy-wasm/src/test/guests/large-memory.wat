(module (memory 5000) (func (export "headgate_abi_v1")))
