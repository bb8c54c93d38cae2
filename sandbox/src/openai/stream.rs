//! The answer as server-sent events: partial pictures, each sharper than the one before, and the whole one.
//!
//! Owns the events and their pace. Must not decide what anything costs.

use super::{
    Task,
    response::{Response, Traits, Usage},
};
use crate::answer::{Answer, Step};
use hyper::{
    StatusCode,
    header::{CONTENT_TYPE, HeaderValue},
};
use serde::Serialize;

#[derive(Serialize)]
struct Event<'a> {
    r#type: &'a str,
    b64_json: &'a str,
    created_at: u64,
    #[serde(flatten)]
    traits: Traits,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial_image_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Usage>,
}

/// The answer as events, one step of the script each.
pub(super) fn answer(response: &Response, task: Task) -> Answer {
    let Response { made, traits, usage } = response;
    let family = match task {
        Task::Generate => "image_generation",
        Task::Edit => "image_edit",
    };
    let event = |kind: &str, text: &str, index, usage| {
        let name = format!("{family}.{kind}");
        let created_at = made.ended.0 / 1000;
        let traits = *traits;
        let event = Event {
            r#type: &name,
            b64_json: text,
            created_at,
            traits,
            partial_image_index: index,
            usage,
        };
        // It has no keys that are no strings, which is all that could fail.
        let data = serde_json::to_string(&event).unwrap_or_default();
        Step::Send(format!("event: {name}\ndata: {data}\n\n").into())
    };
    let partials = made.partials.iter().enumerate();
    let partials = partials.map(|(index, text)| event("partial_image", text, Some(index), None));
    let whole = made.texts.iter().map(|text| event("completed", text, None, Some(*usage)));
    let events: Vec<Step> = partials.chain(whole).collect();
    let pause = made.pace / u32::try_from(events.len()).unwrap_or(u32::MAX).max(1);
    let paced = events.into_iter().flat_map(|event| {
        let pause = (!pause.is_zero()).then_some(Step::Wait(pause));
        pause.into_iter().chain([event])
    });
    Answer::empty(StatusCode::OK)
        .with(CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"))
        .playing(paced)
}
