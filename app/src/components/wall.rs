//! The wall: the tiles near the screen, newest first.

use crate::store::StudioStore;
#[cfg(feature = "client")]
use crate::{
    components::{dynamic::dynamic, tile::Tile},
    state::{
        tile::TileKey,
        virtual_scroll::{Length, step},
    },
};
use contract::text_keys::TextKey;
#[cfg(feature = "client")]
use leptos::either::Either;
use leptos::{html, prelude::*};

/// The list of tiles. The document never has one, so the browser builds them in the list once that is taken over: code
/// that takes over tiles would be a part of the program that is never used.
#[component]
pub(super) fn Wall(store: StudioStore) -> impl IntoView {
    let list = NodeRef::<html::Ol>::new();
    #[cfg(feature = "client")]
    list.on_load(move |list| {
        leptos::mount::mount_to(list.clone().into(), move || tiles(store)).forget();
        store.watch_wall(&list);
    });
    view! {
        <ol class="wall" role="list" aria-label=store.text(TextKey::Pictures) node_ref=list></ol>
    }
}

/// What is rendered in the list.
#[cfg(feature = "client")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Hung {
    /// The height of the rows before.
    Before,
    Tile(TileKey),
    /// The height of the rows after.
    After,
}

/// What is rendered of the wall. A tile keeps its element for as long as it is near the screen: its key is its place. The
/// space before and after them is taken by elements: a change of the wall's own style would make browsers scroll, instead
/// of keeping in place what the visitor looks at.
#[cfg(feature = "client")]
fn tiles(store: StudioStore) -> impl IntoView {
    let wanted = move || {
        let (before, after) = store.rooms().get();
        let before = (before > 0).then_some(Hung::Before);
        let after = (after > 0).then_some(Hung::After);
        let tiles = store.shown().get().into_iter().map(Hung::Tile);
        before.into_iter().chain(tiles).chain(after).collect::<Vec<_>>()
    };
    let hung = StoredValue::new(Vec::new());
    let again = RwSignal::new(());
    // The list is reached step by step, so that no element moves; all of them come before the next frame.
    let each = move || {
        again.track();
        let wanted = wanted();
        let next = hung.with_value(|hung| step(hung, &wanted));
        if next != wanted {
            leptos::task::spawn_local(async move { again.set(()) });
        }
        hung.set_value(next.clone());
        next
    };
    let child = move |hung| match hung {
        Hung::Tile(key) => Either::Left(view! { <Tile store key/> }),
        Hung::Before => Either::Right(room(store, |(before, _)| before)),
        Hung::After => Either::Right(room(store, |(_, after)| after)),
    };
    view! { <For each=each key=|hung| *hung children=child/> }
}

/// Stands in the place of rows that are not rendered.
#[cfg(feature = "client")]
fn room(store: StudioStore, height: fn((Length, Length)) -> Length) -> impl IntoView {
    let height = move || Some(StudioStore::css(height(store.rooms().get())));
    view! { <li class="room" aria-hidden="true" style:height=dynamic(height)></li> }
}
