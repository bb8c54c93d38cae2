//! A book in memory, for the model and the tests.
//!
//! Owns maps that can be cloned and compared, as a state of the model must be. Must not hold rules.

use super::{
    Book, DayBook, Reservation, Since, Standing, Visitor, breaker::Breaker, forbidden::Doubt,
};
use contract::{
    money::Nano,
    options::{Quality, Size},
    time::{Day, Timestamp},
};
use std::collections::BTreeMap;

/// The error of a number that cannot be stored exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotExact;

/// All data of a book.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Memory {
    pub(super) clock: Timestamp,
    pub(super) reservations: BTreeMap<String, Reservation>,
    pub(super) days: BTreeMap<Day, DayBook>,
    pub(super) closed: bool,
    pub(super) breaker: Breaker,
    pub(super) doubt: Doubt,
    pub(super) tallies: BTreeMap<(Day, String), u32>,
    pub(super) counters: BTreeMap<String, u64>,
    took: BTreeMap<(String, Size, Quality), u64>,
    gone: BTreeMap<String, Timestamp>,
    /// Numbers above this cannot be stored exactly, like numbers above 2^53 in SQLite behind JavaScript.
    pub(super) exact: Option<u64>,
}

impl Memory {
    fn keep(&self, amounts: &[Nano]) -> Result<(), NotExact> {
        let exact = amounts.iter().all(|amount| self.exact.is_none_or(|most| amount.0 <= most));
        if exact { Ok(()) } else { Err(NotExact) }
    }
}

impl Book for Memory {
    type Error = NotExact;

    fn clock(&self) -> Result<Timestamp, NotExact> {
        Ok(self.clock)
    }

    fn set_clock(&mut self, now: Timestamp) -> Result<(), NotExact> {
        self.clock = now;
        Ok(())
    }

    fn is_closed(&self) -> Result<bool, NotExact> {
        Ok(self.closed)
    }

    fn set_closed(&mut self, closed: bool) -> Result<(), NotExact> {
        self.closed = closed;
        Ok(())
    }

    fn breaker(&self) -> Result<Breaker, NotExact> {
        Ok(self.breaker)
    }

    fn set_breaker(&mut self, breaker: Breaker) -> Result<(), NotExact> {
        self.breaker = breaker;
        Ok(())
    }

    fn doubt(&self) -> Result<Doubt, NotExact> {
        Ok(self.doubt)
    }

    fn set_doubt(&mut self, doubt: Doubt) -> Result<(), NotExact> {
        self.doubt = doubt;
        Ok(())
    }

    fn by_key(&self, key: &str) -> Result<Option<Reservation>, NotExact> {
        Ok(self.reservations.values().find(|reservation| reservation.key == key).cloned())
    }

    fn by_job(&self, job: &str) -> Result<Option<Reservation>, NotExact> {
        Ok(self.reservations.get(job).cloned())
    }

    fn put(&mut self, reservation: &Reservation) -> Result<(), NotExact> {
        let charged = reservation.closed.map_or(Nano::ZERO, |closed| closed.charged);
        self.keep(&[reservation.worst, charged])?;
        self.reservations.insert(reservation.job.clone(), reservation.clone());
        Ok(())
    }

    fn day(&self, day: Day) -> Result<DayBook, NotExact> {
        Ok(self.days.get(&day).copied().unwrap_or_default())
    }

    fn put_day(&mut self, day: Day, sums: &DayBook) -> Result<(), NotExact> {
        self.keep(&[sums.reserved, sums.charged, sums.refunded, sums.unknown])?;
        self.days.insert(day, *sums);
        Ok(())
    }

    fn days(&self, first: Day, last: Day) -> Result<Vec<(Day, DayBook)>, NotExact> {
        Ok(self.days.range(first..=last).map(|(day, sums)| (*day, *sums)).collect())
    }

    fn held(&self, first: Day, end: Day) -> Result<Option<Nano>, NotExact> {
        Ok(self
            .days
            .range(first..end)
            .try_fold(Nano::ZERO, |sum, (_, day)| sum.checked_add(day.held()?)))
    }

    fn standing(&self, who: &Visitor, since: Since) -> Result<Standing, NotExact> {
        let all = || self.reservations.values();
        let own = || all().filter(|r| r.visitor.subject == who.subject);
        let network = all().filter(|r| r.visitor.network == who.network);
        let hour = || own().filter(|r| r.at >= since.hour && r.counted > 0);
        let today = |r: &&Reservation| r.at >= since.day;
        let mut struck: Vec<_> = own()
            .filter_map(|r| r.closed.and_then(|closed| closed.struck))
            .filter(|&at| at >= since.hour)
            .collect();
        struck.sort_unstable_by(|a, b| b.cmp(a));
        Ok(Standing {
            hour: hour().map(|r| r.counted).sum(),
            oldest: hour().map(|r| r.at).min(),
            day: own().filter(today).map(|r| r.counted).sum(),
            network: network.filter(today).map(|r| r.counted).sum(),
            open: own().filter(|r| r.closed.is_none()).map(|_| 1).sum(),
            struck: struck.get((since.strikes as usize).saturating_sub(1)).copied(),
        })
    }

    fn others_ordered(&self, network: &str, since: Timestamp) -> Result<bool, NotExact> {
        let mut all = self.reservations.values();
        Ok(all.any(|r| r.at >= since && r.visitor.network != network))
    }

    fn lapsed(&self, now: Timestamp) -> Result<Vec<String>, NotExact> {
        let mut lapsed: Vec<_> = self
            .reservations
            .values()
            .filter(|r| r.closed.is_none() && r.lease_ends <= now)
            .collect();
        lapsed.sort_by_key(|r| r.lease_ends);
        Ok(lapsed.into_iter().map(|r| r.job.clone()).collect())
    }

    fn next_lapse(&self, after: Timestamp) -> Result<Option<Timestamp>, NotExact> {
        let open = self.reservations.values().filter(|r| r.closed.is_none());
        Ok(open.map(|r| r.lease_ends).filter(|&ends| ends > after).min())
    }

    fn forget(&mut self, before: Timestamp) -> Result<(), NotExact> {
        self.reservations.retain(|_, r| r.closed.is_none() || r.at >= before);
        self.tallies.retain(|(day, _), _| *day >= before.day());
        Ok(())
    }

    fn tally(&mut self, name: &str, day: Day) -> Result<u32, NotExact> {
        let count = self.tallies.entry((day, name.to_owned())).or_default();
        *count = count.saturating_add(1);
        Ok(*count)
    }

    fn tallied(&self, name: &str, day: Day) -> Result<u32, NotExact> {
        Ok(self.tallies.get(&(day, name.to_owned())).copied().unwrap_or(0))
    }

    fn first_tally(&self, from: &str, before: &str) -> Result<Option<Day>, NotExact> {
        let names = self.tallies.keys().filter(|(_, name)| (from..before).contains(&name.as_str()));
        Ok(names.map(|(day, _)| *day).min())
    }

    fn forget_tallies(&mut self, from: &str, before: &str) -> Result<(), NotExact> {
        self.tallies.retain(|(_, name), _| !(from..before).contains(&name.as_str()));
        Ok(())
    }

    fn count(&mut self, name: &str, by: u64) -> Result<(), NotExact> {
        let count = self.counters.entry(name.to_owned()).or_default();
        *count = count.saturating_add(by);
        Ok(())
    }

    fn counters(&self) -> Result<Vec<(String, u64)>, NotExact> {
        Ok(self.counters.iter().map(|(name, count)| (name.clone(), *count)).collect())
    }

    fn add_time(
        &mut self,
        model: &str,
        size: Size,
        quality: Quality,
        ms: u64,
    ) -> Result<(), NotExact> {
        self.took.insert((model.to_owned(), size, quality), ms);
        Ok(())
    }

    fn expected(&self, model: &str, size: Size, quality: Quality) -> Result<Option<u64>, NotExact> {
        Ok(self.took.get(&(model.to_owned(), size, quality)).copied())
    }

    fn gone(&self, model: &str) -> Result<Option<Timestamp>, NotExact> {
        Ok(self.gone.get(model).copied())
    }

    fn set_gone(&mut self, model: &str, at: Timestamp) -> Result<(), NotExact> {
        self.gone.insert(model.to_owned(), at);
        Ok(())
    }
}
