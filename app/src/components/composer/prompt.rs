//! The description: the field, and its label.

use crate::{
    components::{
        dynamic::{dynamic, listener},
        inert::inert,
    },
    state::{draft::Note, event::Event},
    store::StudioStore,
};
use contract::text_keys::TextKey;
use leptos::{ev::KeyboardEvent, prelude::*};

/// Safari sends the Enter that ends a composition after `isComposing` has become false, with this key code.
const COMPOSES: u32 = 229;

/// The prompt's field. Enter submits, with Shift it begins a line.
#[component]
pub(super) fn Prompt(store: StudioStore) -> impl IntoView {
    let press = move |event: KeyboardEvent| {
        let composes = event.is_composing() || event.key_code() == COMPOSES;
        if event.key() != "Enter" || event.shift_key() || composes {
            return;
        }
        event.prevent_default();
        if !event.repeat() {
            store.submit();
        }
    };
    let placeholder = move || {
        let changes = store.has_references();
        store.text(if changes { TextKey::ExampleChange } else { TextKey::Example })
    };
    let invalid = move || store.note().with(|note| note.is_some_and(Note::is_invalid));
    view! {
        {inert(|| {
            view! {
                <label class="unseen" for="prompt">
                    <span class="composer__new">{store.text(TextKey::Describe)}</span>
                    <span class="composer__change">{store.text(TextKey::DescribeChange)}</span>
                </label>
            }
        })}
        <textarea
            class="composer__prompt"
            id="prompt"
            name="prompt"
            rows="2"
            dir="auto"
            enterkeyhint="go"
            aria-describedby="note"
            aria-invalid=dynamic(move || invalid().then_some("true"))
            placeholder=dynamic(placeholder)
            prop:value=dynamic(move || store.prompt().get())
            on:input=listener(move |event| store.send(Event::PromptChanged(event_target_value(&event))))
            on:focus=listener(move |_| store.send(Event::PromptFocused))
            on:keydown=listener(press)
        ></textarea>
    }
}
