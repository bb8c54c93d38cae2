//! The whole studio.

use super::{
    allowance::AllowanceLine, challenge::Challenge, composer::Composer, footer::Footer,
    gallery::Gallery, ideas::Ideas, inert::inert,
};
use crate::{components::dynamic::dynamic, store::StudioStore};
use contract::{site::History, text_keys::TextKey};
use leptos::prelude::*;

/// Everything inside of the document's root.
#[component]
pub(crate) fn App(store: StudioStore) -> impl IntoView {
    let sample = store
        .site()
        .sandbox
        .then(|| inert(|| view! { <p class="sample">{store.text(TextKey::Sample)}</p> }));
    // The lazy part mounts the device history here.
    let keeps = (store.site().history == History::Device)
        .then(|| view! { <div id="device-history"></div> });
    view! {
        <main
            class="studio"
            data-drop=dynamic(move || store.files_over().get())
            data-hosted=dynamic(move || store.hosted().get())
            aria-hidden=dynamic(move || store.covered().get().then_some("true"))
        >
            {inert(|| view! { <p class="drop" aria-hidden="true">{store.text(TextKey::Drop)}</p> })}
            {inert(|| view! { <h1 class="unseen">{store.text(TextKey::Title)}</h1> })}
            <Composer store/>
            <Challenge store/>
            <div class="below">
                <Ideas store/>
                <AllowanceLine store/>
            </div>
            {sample}
            <Gallery store/>
            {keeps}
            <Footer store/>
        </main>
    }
}
