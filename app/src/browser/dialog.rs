//! A modal dialog: over all else, and all else out of reach of keys, pointers and screen readers.
//!
//! Owns how it is opened and closed, and the keys while it is open. Must not know what it shows.

use super::dom::{document, html, listen};
use web_sys::{Element, HtmlDialogElement, KeyboardEvent, MouseEvent, PointerEvent};

/// Opens it: its first button has the focus. The document's scroll bar, which would stay beside it, gives its room to the
/// dialog, and what lies behind keeps its width.
pub(crate) fn open(dialog: &HtmlDialogElement) {
    if let Some((window, html)) = web_sys::window().zip(html()) {
        let wide = window.inner_width().ok().and_then(|wide| wide.as_f64()).unwrap_or_default();
        let bar = wide - f64::from(html.client_width());
        set_on_root("padding-inline-end", &[&number(bar.max(0.0)), "px"].concat());
        set_on_root("overflow", "hidden");
    }
    // Fails only for one that is open, or that the document has not.
    drop(dialog.show_modal());
}

/// Closes it.
pub(crate) fn close(dialog: &HtmlDialogElement) {
    set_on_root("padding-inline-end", "");
    set_on_root("overflow", "");
    if dialog.open() {
        dialog.close();
    }
}

/// Sets a property of the document's root; an empty value takes it away.
fn set_on_root(name: &str, value: &str) {
    if let Some(html) = html() {
        // Fails only for a style that cannot be changed.
        drop(html.style().set_property(name, value));
    }
}

/// Hears keys without a modifier wherever the focus is: what had it may have gone. One that was taken (true) does nothing
/// else. Heard at the document, before what the window hears.
pub(crate) fn listen_for_keys(taken: impl Fn(&str) -> bool + 'static) {
    listen(document(), "keydown", move |event: KeyboardEvent| {
        let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        if plain && taken(&event.key()) {
            event.prevent_default();
        }
    });
}

/// Whether the document runs from right to left.
pub(crate) fn from_the_right() -> bool {
    html().is_some_and(|html| html.dir() == "rtl")
}

/// An element's width and height.
pub(crate) fn size(element: &Element) -> (f64, f64) {
    (f64::from(element.client_width()), f64::from(element.client_height()))
}

/// Where a pointer is, from the middle of an element.
pub(crate) fn from_the_middle(element: &Element, event: &MouseEvent) -> (f64, f64) {
    let area = element.get_bounding_client_rect();
    let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    (x - area.x() - area.width() / 2.0, y - area.y() - area.height() / 2.0)
}

/// The pointer stays the element's until it is released, and neither drags nor selects anything.
pub(crate) fn capture(element: &Element, event: &PointerEvent) {
    event.prevent_default();
    // Fails only for a pointer that is gone.
    drop(element.set_pointer_capture(event.pointer_id()));
}

/// A number as CSS reads it. The program's own way to write one would be larger than the viewer.
pub(crate) fn number(value: f64) -> String {
    let text = js_sys::Number::from(value).to_string_with_radix(10);
    text.map(String::from).unwrap_or_default()
}
