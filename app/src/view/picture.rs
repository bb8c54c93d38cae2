//! A picture that is ready.

use crate::{
    model::{digits::digits, studio::Event},
    state::Store,
    words,
};
use contract::options::Size;
use leptos::prelude::*;

/// The picture at `url`, with its mark and its download. It develops once its bytes are here: boot.js marks it then.
pub(super) fn picture(
    store: Store,
    (serial, index): (u32, u32),
    url: String,
    prompt: String,
    size: Size,
) -> impl IntoView {
    let download = [&url, "?download"].concat();
    view! {
        <img
            src=url
            alt=prompt
            width=digits(size.width)
            height=digits(size.height)
            on:error:capture=move |_| store.send(Event::PictureLost(serial))
        />
        <div class="tile__bar">
            <span class="tile__cost">{move || store.cost(serial, index)}</span>
            <span class="tile__ai">{words::AI}</span>
            <a class="tile__down" href=download download="" aria-label=words::DOWNLOAD title=words::DOWNLOAD>
                <svg class="icon" aria-hidden="true"><use href="#icon-down"></use></svg>
            </a>
        </div>
    }
}
