//! Markup that never changes once it stands in the document: words, icons, links.
//!
//! Owns how it comes into each program. The Worker renders it. The browser only steps over the element that it finds, so
//! that no code for it is in the program that is shipped. `trunk serve` builds it. A view is inert if it is one element
//! without a signal, a listener or a property; what it says may depend on the site and on the texts.

#[cfg(feature = "csr")]
use leptos::prelude::IntoView;
#[cfg(feature = "ssr")]
use leptos::prelude::{IntoView, RenderHtml};
#[cfg(not(feature = "csr"))]
use leptos::tachys::html::InertElement;

/// Renders the element.
#[cfg(feature = "ssr")]
pub(super) fn inert<V: IntoView>(view: impl FnOnce() -> V) -> InertElement {
    InertElement::new(view().into_view().to_html())
}

/// Steps over the element.
#[cfg(feature = "hydrate")]
pub(super) fn inert<V>(_: impl FnOnce() -> V) -> InertElement {
    InertElement::new("")
}

/// Builds the element.
#[cfg(feature = "csr")]
pub(super) fn inert<V: IntoView>(view: impl FnOnce() -> V) -> V {
    view()
}
