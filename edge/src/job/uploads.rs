//! Pictures to edit: from the request into storage, and from there upstream.
//!
//! Owns their form in storage, which is the text that goes upstream. No byte of them enters this program's memory.

use super::{
    inner::Inner,
    store::{self, Chunks},
};
use crate::{
    js::{ReaderOfAtLeast, TextEncoder, ToBase64},
    upstream::{self, Answer, NoAnswer},
};
use engine::{
    config::gateway::Gateway,
    gateway::request::{Part, Request},
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

/// Bytes that become one row: whole groups of three, so that the texts of all rows are one text.
const ROW: u64 = 48 * 1024;

/// Stores what a stream brings, one picture behind the other. Nobody waits for it any more: it stops.
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
            let bytes = exactly(reader, left.min(ROW)).await?;
            if !inner.awaits_uploads() {
                return Ok(());
            }
            let text = encoder.encode(&bytes.unchecked_ref::<ToBase64>().to_base64());
            store::append(&inner.sql, job::upload_slot(index), position, text.into())?;
            left -= left.min(ROW);
            position += 1;
        }
    }
    Ok(())
}

/// A stream's reader.
pub(super) fn reader(stream: &ReadableStream) -> ReaderOfAtLeast {
    let options = ReadableStreamGetReaderOptions::new();
    options.set_mode(ReadableStreamReaderMode::Byob);
    stream.get_reader_with_options(&options).unchecked_into()
}

/// The next bytes, so many of them.
pub(super) async fn exactly(reader: &ReaderOfAtLeast, bytes: u64) -> Result<Uint8Array, JsValue> {
    let bytes = u32::try_from(bytes).map_err(|_| JsValue::NULL)?;
    let read = JsFuture::from(reader.read_at_least(bytes, &Uint8Array::new_with_length(bytes)));
    let piece = js_sys::Reflect::get(&read.await?, &"value".into())?.dyn_into::<Uint8Array>()?;
    if piece.length() == bytes { Ok(piece) } else { Err(JsValue::NULL) }
}

/// Sends a request upstream, with the pictures to edit in it.
pub(super) async fn send(
    inner: &Inner,
    gateway: &Gateway,
    request: &Request,
    signal: &AbortSignal,
) -> Result<Answer, NoAnswer> {
    if let [Part::Text(text)] = request.parts.as_slice() {
        return upstream::send(&inner.env, gateway, request, &text.into(), signal).await;
    }
    let length = u32::try_from(request.length).map_err(|_| NoAnswer)?;
    let pipe = FixedLengthStream::new(length).map_err(|_| NoAnswer)?;
    let writer = pipe.writable().get_writer().map_err(|_| NoAnswer)?;
    let body = pipe.readable().into();
    let answer = upstream::send(&inner.env, gateway, request, &body, signal);
    let writing = async {
        // What cannot be written fails the request, and that one tells. Once it is answered nobody writes on.
        let _ = write(inner, request, &writer).await;
        future::pending::<Infallible>().await
    };
    match select(pin!(answer), pin!(writing)).await {
        Either::Left((answer, _)) => answer,
        Either::Right((never, _)) => match never {},
    }
}

/// Writes a body as fast as it is taken.
async fn write(
    inner: &Inner,
    request: &Request,
    writer: &WritableStreamDefaultWriter,
) -> Result<(), JsValue> {
    for part in &request.parts {
        match part {
            Part::Text(text) => {
                let bytes = Uint8Array::from(text.as_bytes());
                JsFuture::from(writer.write_with_chunk(&bytes)).await?;
            }
            Part::Picture(index) => {
                let mut chunks = Chunks::of(&inner.sql, job::upload_slot(*index));
                while let Some(text) = chunks.next()? {
                    JsFuture::from(writer.write_with_chunk(&text)).await?;
                }
            }
        }
    }
    // Short of its length the stream fails, and with it the request.
    JsFuture::from(writer.close()).await?;
    Ok(())
}
