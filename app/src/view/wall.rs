//! The wall: every place in it, newest first.

use super::{picture::picture, problem::problem};
use crate::{
    model::{
        digits::digits,
        tile::{Face, Tile},
    },
    state::Store,
    words,
};
use leptos::prelude::*;

/// The wall of this studio.
pub(crate) fn wall(store: Store) -> impl IntoView {
    view! {
        <ol class="wall" role="list" aria-label=words::PICTURES>
            <For each=move || store.wall() key=|tile| tile.key children=move |tile| place(store, tile) />
        </ol>
    }
}

/// A place with the face that it has now. With another face it is another place: nothing in it changes but the wait.
fn place(store: Store, tile: Tile) -> impl IntoView {
    let serial = tile.key.0;
    let ratio = [&digits(tile.size.width), "/", &digits(tile.size.height)].concat();
    let (class, wait, shown, card) = match tile.face {
        Face::Wait => ("tile tile_waiting", Some(serial), None, None),
        Face::Picture(url) => (
            "tile tile_waiting",
            None,
            Some(picture(store, serial, url, tile.prompt, tile.size)),
            None,
        ),
        Face::Trouble(trouble) => {
            ("tile problem", None, None, Some(problem(store, serial, tile.prompt, trouble)))
        }
    };
    let wait =
        wait.map(|serial| view! { <p class="tile__wait">{move || store.progress(serial)}</p> });
    view! { <li class=class style:--ratio=ratio>{wait}{shown}{card}</li> }
}
