//! A picture that is ready.

use crate::{state::digits::digits, store::Store};
use contract::options::Size;
use leptos::prelude::*;

/// The picture at `url`, with what is told of it. Its bytes and all that lies on it are the scripts': hang.js.
pub(super) fn picture(
    store: Store,
    (serial, index): (u32, u32),
    url: String,
    prompt: String,
    size: Size,
) -> impl IntoView {
    view! {
        <img
            alt=prompt
            width=digits(size.width)
            height=digits(size.height)
            data-url=url
            data-facts=store.facts((serial, index))
        />
        <span class="tile__cost">{move || store.cost(serial, index)}</span>
    }
}
