//! The document: the parts that were there before the studio, found by their ids.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Document, Element, EventTarget, HtmlElement, HtmlTemplateElement};

/// The element of this id.
pub(super) fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

pub(super) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The text of the data block that the edge wrote into the document.
pub(crate) fn site_data() -> Option<String> {
    element("site")?.text_content()
}

/// The words that the document brings for the program, a line for each.
pub(crate) fn words() -> Option<String> {
    element("words")?.unchecked_into::<HtmlTemplateElement>().content().text_content()
}

/// Where the wall goes.
pub(crate) fn gallery() -> Option<HtmlElement> {
    element("gallery").map(JsCast::unchecked_into)
}

/// Says something to whoever listens instead of looking.
pub(crate) fn say(text: &str) {
    write("said", text);
}

/// Writes something under the prompt: calm, or as what stands in the way.
pub(crate) fn note(text: &str, calm: bool) {
    write("note", text);
    set("note", "data-calm", calm);
}

/// Writes what the next pictures will cost, or nothing.
pub(crate) fn estimate(text: &str) {
    write("estimate", text);
}

/// Writes what is left; when nothing is, the owner's offer stands beside it.
pub(crate) fn left(text: &str, over: bool) {
    write("left", text);
    set("facts", "data-over", over);
}

/// Gives an element an attribute, or takes it away.
pub(super) fn set(id: &str, attribute: &str, on: bool) {
    if let Some(element) = element(id) {
        // Fails only for names that no attribute may have.
        drop(element.toggle_attribute_with_force(attribute, on));
    }
}

/// Hears a target for as long as the document lives.
pub(super) fn listen(target: Option<impl AsRef<EventTarget>>, event: &str, then: Box<dyn Fn()>) {
    if let Some(target) = target {
        // Fails only for a listener that is no function.
        drop(
            target.as_ref().add_event_listener_with_callback(event, forever(then).unchecked_ref()),
        );
    }
}

/// A function that may be called for as long as the document lives.
pub(super) fn forever(then: Box<dyn Fn()>) -> JsValue {
    Closure::wrap(then).into_js_value()
}

fn write(id: &str, text: &str) {
    if let Some(element) = element(id) {
        element.set_text_content(Some(text));
    }
}
