//! Pictures that are decoded before they are shown: previews of a picture that is being made, and thumbnails.
//!
//! Must not know where one is shown.

use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlImageElement;

/// Loads and decodes the preview at this path. `then` is not called if it has gone, most likely because the picture itself
/// is there.
pub(crate) fn decode(url: &str, then: impl FnOnce() + 'static) {
    let url = url.to_owned();
    spawn_local(async move {
        if is_decoded(&url).await {
            then();
        }
    });
}

/// Loads and decodes the picture at this address; false if it is none.
pub(super) async fn is_decoded(url: &str) -> bool {
    let Ok(image) = HtmlImageElement::new() else { return false };
    image.set_src(url);
    // The image lives until here, so that what is shown finds it decoded.
    JsFuture::from(image.decode()).await.is_ok()
}
