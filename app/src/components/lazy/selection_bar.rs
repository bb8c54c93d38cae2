//! The buttons above the wall with which several pictures are selected, saved and deleted.

use crate::{
    components::{
        dynamic::{Dynamic, click, dynamic},
        icon::{Icon, icon},
    },
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
        <div hidden=dynamic(move || selects.get())>
            {words(store, TextKey::Select, "select", || Event::Selecting(true))}
        </div>
        <div
            class="manage__tools"
            hidden=dynamic(move || !selects.get())
            aria-busy=dynamic(move || saves().then_some("true"))
        >
            <p role="status">{dynamic(selected)}</p>
            {words(store, TextKey::All, "select-all", || Event::AllPicked)}
            {picture(store, TextKey::Zip, Icon::Download, dynamic(none), || Event::SelectedSaved)}
            {picture(store, TextKey::Delete, Icon::Delete, dynamic(none), || Event::SelectedDeleted)}
            {words(store, TextKey::Done, "select-done", || Event::Selecting(false))}
        </div>
        <a
            id="archive"
            hidden
            href=archive(|archive| archive.url)
            download=archive(|archive| archive.name)
        ></a>
    }
}

/// A button with a text alone.
fn words(
    store: StudioStore,
    words: TextKey,
    id: &'static str,
    press: fn() -> Event,
) -> impl IntoView {
    view! {
        <button
            class="preset"
            type="button"
            id=id
            on:click=click(move |_| store.send(press()))
        >
            {store.text(words)}
        </button>
    }
}

/// A button for the selected pictures. On a narrow screen its icon takes the place of its text.
fn picture(
    store: StudioStore,
    words: TextKey,
    picture: Icon,
    disabled: Dynamic<bool>,
    press: fn() -> Event,
) -> impl IntoView {
    let words = store.text(words);
    view! {
        <button
            class="preset"
            type="button"
            aria-label=words.clone()
            disabled=disabled
            on:click=click(move |_| store.send(press()))
        >
            {icon(picture)}
            <span>{words.clone()}</span>
        </button>
    }
}
