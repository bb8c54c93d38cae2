//! A Ledger's tables, and the migration from earlier versions.
//!
//! Owns the number of the tables' form. Must not change a booking: it stays as it was granted.

use super::{row::exact, sql::Sql};
use worker::{Error, Result};

/// The number of the tables' present form, stored in the row `schema` of `number`. Version 0.1 wrote no such row: that
/// is form 1.
const SCHEMA: u64 = 2;

/// The table that exists before any other, because it holds the form's number.
const NUMBERS: &str = "CREATE TABLE IF NOT EXISTS number (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID";

/// Moments of networks and visitors, such as the newest refusal. The table needs no form of its own: it is made where it is
/// missing, and earlier versions do not read it.
const MOMENTS: &str =
    "CREATE TABLE IF NOT EXISTS moment (name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID";

const TABLES: [&str; 9] = [
    "CREATE TABLE booking (
        job TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL, subject TEXT NOT NULL,
        network TEXT NOT NULL, at INTEGER NOT NULL, lease_ends INTEGER NOT NULL, worst INTEGER NOT NULL, counted INTEGER NOT NULL,
        size TEXT NOT NULL, quality TEXT NOT NULL, model TEXT NOT NULL, charged INTEGER, struck INTEGER) WITHOUT ROWID",
    // This index covers the query for a visitor's usage, which then reads no row of the table.
    "CREATE INDEX booking_of_subject ON booking (subject, at, counted, charged, struck)",
    "CREATE INDEX booking_of_network ON booking (network, at, counted)",
    "CREATE INDEX booking_open ON booking (lease_ends) WHERE charged IS NULL",
    "CREATE TABLE day (
        day INTEGER PRIMARY KEY, reserved INTEGER NOT NULL, charged INTEGER NOT NULL, refunded INTEGER NOT NULL,
        unknown INTEGER NOT NULL, pictures INTEGER NOT NULL, refusals INTEGER NOT NULL)",
    TIMES,
    GONE,
    "CREATE TABLE tally (day INTEGER NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, name)) WITHOUT ROWID",
    "CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
];

const TIMES: &str = "CREATE TABLE time (model TEXT NOT NULL, size TEXT NOT NULL, quality TEXT NOT NULL, slot INTEGER NOT NULL,
        n INTEGER NOT NULL, ms INTEGER NOT NULL, PRIMARY KEY (model, size, quality, slot)) WITHOUT ROWID";
/// Models that upstream's list no longer has, and when that was found.
const GONE: &str = "CREATE TABLE gone (model TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID";

/// Times are stored by model. Those of version 0.1 are attributed to the model of its newest pictures.
const FROM_1_TO_2: [&str; 5] = [
    "ALTER TABLE time RENAME TO time_of_any",
    TIMES,
    "INSERT INTO time SELECT newest.model, size, quality, slot, n, ms FROM time_of_any,
        (SELECT model FROM booking WHERE model <> '' ORDER BY at DESC LIMIT 1) AS newest",
    "DROP TABLE time_of_any",
    GONE,
];

/// Makes the tables, or migrates those of an earlier version. Rows of a later version are not touched: the Ledger
/// grants nothing until the later version is deployed again.
pub(super) fn make(sql: &Sql) -> Result<()> {
    let all = |statements: &[&str]| {
        statements.iter().try_for_each(|statement| sql.run(statement, Vec::new()))
    };
    all(&[NUMBERS, MOMENTS])?;
    let query = "SELECT json_array((SELECT value FROM number WHERE name = 'schema'), EXISTS
        (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'booking')) AS value";
    let mut row = sql.row(query, Vec::new())?;
    match (row.number()?, row.whole()? != 0) {
        (Some(SCHEMA), _) => return Ok(()),
        (Some(other), _) => {
            return Err(Error::RustError(format!(
                "a later version wrote these rows, in form {other}"
            )));
        }
        (None, true) => all(&FROM_1_TO_2)?,
        (None, false) => all(&TABLES)?,
    }
    sql.run("INSERT INTO number VALUES ('schema', ?)", vec![exact(SCHEMA)?])
}
