//! `sessionStorage`. Where the browser forbids it, nothing is stored, and everything else works.
//!
//! Owns the names of what Easel keeps there: for each site, and on a page for each of its studios, by the name that the
//! loader gives them. Must not know what the texts say.

use super::host_frame;
use std::cell::RefCell;

/// The session with its jobs.
const SESSION: &str = "easel:";
/// What the visitor has begun to write and to choose.
const DRAFT: &str = "easel:draft:";

thread_local! {
    /// The site whose draft was asked for: where the tab may not remember one, nobody asks.
    static SITE: RefCell<Option<String>> = const { RefCell::new(None) };
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// The name for the site as a whole: of a studio in a window of its own, or of one whose loader names no element.
fn of_site(kind: &str, site: &str) -> String {
    [kind, site].concat()
}

/// The name for this studio. No site's id has a `#` in it.
fn own(kind: &str, site: &str) -> String {
    let of_site = of_site(kind, site);
    match host_frame::element() {
        Some(element) => [&of_site, "#", &element].concat(),
        None => of_site,
    }
}

/// What is remembered of this studio. What a loader that named no element has left for the site is taken over by the first
/// studio that asks for it.
fn read(kind: &str, site: &str) -> Option<String> {
    let storage = storage()?;
    let (own, of_site) = (own(kind, site), of_site(kind, site));
    if let Ok(Some(text)) = storage.get_item(&own) {
        return Some(text);
    }
    let text = storage.get_item(&of_site).ok()??;
    // Where there is no room for a second copy, the first stays.
    if storage.set_item(&own, &text).is_ok() {
        drop(storage.remove_item(&of_site));
    }
    Some(text)
}

fn write(kind: &str, site: &str, text: &str) {
    if let Some(storage) = storage() {
        // A full or forbidden storage costs what a reload would have found, nothing else.
        drop(storage.set_item(&own(kind, site), text));
    }
}

/// The session that the tab remembers of this studio.
pub(crate) fn session(site: &str) -> Option<String> {
    read(SESSION, site)
}

/// The draft that the tab remembers of this studio.
pub(crate) fn draft(site: &str) -> Option<String> {
    SITE.set(Some(site.to_owned()));
    read(DRAFT, site)
}

/// The site whose draft the tab remembers.
pub(crate) fn site_of_draft() -> Option<String> {
    SITE.take()
}

/// Lets the tab remember a session of this studio.
pub(crate) fn save_session(site: &str, text: &str) {
    write(SESSION, site, text);
}

/// Lets the tab remember a draft of this studio.
pub(crate) fn save_draft(site: &str, text: &str) {
    write(DRAFT, site, text);
}
