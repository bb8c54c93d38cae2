//! The wall: every place in it, newest first.

use super::{picture::picture, problem::problem};
use crate::{
    state::{
        digits::digits,
        tile::{Face, Tile},
    },
    store::Store,
    texts::{TextKey, word},
};
use leptos::{either::EitherOf3, prelude::*};

/// The wall of this studio.
pub(crate) fn wall(store: Store) -> impl IntoView {
    view! {
        <ol class="wall" role="list" aria-label=word(TextKey::Pictures)>
            <For each=move || store.wall() key=|tile| tile.key children=move |tile| place(store, tile) />
        </ol>
    }
}

/// A place with the face that it has now. With another face it is another place: nothing in it changes but the wait.
fn place(store: Store, tile: Tile) -> impl IntoView {
    let (serial, index, ..) = tile.key;
    let ratio = [&digits(tile.size.width), "/", &digits(tile.size.height)].concat();
    let (class, inner) = match tile.face {
        Face::Wait => {
            let wait = view! { <p class="tile__wait">{move || store.progress(serial)}</p> };
            ("tile tile_waiting", EitherOf3::A(wait))
        }
        Face::Picture(url) => {
            let picture = picture(store, (serial, index), url, tile.prompt, tile.size);
            ("tile tile_waiting", EitherOf3::B(picture))
        }
        Face::Trouble(trouble) => {
            ("tile problem", EitherOf3::C(problem(store, serial, tile.prompt, trouble, false)))
        }
        Face::Again(trouble) => {
            ("tile problem", EitherOf3::C(problem(store, serial, tile.prompt, trouble, true)))
        }
    };
    let place = [&digits(serial), "-", &digits(index)].concat();
    view! { <li class=class data-place=place style:--ratio=ratio>{inner}</li> }
}
