//! A picture's arrival: the answer is read as it streams, and its bytes are stored in chunks.
//!
//! Owns the window of memory that a picture takes on its way, and that "ready" is stored in the turn of the last chunk.
//! Must not decide what the bytes mean: the engine does.

use super::{
    inner::Inner,
    stall_timeout::StallTimeout,
    store,
    work::{FAILED, INTERRUPTED, change},
};
use crate::{
    clock,
    js::Sql,
    upstream::{Answer, NoAnswer},
};
use engine::{
    config::gateway::Gateway,
    gateway::{events::Mark, refusal::Refusal, response_reader::ResponseReader},
    job::{Outcome, Slot},
    picture::{Facts, Inspector},
    price::Usage,
};

/// Bytes that enter this program's memory at a time.
const WINDOW: u32 = 16 * 1024;

/// Reads a 200 to its end. The picture is `ready` before that, once its own bytes are whole.
pub(super) async fn read(
    inner: &Inner,
    index: usize,
    answer: &mut Answer,
    gateway: &Gateway,
) -> Result<Usage, Outcome> {
    let mut reader = ResponseReader::new(gateway.dialect);
    let mut window = Vec::new();
    let mut arriving = Arriving::new(inner, index, gateway)?;
    let mut ready = false;
    let mut stall_timeout = StallTimeout::new(gateway.stall_ms);
    while let Some(piece) = stall_timeout
        .wait_for(answer.next())
        .await
        .ok_or(INTERRUPTED)?
        .map_err(|NoAnswer| FAILED)?
    {
        if !inner.read(|record| record.awaits(index)).unwrap_or(false) {
            return Err(FAILED);
        }
        let mut from = 0;
        while from < piece.length() && !reader.is_over() {
            let to = piece.length().min(from + WINDOW);
            window.resize((to - from) as usize, 0);
            piece.subarray(from, to).copy_to(&mut window);
            from = to;
            let mut rest = window.as_slice();
            loop {
                let mark = reader.feed(&mut rest, &mut arriving.decoded).map_err(|_| FAILED)?;
                arriving.store(ready)?;
                match mark {
                    None => break,
                    Some(Mark::Picture) if !ready => {
                        // The same turn as the last chunk: a restart finds both or neither.
                        let facts = arriving.end()?.ok_or(FAILED)?;
                        change(inner, |record| record.ready(index, facts, clock::now()));
                        ready = true;
                    }
                    Some(Mark::Preview) if !ready => {
                        // One that cannot be shown is no loss.
                        if let Some(facts) = arriving.end()? {
                            change(inner, |record| record.preview(index, facts));
                        }
                        arriving = Arriving::new(inner, index, gateway)?;
                    }
                    Some(Mark::Dropped) if !ready => {
                        arriving = Arriving::new(inner, index, gateway)?;
                    }
                    Some(Mark::Picture | Mark::Preview | Mark::Dropped) => {}
                    Some(Mark::Failed(Refusal { kind, refund, blame, .. })) => {
                        return Err(Outcome::Failed { kind, refund, blame });
                    }
                }
            }
        }
        if reader.is_over() {
            break;
        }
    }
    let usage = reader.finish().map_err(|_| FAILED)?;
    if ready { Ok(usage) } else { Err(FAILED) }
}

/// Bytes of one picture or preview on their way into storage.
struct Arriving {
    sql: Sql,
    slot: Slot,
    position: u32,
    /// Nothing once they are known to be no picture.
    inspector: Option<Inspector>,
    /// Whether they may be a preview, which may be lost.
    may_be_lost: bool,
    decoded: Vec<u8>,
}

impl Arriving {
    /// Into a slot that is empty.
    fn new(inner: &Inner, index: usize, gateway: &Gateway) -> Result<Self, Outcome> {
        let slot = inner.read(|record| record.arriving(index)).unwrap_or_default();
        inner.empty(slot).map_err(|_| FAILED)?;
        Ok(Self {
            sql: inner.sql.clone(),
            slot,
            position: 0,
            inspector: Some(Inspector::default()),
            may_be_lost: gateway.dialect.streams(),
            decoded: Vec::with_capacity(store::CHUNK + WINDOW as usize),
        })
    }

    /// Stores what makes a chunk. What comes behind the picture is of no use.
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
            return if self.may_be_lost { Ok(()) } else { Err(FAILED) };
        }
        let bytes = js_sys::Uint8Array::from(self.decoded.as_slice());
        store::append(&self.sql, self.slot, self.position, bytes.into()).map_err(|_| FAILED)?;
        self.position += 1;
        self.decoded.clear();
        Ok(())
    }

    /// Stores the rest: what the bytes are, if they are a whole picture.
    fn end(&mut self) -> Result<Option<Facts>, Outcome> {
        self.flush()?;
        Ok(self.inspector.as_ref().and_then(|inspector| inspector.finish().ok()))
    }
}
