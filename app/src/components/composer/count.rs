//! How many pictures one request makes.

use crate::{
    components::{
        dynamic::{dynamic, listener},
        icon::{Icon, icon},
        inert::inert,
    },
    state::event::Event,
    store::StudioStore,
};
use contract::text_keys::TextKey;
use leptos::prelude::*;

/// The largest number on offer, whatever the site allows.
const MOST: u32 = 4;

/// The list of numbers, where there is more than one.
#[component]
pub(super) fn Count(store: StudioStore) -> impl IntoView {
    let most = store.site().max_count;
    (most > 1).then(|| {
        let numbers: Vec<_> = (1..=most.min(MOST))
            .map(|count| inert(|| view! { <option selected=count == 1>{count.to_string()}</option> }))
            .collect();
        let choose = move |event| {
            if let Ok(count) = event_target_value(&event).parse() {
                store.send(Event::CountChosen(count));
            }
        };
        view! {
            <label class="count">
                {inert(|| icon(Icon::Many))}
                // A name of its own: some browsers add what is chosen to that of the label round it.
                <select name="count" aria-label=store.text(TextKey::Count) prop:value=dynamic(move || store.choices().get().count.to_string()) on:change=listener(choose)>
                    {numbers}
                </select>
            </label>
        }
    })
}
