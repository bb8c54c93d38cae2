//! OpenAI's response as server-sent events: partial pictures, each sharper than the one before, and the final one.
//!
//! Owns the events and the pauses between them. Must not decide what anything costs.

use super::{
    ImageTask,
    response::{OpenAiResponse, ResolvedOptions, Usage},
};
use crate::scripted_response::{BodyStep, ScriptedResponse};
use hyper::{
    StatusCode,
    header::{CONTENT_TYPE, HeaderValue},
};
use serde::Serialize;

#[derive(Serialize)]
struct ImageEvent<'a> {
    r#type: &'a str,
    b64_json: &'a str,
    created_at: u64,
    #[serde(flatten)]
    options: ResolvedOptions,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial_image_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Usage>,
}

/// The response as events, each of which is one step of the script.
pub(super) fn response(body: &OpenAiResponse, task: ImageTask) -> ScriptedResponse {
    let OpenAiResponse { completed, options, usage } = body;
    let family = match task {
        ImageTask::Generate => "image_generation",
        ImageTask::Edit => "image_edit",
    };
    let event = |kind: &str, text: &str, index, usage| {
        let name = format!("{family}.{kind}");
        let created_at = completed.ended.0 / 1000;
        let options = *options;
        let event = ImageEvent {
            r#type: &name,
            b64_json: text,
            created_at,
            options,
            partial_image_index: index,
            usage,
        };
        // Serialising fails only for maps whose keys are not strings; the event has none.
        let data = serde_json::to_string(&event).unwrap_or_default();
        BodyStep::Send(format!("event: {name}\ndata: {data}\n\n").into())
    };
    let partials = completed.partials.iter().enumerate();
    let partials = partials.map(|(index, text)| event("partial_image", text, Some(index), None));
    let whole =
        completed.pictures_base64.iter().map(|text| event("completed", text, None, Some(*usage)));
    let events: Vec<BodyStep> = partials.chain(whole).collect();
    let pause = completed.pace / u32::try_from(events.len()).unwrap_or(u32::MAX).max(1);
    let paced = events.into_iter().flat_map(|event| {
        let pause = (!pause.is_zero()).then_some(BodyStep::Wait(pause));
        pause.into_iter().chain([event])
    });
    ScriptedResponse::empty(StatusCode::OK)
        .with_header(CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"))
        .with_steps(paced)
}
