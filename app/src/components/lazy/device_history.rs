//! The offer to keep pictures on this device, and its state: below the wall, in the place that `App` has for it.

use crate::{
    components::dynamic::{click, dynamic},
    state::{
        device_history::{DeviceButton, DeviceStage},
        event::Event,
    },
    store::StudioStore,
};
use contract::text_keys::TextKey;
use leptos::prelude::*;

/// A button: what it is, and its words.
type Press = (DeviceButton, TextKey);

/// What a stage shows: its text, whether that is announced at once, and its buttons.
fn shown(stage: DeviceStage) -> Option<(TextKey, bool, &'static [Press])> {
    const OFFERED: &[Press] =
        &[(DeviceButton::Keep, TextKey::Keep), (DeviceButton::NotNow, TextKey::NotNow)];
    const STOP: &[Press] = &[(DeviceButton::Stop, TextKey::Stop)];
    const ASKS: &[Press] =
        &[(DeviceButton::StopAll, TextKey::StopAll), (DeviceButton::GoOn, TextKey::GoOn)];
    match stage {
        DeviceStage::Silent => None,
        DeviceStage::Offered => Some((TextKey::KeepWhat, false, OFFERED)),
        DeviceStage::On => Some((TextKey::Keeps, false, STOP)),
        DeviceStage::AsksToDelete => Some((TextKey::StopWhat, true, ASKS)),
        DeviceStage::Full => Some((TextKey::KeepFull, true, STOP)),
        DeviceStage::Refused => Some((TextKey::KeepNot, true, &[])),
        DeviceStage::Blocked => Some((TextKey::KeepBlocked, true, &[])),
        DeviceStage::Newer => Some((TextKey::KeepNewer, true, &[])),
    }
}

/// The section with the question.
#[component]
pub(super) fn DeviceHistory(store: StudioStore) -> impl IntoView {
    let stage = store.device_stage();
    view! {
        <section
            class="keep"
            id="keep"
            aria-label=store.text(TextKey::Keeping)
            hidden=dynamic(move || stage.get() == DeviceStage::Silent)
        >
            {move || shown(stage.get()).map(|(words, alert, buttons)| part(store, words, alert, buttons))}
        </section>
    }
}

fn part(
    store: StudioStore,
    words: TextKey,
    alert: bool,
    buttons: &'static [Press],
) -> impl IntoView {
    let button = |(button, words): &Press| {
        let button = *button;
        view! {
            <button type="button" on:click=click(move |_| store.send(Event::DevicePressed(button)))>
                {store.text(*words)}
            </button>
        }
    };
    view! {
        <div role=alert.then_some("alert")>
            <p>{store.text(words)}</p>
            {buttons.iter().map(button).collect::<Vec<_>>()}
        </div>
    }
}
