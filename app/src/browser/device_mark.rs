//! The mark that the visitor has let this device keep pictures, in localStorage.
//!
//! Owns its name, for each site: it is the name of the database too, and the same since version 0.1. Where the browser
//! forbids it, nobody has agreed.

/// The name of a site's mark and of its database.
pub(super) fn name(site: &str) -> String {
    ["easel:", site].concat()
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// Whether the visitor has agreed.
pub(crate) fn is_set(site: &str) -> bool {
    storage().is_some_and(|storage| matches!(storage.get_item(&name(site)), Ok(Some(_))))
}

/// Marks that the visitor has agreed; false if the browser forbids it.
pub(super) fn set(site: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(&name(site), "1").is_ok())
}

/// Takes the mark away.
pub(super) fn remove(site: &str) {
    if let Some(storage) = storage() {
        // A browser that forbids it has no mark.
        drop(storage.remove_item(&name(site)));
    }
}
