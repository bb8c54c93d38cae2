//! One tile of the wall: a wait, a picture, or the card of a problem.

mod picture;
mod problem;
mod waiting;

use crate::{
    components::dynamic::{dynamic, listener},
    state::{
        tile::{TileKey, TileKind, TileState, TileView},
        virtual_scroll::Length,
    },
    store::StudioStore,
};
use contract::{options::Size, text_keys::TextKey};
use leptos::{either::EitherOf3, ev::AnimationEvent, prelude::*};
use picture::PictureTile;
use problem::ProblemTile;
use waiting::WaitingTile;

/// What only the animations of one tile depend on.
#[derive(Clone, Copy)]
struct Appearance {
    /// The tile's arrival is over: the browser need not keep an animation that has ended.
    arrived: RwSignal<bool>,
    /// The picture's bytes are here.
    loaded: RwSignal<bool>,
    /// The picture covers what lies under it.
    developed: RwSignal<bool>,
    /// The tile was a wait before it was a picture: somebody is watching it.
    was_wait: bool,
}

/// A tile. Its `<li>` stays for its whole life.
#[component]
pub(super) fn Tile(store: StudioStore, key: TileKey) -> impl IntoView {
    let tile = RwSignal::from(store.tile(key));
    let kind = Memo::new(move |_| tile.with(TileView::kind));
    let appearance = Appearance {
        arrived: RwSignal::new(!store.arrives(key)),
        loaded: RwSignal::new(false),
        developed: RwSignal::new(false),
        was_wait: kind.get_untracked() == TileKind::Waiting,
    };
    let sheen = move || match kind.get() {
        TileKind::Waiting => tile.with(|tile| tile.previews.is_empty()),
        TileKind::Picture => !appearance.loaded.get() && tile.with(|tile| tile.previews.is_empty()),
        TileKind::Problem | TileKind::Doubt => false,
    };
    let is_line =
        move || tile.with(|tile| matches!(tile.state, TileState::Problem { line: true, .. }));
    let is_large = move || store.few().get() || store.newest().get() == Some(key.serial);
    let shown = Memo::new(move |_| store.places().with(|places| places.get(&key).copied()));
    let place = move || shown.get().and_then(|shown| shown.place);
    let css = |length: Option<Length>| length.filter(|length| *length > 0).map(StudioStore::css);
    // Screen readers tell which of how many a tile is; where all are rendered they count for themselves.
    let of = move || store.tile_count().get().map(|count| count.to_string());
    let position = move || {
        let shown = shown.get().filter(|_| store.tile_count().get().is_some());
        shown.map(|shown| shown.index.saturating_add(1).to_string())
    };
    // What ends on a picture inside bubbles.
    let ended = move |event: AnimationEvent| {
        if event.target() == event.current_target() {
            appearance.arrived.set(true);
        }
    };
    view! {
        <li
            class="tile"
            class:tile_waiting=dynamic(sheen)
            class:tile_large=dynamic(is_large)
            class:problem=dynamic(move || matches!(kind.get(), TileKind::Problem | TileKind::Doubt))
            data-place=key.text()
            data-hangs=dynamic(move || appearance.arrived.get())
            data-stays=dynamic(move || appearance.was_wait && kind.get() == TileKind::Picture)
            data-line=dynamic(is_line)
            style:--ratio=dynamic(move || tile.with(|tile| ratio(tile.size)))
            style:--width=dynamic(move || css(place().map(|place| place.width)))
            style:height=dynamic(move || css(place().and_then(|place| place.height)))
            style:margin-inline-end=dynamic(move || css(place().map(|place| place.after)))
            aria-posinset=dynamic(position)
            aria-setsize=dynamic(of)
            on:animationend=listener(ended)
        >
            {previews(store, tile)}
            {move || match kind.get() {
                TileKind::Waiting => EitherOf3::A(view! { <WaitingTile store key tile/> }),
                TileKind::Picture => EitherOf3::B(view! { <PictureTile store key tile appearance/> }),
                TileKind::Problem | TileKind::Doubt => {
                    EitherOf3::C(view! { <ProblemTile store key tile/> })
                }
            }}
        </li>
    }
}

/// The width of a shape over its height, as CSS calculates it.
fn ratio(size: Size) -> String {
    [&size.width.to_string(), "/", &size.height.to_string()].concat()
}

/// The previews that have come, each over the one before. They lie under the picture until that has developed.
fn previews(store: StudioStore, tile: RwSignal<TileView>) -> impl IntoView {
    move || {
        let (urls, prompt) = tile.with(|tile| (tile.previews.clone(), tile.prompt.clone()));
        let preview = |url| {
            let alt = store.fill(TextKey::Preview, &prompt, "");
            view! { <img class="tile__early" alt=alt src=url/> }
        };
        urls.into_iter().map(preview).collect::<Vec<_>>()
    }
}
