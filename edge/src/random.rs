//! Random bytes, from the runtime's cryptographic generator.
//!
//! Owns the only source of randomness at the edge. Must not continue without it: callers get `None` and stop.

use engine::hex;
use std::cell::OnceCell;
use wasm_bindgen::JsCast;
use web_sys::{Crypto, WorkerGlobalScope};

/// The runtime's `crypto`; `None` if it has none.
pub(crate) fn crypto() -> Option<Crypto> {
    js_sys::global().unchecked_into::<WorkerGlobalScope>().crypto().ok()
}

/// Sixteen random bytes; `None` if the runtime fails, in which case the caller must stop.
pub(crate) fn bytes() -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    crypto()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes)
}

/// A request's id, by which it can be found in the log. It is created when it is first used: most requests need none.
#[derive(Default)]
pub(crate) struct RequestId(OnceCell<String>);

impl RequestId {
    pub(crate) fn get(&self) -> &str {
        self.0.get_or_init(|| {
            let bytes = bytes().unwrap_or_default();
            hex::encode(bytes.first_chunk::<8>().map_or(&[], <[u8; 8]>::as_slice))
        })
    }
}
