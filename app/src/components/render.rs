//! The studio as HTML.
//!
//! Owns the one reactive owner of a rendering: every signal that it makes is freed with it. Must not wait for anything:
//! an owner that lives over an `await` would be another request's.

use super::{App, Symbols};
use crate::store::StudioStore;
use contract::document::StudioData;
use leptos::prelude::*;

/// The parts of the document that are components.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// The drawings of the icons.
    pub symbols: String,
    /// The root's content, which the browser takes over.
    pub root: String,
}

/// Renders the studio of this data, in which nothing has happened.
pub(crate) fn render(data: &StudioData) -> Rendered {
    let owner = Owner::new();
    let rendered = owner.with(|| {
        let store = StudioStore::new(data, String::new());
        Rendered { symbols: view! { <Symbols/> }.to_html(), root: view! { <App store/> }.to_html() }
    });
    owner.unset_with_forced_cleanup();
    rendered
}
