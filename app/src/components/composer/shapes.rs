//! The shape of a picture: each size of the site as a small frame in its true proportion.

use super::radio;
use crate::{components::dynamic::dynamic, state::event::Event, store::StudioStore};
use contract::{options::Size, text_keys::TextKey};
use leptos::prelude::*;
use std::cmp::Ordering;

/// The radios of the sizes.
#[component]
pub(super) fn Shapes(store: StudioStore) -> impl IntoView {
    let site = store.site();
    let starts = site.default_size;
    let shapes: Vec<_> =
        site.sizes.iter().map(|size| shape(store, *size, *size == starts)).collect();
    view! {
        <fieldset class="choice choice_shape">
            <legend class="unseen">{store.text(TextKey::Shape)}</legend>
            {shapes}
        </fieldset>
    }
}

fn shape(store: StudioStore, size: Size, starts: bool) -> impl IntoView {
    let name = store.text(match size.width.cmp(&size.height) {
        Ordering::Equal => TextKey::Square,
        Ordering::Greater => TextKey::Wide,
        Ordering::Less => TextKey::Tall,
    });
    let title = name.clone();
    let (width, height) = (size.width.to_string(), size.height.to_string());
    let frame = ["0 0 ", &width, " ", &height].concat();
    view! {
        <label class="choice__one" title=title>
            {radio(
                "size",
                size.to_string(),
                starts,
                dynamic(move || store.size().get() == size),
                move || store.send(Event::ShapeChosen(size)),
            )}
            <svg class="choice__frame" viewBox=frame aria-hidden="true">
                <rect width=width height=height rx="90"></rect>
            </svg>
            <span class="unseen">{name}</span>
        </label>
    }
}
