//! Reads a gateway's response as it arrives, and stores the picture's bytes in chunks.
//!
//! Owns the limited memory that an arriving picture uses, and the rule that "ready" is stored in the same turn as the
//! last chunk. Must not decide what the bytes mean: the engine does.

use super::{
    inner::Inner,
    stall_timeout::StallTimeout,
    store,
    work::{change, failed},
};
use crate::{
    clock,
    js::Sql,
    upstream::{NoResponse, UpstreamResponse},
};
use contract::problem::ProblemKind;
use engine::{
    config::gateway::Gateway,
    gateway::{cause::Cause, events::Mark, refusal::Refusal, response_reader::ResponseReader},
    job::{Outcome, Slot},
    picture::{Inspector, PictureFacts},
    price::Usage,
};

/// How many bytes are copied into the program's memory at a time.
const WINDOW_BYTES: u32 = 16 * 1024;
const UNREADABLE: Outcome = failed(Cause::Unreadable);
const NOT_STORED: Outcome = failed(Cause::NotStored);

/// Reads a successful response to its end. The picture becomes `ready` earlier, as soon as its own bytes are complete.
pub(super) async fn read(
    inner: &Inner,
    index: usize,
    response: &mut UpstreamResponse,
    gateway: &Gateway,
) -> Result<Usage, Outcome> {
    let mut reader = ResponseReader::new(gateway.dialect);
    let mut window = Vec::new();
    let mut writer = PictureWriter::new(inner, index, gateway)?;
    let mut ready = false;
    let mut stall_timeout = StallTimeout::new(gateway.stall_ms);
    while let Some(piece) = stall_timeout
        .wait_for(response.next())
        .await
        .ok_or(Outcome::fault(ProblemKind::Interrupted, Cause::Stalled))?
        .map_err(|NoResponse| failed(Cause::Cut))?
    {
        if !inner.read(|record| record.expects_bytes(index)).unwrap_or(false) {
            return Err(failed(Cause::Late));
        }
        let mut from = 0;
        while from < piece.length() && !reader.is_over() {
            let to = piece.length().min(from + WINDOW_BYTES);
            window.resize((to - from) as usize, 0);
            piece.subarray(from, to).copy_to(&mut window);
            from = to;
            let mut rest = window.as_slice();
            loop {
                let mark = reader.feed(&mut rest, &mut writer.decoded).map_err(|_| UNREADABLE)?;
                writer.store(ready)?;
                match mark {
                    None => break,
                    Some(Mark::Picture) if !ready => {
                        // Stored in the same turn as the last chunk, so that a restart finds both or neither.
                        let facts = writer.finish()?.ok_or(UNREADABLE)?;
                        change(inner, |record| record.ready(index, facts, clock::now()));
                        ready = true;
                    }
                    Some(Mark::Preview) if !ready => {
                        // A preview that is not a valid picture is ignored.
                        if let Some(facts) = writer.finish()? {
                            change(inner, |record| record.preview(index, facts));
                        }
                        writer = PictureWriter::new(inner, index, gateway)?;
                    }
                    Some(Mark::Dropped) if !ready => {
                        writer = PictureWriter::new(inner, index, gateway)?;
                    }
                    Some(Mark::Picture | Mark::Preview | Mark::Dropped) => {}
                    Some(Mark::Failed(Refusal { kind, refund, blame, reason, .. })) => {
                        let cause = Some(Cause::InStream { reason });
                        return Err(Outcome::Failed { kind, refund, blame, cause });
                    }
                }
            }
        }
        if reader.is_over() {
            break;
        }
    }
    let usage = reader.finish().map_err(|_| UNREADABLE)?;
    if ready { Ok(usage) } else { Err(UNREADABLE) }
}

/// Stores the bytes of one picture or preview as they are decoded.
struct PictureWriter {
    sql: Sql,
    slot: Slot,
    position: u32,
    /// `None` once the bytes are known not to be a picture.
    inspector: Option<Inspector>,
    /// Whether the bytes may be a preview, which may be invalid without failing the picture.
    may_be_preview: bool,
    decoded: Vec<u8>,
}

impl PictureWriter {
    /// Begins to write into an emptied slot.
    fn new(inner: &Inner, index: usize, gateway: &Gateway) -> Result<Self, Outcome> {
        let slot = inner.read(|record| record.arriving(index)).unwrap_or_default();
        inner.empty(slot).map_err(|_| NOT_STORED)?;
        Ok(Self {
            sql: inner.sql.clone(),
            slot,
            position: 0,
            inspector: Some(Inspector::default()),
            may_be_preview: gateway.dialect.streams(),
            decoded: Vec::with_capacity(store::CHUNK + WINDOW_BYTES as usize),
        })
    }

    /// Stores the decoded bytes once they fill a chunk. Bytes after the picture are discarded.
    fn store(&mut self, ready: bool) -> Result<(), Outcome> {
        if ready {
            self.decoded.clear();
        }
        if self.decoded.len() >= store::CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Outcome> {
        let Some(inspector) = &mut self.inspector else {
            self.decoded.clear();
            return Ok(());
        };
        if inspector.feed(&self.decoded).is_err() {
            self.inspector = None;
            return if self.may_be_preview { Ok(()) } else { Err(UNREADABLE) };
        }
        let bytes = js_sys::Uint8Array::from(self.decoded.as_slice());
        store::append(&self.sql, self.slot, self.position, bytes.into()).map_err(|_| NOT_STORED)?;
        self.position += 1;
        self.decoded.clear();
        Ok(())
    }

    /// Stores the remaining bytes, and returns the picture's facts if it is complete.
    fn finish(&mut self) -> Result<Option<PictureFacts>, Outcome> {
        self.flush()?;
        Ok(self.inspector.as_ref().and_then(|inspector| inspector.finish().ok()))
    }
}
