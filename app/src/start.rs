//! How the studio starts in the browser.
//!
//! Owns the order: nothing outside of the root is bound and nothing is sent before the root is the program's. A start
//! that fails has done nothing, and `boot.js` starts another instance, which mounts instead of hydrating.
//!
//! Decision: docs/decisions/2026-11-29-the-worker-renders-the-tree.md.

use crate::{
    BUILD,
    browser::{boot, data_block},
    components::App,
    store::StudioStore,
};
use contract::document::StudioData;
use leptos::prelude::*;
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::HtmlElement;

/// From now on a panic says where it was, and that the studio has ended.
pub fn prepare() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        boot::broken();
    }));
}

/// Takes over the document's root, or builds it anew where `boot.js` says so, and carries out what happened before.
#[wasm_bindgen]
pub fn start() -> Result<(), JsValue> {
    let data = data_block::read().ok_or("the document has no data for the studio")?;
    let root = data_block::root().ok_or("the document has no root for the studio")?;
    let anew = boot::is_anew();
    if !anew {
        check(&data, &root)?;
    }
    let early = boot::early();
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
    if anew {
        root.replace_children_with_node_0();
        leptos::mount::mount_to(root.clone(), view).forget();
    } else {
        hydrate(root.clone(), view);
    }
    let store = made.get().ok_or("the studio has no store")?;
    // From here on `boot.js` does nothing.
    boot::take();
    store.begin(early);
    // Tells tests and style that the program runs.
    root.set_attribute("data-started", "")
}

#[cfg(feature = "hydrate")]
fn hydrate<V: IntoView>(root: HtmlElement, view: impl FnOnce() -> V + 'static) {
    leptos::mount::hydrate_from(root, view).forget();
}

/// Only a document that was rendered is taken over: there is none for `csr`.
#[cfg(not(feature = "hydrate"))]
fn hydrate<V: IntoView>(root: HtmlElement, view: impl FnOnce() -> V + 'static) {
    leptos::mount::mount_to(root, view).forget();
}

/// Whether the root is what this program's build has rendered. Hydration compares almost nothing: another element in
/// the place of one that it looks for would be bound in its place.
fn check(data: &StudioData, root: &HtmlElement) -> Result<(), JsValue> {
    if data.build != BUILD {
        return Err("the document is of another build".into());
    }
    if data.elements != data_block::count(root) {
        return Err("something has changed the document".into());
    }
    Ok(())
}
