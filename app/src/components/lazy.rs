//! The lazy part: what nobody needs before the first picture is shown.
//!
//! Owns a second root, beside the first: no type of its views reaches the program that starts. It is only ever mounted,
//! never rendered by the Worker.

mod device_history;
mod selection_bar;
mod symbols;
mod undo_toast;
mod viewer;

use crate::{browser::lazy_part, store::StudioStore};
use contract::site::History;
use device_history::DeviceHistory;
use leptos::{mount::mount_to, prelude::*};
use symbols::LazySymbols;
use undo_toast::UndoToast;
use viewer::Viewer;

/// Everything in the lazy part.
#[component]
pub(crate) fn LazyPart(store: StudioStore) -> impl IntoView {
    store.set_lazy_runner(StudioStore::run_lazy);
    if store.site().history == History::Device {
        // It stands below the wall, in the first root, which has nothing in this place.
        if let Some(place) = lazy_part::place("device-history") {
            mount_to(place, move || view! { <DeviceHistory store/> }).forget();
        }
    }
    selection_bar::mount(store);
    view! {
        <LazySymbols/>
        <Viewer store/>
        {move || store.viewer().with(Option::is_none).then(|| view! { <UndoToast store/> })}
    }
}
