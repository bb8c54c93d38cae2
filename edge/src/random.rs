//! Random bytes, from the runtime's generator.
//!
//! Owns the only source of chance at the edge.

use engine::hex;
use std::cell::OnceCell;
use wasm_bindgen::JsCast;
use web_sys::{Crypto, WorkerGlobalScope};

/// The runtime's cryptography; nothing if it has none.
pub(crate) fn crypto() -> Option<Crypto> {
    js_sys::global().unchecked_into::<WorkerGlobalScope>().crypto().ok()
}

/// Sixteen random bytes; nothing if the runtime refuses, and then nothing may go on.
pub(crate) fn bytes() -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    crypto()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes)
}

/// A request's id: finds it in the log, and means nothing else. Most requests never need theirs.
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
