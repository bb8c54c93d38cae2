//! Faults of server-sent events. A response that is one JSON document is not changed.
//!
//! Owns changes of the event stream's text. Of the events' meaning it may know only that the last one holds the final
//! picture and those before it hold partial pictures. Must not know more.

use super::{
    Fault, FaultEffect,
    content::{opening, replace},
};
use crate::{
    errors::MakerError,
    scripted_response::{BodyStep, FOREVER, ScriptedResponse},
};
use hyper::{body::Bytes, header::CONTENT_TYPE};
use serde_json::{Value, json};
use std::time::Duration;

const fn row(
    name: &'static str,
    does: &'static str,
    change: fn(ScriptedResponse) -> ScriptedResponse,
) -> Fault {
    Fault::new(name, &[25], does, FaultEffect::Stream(change))
}

#[rustfmt::skip]
pub(super) const TABLE: &[Fault] = &[
    row("sse-split", "no fault: letters of several bytes, sent byte by byte", |response| change_events(response, |events| split(&events))).whole(),
    row("sse-crlf", "no fault: each line ends with CR and LF", |response| change_text(response, |text| replace(text, b"\n", b"\r\n"))).whole(),
    row("sse-cr", "no fault: each line ends with CR", |response| change_text(response, |text| replace(text, b"\n", b"\r"))).whole(),
    row("sse-mix", "no fault: lines end with LF, CR, and CR and LF in turn", |response| change_events(response, |events| {
        // No line that ends in CR is followed by an empty line that ends in LF: a reader would take both for one CRLF.
        let ends = [["\n", "\r", "\r\n"], ["\r", "\r\n", "\n"], ["\r\n", "\n", "\r"]];
        let event = |(at, event): (usize, Bytes)| {
            let lines = event.split(|byte| *byte == b'\n').zip(ends[at % 3]);
            lines.flat_map(|(line, end)| [line, end.as_bytes()].concat()).collect::<Vec<u8>>()
        };
        send_steps(events.into_iter().enumerate().map(event))
    })).whole(),
    row("sse-comments", "no fault: comments, ids, retry times and unknown events", |response| change_events(response, |events| {
        let noise = b": a comment\n:\nid: 7\nretry: 10000\n\nevent: ping\ndata: {\"type\":\"ping\"}\n\n\n\ndata\n\n";
        send_steps(events.into_iter().map(|event| [&noise[..], &event].concat()))
    })).whole(),
    row("sse-lines", "no fault: the JSON of each event is split over several `data` lines", |response| {
        change_text(response, |text| replace(text, b",\"", b",\ndata: \""))
    }).whole(),
    row("sse-tight", "no fault: no space after the colons", |response| {
        change_text(response, |text| replace(&replace(text, b"data: ", b"data:"), b"event: ", b"event:"))
    }).whole(),
    row("sse-untyped", "no fault: the events have no `event` lines, only the type in their JSON", |response| change_events(response, |events| {
        send_steps(events.into_iter().map(|event| {
            let begin = event.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            event[begin..].to_vec()
        }))
    })).whole(),
    row("sse-done", "no fault: `[DONE]` after the last event", |response| change_events(response, |mut events| {
        events.push(Bytes::from_static(b"data: [DONE]\n\n"));
        send_steps(events)
    })).whole(),
    row("sse-early", "no fault: the final picture without partial ones",
        |response| change_events(response, |mut events| send_steps(events.pop()))).whole(),
    row("sse-twice", "the final picture twice", |response| change_events(response, |mut events| {
        events.extend(events.last().cloned());
        send_steps(events)
    })).whole(),
    row("sse-garbage", "an event whose data are not JSON, before the final picture", |response| change_events(response, |events| {
        before_last(events, b"event: image_generation.partial_image\ndata: {{{ no JSON\n\n")
    })).whole(),
    row("sse-big", "an unknown event of 11 MB before the final picture", |response| change_events(response, |mut events| {
        let last = events.pop();
        let padding = BodyStep::Repeat(Bytes::from(vec![b'A'; 64 * 1024]), 11 * 16);
        let mut steps = send_steps(events);
        steps.push(BodyStep::Send(Bytes::from_static(b"event: image_generation.debug\ndata: {\"type\":\"debug\",\"pad\":\"")));
        steps.extend([padding, BodyStep::Send(Bytes::from_static(b"\"}\n\n"))]);
        steps.extend(send_steps(last));
        steps
    })).whole(),

    row("sse-no-blank", "no blank line after the last event, so that a reader must ignore it", |response| {
        change_text(response, |text| text[..text.len().saturating_sub(1)].to_vec())
    }),
    row("sse-no-end", "partial pictures, then a clean end without the final one", |response| change_events(response, |mut events| {
        events.pop();
        send_steps(events)
    })),
    row("sse-error", "an error in place of the final picture", |response| change_events(response, |mut events| {
        events.pop();
        events.push(error_event(&broken()));
        send_steps(events)
    })),
    row("sse-error-between", "an error before the final picture, which is sent all the same", |response| {
        change_events(response, |events| before_last(events, &error_event(&broken())))
    }),
    row("sse-error-late", "an error after the final picture", |response| change_events(response, |mut events| {
        events.push(error_event(&broken()));
        send_steps(events)
    })).whole(),
    row("sse-stall", "partial pictures, then nothing more", |response| change_events(response, |mut events| {
        events.pop();
        let mut steps = send_steps(events);
        steps.push(BodyStep::Wait(FOREVER));
        steps
    })).hangs(),

    Fault::new("sse-refuse", &[14, 25], "the prompt is refused, as the only event; nothing is charged",
        FaultEffect::Stream(|response| change_events(response, |_| send_steps([error_event(&refused("input"))])))).free(),
    Fault::new("sse-refuse-output", &[14, 25], "the picture is refused after its partial ones; nothing is charged",
        FaultEffect::Stream(|response| change_events(response, |mut events| {
            events.pop();
            events.push(error_event(&refused("output")));
            send_steps(events)
        }))).free(),
    Fault::new("sse-refuse-flat", &[14, 25], "the prompt is refused in an event whose JSON is flat; nothing is charged",
        FaultEffect::Stream(|response| change_events(response, |_| {
            let MakerError { message, code, .. } = MakerError::moderated("image_generation_user_error", "");
            let data = json!({ "type": "error", "code": code, "message": message, "param": null });
            send_steps([format!("event: error\ndata: {data}\n\n")])
        }))).free(),
];

/// Whether a response is a stream of events.
pub(super) fn is_stream(response: &ScriptedResponse) -> bool {
    let is_type = |value: &[u8]| value.starts_with(b"text/event-stream");
    response.headers.iter().any(|(name, value)| name == CONTENT_TYPE && is_type(value.as_bytes()))
}

/// Changes the JSON of the last event.
pub(super) fn change_last_event(
    response: ScriptedResponse,
    change: impl FnOnce(&mut Value),
) -> ScriptedResponse {
    change_events(response, |mut events| {
        let Some(last) = events.pop() else { return Vec::new() };
        let begin = last.iter().position(|byte| *byte == b'{').unwrap_or(0);
        // Data that are not JSON are not changed.
        let changed = serde_json::from_slice::<Value>(&last[begin..]).map(|mut json| {
            change(&mut json);
            [&last[..begin], json.to_string().as_bytes(), b"\n\n"].concat()
        });
        events.push(changed.map_or(last, Bytes::from));
        send_steps(events)
    })
}

/// Replaces the steps of a stream of events, given its events. The pauses between them are lost.
fn change_events(
    mut response: ScriptedResponse,
    change: impl FnOnce(Vec<Bytes>) -> Vec<BodyStep>,
) -> ScriptedResponse {
    if !is_stream(&response) {
        return response;
    }
    let steps = std::mem::take(&mut response.script).into_iter();
    let events =
        steps.filter_map(|step| if let BodyStep::Send(event) = step { Some(event) } else { None });
    let steps = change(events.collect());
    response.with_steps(steps)
}

/// Changes the text of the whole stream.
fn change_text(
    response: ScriptedResponse,
    change: impl FnOnce(&[u8]) -> Vec<u8>,
) -> ScriptedResponse {
    change_events(response, |events| send_steps([change(&events.concat())]))
}

fn send_steps<B: Into<Bytes>>(events: impl IntoIterator<Item = B>) -> Vec<BodyStep> {
    events.into_iter().map(|event| BodyStep::Send(event.into())).collect()
}

fn before_last(mut events: Vec<Bytes>, event: &[u8]) -> Vec<BodyStep> {
    events.insert(events.len().saturating_sub(1), Bytes::copy_from_slice(event));
    send_steps(events)
}

/// Inserts a member with letters of several bytes, and sends the bytes around it one by one.
fn split(events: &[Bytes]) -> Vec<BodyStep> {
    let note = "\"note\":\"é☃𝄞\",";
    let whole = events.concat();
    let place = opening(&whole);
    let text = [&whole[..place], note.as_bytes(), &whole[place..]].concat();
    let text = Bytes::from(text);
    let (from, to) = (place.saturating_sub(30), place + note.len() + 30);
    let pause = || BodyStep::Wait(Duration::from_millis(1));
    let mut steps = vec![BodyStep::Send(text.slice(..from))];
    steps.extend((from..to).flat_map(|at| [BodyStep::Send(text.slice(at..=at)), pause()]));
    steps.push(BodyStep::Send(text.slice(to..)));
    steps
}

fn error_event(error: &MakerError) -> Bytes {
    let data = json!({ "type": "error", "error": error });
    format!("event: error\ndata: {data}\n\n").into()
}

fn refused(stage: &'static str) -> MakerError {
    MakerError::moderated("image_generation_user_error", stage)
}

fn broken() -> MakerError {
    MakerError {
        message: "The server had an error while processing your request. Sorry about that!"
            .to_owned(),
        r#type: "image_generation_server_error",
        param: None,
        code: Some("server_error"),
        moderation_details: None,
    }
}
