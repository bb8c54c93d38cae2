//! The edge's clock, as far as its answers have told it.
//!
//! Owns how far it is ahead of the visitor's. Must not read a clock: events bring the visitor's time.

use super::Studio;

/// When an answer was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EdgeTime {
    /// By the edge's clock, in milliseconds since 1970.
    pub at: u64,
    /// It may be so much later: a header tells no milliseconds.
    pub within: u64,
    /// When the request for it was sent, by the visitor's clock.
    pub sent: u64,
}

/// How far the edge's clock is ahead of the visitor's, in milliseconds: at least and at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ahead {
    least: i64,
    most: i64,
}

impl EdgeTime {
    /// What it says where it arrives at `now`: it was written after its request was sent, and before it was here.
    fn ahead(self, now: u64) -> Option<Ahead> {
        let least = self.at.checked_signed_diff(now)?;
        let most = self.at.checked_add(self.within)?.checked_signed_diff(self.sent)?;
        Some(Ahead { least, most })
    }
}

impl Ahead {
    /// What both say. A clock that was set, or has stood still while the device slept, makes the older one wrong.
    fn and(self, newer: Self) -> Self {
        let both = Self { least: self.least.max(newer.least), most: self.most.min(newer.most) };
        if both.least <= both.most { both } else { newer }
    }
}

impl Studio {
    /// What the edge's clock says at `now`: what it has told of times is compared with this and never with the visitor's
    /// clock, which may be wrong by hours.
    pub(crate) fn edge_time(&self, now: u64) -> u64 {
        let ahead = self.ahead.map(|Ahead { least, most }| i64::midpoint(least, most));
        now.saturating_add_signed(ahead.unwrap_or_default())
    }

    pub(super) fn learn_time(&mut self, time: EdgeTime, now: u64) {
        if let Some(newer) = time.ahead(now) {
            self.ahead = Some(self.ahead.map_or(newer, |known| known.and(newer)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ahead(at: u64, within: u64, sent: u64, now: u64) -> Ahead {
        EdgeTime { at, within, sent }.ahead(now).unwrap()
    }

    #[test]
    fn each_answer_narrows_what_is_known() {
        // The edge is 1,000 ahead. An answer that took long, then a header, then a quick one.
        let slow = ahead(2_000, 0, 100, 1_900);
        assert_eq!(slow, Ahead { least: 100, most: 1_900 });
        let header = slow.and(ahead(3_000, 1_000, 2_400, 2_500));
        assert_eq!(header, Ahead { least: 500, most: 1_600 });
        let quick = header.and(ahead(5_000, 0, 3_980, 4_020));
        assert_eq!(quick, Ahead { least: 980, most: 1_020 });
        assert_eq!(quick.and(slow), quick);
    }

    #[test]
    fn what_contradicts_is_newer() {
        let before = ahead(5_000, 0, 3_980, 4_020);
        let after = ahead(900_000, 0, 4_980, 5_020);
        assert_eq!(before.and(after), after);
    }
}
