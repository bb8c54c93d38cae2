//! A picture that is ready.

use crate::{
    model::{digits::digits, studio::Event},
    platform::pictures,
    state::Store,
    words::{Word, word},
};
use contract::options::Size;
use leptos::prelude::*;

/// The picture at `url`, with its mark, its download and the way to change it. It develops once its bytes are here: boot.js marks it then.
pub(super) fn picture(
    store: Store,
    (serial, index): (u32, u32),
    (url, media_type): (String, Option<&'static str>),
    prompt: String,
    size: Size,
) -> impl IntoView {
    let download = [&url, "?download"].concat();
    let choose = store.offers_choice().then(|| {
        view! {
            <button
                type="button"
                class="tile__act tile__choose"
                data-choose=url.clone()
                aria-label=word(Word::Choose)
                title=word(Word::Choose)
            >
                <svg class="icon" aria-hidden="true"><use href="#icon-choose"></use></svg>
                <span class="tile__words">{word(Word::Choose)}</span>
            </button>
        }
    });
    view! {
        <img
            src=url
            alt=prompt
            width=digits(size.width)
            height=digits(size.height)
            on:error:capture=move |_| store.send(Event::PictureLost(serial))
        />
        <div class="tile__bar">
            <a class="tile__act" href=download download="" data-type=media_type aria-label=word(Word::Download) title=word(Word::Download)>
                <svg class="icon" aria-hidden="true"><use href="#icon-down"></use></svg>
            </a>
            <button
                type="button"
                class="tile__act"
                aria-label=word(Word::Change)
                title=word(Word::Change)
                on:click:capture=move |_| {
                    store.send(Event::ChangePressed((serial, index), pictures::number()));
                }
            >
                <svg class="icon" aria-hidden="true"><use href="#icon-change"></use></svg>
            </button>
            {choose}
            <span class="tile__ai">{word(Word::Ai)}</span>
            <span class="tile__cost">{move || store.cost(serial, index)}</span>
        </div>
    }
}
