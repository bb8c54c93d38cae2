//! Stores pictures to edit from the request, and sends them upstream from storage.
//!
//! Owns their format in storage, which is the base64 that is sent upstream. Must not copy their bytes into the program's
//! memory.
//!
//! Decision: docs/decisions/2026-11-29-pictures-to-edit-are-stored-as-sent.md.

use super::{
    inner::Inner,
    store::{self, Chunks},
};
use crate::{
    js::{ReaderOfAtLeast, TextEncoder, ToBase64},
    upstream::{self, NoResponse, UpstreamResponse},
};
use engine::{
    config::gateway::Gateway,
    gateway::request::{BodyPart, UpstreamRequest},
    job,
    picture::upload::Upload,
};
use futures_util::future::{Either, select};
use js_sys::Uint8Array;
use std::{convert::Infallible, future, pin::pin};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, ReadableStream, ReadableStreamGetReaderOptions, ReadableStreamReaderMode,
    WritableStreamDefaultWriter,
};
use worker::worker_sys::FixedLengthStream;

/// How many bytes become one row. A multiple of three, so that the base64 of all rows can be joined.
const ROW_BYTES: u64 = 48 * 1024;

/// Stores the pictures of a stream, one after the other. Stops if the job was created or closed meanwhile.
pub(super) async fn receive(
    inner: &Inner,
    reader: &ReaderOfAtLeast,
    uploads: &[Upload],
) -> Result<(), JsValue> {
    store::chunks(&inner.sql)?;
    let encoder = TextEncoder::new()?;
    for (index, upload) in uploads.iter().enumerate() {
        let (mut left, mut position) = (upload.bytes, 0);
        while left > 0 {
            let bytes = read_exactly(reader, left.min(ROW_BYTES)).await?;
            if !inner.awaits_uploads() {
                return Ok(());
            }
            let text = encoder.encode(&bytes.unchecked_ref::<ToBase64>().to_base64());
            store::append(&inner.sql, job::upload_slot(index), position, text.into())?;
            left -= left.min(ROW_BYTES);
            position += 1;
        }
    }
    Ok(())
}

/// The reader of a stream of bytes.
pub(super) fn reader(stream: &ReadableStream) -> ReaderOfAtLeast {
    let options = ReadableStreamGetReaderOptions::new();
    options.set_mode(ReadableStreamReaderMode::Byob);
    stream.get_reader_with_options(&options).unchecked_into()
}

/// Reads exactly this many bytes.
pub(super) async fn read_exactly(
    reader: &ReaderOfAtLeast,
    bytes: u64,
) -> Result<Uint8Array, JsValue> {
    let bytes = u32::try_from(bytes).map_err(|_| JsValue::NULL)?;
    let read = JsFuture::from(reader.read_at_least(bytes, &Uint8Array::new_with_length(bytes)));
    let piece = js_sys::Reflect::get(&read.await?, &"value".into())?.dyn_into::<Uint8Array>()?;
    if piece.length() == bytes { Ok(piece) } else { Err(JsValue::NULL) }
}

/// Sends a request upstream, with its pictures to edit inserted.
pub(super) async fn send(
    inner: &Inner,
    gateway: &Gateway,
    request: &UpstreamRequest,
    signal: &AbortSignal,
) -> Result<UpstreamResponse, NoResponse> {
    if let [BodyPart::Text(text)] = request.parts.as_slice() {
        return upstream::send(&inner.env, gateway, request, &text.into(), signal).await;
    }
    let length = u32::try_from(request.length).map_err(|_| NoResponse)?;
    let pipe = FixedLengthStream::new(length).map_err(|_| NoResponse)?;
    let writer = pipe.writable().get_writer().map_err(|_| NoResponse)?;
    let body = pipe.readable().into();
    let response = upstream::send(&inner.env, gateway, request, &body, signal);
    let writing = async {
        // A failed write fails the request itself, which returns the error. After the response, writing is dropped.
        let _ = write_body(inner, request, &writer).await;
        future::pending::<Infallible>().await
    };
    match select(pin!(response), pin!(writing)).await {
        Either::Left((response, _)) => response,
        Either::Right((never, _)) => match never {},
    }
}

/// Writes a request's body, as fast as the connection accepts it.
async fn write_body(
    inner: &Inner,
    request: &UpstreamRequest,
    writer: &WritableStreamDefaultWriter,
) -> Result<(), JsValue> {
    for part in &request.parts {
        match part {
            BodyPart::Text(text) => {
                let bytes = Uint8Array::from(text.as_bytes());
                JsFuture::from(writer.write_with_chunk(&bytes)).await?;
            }
            BodyPart::Picture(index) => {
                let mut chunks = Chunks::of(&inner.sql, job::upload_slot(*index));
                while let Some(text) = chunks.next()? {
                    JsFuture::from(writer.write_with_chunk(&text)).await?;
                }
            }
        }
    }
    // If bytes are missing, closing fails, and with it the request.
    JsFuture::from(writer.close()).await?;
    Ok(())
}
