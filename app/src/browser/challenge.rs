//! The challenge's widget (Turnstile), in the place that the document has for it.
//!
//! Owns when its script is loaded: never before it is asked for. Must not know what its answer opens.

use super::{
    clock,
    page::{document, element, listen, set},
};
use js_sys::{Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::Element;

/// A script that has not come after so long does not come.
const PATIENCE_MS: u32 = 20_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = turnstile)]
    fn render(place: &Element, options: &Object) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = turnstile)]
    fn remove(widget: &JsValue) -> Result<(), JsValue>;
}

thread_local! {
    static OPEN: RefCell<Option<Check>> = const { RefCell::new(None) };
}

/// A challenge that is before the visitor.
struct Check {
    site_key: String,
    begun: u64,
    /// The widget, once its script has come.
    widget: Option<JsValue>,
    told: Told,
}

/// Hears how a challenge ended: with its token, or in vain.
pub(crate) type Told = Box<dyn FnOnce(Option<String>)>;

/// Puts a challenge before the visitor.
pub(crate) fn begin(script: &str, site_key: String, told: Told) {
    let begun = clock::now();
    OPEN.set(Some(Check { site_key, begun, widget: None, told }));
    set("challenge", "hidden", false);
    // Where the script has come for an earlier one, it is there.
    if !rendered() && load(script).is_none() {
        return end(None);
    }
    let late = move || {
        let waits = |check: &Check| check.begun == begun && check.widget.is_none();
        if OPEN.with_borrow(|open| open.as_ref().is_some_and(waits)) {
            end(None);
        }
    };
    clock::later(PATIENCE_MS, Box::new(late));
}

/// Loads the widget's script.
fn load(url: &str) -> Option<()> {
    let script = document()?.create_element("script").ok()?;
    script.set_attribute("src", url).ok()?;
    let came = || {
        if !rendered() {
            end(None);
        }
    };
    listen(Some(&script), "load", Box::new(came));
    listen(Some(&script), "error", Box::new(|| end(None)));
    element("challenge")?.append_child(&script).ok()?;
    Some(())
}

/// Renders the widget of the open challenge, if its script is there. It may end the challenge at once.
fn rendered() -> bool {
    let Some(options) = OPEN.with_borrow(|open| open.as_ref().map(options)) else { return true };
    let Some(widget) = element("widget").and_then(|place| render(&place, &options).ok()) else {
        return false;
    };
    let over = OPEN.with_borrow_mut(|open| match open {
        Some(check) => check.widget.replace(widget),
        None => Some(widget),
    });
    if let Some(widget) = over {
        // Fails only if the widget is gone already.
        drop(remove(&widget));
    }
    true
}

fn options(check: &Check) -> Object {
    let passed = |token: JsValue| end(token.as_string());
    let passed = Closure::wrap(Box::new(passed) as Box<dyn Fn(JsValue)>).into_js_value();
    let failed = Closure::wrap(Box::new(|| end(None)) as Box<dyn Fn()>).into_js_value();
    let options = Object::new();
    for (name, value) in [
        ("sitekey", &check.site_key.as_str().into()),
        ("action", &"easel".into()),
        ("callback", &passed),
        ("error-callback", &failed),
        ("expired-callback", &failed),
        ("unsupported-callback", &failed),
    ] {
        // Fails only for what is no object.
        drop(Reflect::set(&options, &name.into(), value));
    }
    options
}

/// Ends the open challenge; what its widget says later is not heard.
fn end(token: Option<String>) {
    let Some(check) = OPEN.take() else { return };
    set("challenge", "hidden", true);
    if let Some(widget) = check.widget {
        // Fails only if the widget is gone already.
        drop(remove(&widget));
    }
    (check.told)(token);
}
