//! A picture that is ready.
//!
//! Decision: docs/decisions/2026-11-29-original-first-then-a-thumbnail.md.

use super::Appearance;
use crate::{
    components::{
        dynamic::{click, dynamic, listener},
        icon::{Icon, icon},
    },
    state::{
        event::Event,
        tile::{PictureView, TileKey, TileState, TileView},
    },
    store::StudioStore,
};
use contract::{options::MediaType, text_keys::TextKey};
use leptos::{ev::MouseEvent, prelude::*};

/// The picture with what lies on it.
#[component]
pub(super) fn PictureTile(
    store: StudioStore,
    key: TileKey,
    tile: RwSignal<TileView>,
    appearance: Appearance,
) -> impl IntoView {
    // What does not change while the tile shows a picture.
    let (prompt, size) = tile.with_untracked(|tile| (tile.prompt.clone(), tile.size));
    let (url, media_type) =
        untrack(|| of(tile, |picture| (picture.url.clone(), picture.media_type)))
            .unwrap_or_default();
    let Appearance { loaded, developed, was_wait, .. } = appearance;
    // This device has the picture already: there is nothing to wait for, and nothing is animated.
    let copy = untrack(|| of(tile, |picture| picture.thumbnail.clone())).flatten();
    // So has this tab a picture that was shown before and comes near the screen again.
    if copy.is_some() {
        loaded.set(true);
        developed.set(true);
        appearance.arrived.set(true);
    }
    let thumbnail = move || of(tile, |picture| picture.thumbnail.clone()).flatten();
    let shown = {
        let url = url.clone();
        move || thumbnail().unwrap_or_else(|| url.clone())
    };
    let load = move |_| {
        loaded.set(true);
        store.send(Event::PictureLoaded(key));
    };
    let develop = move |_| {
        developed.set(true);
        store.send(Event::PictureDeveloped(key));
    };
    let save = {
        let url = url.clone();
        move |event| store.download(key, &url, &event)
    };
    let view = move || click(move |_| store.send(Event::ViewerOpened(key)));
    let open = store.fill(TextKey::Open, &prompt, "");
    let (alt, of_what) = (prompt.clone(), prompt.clone());
    let download = store.text(TextKey::Download);
    view! {
        <img
            alt=alt
            width=size.width.to_string()
            height=size.height.to_string()
            // Whoever watched this tile wait sees the picture at once, and not one frame later.
            loading=if was_wait { "eager" } else { "lazy" }
            // A thumbnail is decoded before it is shown, so that the tile is never empty.
            decoding=dynamic(move || if thumbnail().is_some() { "sync" } else { "async" })
            data-url=url.clone()
            data-here=dynamic(move || match (developed.get(), loaded.get()) {
                (true, _) => Some("now"),
                (false, true) => Some(""),
                (false, false) => None,
            })
            src=dynamic(shown)
            on:load=listener(load)
            on:error=listener(move |_| store.send(Event::PictureFailed(key)))
            on:animationend=listener(develop)
            on:click=view()
        />
        <div class="tile__bar">
            <button
                type="button"
                class="tile__act"
                data-open=""
                aria-label=open
                title=store.text(TextKey::More)
                on:click=view()
            >
                {icon(Icon::Open)}
            </button>
            <a
                class="tile__act"
                download=""
                href=[&url, "?download"].concat()
                aria-label=download.clone()
                aria-description=of_what
                title=download
                data-type=media_type.map(MediaType::word)
                on:click=click(save)
            >
                {icon(Icon::Download)}
            </a>
            <span class="tile__ai">
                <span aria-hidden="true">{store.text(TextKey::Ai)}</span>
                <span class="unseen">{store.text(TextKey::AiMade)}</span>
            </span>
        </div>
        <UseButton store key tile/>
        <Pick store key prompt/>
    }
}

/// The box that selects the picture, while the visitor selects. It covers the picture: a press anywhere is meant for it.
#[component]
fn Pick(store: StudioStore, key: TileKey, prompt: String) -> impl IntoView {
    let selects = Memo::new(move |_| store.selection().with(|selection| selection.is_on));
    let picked = Memo::new(move |_| store.is_picked(key));
    let press = move |event: MouseEvent| {
        store.send(Event::TilePicked { key, range: event.shift_key() });
    };
    move || {
        selects.get().then(|| {
            view! {
                <input
                    type="checkbox"
                    class="tile__pick"
                    aria-label=prompt.clone()
                    prop:checked=dynamic(move || picked.get())
                    on:click=click(press)
                />
            }
        })
    }
}

/// A part of the tile's picture, while it shows one.
fn of<T>(tile: RwSignal<TileView>, part: impl FnOnce(&PictureView) -> T) -> Option<T> {
    tile.with(|tile| match &tile.state {
        TileState::Picture(picture) => Some(part(picture)),
        _ => None,
    })
}

/// "Use this picture", where the embedding page accepts pictures: on the newest one, and on the one that was chosen.
#[component]
fn UseButton(store: StudioStore, key: TileKey, tile: RwSignal<TileView>) -> impl IntoView {
    let chooses = store.site().choose;
    let used = Memo::new(move |_| of(tile, |picture| picture.used).unwrap_or_default());
    let shown = Memo::new(move |_| {
        let newest = || store.newest().get() == Some(key.serial);
        chooses && store.hosted().get() && (used.get() || newest())
    });
    move || {
        shown.get().then(|| {
            view! {
                <div class="tile__choice">
                    <p class="tile__used" hidden=dynamic(move || !used.get())>
                        {store.text(TextKey::Used)}
                    </p>
                    <button
                        type="button"
                        class="tile__use"
                        class:tile__use_done=dynamic(move || used.get())
                        on:click=click(move |_| store.send(Event::UsePressed(key)))
                    >
                        {dynamic(move || {
                            store.text(if used.get() { TextKey::TakeBack } else { TextKey::Choose })
                        })}
                    </button>
                </div>
            }
        })
    }
}
