//! Faults of how the answer travels: too slowly, cut off, counted wrongly. The work was done, and is charged.
//!
//! Owns those scripts, and the bytes that go past hyper. Must not know what is said.

use super::{Act, Fault, content::after_pictures, refusals::echoed, scene::Scene};
use crate::answer::{Answer, FOREVER, Step};
use flate2::{Compression, write::GzEncoder};
use hyper::{
    StatusCode,
    body::Bytes,
    header::{CONTENT_ENCODING, HeaderValue},
};
use std::{io::Write, time::Duration};

/// A reset throws away what the kernel has not sent: the client shall have what came before it.
const FLUSH: Step = Step::Wait(Duration::from_millis(50));

const fn row(
    name: &'static str,
    plays: &'static [u8],
    does: &'static str,
    change: fn(Answer, &Scene) -> Answer,
) -> Fault {
    Fault::new(name, plays, does, Act::Answer(change))
}

#[rustfmt::skip]
pub(super) const TABLE: &[Fault] = &[
    row("slow", &[35], "nothing at all for `Settings::slow`, then the answer",
        |answer, scene| Answer { silence: scene.shared.settings.slow, ..answer }).whole(),
    row("plain", &[9], "504 in plain text, after the work", |_, _| Answer::of(StatusCode::GATEWAY_TIMEOUT,
        "text/plain; charset=utf-8", "An error occurred with your deployment\n\nFUNCTION_INVOCATION_TIMEOUT\n")),

    row("silent", &[3], "the request is taken, and no byte ever comes",
        |answer, _| Answer { silence: FOREVER, ..answer }).hangs(),
    row("stall", &[4], "the head, and then no byte of the body",
        |answer, _| answer.playing([Step::Wait(FOREVER)])).hangs(),
    row("stall-late", &[4], "half of the first picture, and then nothing", |mut answer, _| {
        let half = half(&answer.take_body());
        answer.playing([Step::Send(half), Step::Wait(FOREVER)])
    }).hangs(),
    row("stall-after", &[4], "all up to the last picture's closing quote, and then nothing", |mut answer, _| {
        let body = answer.take_body();
        answer.playing([Step::Send(body.slice(..after_pictures(&body))), Step::Wait(FOREVER)])
    }).whole().hangs(),
    row("trickle", &[5], "one byte a second", |mut answer, _| {
        let body = answer.take_body();
        answer.playing([Step::Trickle(body)])
    }).hangs(),

    row("reset", &[6], "a TCP reset in place of the head", |answer, _| raw(answer, [Step::Reset])),
    row("cut", &[6], "a TCP reset in the middle of the first picture", |mut answer, _| {
        let half = half(&answer.take_body());
        answer.playing([Step::Send(half), FLUSH, Step::Reset])
    }),
    row("late-reset", &[6], "a TCP reset right after the last picture's closing quote", |mut answer, _| {
        let body = answer.take_body();
        answer.playing([Step::Send(body.slice(..after_pictures(&body))), FLUSH, Step::Reset])
    }).whole(),
    row("hangup", &[6], "a clean end of the connection in the middle of a chunk", |mut answer, _| {
        let (head, body) = (head(&answer, "transfer-encoding: chunked\r\n"), answer.take_body());
        let size = Bytes::from(format!("{:x}\r\n", body.len()));
        let half = half(&body);
        raw(answer, [head, Step::Send(size), Step::Send(half)])
    }),
    row("hangup-head", &[6], "a clean end of the connection in the middle of the head", |answer, _| {
        raw(answer, [Step::Send(Bytes::from_static(b"HTTP/1.1 200 OK\r\ncontent-ty"))])
    }),

    row("gzip", &[26], "no fault: the body is compressed, as its head says", |answer, _| {
        answer.map_body(|body| gzip(&body)).with(CONTENT_ENCODING, HeaderValue::from_static("gzip"))
    }).whole(),
    row("gzip-lie", &[26], "the head says gzip, the body is none",
        |answer, _| answer.with(CONTENT_ENCODING, HeaderValue::from_static("gzip"))),
    row("gzip-cut", &[26], "half of a compressed body, and a clean end", |answer, _| {
        let half = answer.map_body(|body| { let packed = gzip(&body); packed[..packed.len() / 2].to_vec() });
        half.with(CONTENT_ENCODING, HeaderValue::from_static("gzip"))
    }),
    row("length-short", &[26], "`Content-Length` is half of what comes",
        |answer, _| counted(answer, |length| format!("content-length: {}\r\n", length / 2))),
    row("length-long", &[26], "`Content-Length` is a thousand more than what comes",
        |answer, _| counted(answer, |length| format!("content-length: {}\r\n", length + 1000))),
    row("length-two", &[26], "two `Content-Length` that do not agree", |answer, _| counted(answer,
        |length| format!("content-length: {length}\r\ncontent-length: {}\r\n", length / 2))),
    row("length-none", &[26], "no length and no chunks: the end of the connection is the end of the body",
        |answer, _| counted(answer, |_| String::new())).whole(),
    row("chunks", &[26], "a chunk whose size is no number", |mut answer, _| {
        let (head, body) = (head(&answer, "transfer-encoding: chunked\r\n"), answer.take_body());
        let half = half(&body);
        let size = Bytes::from(format!("{:x}\r\n", half.len()));
        let garbage = Bytes::from_static(b"\r\nnot a size\r\n{}\r\n0\r\n\r\n");
        raw(answer, [head, Step::Send(size), Step::Send(half), Step::Send(garbage)])
    }),
    row("no-http", &[26], "an answer that is no HTTP",
        |answer, _| raw(answer, [Step::Send(Bytes::from_static(b"SSH-2.0-OpenSSH_9.9\r\n"))])),

    row("echo-picture", &[27], "the right answer, with the client's `Authorization` in a header", |answer, scene| {
        echoed(answer, scene.authorization())
    }).whole(),
];

/// The first half of a body: with any picture in it, that ends inside the base64.
fn half(body: &Bytes) -> Bytes {
    body.slice(..body.len() / 2)
}

/// An answer of which hyper writes nothing.
fn raw(answer: Answer, steps: impl IntoIterator<Item = Step>) -> Answer {
    Answer { raw: true, ..answer }.playing(steps)
}

/// The whole body after a head that counts it so; then the connection ends.
fn counted(mut answer: Answer, lengths: impl Fn(usize) -> String) -> Answer {
    let body = answer.take_body();
    let head = head(&answer, &lengths(body.len()));
    raw(answer, [head, Step::Send(body)])
}

/// The answer's head with some more lines in it.
fn head(answer: &Answer, lines: &str) -> Step {
    let mut head = b"HTTP/1.1 200 OK\r\nconnection: close\r\n".to_vec();
    for (name, value) in &answer.headers {
        head.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    head.extend([lines.as_bytes(), b"\r\n"].concat());
    Step::Send(head.into())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory cannot fail.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}
