//! The edge's clock, as far as its answers have told it.
//!
//! Must not read a clock: events bring the visitor's time.

use super::Studio;

impl Studio {
    /// What the edge's clock says at `now`: what it has told of times is compared with this and never with the visitor's
    /// clock, which may be wrong by hours.
    pub(crate) fn edge_time(&self, now: u64) -> u64 {
        now.saturating_add_signed(self.ahead.unwrap_or_default())
    }

    /// An answer was written at this time of the edge's clock. It has been on its way since, and a header tells no milliseconds: each
    /// sample is too small by that, so the largest is nearest to the truth.
    pub(super) fn learn_time(&mut self, edge: u64, now: u64) {
        let ahead = edge.checked_signed_diff(now);
        self.ahead = self.ahead.max(ahead);
    }
}
