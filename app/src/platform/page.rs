//! The document: the parts that were there before the studio, found by their ids.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

/// The element of this id.
pub(super) fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The text of the data block that the edge wrote into the document.
pub(crate) fn site_data() -> Option<String> {
    element("site")?.text_content()
}

/// Where the wall goes.
pub(crate) fn gallery() -> Option<HtmlElement> {
    element("gallery").map(JsCast::unchecked_into)
}

/// Says something to whoever listens instead of looking.
pub(crate) fn say(text: &str) {
    write("said", text);
}

/// Writes something under the prompt.
pub(crate) fn note(text: &str) {
    write("note", text);
}

/// Writes how many pictures are left.
pub(crate) fn left(text: &str) {
    write("left", text);
}

fn write(id: &str, text: &str) {
    if let Some(element) = element(id) {
        element.set_text_content(Some(text));
    }
}
