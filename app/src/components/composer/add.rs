//! The button that adds pictures to change.

use crate::{
    components::{
        dynamic::listener,
        icon::{Icon, icon},
        inert::inert,
    },
    store::StudioStore,
};
use contract::text_keys::TextKey;
use leptos::prelude::*;

/// The file types that every browser can decode.
const TYPES: &str = "image/png,image/jpeg,image/webp,image/avif,image/gif";

/// The file button.
#[component]
pub(super) fn AddPictures(store: StudioStore) -> impl IntoView {
    view! {
        <label class="add" title=store.text(TextKey::Add)>
            <input
                class="unseen"
                id="add"
                type="file"
                multiple
                accept=TYPES
                on:change=listener(move |event| store.add_files(&event))
            />
            {inert(|| icon(Icon::Add))}
            {inert(|| view! { <span class="unseen">{store.text(TextKey::Add)}</span> })}
        </label>
    }
}
