//! The whole studio.

use super::{
    allowance::AllowanceLine, challenge::Challenge, composer::Composer, footer::Footer,
    gallery::Gallery, ideas::Ideas, old_parts::Keep,
};
use crate::{components::dynamic::dynamic, store::StudioStore};
use contract::text_keys::TextKey;
use leptos::prelude::*;

/// Everything inside of the document's root.
#[component]
pub(crate) fn App(store: StudioStore) -> impl IntoView {
    let sample = store.site().sandbox.then(|| {
        view! { <p class="sample">{store.text(TextKey::Sample)}</p> }
    });
    view! {
        <main
            class="studio"
            data-drop=dynamic(move || store.files_over().get())
            data-hosted=dynamic(move || store.hosted().get())
        >
            <p class="drop" aria-hidden="true">{store.text(TextKey::Drop)}</p>
            <h1 class="unseen">{store.text(TextKey::Title)}</h1>
            <Composer store/>
            <Challenge store/>
            <div class="below">
                <Ideas store/>
                <AllowanceLine store/>
            </div>
            {sample}
            <Gallery store/>
            <Keep store/>
            <Footer store/>
        </main>
    }
}
