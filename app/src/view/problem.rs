//! A problem: a calm card where the picture would have been.

use crate::{
    model::{studio::Event, trouble::Trouble},
    platform::{clock, random},
    state::Store,
    words::{self, Action},
};
use leptos::prelude::*;

/// The card of this trouble, with the description that it is about and the one button that helps.
pub(super) fn problem(
    store: Store,
    serial: u32,
    prompt: String,
    trouble: Trouble,
) -> impl IntoView {
    let card = words::card(trouble, clock::now(), clock::of_day);
    let button = card.action.map(|action| {
        let press = move |_| {
            store.send(match action {
                Action::Retry => Event::RetryPressed(serial, random::key()),
                Action::Edit => Event::EditPressed(serial),
            });
        };
        view! { <button type="button" on:click:capture=press>{action.word()}</button> }
    });
    let offer = trouble.is_limit().then(|| store.offer()).flatten().map(|offer| {
        view! { <a class="problem__offer" href=offer.url target="_blank" rel="noopener">{offer.label}</a> }
    });
    view! {
        <div class="problem__card" role="group" aria-label=card.headline>
            <h2>{card.headline}</h2>
            <p>{card.text}</p>
            <p class="problem__prompt">{prompt}</p>
            {button}
            {offer}
        </div>
    }
}
