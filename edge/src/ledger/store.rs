//! A Ledger's rows: one per reservation, one per day, and a few numbers.
//!
//! Owns the SQL. Must not decide who may spend: the engine does, on what this finds.

use super::row::{Row, exact};
use contract::{
    money::Nano,
    options::{Quality, Size},
    time::{Day, Timestamp},
};
use engine::ledger::{
    Book, DayBook, Reservation, TIMES, Who, Window,
    breaker::{Breaker, Why},
};
use worker::{Error, Result, SqlStorage, SqlStorageValue};

const SCHEMA: [&str; 9] = [
    "CREATE TABLE IF NOT EXISTS booking (
        job TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL, subject TEXT NOT NULL,
        network TEXT NOT NULL, at INTEGER NOT NULL, lease_ends INTEGER NOT NULL, worst INTEGER NOT NULL, counted INTEGER NOT NULL,
        size TEXT NOT NULL, quality TEXT NOT NULL, model TEXT NOT NULL, charged INTEGER, struck INTEGER) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS booking_by_subject ON booking (subject, at)",
    "CREATE INDEX IF NOT EXISTS booking_by_network ON booking (network, at)",
    "CREATE INDEX IF NOT EXISTS booking_open ON booking (lease_ends) WHERE charged IS NULL",
    "CREATE TABLE IF NOT EXISTS day (
        day INTEGER PRIMARY KEY, reserved INTEGER NOT NULL, charged INTEGER NOT NULL, refunded INTEGER NOT NULL,
        unknown INTEGER NOT NULL, pictures INTEGER NOT NULL, refusals INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS took (size TEXT NOT NULL, quality TEXT NOT NULL, at INTEGER NOT NULL, ms INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS number (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS tally (day INTEGER NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, name)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
];

const BOOKING: &str = "SELECT job, key, fingerprint, subject, network, at, lease_ends, worst, counted, size, quality, model, charged, struck FROM booking";

/// The rows of one site.
pub(super) struct Store {
    sql: SqlStorage,
}

impl Store {
    /// Opens the rows, and makes the tables where nobody has seen them yet.
    pub(super) fn open(sql: SqlStorage, has_tables: bool) -> Result<Self> {
        if !has_tables {
            SCHEMA.iter().try_for_each(|statement| sql.exec(statement, None).map(drop))?;
        }
        Ok(Self { sql })
    }

    fn run(&self, statement: &str, values: Vec<SqlStorageValue>) -> Result<()> {
        self.sql.exec(statement, values).map(drop)
    }

    fn rows(&self, query: &str, values: Vec<SqlStorageValue>) -> Result<Vec<Row>> {
        let rows = self.sql.exec(query, values)?.raw();
        rows.map(|row| row.map(Row::new)).collect()
    }

    fn row(&self, query: &str, values: Vec<SqlStorageValue>) -> Result<Option<Row>> {
        Ok(self.rows(query, values)?.pop())
    }

    /// A query's one number; nothing where it finds none.
    fn find(&self, query: &str, values: Vec<SqlStorageValue>) -> Result<Option<u64>> {
        self.row(query, values)?.map_or(Ok(None), |mut row| row.number())
    }

    /// A number of that name; 0 where none was kept.
    fn number(&self, name: &str) -> Result<u64> {
        Ok(self.find("SELECT value FROM number WHERE name = ?", vec![name.into()])?.unwrap_or(0))
    }

    fn set_number(&self, name: &str, value: u64) -> Result<()> {
        self.run("INSERT OR REPLACE INTO number VALUES (?, ?)", vec![name.into(), exact(value)?])
    }

    fn booking(&self, column: &str, value: &str) -> Result<Option<Reservation>> {
        let query = [BOOKING, " WHERE ", column, " = ?"].concat();
        self.row(&query, vec![value.into()])?.map(Row::reservation).transpose()
    }
}

impl Book for Store {
    type Error = Error;

    fn clock(&self) -> Result<Timestamp> {
        self.number("clock").map(Timestamp)
    }

    fn set_clock(&mut self, now: Timestamp) -> Result<()> {
        self.set_number("clock", now.0)
    }

    fn is_closed(&self) -> Result<bool> {
        Ok(self.number("closed")? != 0)
    }

    fn set_closed(&mut self, closed: bool) -> Result<()> {
        self.set_number("closed", u64::from(closed))
    }

    fn breaker(&self) -> Result<Breaker> {
        let (state, at) = (self.number("breaker")?, Timestamp(self.number("breaker_at")?));
        let why = if state.is_multiple_of(2) { Why::Refused } else { Why::Faults };
        Ok(match state {
            1 | 2 => Breaker::Open { until: at, why },
            3 | 4 => Breaker::Probing { since: at, why },
            _ => Breaker::Closed { faults: u32::try_from(at.0).unwrap_or(u32::MAX) },
        })
    }

    fn set_breaker(&mut self, breaker: Breaker) -> Result<()> {
        let code = |faults, refused, why| if why == Why::Faults { faults } else { refused };
        let (state, at) = match breaker {
            Breaker::Closed { faults } => (0, u64::from(faults)),
            Breaker::Open { until, why } => (code(1, 2, why), until.0),
            Breaker::Probing { since, why } => (code(3, 4, why), since.0),
        };
        self.set_number("breaker", state)?;
        self.set_number("breaker_at", at)
    }

    fn by_key(&self, key: &str) -> Result<Option<Reservation>> {
        self.booking("key", key)
    }

    fn by_job(&self, job: &str) -> Result<Option<Reservation>> {
        self.booking("job", job)
    }

    fn put(&mut self, reservation: &Reservation) -> Result<()> {
        let Reservation {
            job,
            key,
            fingerprint,
            visitor,
            at,
            lease_ends,
            worst,
            counted,
            size,
            quality,
            model,
            closed,
        } = reservation;
        self.run(
            "INSERT OR REPLACE INTO booking VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            vec![
                job.as_str().into(),
                key.as_str().into(),
                fingerprint.as_str().into(),
                visitor.subject.as_str().into(),
                visitor.network.as_str().into(),
                exact(at.0)?,
                exact(lease_ends.0)?,
                exact(worst.0)?,
                exact(*counted)?,
                size.to_string().into(),
                quality.word().into(),
                model.as_str().into(),
                optional(closed.map(|closed| closed.charged.0))?,
                optional(closed.and_then(|closed| closed.struck).map(|at| at.0))?,
            ],
        )
    }

    fn day(&self, day: Day) -> Result<DayBook> {
        Ok(self.days(day, day)?.pop().map(|(_, sums)| sums).unwrap_or_default())
    }

    fn put_day(&mut self, day: Day, sums: &DayBook) -> Result<()> {
        let amounts = [sums.reserved, sums.charged, sums.refunded, sums.unknown];
        let mut values = vec![exact(day.number())?];
        for amount in amounts {
            values.push(exact(amount.0)?);
        }
        values.push(exact(sums.pictures)?);
        values.push(exact(sums.refusals)?);
        self.run("INSERT OR REPLACE INTO day VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    }

    fn days(&self, first: Day, last: Day) -> Result<Vec<(Day, DayBook)>> {
        let query = "SELECT day, reserved, charged, refunded, unknown, pictures, refusals FROM day
            WHERE day >= ? AND day <= ? ORDER BY day";
        let rows = self.rows(query, vec![exact(first.number())?, exact(last.number())?])?;
        rows.into_iter().map(Row::day).collect()
    }

    fn held(&self, first: Day, end: Day) -> Result<Option<Nano>> {
        let query = "SELECT SUM(reserved + charged) FROM day WHERE day >= ? AND day < ?";
        // A sum that is not exact is above every cap.
        let sum = self.find(query, vec![exact(first.number())?, exact(end.number())?]);
        Ok(sum.ok().map(|sum| Nano(sum.unwrap_or(0))))
    }

    fn window(&self, who: Who<'_>, since: Timestamp) -> Result<Window> {
        let (column, value) = match who {
            Who::Subject(subject) => ("subject", subject),
            Who::Network(network) => ("network", network),
        };
        let query = [
            "SELECT COALESCE(SUM(counted), 0), MIN(at) FROM booking WHERE ",
            column,
            " = ? AND at >= ? AND counted > 0",
        ];
        let Some(mut row) = self.row(&query.concat(), vec![value.into(), exact(since.0)?])? else {
            return Ok(Window::default());
        };
        Ok(Window { pictures: row.small()?, oldest: row.number()?.map(Timestamp) })
    }

    fn struck(&self, subject: &str, since: Timestamp, count: u32) -> Result<Option<Timestamp>> {
        let query = "SELECT struck FROM booking WHERE subject = ? AND struck > ? ORDER BY struck DESC LIMIT 1 OFFSET ?";
        let offset = exact(count.saturating_sub(1))?;
        Ok(self.find(query, vec![subject.into(), exact(since.0)?, offset])?.map(Timestamp))
    }

    fn open(&self, subject: &str) -> Result<u32> {
        let query = "SELECT COUNT(*) FROM booking WHERE subject = ? AND charged IS NULL";
        let count = self.find(query, vec![subject.into()])?.unwrap_or(0);
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    fn lapsed(&self, now: Timestamp) -> Result<Vec<String>> {
        let query = "SELECT job FROM booking WHERE charged IS NULL AND lease_ends <= ? ORDER BY lease_ends LIMIT 100";
        self.rows(query, vec![exact(now.0)?])?.into_iter().map(|mut row| row.text()).collect()
    }

    fn next_lapse(&self, after: Timestamp) -> Result<Option<Timestamp>> {
        let query = "SELECT MIN(lease_ends) FROM booking WHERE charged IS NULL AND lease_ends > ?";
        Ok(self.find(query, vec![exact(after.0)?])?.map(Timestamp))
    }

    fn forget(&mut self, before: Timestamp) -> Result<()> {
        self.run(
            "DELETE FROM booking WHERE charged IS NOT NULL AND at < ?",
            vec![exact(before.0)?],
        )?;
        self.run("DELETE FROM tally WHERE day < ?", vec![exact(before.day().number())?])
    }

    fn tally(&mut self, name: &str, day: Day) -> Result<u32> {
        let query = "INSERT INTO tally VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1 RETURNING count";
        let count = self.find(query, vec![exact(day.number())?, name.into()])?.unwrap_or(0);
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    fn tallied(&self, name: &str, day: Day) -> Result<u32> {
        let query = "SELECT count FROM tally WHERE day = ? AND name = ?";
        let count = self.find(query, vec![exact(day.number())?, name.into()])?.unwrap_or(0);
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    fn count(&mut self, name: &str, by: u64) -> Result<()> {
        let query = "INSERT INTO counter VALUES (?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value";
        self.run(query, vec![name.into(), exact(by)?])
    }

    fn counters(&self) -> Result<Vec<(String, u64)>> {
        let rows = self.rows("SELECT name, value FROM counter ORDER BY name", vec![])?;
        rows.into_iter().map(|mut row| Ok((row.text()?, row.whole()?))).collect()
    }

    fn took(&mut self, size: Size, quality: Quality, at: Timestamp, ms: u64) -> Result<()> {
        let kind =
            || -> Vec<SqlStorageValue> { vec![size.to_string().into(), quality.word().into()] };
        self.run(
            "INSERT INTO took VALUES (?, ?, ?, ?)",
            [kind(), vec![exact(at.0)?, exact(ms)?]].concat(),
        )?;
        self.run(
            "DELETE FROM took WHERE rowid IN
                (SELECT rowid FROM took WHERE size = ? AND quality = ? ORDER BY at DESC LIMIT -1 OFFSET ?)",
            [kind(), vec![exact(TIMES)?]].concat(),
        )
    }

    fn expected(&self, size: Size, quality: Quality) -> Result<Option<u64>> {
        let query = "SELECT ms FROM took WHERE size = ?1 AND quality = ?2 ORDER BY ms
            LIMIT 1 OFFSET (SELECT COUNT(*) / 2 FROM took WHERE size = ?1 AND quality = ?2)";
        self.find(query, vec![size.to_string().into(), quality.word().into()])
    }
}

fn optional(number: Option<u64>) -> Result<SqlStorageValue> {
    number.map_or(Ok(SqlStorageValue::Null), exact)
}
