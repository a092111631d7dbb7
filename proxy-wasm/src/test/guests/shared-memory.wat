(module (memory 1 2 shared) (func (export "headgate_abi_v1")))
