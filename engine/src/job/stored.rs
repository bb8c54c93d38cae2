//! A job's record as it lies in its object: JSON, with the number of its form.
//!
//! Owns that number and the way from every earlier form. Must not guess: a record that cannot be read is said to be
//! unreadable, and whoever holds it must neither run nor refund the job.
//! Why: `docs/decisions/2026-11-29-form-number-of-stored-state.md`.

use super::Record;
use crate::wire::{self, FromJson, Json, Wrong, member};

/// The form that is written now. 0.1 wrote the record alone, without a number: that is form 1.
const SCHEMA: u32 = 2;

/// The text is no record of a form that this version knows: a later version wrote it, or it is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// A record as it is stored.
pub fn write(record: &Record) -> String {
    let mut out = "{".to_owned();
    member(&mut out, "schema", &SCHEMA);
    member(&mut out, "record", record);
    out.push('}');
    out
}

/// The record that was stored, by this version or an earlier one.
pub fn read(text: &str) -> Result<Record, Unreadable> {
    wire::read::<Form>(text).map(|form| form.0).map_err(|_| Unreadable)
}

/// A record in whichever form it was written.
struct Form(Record);

impl FromJson for Form {
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        let object = json.object()?;
        match object.optional::<u32>("schema")? {
            None => Record::from_json(json).map(Self),
            Some(SCHEMA) => object.field("record").map(Self),
            Some(_) => Err(Wrong::new("no form has this number")),
        }
    }
}
