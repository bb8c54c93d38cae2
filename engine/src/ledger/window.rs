//! Amounts of the last 60 minutes, by the second in which they were granted.
//!
//! Owns when an amount leaves the hour. Must not know what the amounts are.

use super::HOUR_MS;
use contract::time::Timestamp;
use std::collections::VecDeque;

/// A second since 1970. Grants within a second count as if they were made at its end, so that they leave the hour
/// together and never too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Second(pub u64);

impl Second {
    /// The second in which this time lies.
    pub const fn of(at: Timestamp) -> Self {
        Self(at.0.div_ceil(1_000))
    }

    /// When its grants no longer count.
    pub const fn leaves(self) -> Timestamp {
        Timestamp(self.0.saturating_mul(1_000)).plus(HOUR_MS)
    }

    /// The last second whose grants no longer count.
    pub const fn last_left(now: Timestamp) -> Self {
        Self(now.0.saturating_sub(HOUR_MS) / 1_000)
    }

    /// Whether its grants no longer count.
    pub fn has_left(self, now: Timestamp) -> bool {
        self.leaves() <= now
    }
}

/// At most one amount for each second of an hour, the oldest first, none of them zero. Seconds that have left the hour
/// are dropped by [`expire`](Self::expire) only, and never counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Window {
    seconds: VecDeque<(Second, u64)>,
    /// The sum of all amounts, also of those that have left.
    sum: u64,
}

impl Window {
    /// A window with these amounts.
    pub fn new(amounts: impl IntoIterator<Item = (Second, u64)>) -> Self {
        let mut window = Self::default();
        for (second, amount) in amounts {
            window.change(second, 0, amount);
        }
        window
    }

    /// Every amount that is stored, the oldest first.
    pub fn amounts(&self) -> impl Iterator<Item = (Second, u64)> {
        self.seconds.iter().copied()
    }

    /// The amount of a second.
    pub fn of(&self, second: Second) -> u64 {
        let found = self.seconds.binary_search_by_key(&second, |(own, _)| *own).ok();
        found.and_then(|at| self.seconds.get(at)).map_or(0, |(_, amount)| *amount)
    }

    /// Replaces a part of a second's amount by another. A part that has left the hour is not replaced.
    pub fn change(&mut self, second: Second, less: u64, more: u64) {
        let changed = |amount: u64| amount.saturating_sub(less).saturating_add(more);
        match self.seconds.binary_search_by_key(&second, |(own, _)| *own) {
            Ok(at) => {
                let Some((_, amount)) = self.seconds.get_mut(at) else { return };
                *amount = changed(*amount);
                if *amount == 0 {
                    self.seconds.remove(at);
                }
            }
            Err(at) if less == 0 && more > 0 => self.seconds.insert(at, (second, more)),
            Err(_) => return,
        }
        self.sum = changed(self.sum);
    }

    /// Drops the seconds that have left the hour. Returns whether there were any.
    pub fn expire(&mut self, now: Timestamp) -> bool {
        let mut dropped = false;
        while let Some((_, amount)) = self.seconds.front().filter(|(own, _)| own.has_left(now)) {
            self.sum = self.sum.saturating_sub(*amount);
            self.seconds.pop_front();
            dropped = true;
        }
        dropped
    }

    fn counting(&self, now: Timestamp) -> impl DoubleEndedIterator<Item = (Second, u64)> {
        let left = self.seconds.iter().take_while(|(own, _)| own.has_left(now)).count();
        self.seconds.iter().skip(left).copied()
    }

    /// The sum of the last 60 minutes.
    pub fn sum(&self, now: Timestamp) -> u64 {
        let left = self.seconds.iter().take_while(|(own, _)| own.has_left(now));
        left.fold(self.sum, |sum, (_, amount)| sum.saturating_sub(*amount))
    }

    /// The second of the amount's `nth` unit, counted from the newest as 1; `None` if the hour has fewer.
    pub fn newest(&self, nth: u64, now: Timestamp) -> Option<Second> {
        let mut counted = 0u64;
        let mut from_newest = self.counting(now).rev();
        let found = from_newest.find(|(_, amount)| {
            counted = counted.saturating_add(*amount);
            counted >= nth
        });
        found.map(|(second, _)| second)
    }

    /// When the sum is at most this, if nothing is added: now, or when enough seconds have left the hour.
    pub fn falls_to(&self, most: u64, now: Timestamp) -> Timestamp {
        let mut sum = self.sum(now);
        let mut when = now;
        for (second, amount) in self.counting(now) {
            if sum <= most {
                break;
            }
            sum = sum.saturating_sub(amount);
            when = second.leaves();
        }
        when
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_795_343_999_000);

    #[test]
    fn a_grant_leaves_with_its_second_and_never_before_60_minutes() {
        for (after, leaves) in [(0, 0), (1, 1_000), (999, 1_000), (1_000, 1_000)] {
            let second = Second::of(NOW.plus(after));
            assert_eq!(second.leaves(), NOW.plus(HOUR_MS + leaves));
            assert!(second.has_left(NOW.plus(HOUR_MS + leaves)));
            assert!(!second.has_left(Timestamp(NOW.0 + HOUR_MS + leaves - 1)));
            assert_eq!(Second::last_left(second.leaves()), second);
            assert_eq!(Second::last_left(Timestamp(second.leaves().0 - 1)).0, second.0 - 1);
        }
    }

    #[test]
    fn enough_leaves_second_by_second() {
        let second = |after: u64| Second::of(NOW.plus(after * 1_000));
        let window = Window::new([(second(0), 5), (second(10), 3), (second(60), 2)]);
        assert_eq!(window.sum(NOW.plus(60_000)), 10);
        for (most, seconds) in [(9, 0), (5, 0), (4, 10), (2, 10), (1, 60), (0, 60)] {
            assert_eq!(window.falls_to(most, NOW), NOW.plus(HOUR_MS + seconds * 1_000), "{most}");
        }
        assert_eq!(window.falls_to(10, NOW), NOW);
        let later = NOW.plus(HOUR_MS + 10_000);
        assert_eq!((window.sum(later), window.falls_to(2, later)), (2, later));
        assert_eq!(window.newest(1, NOW), Some(second(60)));
        assert_eq!(window.newest(3, NOW), Some(second(10)));
        assert_eq!(window.newest(10, NOW), Some(second(0)));
        assert_eq!((window.newest(11, NOW), window.newest(6, NOW.plus(HOUR_MS))), (None, None));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

        #[test]
        fn the_running_sum_is_the_sum_of_the_seconds(
            changes in prop::collection::vec((0..20u64, 0..5u64, 0..9u64, 0..30u64), 0..40),
        ) {
            let mut window = Window::default();
            for (second, less, more, later) in changes {
                let second = Second(second);
                let before = window.of(second);
                let less = if before > 0 { less.min(before) } else { less };
                window.change(second, less, more);
                let is_known = before > 0 || less == 0;
                let after = if is_known { before - less + more } else { 0 };
                prop_assert_eq!(window.of(second), after);
                let now = Second(later).leaves();
                let counts: u64 =
                    window.amounts().filter(|(own, _)| *own > Second(later)).map(|(_, n)| n).sum();
                prop_assert_eq!(window.sum(now), counts);
                let mut rest = window.clone();
                rest.expire(now);
                prop_assert_eq!(rest.sum(now), counts);
                prop_assert_eq!(rest.sum(Timestamp(0)), counts);
                prop_assert!(rest.amounts().all(|(own, amount)| own > Second(later) && amount > 0));
                let all: Vec<_> = window.amounts().map(|(own, _)| own).collect();
                prop_assert!(all.is_sorted_by(|a, b| a < b));
            }
        }
    }
}
