//! The toast that confirms a deletion, and takes it back.

use crate::{
    components::dynamic::{click, dynamic, listener},
    state::event::Event,
    store::StudioStore,
};
use contract::text_keys::TextKey;
use leptos::prelude::*;

/// The toast. It stands there for as long as the deletion can be undone, which the state decides.
#[component]
pub(super) fn UndoToast(store: StudioStore) -> impl IntoView {
    let deleted = move || match store.undo_count().get() {
        0 => String::new(),
        1 => store.text(TextKey::DeletedOne),
        many => store.fill(TextKey::Deleted, &many.to_string(), ""),
    };
    let let_go = move || store.send(Event::UndoHeld(false));
    view! {
        <div
            class="toast"
            hidden=dynamic(move || store.undo_count().get() == 0)
            on:pointerenter=listener(move |_| store.hold_undo())
            on:focusin=listener(move |_| store.hold_undo())
            on:pointerleave=listener(move |_| let_go())
            on:focusout=listener(move |_| let_go())
        >
            <p role="status">{dynamic(deleted)}</p>
            <button type="button" id="undo" on:click=click(move |_| store.send(Event::UndoPressed))>
                {store.text(TextKey::Undo)}
            </button>
        </div>
    }
}
