//! The stored form of a job's record: JSON, with the number of its form.
//!
//! Owns that number, and reads every earlier form. Must not guess: a record that cannot be read is reported as
//! unreadable, and the caller must neither run nor refund the job.
//!
//! Why: `docs/decisions/2026-11-29-form-number-of-stored-state.md`.

use super::Record;
use crate::json;
use serde::{Deserialize, Deserializer, Serialize};

/// The form that is written now. Version 0.1 wrote the record alone, without a number: that is form 1.
const SCHEMA: u32 = 2;

/// The text is not a record in a form that this version knows: a later version wrote it, or it is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// A record with the number of its form.
#[derive(Serialize, Deserialize)]
struct Stored<R> {
    schema: u32,
    record: R,
}

/// The number of a form alone. `None` means form 1.
#[derive(Deserialize)]
struct Form {
    #[serde(default, deserialize_with = "number")]
    schema: Option<u32>,
}

/// A number that may be missing but not null.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    u32::deserialize(deserializer).map(Some)
}

/// The stored form of a record.
pub fn write(record: &Record) -> String {
    json::text(&Stored { schema: SCHEMA, record })
}

/// Reads a record that this version or an earlier one stored.
pub fn read(text: &str) -> Result<Record, Unreadable> {
    let form: Form = json::read_object(text).map_err(|_| Unreadable)?;
    match form.schema {
        None => json::read(text),
        Some(SCHEMA) => json::read(text).map(|stored: Stored<Record>| stored.record),
        Some(_) => return Err(Unreadable),
    }
    .map_err(|_| Unreadable)
}
