//! Parts that scripts beside the tree still own: selection, device history, viewer, undo toast.
//!
//! Owns their markup, which depends on the site alone. Nothing here reads a signal: the scripts write into it.

#[cfg(any(feature = "ssr", feature = "csr"))]
use super::icon::{Icon, icon};
use crate::store::StudioStore;
use contract::{site::History, text_keys::TextKey};
use leptos::prelude::*;

/// The buttons of the selection: `many.js`.
#[component]
pub(super) fn Manage(store: StudioStore) -> impl IntoView {
    view! {
        <div class="manage" id="manage">
            <button class="preset" type="button" data-do="select">
                {store.text(TextKey::Select)}
            </button>
            <p
                class="unseen"
                role="status"
                id="selected"
                data-one=store.text(TextKey::SelectedOne)
                data-many=store.text(TextKey::Selected)
            ></p>
            <button class="preset" type="button" data-do="all">
                {store.text(TextKey::All)}
            </button>
            <button class="preset" type="button" data-do="zip" data-some="">
                {store.text(TextKey::Zip)}
            </button>
            <button class="preset" type="button" data-do="remove" data-some="">
                {store.text(TextKey::Delete)}
            </button>
            <button class="preset" type="button" data-do="done">
                {store.text(TextKey::Done)}
            </button>
        </div>
    }
}

/// What this device keeps: `kept.js`.
#[component]
pub(super) fn Keep(store: StudioStore) -> impl IntoView {
    let site = store.site();
    (site.history == History::Device).then(|| {
        let press = |act, key| {
            view! { <button type="button" data-do=act>{store.text(key)}</button> }
        };
        view! {
            <section
                class="keep"
                id="keep"
                data-name=["easel:", &site.id].concat()
                aria-label=store.text(TextKey::Keeping)
                hidden
            >
                <div data-state="offer">
                    <p>{store.text(TextKey::KeepWhat)}</p>
                    {press("keep", TextKey::Keep)}
                    {press("later", TextKey::NotNow)}
                </div>
                <div data-state="on" hidden>
                    <p>{store.text(TextKey::Keeps)}</p>
                    {press("stop", TextKey::Stop)}
                </div>
                <div data-state="stop" role="alert" hidden>
                    <p>{store.text(TextKey::StopWhat)}</p>
                    {press("over", TextKey::StopAll)}
                    {press("on", TextKey::GoOn)}
                </div>
                <div data-state="full" role="alert" hidden>
                    <p>{store.text(TextKey::KeepFull)}</p>
                    {press("stop", TextKey::Stop)}
                </div>
                <div data-state="not" role="alert" hidden>
                    <p>{store.text(TextKey::KeepNot)}</p>
                </div>
            </section>
        }
    })
}

/// The viewer and the undo toast: `viewer.js`, `bin.js`. They stand outside of the root, since the scripts move them.
#[cfg(any(feature = "ssr", feature = "csr"))]
#[component]
pub(crate) fn ViewerAndToast(store: StudioStore) -> impl IntoView {
    let act = |act, key| {
        view! { <button class="preset" type="button" data-do=act>{store.text(key)}</button> }
    };
    let fact = |name, key, value: Option<String>| {
        view! {
            <div>
                <dt>{store.text(key)}</dt>
                <dd data-fact=name>{value}</dd>
            </div>
        }
    };
    let way = |act, key| {
        view! {
            <button class="viewer__way" type="button" data-do=act aria-label=store.text(key)>
                {icon(Icon::Next)}
            </button>
        }
    };
    view! {
        <dialog
            class="viewer"
            id="viewer"
            aria-modal="true"
            tabindex="-1"
            aria-label=store.text(TextKey::Viewer)
        >
            <div class="viewer__stage" id="stage"></div>
            {way("previous", TextKey::Previous)}
            {way("next", TextKey::Next)}
            <div class="viewer__side">
                <p class="viewer__prompt" id="shown" dir="auto"></p>
                <p
                    class="viewer__said"
                    role="status"
                    data-copied=store.text(TextKey::Copied)
                    data-not-copied=store.text(TextKey::NotCopied)
                    data-given=store.text(TextKey::Given)
                    data-away=store.text(TextKey::NotThere)
                ></p>
                <div class="viewer__acts">
                    <a class="preset" href="/" download>
                        {icon(Icon::Download)}
                        {store.text(TextKey::Download)}
                    </a>
                    <button class="preset" type="button" data-choose="">
                        {store.text(TextKey::Choose)}
                    </button>
                    {act("change", TextKey::Change)}
                    {act("vary", TextKey::Vary)}
                    {act("reuse", TextKey::Reuse)}
                    {act("picture", TextKey::CopyPicture)}
                    {act("prompt", TextKey::CopyPrompt)}
                    {act("share", TextKey::Share)}
                    {act("remove", TextKey::Delete)}
                </div>
                <dl>
                    {fact("shape", TextKey::Shape, None)}
                    {fact("quality", TextKey::Quality, None)}
                    {fact("pixels", TextKey::Pixels, None)}
                    {fact("file", TextKey::File, None)}
                    {fact("made", TextKey::Made, None)}
                    {fact("cost", TextKey::Price, None)}
                    {fact("model", TextKey::Model, None)}
                    {fact("credentials", TextKey::Credentials, Some(store.text(TextKey::Present)))}
                </dl>
                <p class="viewer__ai">{store.text(TextKey::AiMade)}</p>
            </div>
            <button
                class="viewer__close"
                type="button"
                data-do="close"
                aria-label=store.text(TextKey::Close)
                autofocus
            >
                {icon(Icon::Remove)}
            </button>
        </dialog>
        <div class="toast" id="toast" hidden>
            <p
                id="deleted"
                role="status"
                data-one=store.text(TextKey::DeletedOne)
                data-many=store.text(TextKey::Deleted)
            ></p>
            <button type="button" id="undo">
                {store.text(TextKey::Undo)}
            </button>
        </div>
    }
}
