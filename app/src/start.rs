//! How the studio starts in the browser.
//!
//! Owns the order: nothing outside of the root is bound and nothing is sent before the root is the program's. A start
//! that fails has done nothing: `boot.js` fetches the document again, once, and starts another instance on that.
//!
//! Decisions: docs/decisions/2026-11-29-the-worker-renders-the-tree.md and
//! docs/decisions/2026-11-29-the-document-is-fetched-again.md.

use crate::{
    browser::{boot, session_storage},
    state::saved_draft::SavedDraft,
    store,
};
#[cfg(feature = "hydrate")]
use {
    crate::{BUILD, browser::data_block, components::App, store::StudioStore},
    contract::document::StudioData,
    leptos::prelude::*,
    std::{cell::Cell, rc::Rc},
    wasm_bindgen::{JsValue, prelude::wasm_bindgen},
    web_sys::HtmlElement,
};

/// From now on a panic says where it was, and that the studio has ended.
pub fn prepare() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        store::end();
        boot::end();
        keep_prompt();
    }));
}

/// Lets the tab remember what the prompt holds when the studio has ended: nothing else will write it down.
fn keep_prompt() {
    if let Some((site, prompt)) = session_storage::site_of_draft().zip(boot::prompt()) {
        let stored = session_storage::draft(&site).as_deref().and_then(SavedDraft::read);
        let draft = stored.unwrap_or_default().with_prompt(prompt);
        session_storage::save_draft(&site, &draft.to_text());
    }
}

/// Takes over the document's root, and carries out what happened before.
#[cfg(feature = "hydrate")]
#[wasm_bindgen]
pub fn start() -> Result<(), JsValue> {
    // Before the root is replaced: the form is in it.
    let early = boot::early();
    if let Some(fresh) = boot::fresh_document() {
        data_block::replace(&fresh);
    }
    let data = data_block::read().ok_or("the document has no data for the studio")?;
    let root = data_block::root().ok_or("the document has no root for the studio")?;
    check(&data, &root)?;
    // A trap while hydrating comes after the form's controls have been set back: the next instance must not read them.
    boot::keep(&early);
    let prompt = early.prompt.clone();
    let made = Rc::new(Cell::new(None));
    let view = {
        let made = Rc::clone(&made);
        move || {
            let store = StudioStore::new(&data, prompt);
            made.set(Some(store));
            view! { <App store/> }
        }
    };
    leptos::mount::hydrate_from(root.clone(), view).forget();
    let store = made.get().ok_or("the studio has no store")?;
    // From here on `boot.js` does nothing.
    boot::take();
    store.begin(early);
    // Tells tests and style that the program runs.
    root.set_attribute("data-started", "")
}

/// Whether the root is what this program's build has rendered. Hydration compares almost nothing: another element in
/// the place of one that it looks for would be bound in its place.
#[cfg(feature = "hydrate")]
fn check(data: &StudioData, root: &HtmlElement) -> Result<(), JsValue> {
    if data.build != BUILD {
        return Err("the document is of another build".into());
    }
    if data.elements != data_block::count(root) {
        return Err("something has changed the document".into());
    }
    Ok(())
}
