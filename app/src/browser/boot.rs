//! What `boot.js` did and noted before this program ran: `globalThis.easel`.
//!
//! Owns the reading of that object and of the form as the visitor left it. Must not change the form. Where there is no such
//! object (`trunk serve`), the visitor has done nothing yet.

use super::{
    dom::{document, find},
    uploads,
};
use crate::state::early::Early;
use contract::frame_messages::{Look, PageMessage};
use js_sys::{Array, Function, JSON, Reflect};
use serde::de::DeserializeOwned;
use std::str::FromStr;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    File, HtmlElement, HtmlInputElement, HtmlOptionElement, HtmlSelectElement, HtmlTextAreaElement,
};

/// A property of `globalThis.easel`; `undefined` if either is missing.
pub(super) fn get(name: &str) -> JsValue {
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
    get(&js_sys::global(), "easel").and_then(|easel| get(&easel, name)).unwrap_or_default()
}

fn call(name: &str) {
    if let Some(function) = get(name).dyn_ref::<Function>() {
        // Whatever it throws, the studio goes on.
        drop(function.call0(&get_easel()));
    }
}

fn get_easel() -> JsValue {
    Reflect::get(&js_sys::global(), &"easel".into()).unwrap_or_default()
}

/// A value of JavaScript as one of ours; `None` if it is not one, or no JSON at all.
pub(super) fn read<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    let text = JSON::stringify(value).ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}

/// The document that was fetched since an instance before this one could not take over the first.
#[cfg(feature = "hydrate")]
pub(crate) fn fresh_document() -> Option<web_sys::Document> {
    get("fresh").dyn_into().ok()
}

/// What the visitor and the page did before this program ran.
pub(crate) fn early() -> Early {
    // What an instance before this one read is more than the form has now: that instance has reset the choices.
    let before: Option<Early> =
        get("early").as_string().and_then(|text| serde_json::from_str(&text).ok());
    let prompt = find::<HtmlTextAreaElement>("#prompt");
    let text = prompt.as_ref().map(HtmlTextAreaElement::value).unwrap_or_default();
    let selection = prompt
        .as_ref()
        .and_then(|prompt| Some((prompt.selection_start().ok()??, prompt.selection_end().ok()??)));
    let active = document().and_then(|document| document.active_element());
    let files = get("files").dyn_into::<Array>().unwrap_or_default();
    let messages = get("messages").dyn_into::<Array>().unwrap_or_default();
    let submitted = get("submitted");
    Early {
        focused: prompt.is_some_and(|prompt| active.is_some_and(|active| *active == ***prompt)),
        selection,
        touched: get("touched").is_truthy(),
        uploads: uploads::add(files.iter().filter_map(|file| file.dyn_into::<File>().ok())),
        // The text as it was when it was submitted; where only the fact is noted, as it is now.
        submitted: submitted.is_truthy().then(|| submitted.as_string().unwrap_or(text.clone())),
        hosted: super::host_frame::is_hosted(),
        look: read::<Look>(&get("look")).unwrap_or_default(),
        messages: messages.iter().filter_map(|message| read::<PageMessage>(&message)).collect(),
        prompt: text,
        ..before.unwrap_or_else(choices)
    }
}

/// The choices that differ from those that the document began with.
fn choices() -> Early {
    Early {
        size: radio("size"),
        quality: radio("quality"),
        count: option("count"),
        format: option("format"),
        transparent: find::<HtmlInputElement>("input[name=background]")
            .is_some_and(|input| input.checked()),
        options_open: find::<HtmlElement>("#options").is_some_and(|options| !options.hidden()),
        ..Early::default()
    }
}

fn radio<T: FromStr>(name: &str) -> Option<T> {
    let input = find::<HtmlInputElement>(&["input[name=", name, "]:checked"].concat())?;
    if input.default_checked() { None } else { input.value().parse().ok() }
}

fn option<T: FromStr>(name: &str) -> Option<T> {
    let select = find::<HtmlSelectElement>(&["select[name=", name, "]"].concat())?;
    let chosen = u32::try_from(select.selected_index()).ok()?;
    let begins = (0..select.length())
        .find(|at| {
            let option =
                select.item(*at).and_then(|item| item.dyn_into::<HtmlOptionElement>().ok());
            option.is_some_and(|option| option.default_selected())
        })
        .unwrap_or_default();
    if chosen == begins { None } else { select.value().parse().ok() }
}

/// Keeps this for an instance that starts after this one has failed.
pub(crate) fn keep(early: &Early) {
    if let Ok(text) = serde_json::to_string(early) {
        // Fails only for what is no object.
        drop(Reflect::set(&get_easel(), &"early".into(), &text.into()));
    }
}

/// What the prompt holds now.
pub(crate) fn prompt() -> Option<String> {
    find::<HtmlTextAreaElement>("#prompt").map(|prompt| prompt.value())
}

/// Takes over from `boot.js`, which does nothing any more.
pub(crate) fn take() {
    call("take");
}

/// Says in sight that the program has ended: the notice, and `problem` to the page. No submit is taken from then on.
pub(crate) fn end() {
    call("end");
}
