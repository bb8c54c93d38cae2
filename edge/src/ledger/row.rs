//! A row's values, in the order of its query's columns.
//!
//! Owns the conversion between SQLite's values and the engine's. Must not know the queries.

use contract::{
    money::Nano,
    time::{Day, Timestamp},
};
use engine::ledger::{
    Closed, DayBook, Reservation, Visitor, ceiling,
    count::Held,
    learned::{Kind, Learned},
    usage::{NetworkUsage, SubjectUsage, Usage},
    window::{Second, Window},
};
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

    /// A text, or `None` for NULL.
    fn optional_text(&mut self) -> Result<Option<String>> {
        match self.next()? {
            Cell::Null => Ok(None),
            Cell::Text(text) => Ok(Some(text)),
            _ => Err(unreadable("a text is missing")),
        }
    }

    pub(super) fn reservation(mut self) -> Result<Reservation> {
        Ok(Reservation {
            job: self.text()?,
            key: self.text()?,
            fingerprint: self.text()?,
            visitor: Visitor {
                subject: self.text()?,
                network: self.text()?,
                prefix: self.optional_text()?,
            },
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

    /// Seconds, each with its number.
    fn window(&mut self) -> Result<Window> {
        let numbers = match self.next()? {
            Cell::Numbers(numbers) => numbers,
            Cell::Null => Vec::new(),
            _ => return Err(unreadable("a list of numbers is missing")),
        };
        let (pairs, rest) = numbers.as_chunks();
        if !rest.is_empty() {
            return Err(unreadable("a second has no number"));
        }
        Ok(Window::new(pairs.iter().map(|[second, amount]| (Second(*second), *amount))))
    }

    pub(super) fn learned(mut self) -> Result<(Kind, Learned)> {
        let kind = Kind {
            model: self.text()?,
            quality: self.word()?,
            size: self.word()?,
            inputs: self.small()?,
        };
        Ok((kind, Learned { excess: self.money()?, until: self.time()? }))
    }

    /// What a network has used; nothing if its columns are NULL.
    fn network(&mut self) -> Result<NetworkUsage> {
        let [pictures, reserved, charged, orders] =
            [self.number()?, self.number()?, self.number()?, self.number()?]
                .map(Option::unwrap_or_default);
        let small = |count: u64| count.try_into().map_err(|_| unreadable("a count is too large"));
        Ok(NetworkUsage {
            pictures: small(pictures)?,
            money: Held { reserved: Nano(reserved), charged: Nano(charged) },
            orders: small(orders)?,
        })
    }

    /// What a visitor has used; a row that does not exist has used nothing.
    pub(super) fn usage(mut self, has_prefix: bool) -> Result<Usage> {
        let subject = if let Some(day) = self.number()? {
            SubjectUsage {
                day: Day::from_number(day.try_into().map_err(|_| unreadable("a day is too late"))?),
                pictures: self.small()?,
                open: self.small()?,
                hour: self.window()?,
                strikes: self.window()?,
            }
        } else {
            for _ in 0..4 {
                self.next()?;
            }
            SubjectUsage::default()
        };
        let network = self.network()?;
        let prefix = if has_prefix { Some(self.network()?) } else { None };
        Ok(Usage { subject, network, prefix })
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

/// A window for SQLite, as JSON: seconds, each with its number.
pub(super) fn window(window: &Window) -> JsValue {
    let pairs: Vec<_> =
        window.amounts().map(|(second, amount)| format!("{},{amount}", second.0)).collect();
    text(&["[", &pairs.join(","), "]"].concat())
}

/// A text for SQLite.
pub(super) fn text(text: &str) -> JsValue {
    JsValue::from_str(text)
}

/// A text for SQLite, or NULL.
pub(super) fn optional_text(value: Option<&str>) -> JsValue {
    value.map_or(JsValue::NULL, text)
}

fn unreadable(what: &str) -> Error {
    Error::RustError(what.to_owned())
}
