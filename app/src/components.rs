//! The studio's components: what stands in the document, and which event each act of the visitor is.
//!
//! Owns the markup. A component reads the store's signals and sends events; it must not read the document, keep state
//! of its own that another one needs, or depend on anything but the store's signals while it is rendered: the Worker
//! and the browser must make the same elements of the same data.
#![expect(
    unreachable_pub,
    reason = "the macro of components writes a public type beside each function"
)]

mod allowance;
mod announcer;
mod app;
mod challenge;
mod composer;
mod dynamic;
mod empty_wall;
mod footer;
mod gallery;
mod icon;
mod ideas;
mod inert;
#[cfg(feature = "client")]
mod lazy;
#[cfg(feature = "ssr")]
mod render;
#[cfg(feature = "client")]
mod tile;
mod wall;

pub(crate) use app::App;
#[cfg(any(feature = "ssr", feature = "csr"))]
pub(crate) use icon::Symbols;
#[cfg(feature = "client")]
pub(crate) use lazy::LazyPart;
#[cfg(feature = "ssr")]
pub(crate) use render::render;
