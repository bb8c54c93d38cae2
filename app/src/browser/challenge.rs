//! The challenge's widget (Turnstile), in the place that the studio has for it.
//!
//! Owns when its script is loaded: never before a challenge begins. Must not know what its token opens, nor show or hide the
//! place. The script's element is one that no component makes: a component cannot hear whether a script came.
//!
//! Decision: docs/decisions/2026-11-29-a-challenges-script-waits-for-intent.md.

use super::{
    clock,
    dom::{document, element, listen, settled},
};
use js_sys::{Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::spawn_local;
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
    static OPEN: RefCell<Option<Challenge>> = const { RefCell::new(None) };
}

/// A challenge that is before the visitor.
struct Challenge {
    site_key: String,
    begun: u64,
    /// The widget, once its script has come.
    widget: Option<JsValue>,
    then: Box<dyn FnOnce(Option<String>)>,
}

/// Puts a challenge before the visitor; then tells how it ended: with its token, or in vain.
pub(crate) fn begin(script: String, site_key: String, then: impl FnOnce(Option<String>) + 'static) {
    let begun = clock::now();
    OPEN.set(Some(Challenge { site_key, begun, widget: None, then: Box::new(then) }));
    spawn_local(async move {
        // The place is shown first.
        settled().await;
        // Where the script has come for an earlier one, it is there.
        if !rendered() && load(&script).is_none() {
            end(None);
        }
    });
    let late = move || {
        let waits = |open: &Challenge| open.begun == begun && open.widget.is_none();
        if OPEN.with_borrow(|open| open.as_ref().is_some_and(waits)) {
            end(None);
        }
    };
    clock::later(PATIENCE_MS, Box::new(late));
}

/// Loads the widget's script.
fn load(url: &str) -> Option<()> {
    let document = document()?;
    let script = document.create_element("script").ok()?;
    script.set_attribute("src", url).ok()?;
    listen(Some(&script), "load", |_: JsValue| {
        if !rendered() {
            end(None);
        }
    });
    listen(Some(&script), "error", |_: JsValue| end(None));
    document.head()?.append_child(&script).ok()?;
    Some(())
}

/// Renders the widget of the open challenge, if its script is there. It may end the challenge at once.
fn rendered() -> bool {
    let Some(options) = OPEN.with_borrow(|open| open.as_ref().map(options)) else { return true };
    let Some(widget) = element("widget").and_then(|place| render(&place, &options).ok()) else {
        return false;
    };
    let over = OPEN.with_borrow_mut(|open| match open {
        Some(open) => open.widget.replace(widget),
        None => Some(widget),
    });
    if let Some(widget) = over {
        // Fails only if the widget is gone already.
        drop(remove(&widget));
    }
    true
}

fn options(open: &Challenge) -> Object {
    let passed = |token: JsValue| end(token.as_string());
    let passed = Closure::wrap(Box::new(passed) as Box<dyn Fn(JsValue)>).into_js_value();
    let failed = Closure::wrap(Box::new(|| end(None)) as Box<dyn Fn()>).into_js_value();
    let options = Object::new();
    for (name, value) in [
        ("sitekey", &open.site_key.as_str().into()),
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
    let Some(open) = OPEN.take() else { return };
    if let Some(widget) = open.widget {
        // Fails only if the widget is gone already.
        drop(remove(&widget));
    }
    (open.then)(token);
}
