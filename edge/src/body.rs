//! Reads bodies up to a limit.
//!
//! Owns enforcing the limits in bytes and time. Must not parse.

use crate::failure::Failure;
use contract::problem::ProblemKind;
use futures_util::future::{Either, select};
use js_sys::Uint8Array;
use std::{pin::pin, time::Duration};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader, ReadableStreamReadResult, Request};
use worker::Delay;

/// How long a client may take to send a body in JSON, which has a few kilobytes: a phone that loses its network for some
/// seconds still gets through, and a body that is half sent is not waited for any longer.
const JSON_MS: u64 = 30_000;

/// The body of a request. Fails unless its `Content-Type` is JSON and it has at most `limit` bytes.
pub(crate) async fn json(request: &Request, limit: u64) -> Result<String, Failure> {
    let headers = request.headers();
    let media_type = headers.get("content-type")?.unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Failure::invalid("The Content-Type must be application/json."));
    }
    // A declared length can only cause a refusal: the body is counted while it is read, whatever was declared.
    let declared = headers.get("content-length")?.and_then(|length| length.parse::<u64>().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(Failure::of(ProblemKind::TooLarge));
    }
    let Some(stream) = request.body() else { return Ok(String::new()) };
    let read = within(JSON_MS, read(&stream, limit)).await.and_then(Result::ok);
    let bytes = read.ok_or_else(Failure::body_did_not_arrive)?;
    let bytes = bytes.ok_or_else(|| Failure::of(ProblemKind::TooLarge))?;
    String::from_utf8(bytes).map_err(|_| Failure::invalid("The body must be UTF-8."))
}

/// Waits for work on a client's body; `None` if it takes longer than `ms` milliseconds. What was read of the body by then
/// is released with the request.
pub(crate) async fn within<F: Future>(ms: u64, work: F) -> Option<F::Output> {
    match select(pin!(work), pin!(Delay::from(Duration::from_millis(ms)))).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}

/// Awaits the text of a message between our own objects, which the runtime reads at once. `worker` would read it chunk
/// by chunk.
pub(crate) async fn text(reading: Result<js_sys::Promise, JsValue>) -> Result<String, JsValue> {
    Ok(JsFuture::from(reading?).await?.as_string().unwrap_or_default())
}

/// All bytes of a stream; `None` if there are more than `limit`.
pub(crate) async fn read(stream: &ReadableStream, limit: u64) -> Result<Option<Vec<u8>>, JsValue> {
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    while let Some(piece) = next_chunk(&reader).await? {
        if bytes.len() as u64 + u64::from(piece.length()) > limit {
            let _ = reader.cancel();
            return Ok(None);
        }
        bytes.extend_from_slice(&piece.to_vec());
    }
    Ok(Some(bytes))
}

/// The next bytes of a stream; `None` at its end.
pub(crate) async fn next_chunk(
    reader: &ReadableStreamDefaultReader,
) -> Result<Option<Uint8Array>, JsValue> {
    let read: ReadableStreamReadResult = JsFuture::from(reader.read()).await?.unchecked_into();
    let done = read.get_done().unwrap_or(true);
    Ok(if done { None } else { Some(read.get_value().unchecked_into()) })
}
