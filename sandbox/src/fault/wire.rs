//! Faults of the transport: a response that is slow, cut off, or of a wrong length. The work was done and is charged.
//!
//! Owns those scripts, and the bytes that are written past hyper. Must not know what the body means.

use super::{
    Fault, FaultEffect, content::after_pictures, context::FaultContext, refusals::with_echo_header,
    stream::is_stream,
};
use crate::scripted_response::{BodyStep, FOREVER, ScriptedResponse};
use flate2::{Compression, write::GzEncoder};
use hyper::{
    StatusCode,
    body::Bytes,
    header::{CONTENT_ENCODING, HeaderValue},
};
use std::{io::Write, time::Duration};

/// A pause before a reset. A reset discards what the kernel has not sent yet, and the client should get the bytes before
/// it.
const FLUSH: BodyStep = BodyStep::Wait(Duration::from_millis(50));

const fn row(
    name: &'static str,
    plays: &'static [u8],
    does: &'static str,
    change: fn(ScriptedResponse, &FaultContext) -> ScriptedResponse,
) -> Fault {
    Fault::new(name, plays, does, FaultEffect::Response(change))
}

#[rustfmt::skip]
pub(super) const TABLE: &[Fault] = &[
    row("slow", &[35], "nothing for `Settings::slow`, then the response; in a stream of events only the last one is delayed",
        |mut response, context| {
            let slow = context.shared.settings.slow;
            match response.script.pop_back() {
                Some(last) if is_stream(&response) => response.script.extend([BodyStep::Wait(slow), last]),
                last => {
                    response.script.extend(last);
                    response.delay = slow;
                }
            }
            response
        }).whole(),
    row("plain", &[9], "504 in plain text, after the work", |_, _| ScriptedResponse::new(StatusCode::GATEWAY_TIMEOUT,
        "text/plain; charset=utf-8", "An error occurred with your deployment\n\nFUNCTION_INVOCATION_TIMEOUT\n")),

    row("silent", &[3], "the request is accepted, but no byte is ever sent",
        |response, _| ScriptedResponse { delay: FOREVER, ..response }).hangs(),
    row("stall", &[4], "the head, then no byte of the body",
        |response, _| response.with_steps([BodyStep::Wait(FOREVER)])).hangs(),
    row("stall-late", &[4], "half of the first picture, then nothing", |mut response, _| {
        let half = half(&response.take_body());
        response.with_steps([BodyStep::Send(half), BodyStep::Wait(FOREVER)])
    }).hangs(),
    row("stall-after", &[4], "everything up to the last picture's closing quote, then nothing", |mut response, _| {
        let body = response.take_body();
        response.with_steps([BodyStep::Send(body.slice(..after_pictures(&body))), BodyStep::Wait(FOREVER)])
    }).whole().hangs(),
    row("trickle", &[5], "one byte a second", |mut response, _| {
        let body = response.take_body();
        response.with_steps([BodyStep::Trickle(body)])
    }).hangs(),

    row("reset", &[6], "a TCP reset in place of the head", |response, _| raw(response, [BodyStep::Reset])),
    row("cut", &[6], "a TCP reset in the middle of the first picture", |mut response, _| {
        let half = half(&response.take_body());
        response.with_steps([BodyStep::Send(half), FLUSH, BodyStep::Reset])
    }),
    row("late-reset", &[6], "a TCP reset right after the last picture's closing quote", |mut response, _| {
        let body = response.take_body();
        response.with_steps([BodyStep::Send(body.slice(..after_pictures(&body))), FLUSH, BodyStep::Reset])
    }).whole(),
    row("hangup", &[6], "a clean end of the connection in the middle of a chunk", |mut response, _| {
        let (head, body) = (head(&response, "transfer-encoding: chunked\r\n"), response.take_body());
        let size = Bytes::from(format!("{:x}\r\n", body.len()));
        let half = half(&body);
        raw(response, [head, BodyStep::Send(size), BodyStep::Send(half)])
    }),
    row("hangup-head", &[6], "a clean end of the connection in the middle of the head", |response, _| {
        raw(response, [BodyStep::Send(Bytes::from_static(b"HTTP/1.1 200 OK\r\ncontent-ty"))])
    }),

    row("gzip", &[26], "no fault: the body is compressed, as the head says", |response, _| {
        response.map_body(|body| gzip(&body)).with_header(CONTENT_ENCODING, HeaderValue::from_static("gzip"))
    }).whole(),
    row("gzip-lie", &[26], "the head says gzip, but the body is not compressed",
        |response, _| response.with_header(CONTENT_ENCODING, HeaderValue::from_static("gzip"))),
    row("gzip-cut", &[26], "half of a compressed body, then a clean end", |response, _| {
        let half = response.map_body(|body| { let packed = gzip(&body); packed[..packed.len() / 2].to_vec() });
        half.with_header(CONTENT_ENCODING, HeaderValue::from_static("gzip"))
    }),
    row("length-short", &[26], "`Content-Length` is half of the body's length",
        |response, _| counted(response, |length| format!("content-length: {}\r\n", length / 2))),
    row("length-long", &[26], "`Content-Length` is a thousand more than the body's length",
        |response, _| counted(response, |length| format!("content-length: {}\r\n", length + 1000))),
    row("length-two", &[26], "two different `Content-Length`", |response, _| counted(response,
        |length| format!("content-length: {length}\r\ncontent-length: {}\r\n", length / 2))),
    row("length-none", &[26], "no length and no chunks: the end of the connection is the end of the body",
        |response, _| counted(response, |_| String::new())).whole(),
    row("chunks", &[26], "a chunk whose size is not a number", |mut response, _| {
        let (head, body) = (head(&response, "transfer-encoding: chunked\r\n"), response.take_body());
        let half = half(&body);
        let size = Bytes::from(format!("{:x}\r\n", half.len()));
        let garbage = Bytes::from_static(b"\r\nnot a size\r\n{}\r\n0\r\n\r\n");
        raw(response, [head, BodyStep::Send(size), BodyStep::Send(half), BodyStep::Send(garbage)])
    }),
    row("no-http", &[26], "a response that is not HTTP",
        |response, _| raw(response, [BodyStep::Send(Bytes::from_static(b"SSH-2.0-OpenSSH_9.9\r\n"))])),

    row("echo-picture", &[27], "the correct response, with the client's `Authorization` in a header", |response, context| {
        with_echo_header(response, context.authorization())
    }).whole(),
];

/// The first half of a body. If the body holds pictures, the half ends inside the base64.
fn half(body: &Bytes) -> Bytes {
    body.slice(..body.len() / 2)
}

/// A response whose steps include the head and are written past hyper.
fn raw(response: ScriptedResponse, steps: impl IntoIterator<Item = BodyStep>) -> ScriptedResponse {
    ScriptedResponse { raw: true, ..response }.with_steps(steps)
}

/// The whole body after a head with the given header lines about its length; then the connection is closed.
fn counted(mut response: ScriptedResponse, lengths: impl Fn(usize) -> String) -> ScriptedResponse {
    let body = response.take_body();
    let head = head(&response, &lengths(body.len()));
    raw(response, [head, BodyStep::Send(body)])
}

/// The response's head, with more header lines at its end.
fn head(response: &ScriptedResponse, lines: &str) -> BodyStep {
    let mut head = b"HTTP/1.1 200 OK\r\nconnection: close\r\n".to_vec();
    for (name, value) in &response.headers {
        head.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    head.extend([lines.as_bytes(), b"\r\n"].concat());
    BodyStep::Send(head.into())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory cannot fail.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}
