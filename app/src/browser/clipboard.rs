//! The clipboard, and the share dialog of the device. Either may be missing, or refuse.
//!
//! Owns which texts and files they accept. Must not tell the visitor whether it worked: the caller does.

use super::{image_worker, original};
use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
use web_sys::{Blob, Clipboard, ClipboardItem, File, Navigator, ShareData};

const PNG: &str = "image/png";

fn navigator() -> Option<Navigator> {
    Some(web_sys::window()?.navigator())
}

/// Whether an object has something of this name: an older browser, or an insecure context, has not.
fn has(object: &JsValue, name: &str) -> bool {
    Reflect::get(object, &name.into()).is_ok_and(|value| !value.is_undefined())
}

fn clipboard() -> Option<Clipboard> {
    let navigator = navigator()?;
    has(&navigator, "clipboard").then(|| navigator.clipboard())
}

/// Copies a text; then tells whether that was possible.
pub(crate) fn copy_text(text: &str, then: impl FnOnce(bool) + 'static) {
    finish(clipboard().map(|clipboard| clipboard.write_text(text)), then);
}

/// Copies a picture; then tells whether that was possible. The clipboard is asked at once, while the visitor's press
/// counts, and gets a promise of the bytes.
pub(crate) fn copy_picture(url: String, then: impl FnOnce(bool) + 'static) {
    let asked = || {
        let window = web_sys::window()?;
        let clipboard = clipboard().filter(|_| has(&window, "ClipboardItem"))?;
        let bytes =
            future_to_promise(
                async move { png(&url).await.map(JsValue::from).ok_or(JsValue::NULL) },
            );
        let record = Object::new();
        Reflect::set(&record, &PNG.into(), &bytes).ok()?;
        let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&record).ok()?;
        Some(clipboard.write(&Array::of1(&item)))
    };
    finish(asked(), then);
}

fn finish(asked: Option<Promise>, then: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        then(match asked {
            Some(asked) => JsFuture::from(asked).await.is_ok(),
            None => false,
        });
    });
}

/// A picture as a clipboard takes it.
async fn png(url: &str) -> Option<Blob> {
    let file = original::file(url, false).await.ok()?;
    if file.type_() == PNG { Some(file.into()) } else { image_worker::png(&file).await }
}

/// What is shared: one file.
fn shared(file: &File) -> ShareData {
    let data = ShareData::new();
    data.set_files(&Array::of1(file));
    data
}

/// Whether this device shares pictures.
pub(crate) fn can_share() -> bool {
    let Some(navigator) = navigator().filter(|navigator| has(navigator, "canShare")) else {
        return false;
    };
    let options = web_sys::FilePropertyBag::new();
    options.set_type(PNG);
    let file = File::new_with_str_sequence_and_options(&Array::new(), "a.png", &options);
    file.is_ok_and(|file| navigator.can_share_with_data(&shared(&file)))
}

/// Shares a picture. Nobody may be chosen, which is nobody's fault.
pub(crate) fn share(url: String) {
    spawn_local(async move {
        if let (Ok(file), Some(navigator)) = (original::file(&url, false).await, navigator()) {
            drop(JsFuture::from(navigator.share_with_data(&shared(&file))).await);
        }
    });
}
