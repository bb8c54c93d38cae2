//! The studio: the client of Easel, in a document whose form is already there.
//!
//! Owns the order in which its parts start. `state` decides, `store` carries out, `browser` is the only one that names
//! the browser, `components` shows, `texts` speaks. Must not build the form: its elements are the document's own.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod browser;
mod components;
mod state;
mod store;
mod texts;

use leptos::prelude::*;
use state::{site::Site, studio::Studio};
use store::Store;

/// Mounts the wall into the document, binds to its form and carries out what the visitor did before.
///
/// A document without the site's facts or without a place for the wall is not the studio's: nothing happens then.
pub fn start() {
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();

    let Some(site) = browser::page::site_data().as_deref().and_then(Site::read) else { return };
    texts::learn(browser::page::words().unwrap_or_default());
    let Some(gallery) = browser::page::gallery() else { return };
    mount_to(gallery, move || {
        let store = Store::new(Studio::new(site, browser::host::is_there()));
        store.bind();
        components::wall(store)
    })
    .forget();
}
