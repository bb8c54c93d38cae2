//! The wall: every tile, newest first.

use crate::store::StudioStore;
use contract::text_keys::TextKey;
use leptos::{html, prelude::*};

/// The list of tiles. The document never has one, so the browser builds them in the list once that is taken over: code
/// that takes over tiles would be a part of the program that is never used.
#[component]
pub(super) fn Wall(store: StudioStore) -> impl IntoView {
    let list = NodeRef::<html::Ol>::new();
    #[cfg(feature = "client")]
    list.on_load(move |list| leptos::mount::mount_to(list.into(), move || tiles(store)).forget());
    view! {
        <ol class="wall" role="list" aria-label=store.text(TextKey::Pictures) node_ref=list></ol>
    }
}

/// A tile keeps its element from the press of the button to the picture: its key is its place.
#[cfg(feature = "client")]
fn tiles(store: StudioStore) -> impl IntoView {
    use super::tile::Tile;

    view! {
        <For
            each=move || store.order().get()
            key=|key| *key
            children=move |key| view! { <Tile store key/> }
        />
    }
}
