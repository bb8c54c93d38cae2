//! Keys that mean something wherever the focus is.
//!
//! Must not know what they mean.

use super::dom::{document, find, listen};
use web_sys::{Element, KeyboardEvent};

/// Calls `takes` when Escape is pressed and nothing else has taken it, no dialog either. If it takes it, nothing else does:
/// the document hears a key before the window does.
pub(crate) fn on_escape(takes: impl Fn() -> bool + 'static) {
    listen(document(), "keydown", move |event: KeyboardEvent| {
        let free = event.key() == "Escape" && !event.default_prevented();
        if free && find::<Element>("dialog[open]").is_none() && takes() {
            event.prevent_default();
        }
    });
}
