//! The live region: what a screen reader announces without being asked.

use crate::{components::dynamic::dynamic, store::StudioStore};
use leptos::prelude::*;

/// The live region of the studio.
#[component]
pub(super) fn Announcer(store: StudioStore) -> impl IntoView {
    view! {
        <p class="unseen" id="said" role="status" translate="no">
            {dynamic(move || store.announcement().get())}
        </p>
    }
}
