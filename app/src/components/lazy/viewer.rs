//! The viewer: a dialog with one picture, its facts and its actions.
//!
//! Owns the dialog and the zoom. Which picture it shows is the state's. While it is open it covers everything else, which
//! keys, pointers and screen readers cannot reach.

mod acts;
mod stage;

use super::undo_toast::UndoToast;
use crate::{
    browser::{dialog, formats},
    components::{
        dynamic::{click, dynamic, listener},
        icon::{Icon, icon},
    },
    state::{event::Event, viewer::Step},
    store::{Fact, StudioStore},
};
use acts::Acts;
use contract::text_keys::TextKey;
use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};
use stage::{Stage, stage};

/// The viewer. It is always in the document, closed most of the time, so that opening it only has to show a picture.
#[component]
pub(super) fn Viewer(store: StudioStore) -> impl IntoView {
    let element = NodeRef::<html::Dialog>::new();
    let side = NodeRef::<html::Div>::new();
    let is_open = follow_state(store, element, side);
    let alone = move || store.viewed(|view| view.of < 2).unwrap_or_default();
    let own = Stage::new(store);
    spawn_local(formats::prepare());
    let covers = move || {
        let open = || element.get_untracked().is_some_and(|element| dialog::is_open(&element));
        is_open.get_untracked() && open()
    };
    dialog::keep_focus(move || element.get_untracked(), covers);
    let go_round = move |event: KeyboardEvent| {
        if let Some(element) = element.get_untracked() {
            dialog::go_round(&element, &event);
        }
    };
    let step = move |step| store.send(Event::ViewerStepped(step));
    dialog::listen_for_keys(move |key| {
        if !covers() {
            return false;
        }
        match (key, dialog::from_the_right()) {
            ("Escape", _) => store.send(Event::ViewerClosed),
            _ if own.key(key) => {}
            ("ArrowLeft", false) | ("ArrowRight", true) => step(Step::Previous),
            ("ArrowRight", false) | ("ArrowLeft", true) => step(Step::Next),
            _ => return false,
        }
        true
    });
    let said = move || is_open.get().then(|| store.announcement().get()).flatten();
    let way = move |name, by, key| {
        view! {
            <button
                class=name
                type="button"
                aria-label=store.text(key)
                hidden=dynamic(alone)
                on:click=click(move |_| step(by))
            >
                {icon(Icon::Next)}
            </button>
        }
    };
    view! {
        <dialog
            class="viewer"
            id="viewer"
            tabindex="-1"
            aria-label=store.text(TextKey::Viewer)
            aria-describedby="shown"
            aria-modal="true"
            node_ref=element
            on:keydown=listener(go_round)
        >
            <button
                class="viewer__close"
                type="button"
                aria-label=store.text(TextKey::Close)
                on:click=click(move |_| store.send(Event::ViewerClosed))
            >
                {icon(Icon::Remove)}
            </button>
            {stage(own)}
            {way("viewer__way viewer__way_back", Step::Previous, TextKey::Previous)}
            {way("viewer__way", Step::Next, TextKey::Next)}
            <div class="viewer__side" node_ref=side>
                <p class="unseen" role="status">
                    {dynamic(move || store.place_text())}
                </p>
                <p class="viewer__prompt" id="shown" dir="auto">
                    {dynamic(move || store.viewed(|view| view.facts.prompt.clone()))}
                </p>
                <p class="viewer__said" role="status">
                    {dynamic(said)}
                </p>
                <Acts store/>
                <dl>{Fact::ALL.map(|fact| view! { <FactRow store fact/> }).collect_view()}</dl>
                <p class="viewer__ai">{store.text(TextKey::AiMade)}</p>
            </div>
            // A toast outside of the dialog would be covered by it.
            {move || is_open.get().then(|| view! { <UndoToast store/> })}
        </dialog>
    }
}

/// Opens and closes the dialog as the state says, each time with its side scrolled to the beginning. Returns whether it is
/// to be open.
fn follow_state(
    store: StudioStore,
    element: NodeRef<html::Dialog>,
    side: NodeRef<html::Div>,
) -> Memo<bool> {
    let is_open = Memo::new(move |_| store.viewer().with(Option::is_some));
    // Either may be called when it has been closed again.
    let shown = move || element.get_untracked().filter(|_| is_open.get_untracked());
    let painted = move || {
        if let Some(element) = shown() {
            dialog::focus_first(&element);
            store.covered().set(true);
        }
    };
    let open = move || {
        if let Some((element, side)) = shown().zip(side.get_untracked()) {
            dialog::scroll_back(&side);
            dialog::open(&element, painted);
        }
    };
    Effect::new(move |_| {
        if is_open.get() {
            // After its content has changed, because opening it makes the browser calculate the layout.
            queue_microtask(open);
        } else if let Some(element) = element.get_untracked() {
            dialog::close(&element);
            store.covered().set(false);
        }
    });
    is_open
}

/// A fact of the picture with its label, where it is known.
#[component]
fn FactRow(store: StudioStore, fact: Fact) -> impl IntoView {
    // The text stays while the viewer is closed, so that opening the next picture changes little.
    let text = Memo::new(move |before: Option<&Option<String>>| {
        let shown = store.viewer().with(Option::is_some);
        if shown { store.fact_text(fact) } else { before.cloned().flatten() }
    });
    view! {
        <div hidden=dynamic(move || text.with(Option::is_none))>
            <dt>{store.text(fact.label())}</dt>
            <dd>
                <bdi>{dynamic(move || text.get())}</bdi>
            </dd>
        </div>
    }
}
