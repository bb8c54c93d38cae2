//! Lookups and listeners that this folder's files share.
//!
//! Owns how an element is found and how an event is heard for as long as the document lives. Must not change an element.

use wasm_bindgen::{JsCast, JsValue, closure::Closure, convert::FromWasmAbi};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, EventTarget, HtmlElement};

pub(super) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The `<html>` element.
pub(super) fn html() -> Option<HtmlElement> {
    document()?.document_element()?.dyn_into().ok()
}

/// The element of this id.
pub(super) fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// The first element that a selector finds, if it is of this type.
pub(super) fn find<T: JsCast>(selector: &str) -> Option<T> {
    document()?.query_selector(selector).ok()??.dyn_into().ok()
}

/// Hears an event of a target for as long as the document lives.
pub(super) fn listen<E: FromWasmAbi + 'static>(
    target: Option<impl AsRef<EventTarget>>,
    event: &str,
    then: impl FnMut(E) + 'static,
) {
    let Some(target) = target else { return };
    let then = Closure::wrap(Box::new(then) as Box<dyn FnMut(E)>).into_js_value();
    // Fails only for a listener that is no function.
    drop(target.as_ref().add_event_listener_with_callback(event, then.unchecked_ref()));
}

/// Waits until the effects that a signal has just caused have changed the document, and until the microtasks in which they
/// write `value` properties have run.
pub(super) async fn settled() {
    for _ in 0..3 {
        // A promise that is resolved already is never rejected.
        drop(JsFuture::from(js_sys::Promise::resolve(&JsValue::UNDEFINED)).await);
    }
}
