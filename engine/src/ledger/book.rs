//! A site's book: the data that the ledger's rules look up and write.
//!
//! Owns the shape of the stored data. Must not decide: an implementation of [`Book`] reads and writes, nothing else.

use super::{
    Visitor,
    breaker::Breaker,
    count::Held,
    forbidden::Doubt,
    learned::{Kind, Learned},
    usage::{Hour, Usage},
    window::Second,
};
use contract::{
    money::Nano,
    options::{Quality, Size},
    time::{Day, Timestamp},
};

/// What was granted to a job, and how it was settled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reservation {
    /// The job's id.
    pub job: String,
    /// The idempotency key within its scope.
    pub key: String,
    /// A hash of the request: two requests with the same key and different fingerprints are a conflict.
    pub fingerprint: String,
    /// The visitor who asked.
    pub visitor: Visitor,
    /// When it was granted. It is booked on this day and in this month, also if it is settled later.
    pub at: Timestamp,
    /// No picture may start after this time.
    pub lease_ends: Timestamp,
    /// The most that the job may cost.
    pub worst: Nano,
    /// The number of pictures that count against the visitor's limits.
    pub counted: u32,
    /// The size of the pictures.
    pub size: Size,
    /// The quality of the pictures.
    pub quality: Quality,
    /// The model that makes the pictures. Empty if version 0.1 wrote the row and the job is not over.
    pub model: String,
    /// How it was settled; `None` while it is open.
    pub closed: Option<Closed>,
}

impl Reservation {
    /// Its part of the sums: its worst case while it is open, then its charge.
    pub fn money(&self) -> Held {
        self.closed.map_or(Held { reserved: self.worst, charged: Nano::ZERO }, |closed| Held {
            reserved: Nano::ZERO,
            charged: closed.charged,
        })
    }
}

/// The settlement of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Closed {
    /// The amount that is spent.
    pub charged: Nano,
    /// When the description was refused, if it was.
    pub struck: Option<Timestamp>,
}

/// The sums of one UTC day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct DayBook {
    /// The sum of the open reservations.
    pub reserved: Nano,
    /// The sum that is spent.
    pub charged: Nano,
    /// The sum that was reserved and released again.
    pub refunded: Nano,
    /// The part of `charged` for which upstream named no price, so that the reservation was booked instead.
    pub unknown: Nano,
    /// The number of pictures that arrived.
    pub pictures: u32,
    /// The number of pictures that moderation refused.
    pub refusals: u32,
}

impl DayBook {
    /// The sums that count towards a cap.
    pub const fn held(&self) -> Held {
        Held { reserved: self.reserved, charged: self.charged }
    }
}

/// The storage of a book. All calls of a step are one transaction: an error undoes every write before it. A number that
/// cannot be stored exactly is an error.
pub trait Book {
    /// Why a value could not be read or stored.
    type Error;

    /// The latest time that the book has seen.
    fn clock(&self) -> Result<Timestamp, Self::Error>;
    /// Stores the latest time.
    fn set_clock(&mut self, now: Timestamp) -> Result<(), Self::Error>;
    /// Whether the operator has closed the site.
    fn is_closed(&self) -> Result<bool, Self::Error>;
    /// Closes or opens it.
    fn set_closed(&mut self, closed: bool) -> Result<(), Self::Error>;
    /// The state of the breaker.
    fn breaker(&self) -> Result<Breaker, Self::Error>;
    /// Stores the state of the breaker.
    fn set_breaker(&mut self, breaker: Breaker) -> Result<(), Self::Error>;
    /// What is known about undecided 403s: those that do not say whether they are about the key or a description.
    fn doubt(&self) -> Result<Doubt, Self::Error>;
    /// Stores what is known about undecided 403s.
    fn set_doubt(&mut self, doubt: Doubt) -> Result<(), Self::Error>;
    /// The reservation that was granted to an idempotency key.
    fn by_key(&self, key: &str) -> Result<Option<Reservation>, Self::Error>;
    /// The reservation of a job.
    fn by_job(&self, job: &str) -> Result<Option<Reservation>, Self::Error>;
    /// Writes a reservation, new or changed.
    fn put(&mut self, reservation: &Reservation) -> Result<(), Self::Error>;
    /// The sums of a day.
    fn day(&self, day: Day) -> Result<DayBook, Self::Error>;
    /// Writes the sums of a day.
    fn put_day(&mut self, day: Day, sums: &DayBook) -> Result<(), Self::Error>;
    /// The days on which something was booked, from `first` to `last`, both inclusive.
    fn days(&self, first: Day, last: Day) -> Result<Vec<(Day, DayBook)>, Self::Error>;
    /// The sums of the days from `first` to before `end` that count towards a cap. `None` if one overflows, which is above
    /// every cap.
    fn held(&self, first: Day, end: Day) -> Result<Option<Held>, Self::Error>;
    /// What a visitor has used, with what its network and its /48 have used of that day.
    fn usage(&self, who: &Visitor, day: Day) -> Result<Usage, Self::Error>;
    /// Writes what [`usage`](Self::usage) reads.
    fn put_usage(&mut self, who: &Visitor, day: Day, usage: &Usage) -> Result<(), Self::Error>;
    /// Passes what the site has granted within the last 60 minutes to `ask`.
    fn hour<T>(&self, ask: impl FnOnce(&Hour) -> T) -> Result<T, Self::Error>;
    /// Replaces a reservation's part of a second that has not left the hour, and forgets the seconds that have.
    fn change_hour(
        &mut self,
        second: Second,
        before: Held,
        after: Held,
        now: Timestamp,
    ) -> Result<(), Self::Error>;
    /// Whether another [party](Visitor::party) than this one ordered at that time or later.
    fn others_ordered(&self, party: &str, since: Timestamp) -> Result<bool, Self::Error>;
    /// The jobs of open reservations whose lease has ended, the oldest end first, at most a hundred.
    fn lapsed(&self, now: Timestamp) -> Result<Vec<String>, Self::Error>;
    /// The earliest end of an open reservation's lease after that time.
    fn next_lapse(&self, after: Timestamp) -> Result<Option<Timestamp>, Self::Error>;
    /// Deletes closed reservations that were granted before then, earlier moments, the tallies and usages of earlier days,
    /// and the usage of sessions without a grant since that day.
    fn forget(&mut self, before: Timestamp) -> Result<(), Self::Error>;
    /// Adds one to a tally of that day, such as the sessions of a network, and returns the new count.
    fn tally(&mut self, name: &str, day: Day) -> Result<u32, Self::Error>;
    /// The count of a tally on that day.
    fn tallied(&self, name: &str, day: Day) -> Result<u32, Self::Error>;
    /// A moment that was stored under this name, such as a network's newest refusal.
    fn moment(&self, name: &str) -> Result<Option<Timestamp>, Self::Error>;
    /// Stores a moment in the place of the one before it. It is forgotten a day later.
    fn set_moment(&mut self, name: &str, at: Timestamp) -> Result<(), Self::Error>;
    /// The earliest day of a tally or of a network's usage.
    fn first_day(&self) -> Result<Option<Day>, Self::Error>;
    /// Whether that day has a tally whose name is from `from` to before `before`.
    fn has_tally(&self, day: Day, from: &str, before: &str) -> Result<bool, Self::Error>;
    /// Deletes that day's tallies whose names are from `from` to before `before`.
    fn forget_tallies(&mut self, day: Day, from: &str, before: &str) -> Result<(), Self::Error>;
    /// Adds to a counter. Counters never fall.
    fn count(&mut self, name: &str, by: u64) -> Result<(), Self::Error>;
    /// Every counter.
    fn counters(&self) -> Result<Vec<(String, u64)>, Self::Error>;
    /// Stores how long a job of this size and quality took with that model.
    fn add_time(
        &mut self,
        model: &str,
        size: Size,
        quality: Quality,
        ms: u64,
    ) -> Result<(), Self::Error>;
    /// The expected time of such jobs: the median of the newest ones.
    fn expected(
        &self,
        model: &str,
        size: Size,
        quality: Quality,
    ) -> Result<Option<u64>, Self::Error>;
    /// When a model was last found to be gone upstream.
    fn gone(&self, model: &str) -> Result<Option<Timestamp>, Self::Error>;
    /// Stores when a model was found to be gone.
    fn set_gone(&mut self, model: &str, at: Timestamp) -> Result<(), Self::Error>;
    /// What was learned about a kind of picture, also if it no longer counts.
    fn learned(&self, kind: &Kind) -> Result<Option<Learned>, Self::Error>;
    /// Stores what was learned about a kind of picture.
    fn set_learned(&mut self, kind: &Kind, learned: Learned) -> Result<(), Self::Error>;
    /// Everything that was learned.
    fn all_learned(&self) -> Result<Vec<(Kind, Learned)>, Self::Error>;
    /// Deletes what was learned and counts until then or shorter; everything if there is no time.
    fn forget_learned(&mut self, until: Option<Timestamp>) -> Result<(), Self::Error>;
}
