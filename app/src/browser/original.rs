//! The very bytes of a picture: those that this device keeps, or the edge's.
//!
//! Owns the way to them. Must not keep them: who asks for them lets go of them.
//!
//! Decision: docs/decisions/2026-11-29-bytes-stay-in-javascript.md.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

#[wasm_bindgen]
extern "C" {
    /// A `File` of the bytes, with the name that the edge gave them.
    #[wasm_bindgen(catch, js_namespace = bridge)]
    fn original(url: &str, how: &JsValue) -> Result<Promise, JsValue>;
}

/// The bytes of the picture at this path. `past_cache`: not what the browser has kept of it, which may be what somebody
/// else has answered.
pub(super) async fn file(url: &str, past_cache: bool) -> Option<File> {
    let how = Object::new();
    if past_cache {
        // Fails only for what is no object.
        drop(Reflect::set(&how, &"cache".into(), &"reload".into()));
    }
    JsFuture::from(original(url, &how).ok()?).await.ok()?.dyn_into().ok()
}

/// Loads a picture that could not be shown, past the browser's cache; then tells whether it can be shown now.
pub(crate) fn refetch(url: String, then: impl FnOnce(bool) + 'static) {
    spawn_local(async move { then(file(&url, true).await.is_some()) });
}
