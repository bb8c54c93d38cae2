//! The height of the prompt's field, where the stylesheet cannot let it grow with its text (`field-sizing`).
//!
//! Owns that one style of the field. Must not know what the text is.

use super::dom::{find, settled};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = CSS)]
    fn supports(property: &str, value: &str) -> Result<bool, JsValue>;
}

/// Makes the field as high as the text that it is about to have.
pub(crate) fn fit() {
    if supports("field-sizing", "content").unwrap_or_default() {
        return;
    }
    spawn_local(async {
        settled().await;
        let Some(field) = find::<HtmlTextAreaElement>("#prompt") else { return };
        let style = field.style();
        // These fail only for a style that cannot be changed. It is measured at its least height first.
        drop(style.set_property("height", "auto"));
        drop(style.set_property("height", &[&field.scroll_height().to_string(), "px"].concat()));
    });
}
