//! Counts requests in a variable, and tells each its number, to the upstream as X-Request-Number
//! and, by an attribute of the exchange, to the client. The variable outlives instances and reloads.
#![no_std]

use headgate::*;

guest!();

const VARIABLE: &str = "requests";
const ATTRIBUTE: &str = "request-counter.number";

#[no_mangle]
pub extern "C" fn on_request() -> i32 {
    let mut raw = [0u8; 8];
    if let Some(block) = variable(VARIABLE) {
        block.read(&mut raw);
    }
    let number = u64::from_le_bytes(raw) + 1;
    variable_set(VARIABLE, &number.to_le_bytes());

    let mut digits = [0u8; 20];
    let text = decimal(number, &mut digits);
    header_set_bytes("X-Request-Number", text);
    attribute_set(ATTRIBUTE, text);
    0
}

#[no_mangle]
pub extern "C" fn on_response_headers() -> i32 {
    if let Some(number) = attribute(ATTRIBUTE) {
        let mut digits = [0u8; 20];
        let length = number.read(&mut digits);
        header_set_bytes("X-Request-Number", &digits[..length]);
    }
    0
}

fn decimal(mut number: u64, digits: &mut [u8; 20]) -> &[u8] {
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return &digits[start..];
        }
    }
}
