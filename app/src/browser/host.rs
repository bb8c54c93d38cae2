//! The page round the frame, if there is one.
//!
//! Owns the names under which `host.js` is called. Must not know what may be said: `told` does.

use super::page::forever;
use crate::state::told::Told;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// Whether there is one.
    #[wasm_bindgen(js_namespace = host, js_name = isThere)]
    pub(crate) fn is_there() -> bool;

    #[wasm_bindgen(js_namespace = host, js_name = tell)]
    fn tell_text(message: &str);

    #[wasm_bindgen(js_namespace = host, js_name = ready)]
    fn ready_to(version: &str, clear: JsValue);
}

/// Tells the page something.
pub(crate) fn tell(told: &Told) {
    tell_text(&told.to_text());
}

/// The studio can be used. `clear` empties its gallery, when the page wants that.
pub(crate) fn ready(clear: impl Fn() + 'static) {
    ready_to(contract::VERSION, forever(Box::new(clear)));
}
