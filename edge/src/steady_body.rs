//! Passes a client's body on as it arrives, and gives it up when the client sends too slowly.
//!
//! Owns the least speed of a body that is held in memory: a connection that sends nothing, or a little now and then, must
//! not keep that memory from others. Must not read the bytes.

use crate::{body, clock};
use contract::time::Timestamp;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader, WritableStream};

/// How long nothing may arrive: a phone that changes its network needs some seconds.
const PAUSE_MS: u64 = 15_000;
/// How far a client may be behind the least speed: a slow beginning, or one pause.
const BEHIND_MS: u64 = 20_000;
/// The least speed: a megabit per second.
const BYTES_PER_MS: u64 = 128;

/// The longest time that a body of this length takes.
pub(crate) const fn most_ms(length: u64) -> u64 {
    BEHIND_MS.saturating_add(length / BYTES_PER_MS)
}

/// What has arrived, and when.
#[derive(Debug, Clone, Copy)]
struct Progress {
    began: Timestamp,
    newest: Timestamp,
    bytes: u64,
}

impl Progress {
    const fn begin(now: Timestamp) -> Self {
        Self { began: now, newest: now, bytes: 0 }
    }

    fn add(&mut self, bytes: u32, now: Timestamp) {
        self.bytes = self.bytes.saturating_add(bytes.into());
        self.newest = now;
    }

    /// When the next bytes must have arrived.
    fn next_by(self) -> Timestamp {
        self.newest.plus(PAUSE_MS).min(self.began.plus(most_ms(self.bytes)))
    }
}

/// Passes a body on to its end. `None` if the client broke off or was too slow; the receiver's read fails then.
pub(crate) async fn pass_on(from: &ReadableStream, to: &WritableStream) -> Option<()> {
    let reader: ReadableStreamDefaultReader = from.get_reader().unchecked_into();
    let writer = to.get_writer().ok()?;
    let mut progress = Progress::begin(clock::now());
    loop {
        let left = progress.next_by().since(clock::now());
        match body::within(left, body::next_chunk(&reader)).await {
            Some(Ok(Some(piece))) => {
                progress.add(piece.length(), clock::now());
                JsFuture::from(writer.write_with_chunk(&piece)).await.ok()?;
            }
            Some(Ok(None)) => return JsFuture::from(writer.close()).await.ok().map(drop),
            Some(Err(_)) => break,
            None => {
                let _ = reader.cancel();
                break;
            }
        }
    }
    let _ = writer.abort();
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_343_999_000);

    /// For how many seconds a client is waited for that sends a piece of so many bytes every second, but nothing within
    /// the pause.
    fn waited_for(a_second: u32, pause: std::ops::Range<u64>, seconds: u64) -> u64 {
        let mut progress = Progress::begin(NOW);
        for second in 1..=seconds {
            let now = NOW.plus(second * 1_000);
            if progress.next_by() < now {
                return second - 1;
            }
            if a_second > 0 && !pause.contains(&second) {
                progress.add(a_second, now);
            }
        }
        seconds
    }

    #[test]
    fn a_client_that_sends_nothing_or_little_is_given_up_and_one_with_a_pause_is_not() {
        assert_eq!(waited_for(0, 0..0, 600), 15, "nothing at all");
        assert_eq!(waited_for(1, 0..0, 600), 20, "a byte a second");
        assert_eq!(waited_for(64_000, 0..0, 600), 39, "half a megabit");
        assert_eq!(waited_for(128_000, 0..0, 600), 600, "the least speed");
        assert_eq!(waited_for(160_000, 10..22, 600), 600, "with a pause of twelve seconds");
        assert_eq!(waited_for(1_000_000, 10..600, 600), 24, "and then nothing more");
    }

    #[test]
    fn the_largest_form_takes_three_minutes_at_most() {
        assert_eq!(most_ms(17 * 1024 * 1024), 159_264);
        assert_eq!(most_ms(u64::MAX), BEHIND_MS + u64::MAX / BYTES_PER_MS);
    }
}
