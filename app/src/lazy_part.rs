//! The split of the program: its lazy part is fetched once the first picture is shown.
//!
//! Owns the split point. The build moves everything that only [`mount`]'s body reaches into the part, so nothing else may
//! call `components::LazyPart`. `trunk serve` does not split: there the part is in the program.
#![cfg_attr(
    feature = "hydrate",
    expect(
        clippy::unnecessary_wraps,
        reason = "the macro adds the error of a part that does not come"
    )
)]

use crate::{
    browser::lazy_part::{self, Loaded, Place},
    components::LazyPart,
    store::StudioStore,
};
use leptos::{mount::mount_to, prelude::*, wasm_split::SplitLoaderError};

/// Fetches the part and mounts it beside the studio's root.
pub(crate) fn load(store: StudioStore, then: impl FnOnce(Loaded) + 'static) {
    lazy_part::load(move |place| mount(store, place), then);
}

#[cfg(feature = "hydrate")]
#[leptos::wasm_split::wasm_split(lazy, fallible, wasm_split_path = ::leptos::wasm_split)]
fn mount(store: StudioStore, place: Place) -> Result<(), SplitLoaderError> {
    show(store, place);
    Ok(())
}

#[cfg(not(feature = "hydrate"))]
#[expect(
    clippy::unused_async,
    reason = "the same signature as with a split, where it is waited for"
)]
async fn mount(store: StudioStore, place: Place) -> Result<(), SplitLoaderError> {
    show(store, place);
    Ok(())
}

fn show(store: StudioStore, place: Place) {
    mount_to(place, move || view! { <LazyPart store/> }).forget();
}
