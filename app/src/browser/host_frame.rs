//! The page that embeds the frame: `postMessage`, and the look that the page sets.
//!
//! Owns whose messages are accepted and who receives ours: `parent`, with the origin that the address names. Must not
//! decide what a message says. Without such a page it sends and accepts nothing.

use super::{
    boot,
    dom::{self, document, find, html, listen},
    original,
};
use contract::frame_messages::{FrameMessage, Look, PROTOCOL, PageMessage};
use js_sys::{JSON, Object, Reflect};
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, KeyboardEvent, MessageEvent, Window};

thread_local! {
    /// Whether the frame has the whole window.
    static EXPANDED: Cell<bool> = const { Cell::new(false) };
}

/// The origin of the page, if there is one that speaks the protocol.
fn page() -> Option<String> {
    boot::get("page").as_string()
}

fn parent() -> Option<Window> {
    web_sys::window()?.parent().ok()?
}

/// Whether there is a page to tell anything.
pub(crate) fn is_hosted() -> bool {
    page().is_some()
}

/// What tells this studio from others of its site on the page: the name that the loader gives its element. A loader of
/// version 0.1.0 gives none.
pub(super) fn element() -> Option<String> {
    let look = boot::get("look");
    let element = Reflect::get(&look, &"element".into()).ok().filter(|_| is_hosted())?;
    element.as_string().filter(|name| !name.is_empty())
}

/// Hears the page's messages, and gives the whole window back when Escape is pressed and nothing else has taken it.
pub(crate) fn listen_to_page(then: impl Fn(PageMessage) + 'static) {
    let Some(page) = page() else { return };
    listen(web_sys::window(), "message", move |event: MessageEvent| {
        let from_parent = matches!(
            (event.source(), parent()),
            (Some(source), Some(parent)) if Object::is(&source, &parent)
        );
        if !from_parent || event.origin() != page {
            return;
        }
        let data = event.data();
        let protocol = Reflect::get(&data, &"easel".into()).ok().and_then(|value| value.as_f64());
        if protocol == Some(f64::from(PROTOCOL))
            && let Some(message) = boot::read::<PageMessage>(&data)
        {
            then(message);
        }
    });
    listen(web_sys::window(), "keydown", |event: KeyboardEvent| {
        if event.key() == "Escape" && EXPANDED.get() && !event.default_prevented() {
            post(&FrameMessage::Expand { expanded: false });
        }
    });
}

/// Tells the page something.
pub(crate) fn post(message: &FrameMessage) {
    if let Some(object) = object(message) {
        post_object(&object);
    }
}

/// A message as it is posted, with the protocol's number.
fn object(message: &FrameMessage) -> Option<JsValue> {
    let object = JSON::parse(&serde_json::to_string(message).ok()?).ok()?;
    Reflect::set(&object, &"easel".into(), &PROTOCOL.into()).ok()?;
    Some(object)
}

fn post_object(object: &JsValue) {
    if let (Some(page), Some(parent)) = (page(), parent()) {
        // Fails only for an origin that is none, or for what cannot be cloned.
        drop(parent.post_message(object, &page));
    }
}

/// Hands the original bytes of a picture over to the page; then tells whether that was possible.
pub(crate) fn hand_over(url: String, then: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        let file = original::file(&url, false).await.ok();
        let object = file.zip(object(&FrameMessage::Choose)).filter(|(file, object)| {
            Reflect::set(object, &"file".into(), file).is_ok() && is_hosted()
        });
        if let Some((_, object)) = &object {
            post_object(object);
        }
        then(object.is_some());
    });
}

/// Takes a picture back that was handed over.
pub(crate) fn take_back() {
    if let Some(object) = object(&FrameMessage::Choose) {
        // Fails only for what is no object.
        drop(Reflect::set(&object, &"file".into(), &JsValue::NULL));
        post_object(&object);
    }
}

/// Applies a look; a value that is empty takes the product's own.
pub(crate) fn apply_look(look: &Look) {
    let Some(html) = html() else { return };
    let scheme = match look.theme.as_str() {
        theme @ ("light" | "dark") => theme,
        _ => "",
    };
    let style = html.style();
    // These fail only for a style that cannot be changed. A value that is no CSS is as an empty one.
    drop(style.set_property("color-scheme", scheme));
    for (name, value) in look.properties() {
        drop(style.set_property(&["--easel-", name].concat(), value));
    }
    let Some(expanded) = look.expanded.filter(|expanded| *expanded != EXPANDED.get()) else {
        return;
    };
    EXPANDED.set(expanded);
    // For whoever looks from outside.
    drop(html.toggle_attribute_with_force("data-expanded", expanded));
    spawn_local(async {
        dom::settled().await;
        take_focus();
    });
}

/// A window that becomes a dialog takes the focus from what had it: it goes where it belongs.
fn take_focus() {
    let Some(document) = document() else { return };
    let lost = document
        .active_element()
        .is_none_or(|active| document.body().is_some_and(|body| *active == **body));
    if !lost || document.has_focus() != Ok(true) {
        return;
    }
    let place = find::<HtmlElement>("dialog[open] button").or_else(|| find("#prompt"));
    if let Some(place) = place {
        // Fails only in documents without a window.
        drop(place.unchecked_ref::<HtmlElement>().focus());
    }
}
