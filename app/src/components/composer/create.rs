//! The button that orders pictures; while no other order is possible, it cancels.

use crate::{
    components::{
        dynamic::{dynamic, listener},
        inert::inert,
    },
    state::event::Event,
    store::StudioStore,
};
use contract::text_keys::TextKey;
use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    prelude::*,
};

/// Create, or Cancel in the same place and width: both words lie in one place.
#[component]
pub(super) fn CreateButton(store: StudioStore) -> impl IntoView {
    let click = move |event: MouseEvent| {
        if !untrack(move || store.create_cancels()) {
            return;
        }
        // A cancel that is through at once makes the button say Create again: then the same click would submit.
        event.prevent_default();
        // The second click of a double click on Create comes when the button says Cancel already.
        if event.detail() < 2 {
            store.send(Event::CancelPressed);
        }
    };
    // Held down on Create it would press Cancel next.
    let press = move |event: KeyboardEvent| {
        if event.repeat() {
            event.prevent_default();
        }
    };
    view! {
        <button
            class="create"
            id="create"
            // As Cancel it is no submit button: Enter on a radio never cancels.
            type=dynamic(move || if store.create_cancels() { "button" } else { "submit" })
            aria-describedby="facts"
            on:click=click
            on:keydown=listener(press)
        >
            {inert(|| view! { <span class="create__idle">{store.text(TextKey::Create)}</span> })}
            {inert(|| view! { <span class="create__busy">{store.text(TextKey::Cancel)}</span> })}
        </button>
    }
}
