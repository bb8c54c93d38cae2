//! A row's values, in the order of its query.
//!
//! Owns the way from SQLite's values to the engine's. Read by hand: a deserialiser for each shape would be 10 KB of the
//! Worker.

use contract::{
    money::Nano,
    time::{Day, Timestamp},
};
use engine::ledger::{Closed, DayBook, Reservation, Visitor};
use std::str::FromStr;
use worker::{Error, Result, SqlStorageValue};

pub(super) struct Row(std::vec::IntoIter<SqlStorageValue>);

impl Row {
    pub(super) fn new(values: Vec<SqlStorageValue>) -> Self {
        Self(values.into_iter())
    }

    fn next(&mut self) -> Result<SqlStorageValue> {
        self.0.next().ok_or_else(|| unreadable("a row is short"))
    }

    /// A whole number, or nothing where there is none.
    pub(super) fn number(&mut self) -> Result<Option<u64>> {
        match self.next()? {
            SqlStorageValue::Null => Ok(None),
            SqlStorageValue::Integer(number) => {
                number.try_into().map(Some).map_err(|_| unreadable("a number is negative"))
            }
            _ => Err(unreadable("a number is not exact")),
        }
    }

    pub(super) fn whole(&mut self) -> Result<u64> {
        self.number()?.ok_or_else(|| unreadable("a number is missing"))
    }

    pub(super) fn small(&mut self) -> Result<u32> {
        self.whole()?.try_into().map_err(|_| unreadable("a count is too large"))
    }

    fn money(&mut self) -> Result<Nano> {
        self.whole().map(Nano)
    }

    fn time(&mut self) -> Result<Timestamp> {
        self.whole().map(Timestamp)
    }

    pub(super) fn text(&mut self) -> Result<String> {
        match self.next()? {
            SqlStorageValue::String(text) => Ok(text),
            _ => Err(unreadable("a text is missing")),
        }
    }

    /// A word of a closed set.
    fn word<T: FromStr>(&mut self) -> Result<T> {
        self.text()?.parse().map_err(|_| unreadable("a word is unknown"))
    }

    pub(super) fn reservation(mut self) -> Result<Reservation> {
        Ok(Reservation {
            job: self.text()?,
            key: self.text()?,
            fingerprint: self.text()?,
            visitor: Visitor { subject: self.text()?, network: self.text()? },
            at: self.time()?,
            lease_ends: self.time()?,
            worst: self.money()?,
            counted: self.small()?,
            size: self.word()?,
            quality: self.word()?,
            model: self.text()?,
            closed: {
                let (charged, struck) = (self.number()?, self.number()?);
                charged
                    .map(|charged| Closed { charged: Nano(charged), struck: struck.map(Timestamp) })
            },
        })
    }

    pub(super) fn day(mut self) -> Result<(Day, DayBook)> {
        let day = Day::from_number(self.small()?);
        let sums = DayBook {
            reserved: self.money()?,
            charged: self.money()?,
            refunded: self.money()?,
            unknown: self.money()?,
            pictures: self.small()?,
            refusals: self.small()?,
        };
        Ok((day, sums))
    }
}

/// A number that storage keeps exactly: at most 2^53 − 1, nine million dollars in nano-dollars.
pub(super) fn exact(number: impl TryInto<i64>) -> Result<SqlStorageValue> {
    let too_large = || unreadable("a number is too large to be kept exactly");
    SqlStorageValue::try_from_i64(number.try_into().map_err(|_| too_large())?)
}

fn unreadable(what: &str) -> Error {
    Error::RustError(what.to_owned())
}
