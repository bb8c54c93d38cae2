//! The wall and what stands around it.

use super::{announcer::Announcer, empty_wall::EmptyWall, old_parts::Manage, wall::Wall};
use crate::store::StudioStore;
use contract::text_keys::TextKey;
use leptos::prelude::*;

/// The gallery.
#[component]
pub(super) fn Gallery(store: StudioStore) -> impl IntoView {
    view! {
        <section class="gallery" id="gallery" aria-label=store.text(TextKey::Gallery)>
            <Announcer store/>
            <Manage store/>
            <EmptyWall store/>
            <Wall store/>
        </section>
    }
}
