//! Reads bodies up to a limit.
//!
//! Owns enforcing the limit in bytes. Must not parse.

use crate::failure::Failure;
use contract::problem::ProblemKind;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader, ReadableStreamReadResult, Request};

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
    let bytes = read(&stream, limit).await?.ok_or_else(|| Failure::of(ProblemKind::TooLarge))?;
    String::from_utf8(bytes).map_err(|_| Failure::invalid("The body must be UTF-8."))
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

async fn next_chunk(reader: &ReadableStreamDefaultReader) -> Result<Option<Uint8Array>, JsValue> {
    let read: ReadableStreamReadResult = JsFuture::from(reader.read()).await?.unchecked_into();
    let done = read.get_done().unwrap_or(true);
    Ok(if done { None } else { Some(read.get_value().unchecked_into()) })
}
