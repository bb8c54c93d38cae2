//! A row's values, in the order of its query's columns.
//!
//! Owns the conversion between SQLite's values and the engine's. Must not know the queries.

use contract::{
    money::Nano,
    time::{Day, Timestamp},
};
use engine::ledger::{Closed, DayBook, Reservation, Standing, Visitor, ceiling};
use serde::Deserialize;
use std::str::FromStr;
use wasm_bindgen::JsValue;
use worker::{Error, Result};

/// A value of a row. Any other value, such as a negative number or a fraction, was not written by this program: the
/// query fails.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Cell {
    Null,
    Number(u64),
    Text(String),
    Numbers(Vec<u64>),
}

pub(super) struct Row(std::vec::IntoIter<Cell>);

impl Row {
    pub(super) fn new(values: Vec<Cell>) -> Self {
        Self(values.into_iter())
    }

    fn next(&mut self) -> Result<Cell> {
        self.0.next().ok_or_else(|| unreadable("a row has too few values"))
    }

    /// A whole number, or `None` for NULL.
    pub(super) fn number(&mut self) -> Result<Option<u64>> {
        match self.next()? {
            Cell::Null => Ok(None),
            Cell::Number(number) => Ok(Some(number)),
            _ => Err(unreadable("a number is negative, or not exact")),
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
            Cell::Text(text) => Ok(text),
            _ => Err(unreadable("a text is missing")),
        }
    }

    /// A word of a closed set, such as a quality.
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

    fn times(&mut self) -> Result<Vec<Timestamp>> {
        match self.next()? {
            Cell::Numbers(numbers) => Ok(numbers.into_iter().map(Timestamp).collect()),
            _ => Err(unreadable("a list of times is missing")),
        }
    }

    /// `strikes`: which of the refused descriptions is returned, counted from the newest as 1.
    pub(super) fn standing(mut self, strikes: u32) -> Result<Standing> {
        Ok(Standing {
            hour: self.small()?,
            oldest: self.number()?.map(Timestamp),
            day: self.small()?,
            network: self.small()?,
            open: self.small()?,
            struck: {
                let mut struck = self.times()?;
                struck.sort_unstable_by(|a, b| b.cmp(a));
                struck.get((strikes as usize).saturating_sub(1)).copied()
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

/// A number for SQLite. It fails if JavaScript would not hold it exactly.
pub(super) fn exact(number: impl Into<u64>) -> Result<JsValue> {
    let number = number.into();
    // JavaScript holds no larger number exactly; amounts of money end there too.
    if number > ceiling::MOST.0 {
        return Err(unreadable("a number is too large to be stored exactly"));
    }
    #[expect(clippy::cast_precision_loss, reason = "it is exact")]
    Ok(JsValue::from_f64(number as f64))
}

/// A text for SQLite.
pub(super) fn text(text: &str) -> JsValue {
    JsValue::from_str(text)
}

fn unreadable(what: &str) -> Error {
    Error::RustError(what.to_owned())
}
