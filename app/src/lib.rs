//! The studio: a tree of Leptos components, which the Worker renders and the browser takes over.
//!
//! `state` decides what follows from what happens, `store` shows it as signals and carries commands out, `components`
//! are what stands in the document, `texts` is what it says, and only `browser` names what a browser can do. `start`
//! brings them together in the browser, `document` at the edge.
#![cfg_attr(
    not(feature = "client"),
    expect(
        dead_code,
        reason = "only the programs of the browser apply events; the edge renders the state at the start"
    )
)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(feature = "client")]
mod browser;
#[cfg(any(feature = "client", feature = "ssr"))]
mod components;
#[cfg(feature = "ssr")]
pub mod document;
#[cfg(feature = "client")]
mod lazy_part;
#[cfg(feature = "csr")]
mod mount;
#[cfg(feature = "client")]
mod start;
mod state;
#[cfg(any(feature = "client", feature = "ssr"))]
mod store;
mod texts;

/// The build: a digest of everything that the studio's HTML depends on. The Worker writes it into the document, and a
/// program of another build does not take that document over.
pub const BUILD: &str = match option_env!("EASEL_BUILD") {
    Some(build) => build,
    None => "dev",
};

#[cfg(feature = "csr")]
pub use mount::mount;
#[cfg(feature = "client")]
pub use start::prepare;
#[cfg(feature = "hydrate")]
pub use start::start;
