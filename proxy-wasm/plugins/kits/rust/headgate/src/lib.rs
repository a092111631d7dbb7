//! Headgate guest kit for Rust, contract version 1: no dependencies, no std, no allocator.
//!
//! ```ignore
//! #![no_std]
//! use headgate::*;
//!
//! guest!();
//!
//! #[no_mangle]
//! pub extern "C" fn on_request() -> i32 {
//!     header_set("X-Hello", "world");
//!     0
//! }
//! ```
//!
//! A hook returns 0, or what [`error`] returns, which makes the call a fault. A [`Block`] lives in
//! host memory and is gone after the call.
#![no_std]

mod abi {
    #[link(wasm_import_module = "extism:host/env")]
    extern "C" {
        pub fn alloc(length: u64) -> u64;
        pub fn length(block: u64) -> u64;
        pub fn load_u8(offset: u64) -> u32;
        pub fn store_u8(offset: u64, value: u32);
        pub fn store_u64(offset: u64, value: u64);
        pub fn input_length() -> u64;
        pub fn input_load_u8(offset: u64) -> u32;
        pub fn output_set(offset: u64, length: u64);
        pub fn error_set(message: u64);
        pub fn config_get(name: u64) -> u64;
        pub fn var_get(name: u64) -> u64;
        pub fn var_set(name: u64, value: u64);
        pub fn log_info(message: u64);
        pub fn log_warn(message: u64);
    }

    #[link(wasm_import_module = "extism:host/user")]
    extern "C" {
        pub fn headgate_property(name: u64) -> u64;
        pub fn headgate_property_set(name: u64, value: u64);
        pub fn headgate_header(name: u64) -> u64;
        pub fn headgate_header_set(name: u64, value: u64);
        pub fn headgate_header_add(name: u64, value: u64);
        pub fn headgate_header_remove(name: u64);
        pub fn headgate_attribute(name: u64) -> u64;
        pub fn headgate_attribute_set(name: u64, value: u64);
        pub fn headgate_response_body(body: u64);
        pub fn headgate_abort(status: u64, reason: u64);
        pub fn headgate_drop_chunk();
    }
}

/// A block of host memory.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Block(u64);

impl Block {
    /// Copies bytes into host memory.
    pub fn of(bytes: &[u8]) -> Block {
        let block = unsafe { abi::alloc(bytes.len() as u64) };
        let mut at = block;
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            let mut raw = [0u8; 8];
            raw.copy_from_slice(word);
            unsafe { abi::store_u64(at, u64::from_le_bytes(raw)) };
            at += 8;
        }
        for byte in words.remainder() {
            unsafe { abi::store_u8(at, *byte as u32) };
            at += 1;
        }
        Block(block)
    }

    /// Returns the number of bytes.
    pub fn len(self) -> usize {
        unsafe { abi::length(self.0) as usize }
    }

    /// Returns whether there is no byte.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Copies bytes out, as many as there are and fit.
    pub fn read(self, to: &mut [u8]) -> usize {
        let length = self.len().min(to.len());
        for (i, byte) in to[..length].iter_mut().enumerate() {
            *byte = unsafe { abi::load_u8(self.0 + i as u64) } as u8;
        }
        length
    }

    /// Returns whether the bytes are exactly these; takes the same time wherever they differ.
    pub fn is(self, expected: &[u8]) -> bool {
        if self.len() != expected.len() {
            return false;
        }
        let mut different = 0;
        for (i, byte) in expected.iter().enumerate() {
            different |= unsafe { abi::load_u8(self.0 + i as u64) } as u8 ^ *byte;
        }
        different == 0
    }

    fn some(handle: u64) -> Option<Block> {
        if handle == 0 {
            None
        } else {
            Some(Block(handle))
        }
    }
}

fn text(text: &str) -> u64 {
    Block::of(text.as_bytes()).0
}

/// Returns the number of bytes of the hook's input.
pub fn input_length() -> usize {
    unsafe { abi::input_length() as usize }
}

/// Returns a byte of the hook's input.
pub fn input(index: usize) -> u8 {
    unsafe { abi::input_load_u8(index as u64) as u8 }
}

/// Sets the hook's output.
pub fn output(bytes: &[u8]) {
    let block = Block::of(bytes);
    unsafe { abi::output_set(block.0, bytes.len() as u64) }
}

/// Says why the hook fails; returns what it has to return.
pub fn error(message: &str) -> i32 {
    unsafe { abi::error_set(text(message)) };
    1
}

/// Returns a value of the plugin's configuration.
pub fn config(name: &str) -> Option<Block> {
    Block::some(unsafe { abi::config_get(text(name)) })
}

/// Returns a variable. From here to the end of the call no other call touches them.
pub fn variable(name: &str) -> Option<Block> {
    Block::some(unsafe { abi::var_get(text(name)) })
}

/// Sets a variable; kept when the hook returns 0.
pub fn variable_set(name: &str, value: &[u8]) {
    unsafe { abi::var_set(text(name), Block::of(value).0) }
}

/// Returns what the proxy knows, such as `request.path`.
pub fn property(name: &str) -> Option<Block> {
    Block::some(unsafe { abi::headgate_property(text(name)) })
}

/// Changes method, path, query or status.
pub fn property_set(name: &str, value: &[u8]) {
    unsafe { abi::headgate_property_set(text(name), Block::of(value).0) }
}

/// Returns the first line of a field.
pub fn header(name: &str) -> Option<Block> {
    Block::some(unsafe { abi::headgate_header(text(name)) })
}

/// Sets a field to one line.
pub fn header_set(name: &str, value: &str) {
    header_set_bytes(name, value.as_bytes())
}

/// Sets a field to one line.
pub fn header_set_bytes(name: &str, value: &[u8]) {
    unsafe { abi::headgate_header_set(text(name), Block::of(value).0) }
}

/// Adds a line to a field.
pub fn header_add(name: &str, value: &str) {
    unsafe { abi::headgate_header_add(text(name), text(value)) }
}

/// Removes all lines of a field.
pub fn header_remove(name: &str) {
    unsafe { abi::headgate_header_remove(text(name)) }
}

/// Returns an attribute of the exchange.
pub fn attribute(name: &str) -> Option<Block> {
    Block::some(unsafe { abi::headgate_attribute(text(name)) })
}

/// Sets an attribute of the exchange, for plugins behind and hooks to come.
pub fn attribute_set(name: &str, value: &[u8]) {
    unsafe { abi::headgate_attribute_set(text(name), Block::of(value).0) }
}

/// Sets the body of the response that the output describes, in place of its text.
pub fn response_body(bytes: &[u8]) {
    unsafe { abi::headgate_response_body(Block::of(bytes).0) }
}

/// Ends the exchange with an error; the reason is shown to the client.
pub fn abort(status: u16, reason: &str) {
    unsafe { abi::headgate_abort(status as u64, text(reason)) }
}

/// Drops the chunk that the hook was called for.
pub fn drop_chunk() {
    unsafe { abi::headgate_drop_chunk() }
}

/// Logs a line.
pub fn info(message: &str) {
    unsafe { abi::log_info(text(message)) }
}

/// Logs a line.
pub fn warn(message: &str) {
    unsafe { abi::log_warn(text(message)) }
}

/// What each guest needs once: the contract's version, and a panic handler, which traps.
#[macro_export]
macro_rules! guest {
    () => {
        #[no_mangle]
        pub extern "C" fn headgate_abi_v1() {}

        #[panic_handler]
        fn panic(_: &core::panic::PanicInfo) -> ! {
            core::arch::wasm32::unreachable()
        }
    };
}
