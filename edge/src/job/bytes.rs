//! A picture's original bytes, from storage to the network.
//!
//! Owns their headers. The bytes go from row to stream without entering this program's memory.

use super::{inner::Inner, store::Chunks};
use crate::{clock, reply::Reply, stream_writer::StreamWriter};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::Response;
use worker::worker_sys::FixedLengthStream;

/// Who takes nothing for so long has left, or this program is lost: the client must ask again.
const SILENCE_MS: i32 = 30_000;

/// Which of a picture's bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Original,
    /// The newest partial picture.
    Preview,
}

/// Serves a picture: 200 as the visitor is to have it, 410 if its bytes were deleted, 425 if it is not here (yet).
pub(super) fn serve(
    inner: &Rc<Inner>,
    index: usize,
    which: Which,
    query: &str,
    secure: bool,
) -> Result<Response, JsValue> {
    let now = clock::now();
    let found = inner.read(|record| {
        let gone = record.is_gone(index);
        let found = match which {
            Which::Original => record.original(index),
            Which::Preview => record.newest_preview(index),
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
    let kept = match which {
        Which::Original => format!("private, max-age={seconds}, immutable"),
        Which::Preview => "no-store".to_owned(),
    };
    let disposition = if query.starts_with("download") { "attachment" } else { "inline" };
    let reply = Reply::new(200, secure)?
        .header("content-type", facts.media_type.word())?
        .header("cache-control", &kept)?
        .header("content-disposition", &format!("{disposition}; filename=\"{name}\""))?
        .header("content-length", &facts.bytes.to_string())?
        .header("accept-ranges", "none")?;
    if query.ends_with("head") {
        return reply.empty();
    }
    let length = u32::try_from(facts.bytes).map_err(|_| JsValue::NULL)?;
    let pipe = FixedLengthStream::new(length)?;
    let writer = StreamWriter::new(&pipe.writable(), SILENCE_MS)?;
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
            // Short of its length the stream fails, and so does the client's read: a picture is whole or not there.
            writer.close().await
        };
        let _: Result<(), JsValue> = write.await;
    });
    reply.stream(&pipe.readable())
}
