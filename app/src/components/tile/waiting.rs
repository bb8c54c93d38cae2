//! A picture that is being made.

use crate::{
    components::{
        dynamic::{click, dynamic},
        icon::{Icon, icon},
    },
    state::{
        event::Event,
        tile::{TileKey, TileState, TileView, Waiting},
    },
    store::StudioStore,
};
use contract::text_keys::TextKey;
use leptos::prelude::*;

/// The wait: its measure, its words, and a way to cancel this request.
#[component]
pub(super) fn WaitingTile(
    store: StudioStore,
    key: TileKey,
    tile: RwSignal<TileView>,
) -> impl IntoView {
    let wait = Memo::new(move |_| {
        tile.with(|tile| match tile.state {
            TileState::Waiting(wait) => wait,
            _ => Waiting::default(),
        })
    });
    let measure = move || StudioStore::wait_measure(wait.get());
    let cancels = Memo::new(move |_| wait.get().can_cancel);
    let cancel = move || {
        cancels.get().then(|| {
            let label = store.text(TextKey::CancelThis);
            view! {
                <button
                    type="button"
                    class="tile__cancel"
                    aria-label=label.clone()
                    title=label
                    on:click=click(move |_| store.send(Event::TileCancelled(key.serial)))
                >
                    {icon(Icon::Remove)}
                </button>
            }
        })
    };
    view! {
        <div class="tile__wait" translate="no">
            // A translator may have put elements in the place of the text: the next second replaces them.
            <p prop:textContent=dynamic(move || store.wait_text(wait.get()))></p>
            <progress
                class="tile__measure"
                aria-hidden="true"
                max=dynamic(move || measure().map(|(_, usual)| usual.to_string()))
                value=dynamic(move || measure().map(|(seconds, _)| seconds.to_string()))
            ></progress>
            {move || {
                store.leave_text(wait.get()).map(|text| view! { <p class="tile__leave">{text}</p> })
            }}
        </div>
        {cancel}
    }
}
