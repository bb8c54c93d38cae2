//! The form, whose elements are the document's own: read, heard, and told what happens.
//!
//! Must not change what the visitor types, but where they ask for it.

use super::page::{element, listen};
use crate::state::draft::Draft;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, FormData, HtmlFormElement, HtmlTextAreaElement, UiEvent};

fn form() -> Option<HtmlFormElement> {
    element("composer").map(JsCast::unchecked_into)
}

fn prompt() -> Option<HtmlTextAreaElement> {
    element("prompt").map(JsCast::unchecked_into)
}

fn button() -> Option<Element> {
    element("create")
}

/// What the form asks for now.
pub(crate) fn read() -> Option<Draft> {
    let data = FormData::new_with_form(&form()?).ok()?;
    let text = |name| data.get(name).as_string();
    Some(Draft {
        prompt: text("prompt")?,
        count: text("count").and_then(|count| count.parse().ok()).unwrap_or(1),
        size: text("size")?.parse().ok()?,
        quality: text("quality")?,
        format: text("format").unwrap_or_default(),
        background: text("background").unwrap_or_default(),
    })
}

/// Hears the form for as long as the document lives.
pub(crate) fn on_submit(then: impl Fn() + 'static) {
    listen(form(), "submit", Box::new(then));
}

/// Hears the buttons that remove a picture: which one stands first, second and so on.
pub(crate) fn on_remove(then: impl Fn(usize) + Copy + 'static) {
    for (at, id) in ["remove-1", "remove-2", "remove-3", "remove-4"].into_iter().enumerate() {
        listen(element(id), "click", Box::new(move || then(at)));
    }
}

/// Hears the button while it says Cancel. The second half of a double click on Create is none: the browser counts the clicks.
pub(crate) fn on_cancel(then: impl Fn() + 'static) {
    let pressed = move |event: UiEvent| {
        if form().is_some_and(|form| form.has_attribute("data-running")) {
            // A cancel that is through at once makes the button say Create again: then the same click would send the form.
            event.prevent_default();
            if event.detail() < 2 {
                then();
            }
        }
    };
    if let Some(button) = button() {
        let pressed = Closure::wrap(Box::new(pressed) as Box<dyn Fn(UiEvent)>).into_js_value();
        // Fails only for a listener that is no function.
        drop(button.add_event_listener_with_callback("click", pressed.unchecked_ref()));
    }
}

/// Hears that the visitor turns to the prompt.
pub(crate) fn on_intent(then: impl Fn() + 'static) {
    listen(prompt(), "focus", Box::new(then));
}

/// Hears every change of the prompt.
pub(crate) fn on_typed(then: impl Fn() + 'static) {
    listen(prompt(), "input", Box::new(then));
}

/// Hears every choice beside the prompt. Not the prompt itself: it changes for the form when a press takes its focus, and reading
/// the form then would hold up what was pressed.
pub(crate) fn on_chosen(then: impl Fn() + 'static) {
    listen(element("choices"), "change", Box::new(then));
}

/// Takes over from boot.js. Whether a submit is kept that was made before.
pub(crate) fn take_over() -> bool {
    let Some(form) = form() else { return false };
    let kept = form.has_attribute("data-kept");
    // These fail only for names that no attribute may have.
    drop(form.remove_attribute("data-kept"));
    drop(form.set_attribute("data-ready", ""));
    kept
}

/// Lets the button say Cancel, or Create. As Cancel it sends no form, so that Enter in the prompt never cancels.
pub(crate) fn show_running(running: bool) {
    if let (Some(form), Some(button)) = (form(), button()) {
        // These fail only for names that no attribute may have.
        drop(form.toggle_attribute_with_force("data-running", running));
        drop(button.set_attribute("type", if running { "button" } else { "submit" }));
    }
}

/// Goes to the prompt, with another text in it if there is one.
pub(crate) fn go_to_prompt(text: Option<&str>) {
    if let Some(prompt) = prompt() {
        if let Some(text) = text {
            prompt.set_value(text);
        }
        // Fails only in documents without a window.
        drop(prompt.focus());
    }
}
