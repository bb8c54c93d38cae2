//! The buttons above the wall with which several pictures are selected, saved and deleted.

use crate::{
    components::dynamic::{click, dynamic},
    state::{event::Event, selection::Archive},
    store::StudioStore,
};
use contract::text_keys::TextKey;
use leptos::prelude::*;

/// Mounts the buttons in the place that the gallery has for them.
pub(super) fn mount(store: StudioStore) {
    store.listen_for_escape();
    if let Some(place) = StudioStore::selection_place() {
        leptos::mount::mount_to(place, move || view! { <SelectionBar store/> }).forget();
    }
}

#[component]
fn SelectionBar(store: StudioStore) -> impl IntoView {
    let selects = Memo::new(move |_| store.selection().with(|selection| selection.is_on));
    let count = Memo::new(move |_| store.selection().with(|selection| selection.count));
    let saves = move || store.selection().with(|selection| selection.saves);
    let none = move || count.get() == 0;
    let selected = move || match count.get() {
        1 => store.text(TextKey::SelectedOne),
        many => store.fill(TextKey::Selected, &many.to_string(), ""),
    };
    let archive =
        move |part: fn(Archive) -> String| dynamic(move || store.archive().get().map(part));
    view! {
        <button
            class="preset"
            type="button"
            id="select"
            hidden=dynamic(move || selects.get())
            on:click=click(move |_| store.send(Event::Selecting(true)))
        >
            {store.text(TextKey::Select)}
        </button>
        <div class="manage__tools" hidden=dynamic(move || !selects.get())>
            <p role="status">{dynamic(selected)}</p>
            <button
                class="preset"
                type="button"
                id="select-all"
                on:click=click(move |_| store.send(Event::AllPicked))
            >
                {store.text(TextKey::All)}
            </button>
            <button
                class="preset"
                type="button"
                disabled=dynamic(none)
                aria-busy=dynamic(move || saves().then_some("true"))
                on:click=click(move |_| store.send(Event::SelectedSaved))
            >
                {store.text(TextKey::Zip)}
            </button>
            <button
                class="preset"
                type="button"
                id="delete-selected"
                disabled=dynamic(none)
                on:click=click(move |_| store.send(Event::SelectedDeleted))
            >
                {store.text(TextKey::Delete)}
            </button>
            <button
                class="preset manage__done"
                type="button"
                on:click=click(move |_| store.send(Event::Selecting(false)))
            >
                {store.text(TextKey::Done)}
            </button>
        </div>
        <a
            id="archive"
            hidden
            href=archive(|archive| archive.url)
            download=archive(|archive| archive.name)
        ></a>
    }
}
