//! Faults of the response's content: the JSON, the base64 in it, and the pictures. The work was done and is charged.
//!
//! Owns those changes. Must not know how bytes are sent, nor what anything costs.

use super::{Fault, FaultEffect};
use crate::scripted_response::{BodyStep, ScriptedResponse};
use contract::options::Format;
use hyper::{
    StatusCode,
    body::Bytes,
    header::{CONTENT_TYPE, HeaderValue},
};
use serde_json::{Value, json};

/// One mebibyte.
const MIB: usize = 1024 * 1024;

const fn row(
    name: &'static str,
    plays: &'static [u8],
    does: &'static str,
    act: FaultEffect,
) -> Fault {
    Fault::new(name, plays, does, act)
}

const fn text(name: &'static str, does: &'static str, change: fn(String) -> String) -> Fault {
    Fault::new(name, &[20], does, FaultEffect::Base64(change))
}

const fn picture(
    name: &'static str,
    plays: &'static [u8],
    does: &'static str,
    change: fn(&Bytes) -> Bytes,
) -> Fault {
    Fault::new(name, plays, does, FaultEffect::PictureBytes(change))
}

#[rustfmt::skip]
pub(super) const TABLE: &[Fault] = &[
    row("page", &[17], "200 with a page of HTML", FaultEffect::Response(|_, _| ScriptedResponse::new(StatusCode::OK,
        "text/html; charset=utf-8", "<!DOCTYPE html><html><body>Please wait while we check your browser.</body></html>"))),
    row("page-json", &[17], "200 with a page of HTML whose media type is JSON", FaultEffect::Response(|_, _| ScriptedResponse::new(StatusCode::OK,
        "application/json", "<!DOCTYPE html><html><body>Please wait while we check your browser.</body></html>"))),
    row("untyped", &[17], "the correct response without a media type", FaultEffect::Response(|mut response, _| {
        response.headers.retain(|(name, _)| name != CONTENT_TYPE);
        response
    })).whole(),
    row("mistyped", &[17], "the correct response as `text/plain`", FaultEffect::Response(|mut response, _| {
        response.headers.retain(|(name, _)| name != CONTENT_TYPE);
        response.with_header(CONTENT_TYPE, HeaderValue::from_static("text/plain"))
    })).whole(),

    row("empty", &[18], "200 with an empty body", FaultEffect::Response(|response, _| response.with_steps([]))),
    row("object", &[18], "200 with `{}`", FaultEffect::Response(|response, _| response.map_body(|_| b"{}".to_vec()))),
    row("list", &[18], "200 with `[]`", FaultEffect::Response(|response, _| response.map_body(|_| b"[]".to_vec()))),
    row("no-data", &[18], "`data` is an empty list", FaultEffect::Json(|json, _| set_data(json, json!([])))),
    row("null-data", &[18], "`data` is null", FaultEffect::Json(|json, _| set_data(json, Value::Null))),
    row("no-text", &[18], "a picture without its `b64_json`", FaultEffect::Json(|json, _| set_data(json, json!([{}])))),
    row("number-text", &[18], "`b64_json` is a number", FaultEffect::Json(|json, _| set_data(json, json!([{ "b64_json": 7 }])))),
    row("url", &[18], "a URL in place of the bytes, which must not be fetched", FaultEffect::Json(|json, context| {
        set_data(json, json!([{ "url": context.trap("picture.png") }]));
    })),
    row("error-200", &[18], "200 with an error in place of the pictures", FaultEffect::Response(|response, _| response.map_body(|_| {
        br#"{"error":{"message":"Something went wrong","type":"internal_server_error"}}"#.to_vec()
    }))),

    row("truncated", &[19], "the body ends cleanly in the middle of the first picture",
        FaultEffect::Response(|response, _| response.map_body(|body| body[..body.len() / 2].to_vec()))),
    row("no-close", &[19], "all of the JSON except its last brace",
        FaultEffect::Response(|response, _| response.map_body(|body| body[..body.len().saturating_sub(1)].to_vec()))).whole(),
    row("late-fault", &[19], "the body ends cleanly after the last picture's closing quote",
        FaultEffect::Response(|response, _| response.map_body(|body| body[..after_pictures(&body)].to_vec()))).whole(),
    row("late-garbage", &[19], "garbage right after the last picture's closing quote", FaultEffect::Response(|response, _| {
        response.map_body(|body| [&body[..after_pictures(&body)], b"]]}}\0\xFF,,{{"].concat())
    })).whole(),

    text("b64-char", "an invalid base64 character in the middle", |text| in_the_middle(text, "*")),
    text("b64-padding", "three padding characters at the end", |text| text.trim_end_matches('=').to_owned() + "==="),
    text("b64-inside", "padding in the middle", |text| in_the_middle(text, "==")),
    text("b64-short", "one extra character at the end", |mut text| {
        text.truncate(text.trim_end_matches('=').len() / 4 * 4);
        text + "A"
    }),
    text("b64-space", "a space in the middle", |text| in_the_middle(text, " ")),
    text("b64-lines", "a line break after each 76 characters", |text| {
        let lines: Vec<&str> = text.as_bytes().chunks(76).filter_map(|line| str::from_utf8(line).ok()).collect();
        lines.join("\n")
    }),
    text("b64-url", "the URL-safe alphabet: `-` and `_`", |text| text.replace('+', "-").replace('/', "_")),
    text("b64-data", "a `data:` URL", |text| format!("data:image/png;base64,{text}")),
    text("b64-empty", "no character at all", |_| String::new()),
    text("b64-unicode", "a letter of two bytes in the middle", |text| in_the_middle(text, "é")),
    row("b64-escaped", &[20], "no fault: every slash is escaped, as JSON allows",
        FaultEffect::Response(|response, _| response.map_body(|body| replace(&body, b"/", b"\\/")))).whole(),
    row("b64-bare", &[20], "a picture that ends without its padding",
        FaultEffect::Base64(|text| text.trim_end_matches('=').to_owned())).whole(),

    row("twice", &[21], "each picture's key appears twice, first with other bytes", FaultEffect::Response(|response, _| {
        response.map_body(|body| replace(&body, b"\"b64_json\":", b"\"b64_json\":\"AAAA\",\"b64_json\":"))
    })),
    row("deep", &[21], "10,000 nested lists before all other members", FaultEffect::Response(|response, _| {
        let deep = [b"\"deep\":".to_vec(), vec![b'['; 10_000], vec![b']'; 10_000], b",".to_vec()].concat();
        response.map_body(|body| insert(&body, &deep))
    })).whole(),
    row("spaces", &[21], "a gigabyte of spaces before all other members", FaultEffect::Response(|mut response, _| {
        let body = response.take_body();
        let spaces = Bytes::from(vec![b' '; 64 * 1024]);
        let at = opening(&body);
        let (before, rest) = (body.slice(..at), body.slice(at..));
        response.with_steps([BodyStep::Send(before), BodyStep::Repeat(spaces, 16 * 1024), BodyStep::Send(rest)])
    })).whole(),
    row("numbers", &[21], "unknown members with numbers beyond the range of any type", FaultEffect::Response(|response, _| {
        let digits = "9".repeat(10_000);
        let numbers = format!("\"large\":1e999999,\"long\":{digits},\"small\":-1E-999999,\"zero\":-0.0,");
        response.map_body(|body| insert(&body, numbers.as_bytes()))
    })).whole(),
    row("bom", &[21, 25], "a byte order mark before the JSON", FaultEffect::Response(|response, _| {
        response.map_body(|body| [b"\xEF\xBB\xBF", &body[..]].concat())
    })).whole(),
    row("endless", &[21, 23], "a picture whose base64 never ends", FaultEffect::Response(|mut response, _| {
        let body = response.take_body();
        let half = body.slice(..body.len() / 2);
        response.with_steps([BodyStep::Send(half), BodyStep::Repeat(Bytes::from(vec![b'A'; 64 * 1024]), u64::MAX)])
    })).hangs(),

    picture("svg", &[22], "an SVG with a script in it", |_| Bytes::from_static(
        b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><script>alert(1)</script></svg>")),
    picture("text", &[22], "a text in place of a picture", |_| Bytes::from_static(b"This is no picture.")),
    picture("polyglot", &[22], "a page of HTML with a whole PNG after it",
        |png| [b"<!DOCTYPE html><script>alert(1)</script>", &png[..]].concat().into()),
    picture("tail", &[22], "a whole picture with a page of HTML after it",
        |png| [&png[..], b"<!DOCTYPE html><script>alert(1)</script>"].concat().into()),
    picture("no-end", &[22], "a picture without its last twelve bytes, in valid base64",
        |png| png.slice(..png.len().saturating_sub(12))),
    picture("gif", &[22], "a GIF of one pixel", |_| Bytes::from_static(
        b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF!\xF9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x01D\0;")),
    row("jpeg", &[22], "a JPEG in place of another format, a PNG in place of a JPEG", FaultEffect::Format(|format| match format {
        Format::Jpeg => Format::Png,
        Format::Png | Format::Webp => Format::Jpeg,
    })).whole(),
    picture("huge", &[23], "a picture of more than 32 MB", huge),
    picture("bomb", &[23], "a PNG of a few bytes whose header says 65,535 by 65,535 pixels", |_| bomb().into()),
    row("more", &[24], "three pictures for each requested one", FaultEffect::Json(|json, _| {
        if let Some(data) = json.get_mut("data").and_then(Value::as_array_mut) {
            *data = data.iter().flat_map(|picture| vec![picture.clone(); 3]).collect();
        }
    })).whole(),
];

/// Replaces the list of pictures. An event has no list: its own members are replaced by those of the first picture.
fn set_data(json: &mut Value, data: Value) {
    if let Some(slot) = json.get_mut("data") {
        *slot = data;
    } else if let Some(event) = json.as_object_mut() {
        event.remove("b64_json");
        if let Some(picture) = data.get(0).and_then(Value::as_object) {
            event.extend(picture.clone());
        }
    }
}

/// The position of the JSON's first member; in a stream of events, of the last event's first member.
pub(super) fn opening(body: &[u8]) -> usize {
    let (mut from, mut opening) = (0, 1);
    while let Some(at) = find(&body[from..], b"\ndata: {") {
        from += at + 8;
        opening = from;
    }
    opening.min(body.len())
}

/// The body with `what` inserted before the first member.
fn insert(body: &[u8], what: &[u8]) -> Vec<u8> {
    let at = opening(body);
    [&body[..at], what, &body[at..]].concat()
}

fn in_the_middle(mut text: String, what: &str) -> String {
    text.insert_str(text.len() / 8 * 4, what);
    text
}

pub(super) fn replace(body: &[u8], what: &[u8], with: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + body.len() / 16);
    let mut rest = body;
    while let Some(at) = find(rest, what) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(with);
        rest = &rest[at + what.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// The position after the closing quote of the last picture.
pub(super) fn after_pictures(body: &[u8]) -> usize {
    let key = b"\"b64_json\":\"";
    let mut end = 0;
    while let Some(at) = find(&body[end..], key) {
        let begin = end + at + key.len();
        let Some(length) = find(&body[begin..], b"\"") else { break };
        end = begin + length + 1;
    }
    end
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    // Searches for the first byte before it compares the rest: bodies have megabytes.
    let first = *what.first()?;
    let mut at = 0;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == first)?;
        if bytes[at..].starts_with(what) {
            return Some(at);
        }
        at += 1;
    }
}

/// The picture with 33 MiB of zeros: in a PNG as a chunk after the header, in other formats at the end.
fn huge(picture: &Bytes) -> Bytes {
    let nothing = vec![0; 33 * MIB];
    if !picture.starts_with(b"\x89PNG") {
        return [&picture[..], &nothing].concat().into();
    }
    let length = u32::try_from(nothing.len()).unwrap_or(u32::MAX).to_be_bytes();
    let (header, rest) = picture.split_at(33);
    // The checksum is wrong, because the reader should give up before it.
    [header, &length, b"teST", &nothing, &[0; 4], rest].concat().into()
}

fn bomb() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 65_535, 65_535);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    // Writing to memory cannot fail.
    if let Ok(mut writer) = encoder.write_header() {
        let _ = writer.write_chunk(png::chunk::IDAT, b"\x78\x9C\x03\0\0\0\0\x01");
        let _ = writer.write_chunk(png::chunk::IEND, b"");
    }
    bytes
}
