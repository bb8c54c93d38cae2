//! A problem: a calm card where the picture would have been.

use crate::{
    components::{
        dynamic::click,
        icon::{Icon, icon},
    },
    state::{
        event::Event,
        tile::{TileKey, TileState, TileView},
    },
    store::StudioStore,
    texts::Action,
};
use contract::text_keys::TextKey;
use leptos::prelude::*;

/// The card: what happened, whose fault it is, what to do now, the description that it is about, and the owner's
/// offer where only waiting helps.
#[component]
pub(super) fn ProblemTile(
    store: StudioStore,
    key: TileKey,
    tile: RwSignal<TileView>,
) -> impl IntoView {
    // Folding a card to a line must not build it anew.
    let told = Memo::new(move |_| {
        tile.with(|tile| match &tile.state {
            TileState::Problem { error, .. } => (Some(*error), false),
            TileState::Doubt(error) => (Some(*error), true),
            TileState::Waiting(_) | TileState::Picture(_) => (None, false),
        })
    });
    move || {
        let (error, doubt) = told.get();
        let prompt = tile.with_untracked(|tile| tile.prompt.clone());
        error.map(|error| {
            let card = store.card(error, doubt);
            let action = |action: Option<Action>| action.map(|action| button(store, key, action));
            let [first, second] = card.actions;
            let offer = store.site().call_to_action.clone();
            let offer = offer.filter(|_| error.is_limit() && first.is_none()).map(|offer| {
                view! {
                    <a class="problem__offer" href=offer.url target="_blank" rel="noopener">
                        {offer.label}
                    </a>
                }
            });
            let put_away = store.fill(TextKey::PutAway, &card.headline, "");
            let close = (!doubt).then(|| {
                view! {
                    <button
                        type="button"
                        class="problem__close"
                        aria-label=put_away.clone()
                        title=put_away
                        on:click=click(move |_| store.send(Event::ProblemDismissed(key.serial)))
                    >
                        {icon(Icon::Remove)}
                    </button>
                }
            });
            view! {
                <div class="problem__card" role="group" aria-label=card.headline.clone()>
                    <h2>{card.headline.clone()}</h2>
                    <p>{card.text}</p>
                    <p class="problem__prompt" dir="auto">
                        {prompt}
                    </p>
                    {action(first)}
                    {action(second)}
                    {offer}
                    {close}
                </div>
            }
        })
    }
}

fn button(store: StudioStore, key: TileKey, action: Action) -> impl IntoView {
    let press = move |_| match action {
        Action::Retry => store.retry(key.serial),
        Action::Edit => store.send(Event::EditPressed(key.serial)),
    };
    view! {
        <button type="button" on:click=click(press)>
            {store.text(action.key())}
        </button>
    }
}
