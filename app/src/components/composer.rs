//! The form: the description, the options, and the button that orders.

mod add;
mod count;
mod create;
mod options;
mod prompt;
mod qualities;
#[cfg(feature = "client")]
mod reference;
mod references;
mod shapes;

use crate::{
    components::dynamic::{Dynamic, dynamic, listener},
    state::draft::Note,
    store::StudioStore,
};
use add::AddPictures;
use count::Count;
use create::CreateButton;
use leptos::{ev::SubmitEvent, prelude::*};
use options::{MoreButton, Options};
use prompt::Prompt;
use qualities::Qualities;
use references::References;
use shapes::Shapes;

/// The form. A submit of it is an event of the store, whoever causes it: the button, a key, the page round the frame.
#[component]
pub(super) fn Composer(store: StudioStore) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        store.submit();
    };
    view! {
        <form
            class="composer"
            id="composer"
            autocomplete="off"
            novalidate
            data-changes=dynamic(move || store.has_references())
            data-folded=dynamic(move || store.folded().get())
            data-running=dynamic(move || store.create_cancels())
            on:submit=listener(submit)
        >
            <Prompt store/>
            <References store/>
            <NoteLine store/>
            <div class="composer__row" id="choices">
                <Shapes store/>
                <Qualities store/>
                <Count store/>
                <AddPictures store/>
                <MoreButton store/>
                <CreateButton store/>
            </div>
            <Options store/>
        </form>
    }
}

/// What stands in the way of a submit, or is worth knowing before it.
#[component]
fn NoteLine(store: StudioStore) -> impl IntoView {
    let is = |what: fn(Note) -> bool| move || store.note().with(|note| note.is_some_and(what));
    view! {
        <p
            class="composer__note"
            id="note"
            translate="no"
            data-calm=dynamic(is(Note::is_calm))
            data-notice=dynamic(is(Note::is_about_the_studio))
        >
            {dynamic(move || store.note_text())}
        </p>
    }
}

/// A choice of one among several, drawn by its children.
fn radio(
    name: &'static str,
    value: String,
    starts: bool,
    chosen: Dynamic<bool>,
    mut choose: impl FnMut() + 'static,
) -> impl IntoView {
    view! {
        <input
            type="radio"
            name=name
            value=value
            checked=starts
            prop:checked=chosen
            on:change=listener(move |_| choose())
        />
    }
}
