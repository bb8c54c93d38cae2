//! Sends a picture's original bytes from storage to the client.
//!
//! Owns the headers of that response. Must not copy the bytes into the program's memory: they go from the row to the
//! stream.

use super::{inner::Inner, store::Chunks};
use crate::{clock, reply::Reply, stream_writer::StreamWriter};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::Response;
use worker::worker_sys::FixedLengthStream;

/// After this time without a write, the client has left or the program was lost: the stream is closed, and the client must
/// repeat its request.
const IDLE_MS: i32 = 30_000;

/// The version of a picture.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PictureVersion {
    Original,
    /// The newest partial picture.
    Preview,
}

/// Responds with a picture for the visitor; 410 if its bytes were deleted, 425 if it has not arrived.
pub(super) fn serve(
    inner: &Rc<Inner>,
    index: usize,
    version: PictureVersion,
    query: &str,
    secure: bool,
) -> Result<Response, JsValue> {
    let now = clock::now();
    let found = inner.read(|record| {
        let gone = record.is_gone(index);
        let found = match version {
            PictureVersion::Original => record.original(index),
            PictureVersion::Preview => record.newest_preview(index),
        };
        found.ok_or(gone).map(|(facts, slot)| {
            let name = record.file_name(index, facts.media_type.extension());
            (facts, slot, record.retention_left(now) / 1000, name)
        })
    });
    let (facts, slot, seconds, name) = match found {
        Some(Ok(found)) => found,
        Some(Err(true)) => return Reply::inner(410)?.empty(),
        _ => return Reply::inner(425)?.empty(),
    };
    let cache_control = match version {
        PictureVersion::Original => format!("private, max-age={seconds}, immutable"),
        PictureVersion::Preview => "no-store".to_owned(),
    };
    let disposition = if query.starts_with("download") { "attachment" } else { "inline" };
    let reply = Reply::new(200, secure)?
        .header("content-type", facts.media_type.word())?
        .header("cache-control", &cache_control)?
        .header("content-disposition", &format!("{disposition}; {name}"))?
        .header("content-length", &facts.bytes.to_string())?
        .header("accept-ranges", "none")?;
    if query.ends_with("head") {
        return reply.empty();
    }
    let length = u32::try_from(facts.bytes).map_err(|_| JsValue::NULL)?;
    let pipe = FixedLengthStream::new(length)?;
    let writer = StreamWriter::new(&pipe.writable(), IDLE_MS)?;
    let shared = Rc::clone(inner);
    inner.state.wait_until(async move {
        let write = async {
            let (mut chunks, mut left) = (Chunks::of(&shared.sql, slot), facts.bytes);
            while left > 0
                && let Some(bytes) = chunks.next()?
            {
                writer.write(&bytes).await?;
                left = left.saturating_sub(bytes.length().into());
            }
            // If bytes are missing, closing fails, and so does the client's read: a picture is never received in part.
            writer.close().await
        };
        let _: Result<(), JsValue> = write.await;
    });
    reply.stream(&pipe.readable())
}
