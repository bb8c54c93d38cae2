//! A site's book: what its keeper must be able to look up and write.
//!
//! Owns the shape of what is kept. Must not decide: a keeper answers what it is asked and nothing else.

use super::{Visitor, breaker::Breaker, forbidden::Doubt};
use contract::{
    money::Nano,
    options::{Quality, Size},
    time::{Day, Timestamp},
};

/// What was granted to a job, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reservation {
    /// The job's id.
    pub job: String,
    /// The idempotency key within its scope.
    pub key: String,
    /// Tells requests apart.
    pub fingerprint: String,
    /// Who asked.
    pub visitor: Visitor,
    /// When it was granted. Its day and month are booked for ever after.
    pub at: Timestamp,
    /// Nothing may start after it.
    pub lease_ends: Timestamp,
    /// The most that the job may cost.
    pub worst: Nano,
    /// Pictures that count against the visitor.
    pub counted: u32,
    /// What is made.
    pub size: Size,
    /// See `size`.
    pub quality: Quality,
    /// The model that is asked for the pictures; empty where 0.1 wrote the row and the job is not over.
    pub model: String,
    /// What it came to; nothing while it is open.
    pub closed: Option<Closed>,
}

/// What a reservation came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Closed {
    /// All that is spent.
    pub charged: Nano,
    /// When, if the description was refused.
    pub struck: Option<Timestamp>,
}

/// The sums of one UTC day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct DayBook {
    /// Open now.
    pub reserved: Nano,
    /// Spent.
    pub charged: Nano,
    /// Released.
    pub refunded: Nano,
    /// The part of `charged` that is booked at its reservation, for want of a price.
    pub unknown: Nano,
    /// Pictures that came.
    pub pictures: u32,
    /// Pictures that moderation refused.
    pub refusals: u32,
}

impl DayBook {
    /// What stands against a cap; nothing if it does not fit, which is above every cap.
    pub fn held(&self) -> Option<Nano> {
        self.reserved.checked_add(self.charged)
    }
}

/// From when on a visitor's past counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// Of the visitor's hour, inclusive.
    pub hour: Timestamp,
    /// Of the day, inclusive.
    pub day: Timestamp,
    /// How many refused descriptions within the hour are looked for.
    pub strikes: u32,
}

/// What a visitor and its network have had: pictures that count, by when they were granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// The visitor's within the hour.
    pub hour: u32,
    /// When the oldest of those was granted.
    pub oldest: Option<Timestamp>,
    /// The visitor's within the day.
    pub day: u32,
    /// The network's within the day.
    pub network: u32,
    /// The visitor's open reservations.
    pub open: u32,
    /// When the [`strikes`](Since::strikes)th newest of the visitor's refused descriptions within the hour was refused,
    /// counted from 1.
    pub struck: Option<Timestamp>,
}

/// What a keeper of a book offers. All of it is one transaction: an error undoes every write before it, and a number
/// that cannot be kept exactly is an error.
pub trait Book {
    /// Why something could not be kept.
    type Error;

    /// The latest time that the book has seen.
    fn clock(&self) -> Result<Timestamp, Self::Error>;
    /// Keeps that.
    fn set_clock(&mut self, now: Timestamp) -> Result<(), Self::Error>;
    /// Whether the operator has closed the site.
    fn is_closed(&self) -> Result<bool, Self::Error>;
    /// Closes or opens it.
    fn set_closed(&mut self, closed: bool) -> Result<(), Self::Error>;
    /// Where the breaker stands.
    fn breaker(&self) -> Result<Breaker, Self::Error>;
    /// Keeps that.
    fn set_breaker(&mut self, breaker: Breaker) -> Result<(), Self::Error>;
    /// What is known of 403s that do not say what they are about.
    fn doubt(&self) -> Result<Doubt, Self::Error>;
    /// Keeps that.
    fn set_doubt(&mut self, doubt: Doubt) -> Result<(), Self::Error>;
    /// The reservation that a key was granted.
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
    /// What the days from `first` to before `end` hold against a cap.
    fn held(&self, first: Day, end: Day) -> Result<Option<Nano>, Self::Error>;
    /// What a visitor and its network have had since then.
    fn standing(&self, who: &Visitor, since: Since) -> Result<Standing, Self::Error>;
    /// Open reservations whose lease has ended, the longest ended first, a hundred at most.
    fn lapsed(&self, now: Timestamp) -> Result<Vec<String>, Self::Error>;
    /// The end of the lease that ends next after that time, of those that are open.
    fn next_lapse(&self, after: Timestamp) -> Result<Option<Timestamp>, Self::Error>;
    /// Deletes closed reservations that were granted before then, and all that is kept for a day of the days before it.
    fn forget(&mut self, before: Timestamp) -> Result<(), Self::Error>;
    /// Counts one of its kind on that day: a network's sessions, for example. How many that makes.
    fn tally(&mut self, name: &str, day: Day) -> Result<u32, Self::Error>;
    /// How many were counted.
    fn tallied(&self, name: &str, day: Day) -> Result<u32, Self::Error>;
    /// Adds to a counter that never falls.
    fn count(&mut self, name: &str, by: u64) -> Result<(), Self::Error>;
    /// Every counter.
    fn counters(&self) -> Result<Vec<(String, u64)>, Self::Error>;
    /// Keeps what a job of this kind took with that model.
    fn took(
        &mut self,
        model: &str,
        size: Size,
        quality: Quality,
        ms: u64,
    ) -> Result<(), Self::Error>;
    /// What such jobs are expected to take: the median of the newest.
    fn expected(
        &self,
        model: &str,
        size: Size,
        quality: Quality,
    ) -> Result<Option<u64>, Self::Error>;
    /// When a model was last found to be gone.
    fn gone(&self, model: &str) -> Result<Option<Timestamp>, Self::Error>;
    /// Keeps that.
    fn set_gone(&mut self, model: &str, at: Timestamp) -> Result<(), Self::Error>;
}
