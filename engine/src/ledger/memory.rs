//! A book in memory, for the model and the tests.
//!
//! Owns maps that can be cloned and compared, as a state of the model must be. Must not hold rules.

use super::{
    Book, DayBook, Reservation, Visitor,
    breaker::Breaker,
    count::Held,
    forbidden::Doubt,
    learned::{Kind, Learned},
    usage::{Hour, NetworkUsage, SubjectUsage, Usage},
    window::Second,
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
    pub(super) moments: BTreeMap<String, Timestamp>,
    pub(super) counters: BTreeMap<String, u64>,
    pub(super) subjects: BTreeMap<String, SubjectUsage>,
    /// Networks and /48s, by day.
    pub(super) networks: BTreeMap<(Day, String), NetworkUsage>,
    pub(super) hour: Hour,
    took: BTreeMap<(String, Size, Quality), u64>,
    gone: BTreeMap<String, Timestamp>,
    learned: BTreeMap<Kind, Learned>,
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

    fn held(&self, first: Day, end: Day) -> Result<Option<Held>, NotExact> {
        Ok(self
            .days
            .range(first..end)
            .try_fold(Held::default(), |sum, (_, day)| sum.checked_add(day.held())))
    }

    fn usage(&self, who: &Visitor, day: Day) -> Result<Usage, NotExact> {
        let network = |key: &str| self.networks.get(&(day, key.to_owned())).copied();
        Ok(Usage {
            subject: self.subjects.get(&who.subject).cloned().unwrap_or_default(),
            network: network(&who.network).unwrap_or_default(),
            prefix: who.prefix.as_deref().map(|key| network(key).unwrap_or_default()),
        })
    }

    fn put_usage(&mut self, who: &Visitor, day: Day, usage: &Usage) -> Result<(), NotExact> {
        self.subjects.insert(who.subject.clone(), usage.subject.clone());
        for (key, network) in who.networks().zip([Some(usage.network), usage.prefix]) {
            let network = network.unwrap_or_default();
            self.keep(&[network.money.reserved, network.money.charged])?;
            self.networks.insert((day, key.to_owned()), network);
        }
        Ok(())
    }

    fn hour<T>(&self, ask: impl FnOnce(&Hour) -> T) -> Result<T, NotExact> {
        Ok(ask(&self.hour))
    }

    fn change_hour(
        &mut self,
        second: Second,
        before: Held,
        after: Held,
        now: Timestamp,
    ) -> Result<(), NotExact> {
        self.hour.change(second, before, after);
        self.hour.expire(now);
        Ok(())
    }

    fn others_ordered(&self, party: &str, since: Timestamp) -> Result<bool, NotExact> {
        let mut all = self.reservations.values();
        Ok(all.any(|r| r.at >= since && r.visitor.party() != party))
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
        self.moments.retain(|_, at| *at >= before);
        self.networks.retain(|(day, _), _| *day >= before.day());
        self.subjects.retain(|_, subject| subject.day >= before.day() || subject.open > 0);
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

    fn moment(&self, name: &str) -> Result<Option<Timestamp>, NotExact> {
        Ok(self.moments.get(name).copied())
    }

    fn set_moment(&mut self, name: &str, at: Timestamp) -> Result<(), NotExact> {
        self.moments.insert(name.to_owned(), at);
        Ok(())
    }

    fn first_day(&self) -> Result<Option<Day>, NotExact> {
        let tallies = self.tallies.keys().map(|(day, _)| *day);
        Ok(tallies.chain(self.networks.keys().map(|(day, _)| *day)).min())
    }

    fn has_tally(&self, day: Day, from: &str, before: &str) -> Result<bool, NotExact> {
        let mut names = self.tallies.keys().filter(|(own, _)| *own == day);
        Ok(names.any(|(_, name)| (from..before).contains(&name.as_str())))
    }

    fn forget_tallies(&mut self, day: Day, from: &str, before: &str) -> Result<(), NotExact> {
        self.tallies
            .retain(|(own, name), _| *own != day || !(from..before).contains(&name.as_str()));
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

    fn learned(&self, kind: &Kind) -> Result<Option<Learned>, NotExact> {
        Ok(self.learned.get(kind).copied())
    }

    fn set_learned(&mut self, kind: &Kind, learned: Learned) -> Result<(), NotExact> {
        self.keep(&[learned.excess])?;
        self.learned.insert(kind.clone(), learned);
        Ok(())
    }

    fn all_learned(&self) -> Result<Vec<(Kind, Learned)>, NotExact> {
        Ok(self.learned.iter().map(|(kind, learned)| (kind.clone(), *learned)).collect())
    }

    fn forget_learned(&mut self, until: Option<Timestamp>) -> Result<(), NotExact> {
        self.learned.retain(|_, learned| until.is_some_and(|until| learned.until > until));
        Ok(())
    }
}
