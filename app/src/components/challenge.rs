//! The place of the challenge's widget.

use crate::{
    components::{dynamic::dynamic, inert::inert},
    store::StudioStore,
};
use contract::text_keys::TextKey;
use leptos::prelude::*;

/// The group in which `browser::challenge` renders the widget, on sites that have a challenge. What is inside of
/// `#widget` is the provider's.
#[component]
pub(super) fn Challenge(store: StudioStore) -> impl IntoView {
    store.site().challenge.is_some().then(|| {
        view! {
            <div
                class="challenge"
                id="challenge"
                role="group"
                aria-labelledby="challenge-why"
                hidden=dynamic(move || !store.challenge_open().get())
            >
                {inert(|| view! { <p id="challenge-why">{store.text(TextKey::Check)}</p> })}
                <div id="widget"></div>
            </div>
        }
    })
}
