//! A Ledger's tables, and the migration from earlier versions.
//!
//! Owns the number of the tables' form. Must not change a booking: it stays as it was granted.

use super::{learned, row::exact, sql::Sql};
use worker::{Error, Result};

/// The number of the tables' present form, stored in the row `schema` of `number`. Version 0.1 wrote no such row: that
/// is form 1.
const SCHEMA: u64 = 3;

/// The table that exists before any other, because it holds the form's number.
const NUMBERS: &str = "CREATE TABLE IF NOT EXISTS number (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID";

/// Moments of networks and visitors, such as the newest refusal.
const MOMENTS: &str =
    "CREATE TABLE moment (name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID";

const TABLES: [&str; 14] = [
    "CREATE TABLE booking (
        job TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL, subject TEXT NOT NULL,
        network TEXT NOT NULL, at INTEGER NOT NULL, lease_ends INTEGER NOT NULL, worst INTEGER NOT NULL, counted INTEGER NOT NULL,
        size TEXT NOT NULL, quality TEXT NOT NULL, model TEXT NOT NULL, charged INTEGER, struck INTEGER, prefix TEXT) WITHOUT ROWID",
    BOOKING_OF_TIME,
    "CREATE INDEX booking_open ON booking (lease_ends) WHERE charged IS NULL",
    "CREATE TABLE day (
        day INTEGER PRIMARY KEY, reserved INTEGER NOT NULL, charged INTEGER NOT NULL, refunded INTEGER NOT NULL,
        unknown INTEGER NOT NULL, pictures INTEGER NOT NULL, refusals INTEGER NOT NULL)",
    TIMES,
    GONE,
    "CREATE TABLE tally (day INTEGER NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, name)) WITHOUT ROWID",
    "CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    SUBJECT,
    SUBJECT_OF_DAY,
    NETWORK,
    HOUR,
    MOMENTS,
    learned::TABLE,
];

/// For what is deleted by its age, and for the networks that ordered within some minutes.
const BOOKING_OF_TIME: &str = "CREATE INDEX booking_of_time ON booking (at, network)";
/// What sessions have used. `hour` and `strikes` are JSON: seconds, each with its number.
const SUBJECT: &str = "CREATE TABLE subject (
        subject TEXT PRIMARY KEY, day INTEGER NOT NULL, pictures INTEGER NOT NULL, open INTEGER NOT NULL,
        hour TEXT NOT NULL, strikes TEXT NOT NULL) WITHOUT ROWID";
const SUBJECT_OF_DAY: &str = "CREATE INDEX subject_of_day ON subject (day)";
/// What networks, and /48s, have used of a day.
const NETWORK: &str = "CREATE TABLE network (
        day INTEGER NOT NULL, network TEXT NOT NULL, pictures INTEGER NOT NULL, reserved INTEGER NOT NULL,
        charged INTEGER NOT NULL, orders INTEGER NOT NULL, PRIMARY KEY (day, network)) WITHOUT ROWID";
/// What the site has granted, by the second of the grant; `held` is reserved and charged.
const HOUR: &str = "CREATE TABLE hour (second INTEGER PRIMARY KEY, held INTEGER NOT NULL, charged INTEGER NOT NULL)";

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

/// What was used is summed once, from the bookings. Earlier versions did not store the /48 of a network.
const FROM_2_TO_3: [&str; 13] = [
    "ALTER TABLE booking ADD COLUMN prefix TEXT",
    BOOKING_OF_TIME,
    SUBJECT,
    SUBJECT_OF_DAY,
    NETWORK,
    HOUR,
    MOMENTS,
    learned::TABLE,
    "INSERT INTO subject SELECT subject, day,
        (SELECT COALESCE(SUM(counted), 0) FROM booking WHERE subject = own.subject AND at / 86400000 = own.day),
        (SELECT COUNT(*) FROM booking WHERE subject = own.subject AND charged IS NULL),
        (SELECT COALESCE('[' || group_concat(second || ',' || amount) || ']', '[]') FROM
            (SELECT (at + 999) / 1000 AS second, SUM(counted) AS amount FROM booking
             WHERE subject = own.subject AND counted > 0 AND at > own.newest - 3600000 GROUP BY second)),
        (SELECT COALESCE('[' || group_concat(second || ',' || amount) || ']', '[]') FROM
            (SELECT (struck + 999) / 1000 AS second, COUNT(*) AS amount FROM booking
             WHERE subject = own.subject AND struck > own.newest - 3600000 GROUP BY second))
        FROM (SELECT subject, MAX(at) / 86400000 AS day, MAX(at) AS newest FROM booking GROUP BY subject) AS own",
    "INSERT INTO network SELECT at / 86400000 AS day, network, SUM(counted),
        COALESCE(SUM(worst) FILTER (WHERE charged IS NULL), 0), COALESCE(SUM(charged), 0),
        COUNT(*) FILTER (WHERE charged IS NULL OR charged > 0 OR counted > 0 OR struck IS NOT NULL)
        FROM booking GROUP BY day, network",
    "INSERT INTO hour SELECT (at + 999) / 1000 AS second, SUM(COALESCE(charged, worst)) AS held, COALESCE(SUM(charged), 0)
        FROM booking WHERE at > (SELECT MAX(at) FROM booking) - 3600000 GROUP BY second HAVING held > 0",
    "DROP INDEX booking_of_subject",
    "DROP INDEX booking_of_network",
];

/// Makes the tables, or migrates those of an earlier version. Rows of a later version are not touched: the Ledger
/// grants nothing until the later version is deployed again.
pub(super) fn make(sql: &Sql) -> Result<()> {
    let all = |statements: &[&str]| {
        statements.iter().try_for_each(|statement| sql.run(statement, Vec::new()))
    };
    all(&[NUMBERS])?;
    let query = "SELECT json_array((SELECT value FROM number WHERE name = 'schema'), EXISTS
        (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'booking')) AS value";
    let mut row = sql.row(query, Vec::new())?;
    let stored = match (row.number()?, row.whole()? != 0) {
        (None, false) => {
            all(&TABLES)?;
            return set_form(sql);
        }
        (stored, _) => stored.unwrap_or(1),
    };
    if stored == SCHEMA {
        return Ok(());
    }
    match stored {
        1 => {
            all(&FROM_1_TO_2)?;
            all(&FROM_2_TO_3)?;
        }
        2 => all(&FROM_2_TO_3)?,
        later => {
            return Err(Error::RustError(format!(
                "a later version wrote these rows, in form {later}"
            )));
        }
    }
    set_form(sql)
}

fn set_form(sql: &Sql) -> Result<()> {
    sql.run("INSERT OR REPLACE INTO number VALUES ('schema', ?)", vec![exact(SCHEMA)?])
}
