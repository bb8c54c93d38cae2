//! The tab's memory. Where the browser forbids it, nothing is remembered, and nothing breaks.
//!
//! Owns the names of what Easel keeps there, for each site. Must not know what the texts say.

/// The session with its jobs.
const SESSION: &str = "easel:";
/// What the visitor has begun to write and to choose.
const DRAFT: &str = "easel:draft:";

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok()?
}

fn read(name: &str, site: &str) -> Option<String> {
    storage()?.get_item(&[name, site].concat()).ok()?
}

fn write(name: &str, site: &str, text: &str) {
    if let Some(storage) = storage() {
        // A full or forbidden storage costs what a reload would have found, nothing else.
        drop(storage.set_item(&[name, site].concat(), text));
    }
}

/// The session that the tab remembers of this site.
pub(crate) fn session(site: &str) -> Option<String> {
    read(SESSION, site)
}

/// The draft that the tab remembers of this site.
pub(crate) fn draft(site: &str) -> Option<String> {
    read(DRAFT, site)
}

/// Lets the tab remember a session of this site.
pub(crate) fn save_session(site: &str, text: &str) {
    write(SESSION, site, text);
}

/// Lets the tab remember a draft of this site.
pub(crate) fn save_draft(site: &str, text: &str) {
    write(DRAFT, site, text);
}
