//! The original bytes of a picture, from the device history or from the edge.
//!
//! Owns fetching them, and saving those of the device history as a file. Must not keep them: the caller releases them.
//!
//! Decision: docs/decisions/2026-11-29-bytes-stay-in-javascript.md.

use super::{clock, device_files, dom::document, previews};
use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, File, FilePropertyBag, HtmlAnchorElement, RequestCache, RequestInit, Response, Url,
};

/// How long the browser may take to begin with a download, in milliseconds.
const BEGINS_MS: u32 = 60_000;

/// Why there are no bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoOriginal {
    /// The edge has said so.
    Gone,
    /// What has answered, if anything, was not the edge: another time it may be the picture.
    Away,
}

/// The bytes of the picture at this path, with the name that the edge gave them. `past_cache`: not what the browser has
/// kept of it, which may be what somebody else has answered.
pub(crate) async fn file(url: &str, past_cache: bool) -> Result<File, NoOriginal> {
    if let Some(own) = device_files::original(url) {
        return Ok(own);
    }
    let init = RequestInit::new();
    if past_cache {
        init.set_cache(RequestCache::Reload);
    }
    let window = web_sys::window().ok_or(NoOriginal::Away)?;
    let answer = JsFuture::from(window.fetch_with_str_and_init(url, &init)).await;
    let answer = answer.map_err(|_| NoOriginal::Away)?.unchecked_into::<Response>();
    let header = |name: &str| answer.headers().get(name).ok().flatten().unwrap_or_default();
    let media_type = header("content-type");
    // What something in between answers is no picture, whatever its status is.
    if !answer.ok() || !media_type.starts_with("image/") {
        let says = media_type.starts_with("application/problem");
        return Err(if says { NoOriginal::Gone } else { NoOriginal::Away });
    }
    let blob = JsFuture::from(answer.blob().map_err(|_| NoOriginal::Away)?).await;
    let blob = blob.map_err(|_| NoOriginal::Away)?.unchecked_into::<Blob>();
    named(&blob, &file_name(&header("content-disposition"))).ok_or(NoOriginal::Away)
}

/// The name in such a header: in the visitor's own script where it has that one too.
fn file_name(header: &str) -> String {
    let own = header.split_once("filename*=UTF-8''").map(|(_, encoded)| encoded);
    let own = own.and_then(|encoded| js_sys::decode_uri_component(encoded).ok());
    let own = own.and_then(|name| name.as_string());
    let plain = || Some(header.split_once("filename=\"")?.1.split_once('"')?.0.to_owned());
    own.or_else(plain).filter(|name| !name.is_empty()).unwrap_or_else(|| "picture".to_owned())
}

/// A file of these bytes.
pub(super) fn named(blob: &Blob, name: &str) -> Option<File> {
    let options = FilePropertyBag::new();
    options.set_type(&blob.type_());
    File::new_with_blob_sequence_and_options(&Array::of1(blob), name, &options).ok()
}

/// Loads a picture that could not be shown, past the browser's cache; then tells whether it can be shown now.
pub(crate) fn refetch(url: String, then: impl FnOnce(bool) + 'static) {
    spawn_local(async move { then(file(&url, true).await.is_ok()) });
}

/// Saves the picture at this path if this device keeps it, and says whether it does: the edge may have it no more.
pub(crate) fn save_own(url: &str) -> bool {
    let Some(own) = device_files::original(url) else { return false };
    let link = document().and_then(|document| document.create_element("a").ok());
    let link = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    let (Some(link), Ok(shown)) = (link, Url::create_object_url_with_blob(&own)) else {
        return false;
    };
    link.set_href(&shown);
    link.set_download(&own.name());
    link.click();
    // Fails only for what is no text.
    clock::later(BEGINS_MS, Box::new(move || drop(Url::revoke_object_url(&shown))));
    true
}

/// Decodes an original out of sight, after what shows its thumbnail is painted; then tells the URL that shows it at once.
/// Not called if it has gone from the edge. That of a file of this device is to be released.
pub(crate) fn decoded(url: String, then: impl FnOnce(String) + 'static) {
    spawn_local(async move {
        clock::painted().await;
        let own = device_files::original(&url);
        let shown = own.and_then(|own| Url::create_object_url_with_blob(&own).ok()).unwrap_or(url);
        if previews::is_decoded(&shown).await {
            then(shown);
        } else {
            release(&shown);
        }
    });
}

/// Lets go of a URL from [`decoded`]. That of the edge holds nothing.
pub(crate) fn release(url: &str) {
    if url.starts_with("blob:") {
        // Fails only for what is no text.
        drop(Url::revoke_object_url(url));
    }
}
