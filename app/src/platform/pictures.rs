//! Pictures that the visitor gives, and those that sharpen: what the document's own scripts do with their bytes.
//!
//! Owns the names under which `given.js` and `sharpen.js` are called. Must not hold a byte: numbers and paths cross over.

use crate::model::digits::digits;
use contract::options::Size;
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = pictures, js_name = hear)]
    fn hear_numbers(given: JsValue, taken: JsValue);

    #[wasm_bindgen(js_namespace = pictures, js_name = change)]
    fn change_in(shape: &str);

    #[wasm_bindgen(js_namespace = pictures, js_name = sharpen)]
    fn sharpen_at(place: &str, url: &str, words: &str);

    /// A fresh number for a picture.
    #[wasm_bindgen(js_namespace = pictures)]
    pub(crate) fn number() -> u32;

    /// Makes a picture small and anonymous: one that was given, or the one at `url`.
    #[wasm_bindgen(js_namespace = pictures)]
    pub(crate) fn take(id: u32, url: &str);

    /// Forgets a picture.
    #[wasm_bindgen(js_namespace = pictures, js_name = letGo)]
    pub(crate) fn let_go(id: u32);

    /// Shows these in the composer, and asks there for a change if there are any.
    #[wasm_bindgen(js_namespace = pictures)]
    pub(crate) fn show(ids: &[u32]);

    /// The body of a request with pictures.
    #[wasm_bindgen(js_namespace = pictures)]
    pub(crate) fn form(json: &str, ids: &[u32]) -> JsValue;
}

/// Hears which numbers are given (the first, and how many), also those given before; and which pictures are ready to be
/// sent or cannot be had.
pub(crate) fn hear(given: impl Fn(u32, u32) + 'static, taken: impl Fn(u32, bool) + 'static) {
    let taken = move |id, fine| taken(id, fine != 0);
    hear_numbers(numbers(Box::new(given)), numbers(Box::new(taken)));
}

fn numbers(then: Box<dyn Fn(u32, u32)>) -> JsValue {
    Closure::wrap(then).into_js_value()
}

/// Chooses this shape if the form has it, and goes to the prompt so that typing replaces what is there.
pub(crate) fn change(size: Size) {
    change_in(&[&digits(size.width), "x", &digits(size.height)].concat());
}

/// Shows a preview at this place of the wall, once it is decoded.
pub(crate) fn sharpen((serial, index): (u32, u32), url: &str, words: &str) {
    sharpen_at(&[&digits(serial), "-", &digits(index)].concat(), url, words);
}
