//! The viewer's dialog, which covers the rest of the document, and the keys while it is open.
//!
//! Owns how it is opened and closed, and that the focus stays in it. Must not know what it shows, nor what it covers.
//!
//! Decision: docs/decisions/2026-11-29-the-viewer-is-not-the-browsers-modal.md.

use super::{
    clock,
    dom::{document, html, listen},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Element, FocusEvent, HtmlDialogElement, HtmlElement, KeyboardEvent, MouseEvent, Node,
    PointerEvent,
};

/// Opens it. A scroll bar of the document, which would stay beside it, gives its room to the dialog, and what lies behind
/// keeps its width. `then` is called when the dialog is painted: what is not seen, as the focus, can wait until then.
pub(crate) fn open(dialog: &HtmlDialogElement, then: impl FnOnce() + 'static) {
    if let Some((window, html)) = web_sys::window().zip(html()) {
        let wide = window.inner_width().ok().and_then(|wide| wide.as_f64()).unwrap_or_default();
        let bar = wide - f64::from(html.client_width());
        // The browser calculates much anew after a change at the root.
        if bar > 0.0 {
            set_on_root("padding-inline-end", &[&number(bar), "px"].concat());
            set_on_root("overflow", "hidden");
        }
    }
    // Its own `show` moves the focus at once, for which the browser lays out everything once more.
    dialog.set_open(true);
    spawn_local(async {
        clock::painted().await;
        then();
    });
}

/// Scrolls an element of it back to its beginning. A dialog is laid out while it is closed, so that it stays scrolled.
pub(crate) fn scroll_back(element: &Element) {
    element.set_scroll_top(0);
}

/// Closes it.
pub(crate) fn close(dialog: &HtmlDialogElement) {
    set_on_root("padding-inline-end", "");
    set_on_root("overflow", "");
    if dialog.open() {
        dialog.close();
    }
}

/// Tab goes on from the last stop of a dialog to its first, and back.
pub(crate) fn go_round(dialog: &HtmlDialogElement, event: &KeyboardEvent) {
    let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
    if event.key() != "Tab" || !plain {
        return;
    }
    let stops: Vec<_> = stops(dialog).collect();
    let (first, last) = (stops.first(), stops.last());
    let (from, to) = if event.shift_key() { (first, last) } else { (last, first) };
    let at: Option<Element> = document().and_then(|document| document.active_element());
    let is = |one: &HtmlElement| at.as_ref().is_some_and(|at| at.is_same_node(Some(one)));
    // The dialog itself has the focus when the stop that had it is gone.
    let outside = !stops.iter().any(is);
    if let Some(to) = to.filter(|_| outside || from.is_some_and(is)) {
        event.prevent_default();
        // Fails only for an element that cannot have it.
        drop(to.focus());
    }
}

/// The focus that comes to what lies behind, as from the browser's own bars, goes to the dialog, while `open` says so.
pub(crate) fn keep_focus(
    dialog: impl Fn() -> Option<HtmlDialogElement> + 'static,
    open: impl Fn() -> bool + 'static,
) {
    listen(document(), "focusin", move |event: FocusEvent| {
        let to = event.target().and_then(|to| to.dyn_into::<Node>().ok());
        if let Some(dialog) = dialog().filter(|dialog| open() && !dialog.contains(to.as_ref())) {
            focus_first(&dialog);
        }
    });
}

/// Moves the focus to its first stop.
pub(crate) fn focus_first(dialog: &HtmlDialogElement) {
    // Fails only for an element that cannot have it.
    drop(stops(dialog).next().map(|stop| stop.focus()));
}

/// What Tab visits in a dialog, in order.
fn stops(dialog: &HtmlDialogElement) -> impl Iterator<Item = HtmlElement> {
    let all = dialog.get_elements_by_tag_name("*");
    let seen = |stop: &HtmlElement| stop.get_bounding_client_rect().width() > 0.0;
    (0..all.length())
        .filter_map(move |at| all.item(at))
        .filter(|one| one.matches("a[href], :enabled").unwrap_or_default())
        .filter_map(|one| one.dyn_into().ok())
        .filter(seen)
}

/// Whether it is open. A program that has ended closes none, but `boot.js` does.
pub(crate) fn is_open(dialog: &HtmlDialogElement) -> bool {
    dialog.open()
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
