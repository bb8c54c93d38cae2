//! What the edge rendered: the data block, and the root element of the studio's HTML.
//!
//! Owns their ids. Must not change what is in either: only both as a whole.

use super::dom::{document, element};
use contract::document::StudioData;
use wasm_bindgen::JsCast;
#[cfg(feature = "hydrate")]
use web_sys::Document;
use web_sys::{Element, HtmlElement};

/// The data from which the edge rendered the studio; `None` if the document has none that this program can read.
pub(crate) fn read() -> Option<StudioData> {
    serde_json::from_str(&element("site")?.text_content()?).ok()
}

/// The element that holds the studio's HTML.
pub(crate) fn root() -> Option<HtmlElement> {
    document()?.get_element_by_id("root")?.dyn_into().ok()
}

/// Puts another document's data block and root in the places of this one's.
#[cfg(feature = "hydrate")]
pub(crate) fn replace(fresh: &Document) {
    let both = |id| element(id).zip(fresh.get_element_by_id(id));
    // One without the other would be of two builds.
    let Some((data, root)) = both("site").zip(both("root")) else { return };
    for (own, fresh) in [data, root] {
        // Fails only for an element that is not in the document.
        drop(own.replace_with_with_node_1(&fresh));
    }
}

/// How many elements there are in the root. The edge has counted them too.
pub(crate) fn count(root: &Element) -> u32 {
    root.get_elements_by_tag_name("*").length()
}
