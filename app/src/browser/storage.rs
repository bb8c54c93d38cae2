//! The tab's memory. Where the browser forbids it, nothing is remembered, and nothing breaks.

/// The one entry that Easel has there, for each site.
fn name(site: &str) -> String {
    ["easel:", site].concat()
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// What the tab remembers of this site.
pub(crate) fn recall(site: &str) -> Option<String> {
    storage()?.get_item(&name(site)).ok()?
}

/// Lets the tab remember this of this site.
pub(crate) fn remember(site: &str, text: &str) {
    if let Some(storage) = storage() {
        // A full or forbidden storage costs the gallery after a reload, nothing else.
        drop(storage.set_item(&name(site), text));
    }
}
