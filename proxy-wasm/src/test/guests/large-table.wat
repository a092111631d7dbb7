(module (table 9000000 funcref) (func (export "headgate_abi_v1")))
