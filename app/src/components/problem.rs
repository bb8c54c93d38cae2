//! A problem: a calm card where the picture would have been.

use crate::{
    browser::{clock, random},
    state::{studio::Event, trouble::Trouble},
    store::Store,
    texts::{self, Action},
};
use leptos::prelude::*;

/// The card of this trouble, with the description that it is about, the buttons that help, and the owner's offer
/// where only waiting does. `again`: behind it the studio goes on trying. Style hides those that say nothing: an `Option` of a view weighs more than an empty one.
pub(super) fn problem(
    store: Store,
    serial: u32,
    prompt: String,
    trouble: Trouble,
    again: bool,
) -> impl IntoView {
    let card = if again {
        texts::card_of_doubt(trouble)
    } else {
        texts::card(trouble, store.edge_time(), clock::of_day)
    };
    let press = move |action| match action {
        Some(Action::Retry) => store.send(Event::RetryPressed(serial, random::key())),
        Some(Action::Edit) => store.send(Event::EditPressed(serial)),
        None => {}
    };
    let [first, second] = card.actions;
    let waits = trouble.is_limit() && first.is_none();
    let (label, url) = store.offer().filter(|_| waits).unwrap_or_default();
    view! {
        <div class="problem__card" role="group" aria-label=card.headline>
            <h2>{card.headline}</h2>
            <p>{card.text}</p>
            <p class="problem__prompt">{prompt}</p>
            <button type="button" on:click:capture=move |_| press(first)>{first.map_or("", Action::word)}</button>
            <button type="button" on:click:capture=move |_| press(second)>{second.map_or("", Action::word)}</button>
            <a class="problem__offer" href=url target="_blank" rel="noopener">{label}</a>
        </div>
    }
}
