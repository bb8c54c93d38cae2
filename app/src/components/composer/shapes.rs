//! The shape of a picture: each size of the site as a small frame in its true proportion.

use super::radio;
use crate::{
    components::{dynamic::dynamic, inert::inert},
    state::event::Event,
    store::StudioStore,
    texts,
};
use contract::{options::Size, text_keys::TextKey};
use leptos::prelude::*;

/// The radios of the sizes.
#[component]
pub(super) fn Shapes(store: StudioStore) -> impl IntoView {
    let site = store.site();
    let starts = site.default_size;
    let shapes: Vec<_> =
        site.sizes.iter().map(|size| shape(store, *size, *size == starts)).collect();
    view! {
        <fieldset class="choice choice_shape">
            {inert(|| view! { <legend class="unseen">{store.text(TextKey::Shape)}</legend> })}
            {shapes}
        </fieldset>
    }
}

fn shape(store: StudioStore, size: Size, starts: bool) -> impl IntoView {
    let name = texts::shape(size);
    view! {
        <label class="choice__one" title=store.text(name)>
            {radio(
                "size",
                size.to_string(),
                starts,
                dynamic(move || store.choices().get().size == size),
                move || store.send(Event::ShapeChosen(size)),
            )}
            {inert(|| frame(size))}
            {inert(|| view! { <span class="unseen">{store.text(name)}</span> })}
        </label>
    }
}

/// The shape in small.
fn frame(size: Size) -> impl IntoView {
    let (width, height) = (size.width.to_string(), size.height.to_string());
    let all = ["0 0 ", &width, " ", &height].concat();
    view! {
        <svg class="choice__frame" viewBox=all aria-hidden="true">
            <rect width=width height=height rx="90"></rect>
        </svg>
    }
}
