//! The wall before the first picture: the owner's examples, or quiet empty frames.

use crate::{
    components::{
        dynamic::{click, dynamic},
        inert::inert,
    },
    state::event::Event,
    store::StudioStore,
};
use contract::{site::Preset, text_keys::TextKey};
use leptos::{either::Either, prelude::*};

/// What the wall shows while it has no picture.
#[component]
pub(super) fn EmptyWall(store: StudioStore) -> impl IntoView {
    let site = store.site();
    let frames = if site.presets.is_empty() {
        // Five empty frames.
        Either::Left(view! {
            <svg viewBox="0 0 900 160" preserveAspectRatio="xMinYMin slice" aria-hidden="true">
                <path d="M.5.5h159v159H.5zM172.500.5h239v159h-239zM424.500.5h106v159h-106zM543.500.5h159v159h-159zM715.500.5h239v159h-239z"></path>
            </svg>
        })
    } else {
        let examples: Vec<_> = site
            .presets
            .iter()
            .enumerate()
            .map(|(at, preset)| example(store, at, preset))
            .collect();
        Either::Right(view! {
            <ul class="frames" role="list" aria-label=store.text(TextKey::Ideas)>
                {examples}
            </ul>
        })
    };
    // Where no example shows it, a sentence says what this is.
    let sentence = if site.presets.is_empty() { TextKey::WhatThisIs } else { TextKey::Wall };
    view! {
        <div class="empty" hidden=dynamic(move || !store.wall_is_empty().get())>
            {frames}
            {inert(|| view! { <p>{store.text(sentence)}</p> })}
        </div>
    }
}

/// An example in its frame. A press puts its description into the form.
fn example(store: StudioStore, at: usize, preset: &Preset) -> impl IntoView + use<> {
    let painted = preset.picture.is_some();
    // The program comes first: five pictures of 20 KB delay it by half a second on slow 4G.
    let picture = preset.picture.clone().map(|url| {
        inert(|| view! { <img class="frame__picture" src=url alt="" decoding="async" fetchpriority="low"/> })
    });
    view! {
        <li class="frame" class:frame_painted=painted>
            <button
                type="button"
                name="idea"
                value=preset.prompt.clone()
                on:click=click(move |_| store.send(Event::IdeaPressed(at)))
            >
                {picture}
                {inert(|| view! { <b>{preset.label.clone()}</b> })}
                {inert(|| view! { <span>{preset.prompt.clone()}</span> })}
            </button>
        </li>
    }
}
