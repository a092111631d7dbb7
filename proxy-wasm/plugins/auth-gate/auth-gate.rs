//! Lets a request pass that carries the configured token, `Authorization: Bearer <token>`, and ends
//! all others with 401. Register it FAIL_CLOSED: without a token in its configuration it fails.
#![no_std]

use headgate::*;

guest!();

const SCHEME: &[u8] = b"Bearer ";
const MOST: usize = 512;

#[no_mangle]
pub extern "C" fn on_request() -> i32 {
    let mut expected = [0u8; MOST];
    let length = match config("token") {
        Some(token) if token.len() <= MOST - SCHEME.len() => {
            expected[..SCHEME.len()].copy_from_slice(SCHEME);
            SCHEME.len() + token.read(&mut expected[SCHEME.len()..])
        }
        _ => return error("auth-gate needs a token of 505 bytes at most in its configuration"),
    };
    match header("Authorization") {
        Some(given) if given.is(&expected[..length]) => header_remove("Authorization"),
        _ => abort(401, "A valid token is required."),
    }
    0
}
