//! The wall and what stands around it.

use super::{announcer::Announcer, dynamic::dynamic, empty_wall::EmptyWall, wall::Wall};
use crate::store::StudioStore;
use contract::text_keys::TextKey;
use leptos::prelude::*;

/// The gallery.
#[component]
pub(super) fn Gallery(store: StudioStore) -> impl IntoView {
    view! {
        <section class="gallery" id="gallery" aria-label=store.text(TextKey::Gallery)>
            <Announcer store/>
            // The lazy part puts the buttons of the selection here.
            <div
                class="manage"
                id="manage"
                data-on=dynamic(move || store.selection().with(|selection| selection.is_on))
            ></div>
            <EmptyWall store/>
            <Wall store/>
        </section>
    }
}
