//! A site's book: the data that the ledger's rules look up and write.
//!
//! Owns the shape of the stored data. Must not decide: an implementation of [`Book`] reads and writes, nothing else.

use super::{Visitor, breaker::Breaker, forbidden::Doubt};
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
    /// The amount that counts towards a cap. `None` if it overflows, which is above every cap.
    pub fn held(&self) -> Option<Nano> {
        self.reserved.checked_add(self.charged)
    }
}

/// The start of the periods for which a visitor's past grants count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// Start of the visitor's hour, inclusive.
    pub hour: Timestamp,
    /// Start of the day, inclusive.
    pub day: Timestamp,
    /// Which of the refused descriptions within the hour is reported: the newest is number 1.
    pub strikes: u32,
}

/// What a visitor and its network have used: pictures that count, by the time at which they were granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// The visitor's pictures within the hour.
    pub hour: u32,
    /// When the oldest of the pictures in `hour` was granted.
    pub oldest: Option<Timestamp>,
    /// The visitor's pictures within the day.
    pub day: u32,
    /// The network's pictures within the day.
    pub network: u32,
    /// The number of the visitor's open reservations.
    pub open: u32,
    /// When the visitor's refused description number [`strikes`](Since::strikes) within the hour was refused, counted
    /// from the newest as 1; `None` if there were fewer.
    pub struck: Option<Timestamp>,
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
    /// The amount that the days from `first` to before `end` count towards a cap.
    fn held(&self, first: Day, end: Day) -> Result<Option<Nano>, Self::Error>;
    /// What a visitor and its network have used since then.
    fn standing(&self, who: &Visitor, since: Since) -> Result<Standing, Self::Error>;
    /// Whether another network than this one ordered at that time or later.
    fn others_ordered(&self, network: &str, since: Timestamp) -> Result<bool, Self::Error>;
    /// The jobs of open reservations whose lease has ended, the oldest end first, at most a hundred.
    fn lapsed(&self, now: Timestamp) -> Result<Vec<String>, Self::Error>;
    /// The earliest end of an open reservation's lease after that time.
    fn next_lapse(&self, after: Timestamp) -> Result<Option<Timestamp>, Self::Error>;
    /// Deletes closed reservations that were granted before then, and the tallies of earlier days.
    fn forget(&mut self, before: Timestamp) -> Result<(), Self::Error>;
    /// Adds one to a tally of that day, such as the sessions of a network, and returns the new count.
    fn tally(&mut self, name: &str, day: Day) -> Result<u32, Self::Error>;
    /// The count of a tally on that day.
    fn tallied(&self, name: &str, day: Day) -> Result<u32, Self::Error>;
    /// The earliest day of a tally whose name is from `from` to before `before`.
    fn first_tally(&self, from: &str, before: &str) -> Result<Option<Day>, Self::Error>;
    /// Deletes the tallies whose names are from `from` to before `before`.
    fn forget_tallies(&mut self, from: &str, before: &str) -> Result<(), Self::Error>;
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
}
