//! One picture that the next one starts from, with its button. The document that the Worker renders never has one.

use crate::{
    components::{
        dynamic::click,
        icon::{Icon, icon},
    },
    state::{event::Event, uploads::ReferenceView},
    store::StudioStore,
};
use contract::text_keys::TextKey;
use leptos::prelude::*;

/// All of them, in the order in which they are sent. They are few, and each is known by its number: when one goes, those
/// after it take its place.
pub(super) fn all(store: StudioStore) -> impl IntoView {
    move || {
        let references = store.references().get().into_iter().zip(1_u32..);
        references.map(|(one, number)| reference(store, one, number)).collect::<Vec<_>>()
    }
}

fn reference(store: StudioStore, one: ReferenceView, number: u32) -> impl IntoView {
    let named = |key| store.fill(key, &number.to_string(), "");
    let ReferenceView { id, url } = one;
    let waits = url.is_none();
    view! {
        <li class="reference" class:reference_waiting=waits>
            <img alt=named(TextKey::Picture) src=url/>
            <button
                type="button"
                aria-label=named(TextKey::RemovePicture)
                title=store.text(TextKey::Remove)
                on:click=click(move |_| store.send(Event::UploadRemoved(id)))
            >
                {icon(Icon::Remove)}
            </button>
        </li>
    }
}
