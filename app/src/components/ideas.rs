//! The owner's suggested prompts, as words below the form.

use crate::{
    components::dynamic::{click, dynamic},
    state::event::Event,
    store::StudioStore,
};
use contract::text_keys::TextKey;
use leptos::prelude::*;

/// The ideas. While the wall has no picture they are shown there, and not here too.
#[component]
pub(super) fn Ideas(store: StudioStore) -> impl IntoView {
    let site = store.site();
    (!site.presets.is_empty()).then(|| {
        let ideas: Vec<_> = site
            .presets
            .iter()
            .enumerate()
            .map(|(at, preset)| {
                view! {
                    <li>
                        <button
                            class="preset"
                            type="button"
                            name="idea"
                            value=preset.prompt.clone()
                            on:click=click(move |_| store.send(Event::IdeaPressed(at)))
                        >
                            {preset.label.clone()}
                        </button>
                    </li>
                }
            })
            .collect();
        view! {
            <ul
                class="presets"
                aria-label=store.text(TextKey::Ideas)
                hidden=dynamic(move || store.wall_is_empty().get())
            >
                {ideas}
            </ul>
        }
    })
}
