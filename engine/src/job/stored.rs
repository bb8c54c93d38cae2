//! A job's record as it lies in its object: JSON, with the number of its form.
//!
//! Owns that number and the way from every earlier form. Must not guess: a record that cannot be read is said to be
//! unreadable, and whoever holds it must neither run nor refund the job.
//! Why: `docs/decisions/2026-11-29-form-number-of-stored-state.md`.

use super::Record;
use crate::json;
use serde::{Deserialize, Deserializer, Serialize};

/// The form that is written now. 0.1 wrote the record alone, without a number: that is form 1.
const SCHEMA: u32 = 2;

/// The text is no record of a form that this version knows: a later version wrote it, or it is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// A record with the number of its form.
#[derive(Serialize, Deserialize)]
struct Stored<R> {
    schema: u32,
    record: R,
}

/// The number of a form alone. None: form 1.
#[derive(Deserialize)]
struct Form {
    #[serde(default, deserialize_with = "number")]
    schema: Option<u32>,
}

/// A number that may be missing and may not be null.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    u32::deserialize(deserializer).map(Some)
}

/// A record as it is stored.
pub fn write(record: &Record) -> String {
    json::text(&Stored { schema: SCHEMA, record })
}

/// The record that was stored, by this version or an earlier one.
pub fn read(text: &str) -> Result<Record, Unreadable> {
    let form: Form = json::read_object(text).map_err(|_| Unreadable)?;
    match form.schema {
        None => json::read(text),
        Some(SCHEMA) => json::read(text).map(|stored: Stored<Record>| stored.record),
        Some(_) => return Err(Unreadable),
    }
    .map_err(|_| Unreadable)
}
