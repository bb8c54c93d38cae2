//! The actions for the shown picture: three are in sight, the rest is behind "More".

use crate::{
    components::{
        dynamic::{click, dynamic},
        icon::{Icon, icon},
    },
    state::event::Event,
    store::StudioStore,
};
use contract::text_keys::TextKey;
use leptos::prelude::*;

/// The actions. "Use this picture" comes first, where the embedding page accepts pictures.
#[component]
pub(super) fn Acts(store: StudioStore) -> impl IntoView {
    let more = RwSignal::new(false);
    let used = move || store.viewed(|view| view.used).unwrap_or_default();
    let takes = store.site().choose;
    let not_taken = move || !(takes && store.hosted().get());
    let href = move || {
        store
            .viewed(|view| view.facts.url.as_ref().map(|url| [url, "?download"].concat()))
            .flatten()
    };
    let act = move |picture, key, press: Box<dyn FnMut()>| button(picture, store.text(key), press);
    let share = StudioStore::can_share()
        .then(|| act(Icon::Share, TextKey::Share, Box::new(move || store.share_picture())));
    view! {
        <div class="viewer__acts">
            <p class="viewer__used" hidden=dynamic(move || !used())>
                {store.text(TextKey::Used)}
            </p>
            <button
                class="viewer__use"
                class:viewer__use_done=dynamic(used)
                type="button"
                hidden=dynamic(not_taken)
                on:click=click(move |_| store.send_viewed(Event::UsePressed))
            >
                {dynamic(move || store.text(if used() { TextKey::TakeBack } else { TextKey::Choose }))}
            </button>
            <a
                class="viewer__act"
                download=""
                href=dynamic(href)
                on:click=click(move |event| store.download_viewed(&event))
            >
                {icon(Icon::Download)}
                <span>{store.text(TextKey::Download)}</span>
            </a>
            {share}
            {act(Icon::Change, TextKey::Change, Box::new(move || store.change_viewed()))}
            <button
                class="viewer__act"
                type="button"
                aria-expanded=dynamic(move || if more.get() { "true" } else { "false" })
                aria-controls="viewer-more"
                on:click=click(move |_| more.update(|more| *more = !*more))
            >
                {icon(Icon::More)}
                <span>{store.text(TextKey::More)}</span>
            </button>
        </div>
        <div class="viewer__more" id="viewer-more" hidden=dynamic(move || !more.get())>
            {act(Icon::Many, TextKey::Vary, Box::new(move || store.vary_viewed()))}
            {act(Icon::Edit, TextKey::Reuse, Box::new(move || store.send_viewed(Event::ReusePressed)))}
            {act(Icon::Copy, TextKey::CopyPicture, Box::new(move || store.copy_picture()))}
            {act(Icon::Copy, TextKey::CopyPrompt, Box::new(move || store.copy_prompt()))}
            {act(
                Icon::Delete,
                TextKey::Delete,
                Box::new(move || store.send_viewed(|key| Event::DeletePressed(vec![key]))),
            )}
        </div>
    }
}

fn button(picture: Icon, text: String, mut press: Box<dyn FnMut()>) -> impl IntoView {
    view! {
        <button class="viewer__act" type="button" on:click=click(move |_| press())>
            {icon(picture)}
            <span>{text}</span>
        </button>
    }
}
