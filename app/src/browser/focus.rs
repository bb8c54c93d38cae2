//! Where the focus goes, and what is scrolled to.
//!
//! Owns the selectors of these places, which the components write. Must not decide when.

use super::{
    clock,
    dom::{find, settled},
};
use crate::state::{command::FocusTarget, tile::TileKey};
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Element, HtmlElement, HtmlTextAreaElement, ScrollIntoViewOptions, ScrollLogicalPosition,
};

/// A frame that had the whole window for the viewer has its own size again after so many milliseconds.
const LOWERED_MS: u32 = 300;

/// Moves the focus, once the document shows what has just changed.
pub(crate) fn go(target: FocusTarget) {
    spawn_local(async move {
        settled().await;
        match target {
            FocusTarget::Prompt { select } => to_prompt(select),
            FocusTarget::Add => to("#add"),
            FocusTarget::Reference(at) => {
                // Counted from 1 by CSS.
                let nth = at.saturating_add(1).to_string();
                to(&["#references > :nth-child(", &nth, ") button"].concat());
            }
            FocusTarget::DeviceHistory => to("#keep button"),
            FocusTarget::Create => to("#create"),
            FocusTarget::Viewer => to(".viewer button"),
            FocusTarget::Undo => to("#undo"),
            FocusTarget::Select => to("#select"),
            FocusTarget::SelectAll => to("#select-all"),
            FocusTarget::Tile(key) => {
                let open = [&place(key), " [data-open]"].concat();
                rendered(&open).await;
                to(&open);
            }
        }
    });
}

/// Waits until what was just asked for is rendered: a long wall takes some steps to it.
async fn rendered(selector: &str) {
    const MOST: usize = 100;
    for _ in 0..MOST {
        if find::<Element>(selector).is_some() {
            break;
        }
        settled().await;
    }
}

fn to(selector: &str) {
    if let Some(element) = find::<HtmlElement>(selector) {
        // Fails only in documents without a window.
        drop(element.focus());
    }
}

fn to_prompt(select: bool) {
    let Some(prompt) = find::<HtmlTextAreaElement>("#prompt") else { return };
    // Fails only in documents without a window.
    drop(prompt.focus());
    if select {
        prompt.select();
    }
}

/// Puts the caret back where it was in the root before this one.
pub(crate) fn set_selection(start: u32, end: u32) {
    spawn_local(async move {
        settled().await;
        let Some(prompt) = find::<HtmlTextAreaElement>("#prompt") else { return };
        let now = (prompt.selection_start(), prompt.selection_end());
        // A field that was taken over has it, and in which direction it was made.
        if now != (Ok(Some(start)), Ok(Some(end))) {
            // Fails only for an element that has no text.
            drop(prompt.set_selection_range(start, end));
        }
    });
}

/// Whether the pointer is on the undo, or the focus of somebody who uses the keyboard.
pub(crate) fn is_on_undo() -> bool {
    find::<Element>(".toast:is(:hover, :has(:focus-visible))").is_some()
}

/// Moves the focus if it is on the undo, which is about to go.
pub(crate) fn leave_undo(target: FocusTarget) {
    if find::<Element>(".toast:focus-within").is_some() {
        go(target);
    }
}

/// Whether the visitor looks at what hangs further down the wall.
fn looks_below() -> bool {
    find::<Element>("#gallery")
        .is_some_and(|gallery| gallery.get_bounding_client_rect().top() < 0.0)
}

/// Scrolls as little as is needed to show the first tile of a request, unless the visitor looks at what is further down.
pub(crate) fn scroll_to_request(serial: u32) {
    spawn_local(async move {
        settled().await;
        let tile = ["[data-place^=\"", &serial.to_string(), "-\"]"].concat();
        rendered(&tile).await;
        if let Some(tile) = find::<Element>(&tile).filter(|_| !looks_below()) {
            scroll_to(&tile);
        }
    });
}

/// Scrolls as little as is needed to show what the form says. A notice does not move in the frame: the page around it
/// scrolls, once the frame lies in it again.
pub(crate) fn scroll_to_note() {
    clock::later(
        LOWERED_MS,
        Box::new(|| {
            if let Some(note) = find::<Element>("#note") {
                scroll_to(&note);
            }
        }),
    );
}

fn scroll_to(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

fn place(key: TileKey) -> String {
    ["[data-place=\"", &key.text(), "\"]"].concat()
}
