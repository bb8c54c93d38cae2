//! Previews of a picture that is being made: decoded before they are shown.
//!
//! Must not know where one is shown.

use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlImageElement;

/// Loads and decodes the preview at this path. `then` is not called if it has gone, most likely because the picture itself
/// is there.
pub(crate) fn decode(url: &str, then: impl FnOnce() + 'static) {
    let Ok(image) = HtmlImageElement::new() else { return };
    image.set_src(url);
    let decoded = image.decode();
    spawn_local(async move {
        if JsFuture::from(decoded).await.is_ok() {
            then();
        }
        // Until here, so that what is shown finds it decoded.
        drop(image);
    });
}
