//! A Ledger's rows: one per reservation, settled in place, and the times that pictures took.
//!
//! Owns the SQL. Must not decide who may spend: it counts.

use contract::{
    money::Nano,
    options::{Quality, Size},
    time::Timestamp,
};
use engine::ledger::{Bill, Book, HOUR_MS, Reserve, TIMES, month_start};
use serde::Deserialize;
use worker::{Error, Result, SqlStorage, SqlStorageValue};

const SCHEMA: [&str; 3] = [
    "CREATE TABLE IF NOT EXISTS reservation (
        job TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL, subject TEXT NOT NULL,
        at INTEGER NOT NULL, day INTEGER NOT NULL, lease_ends INTEGER NOT NULL, size TEXT NOT NULL, quality TEXT NOT NULL,
        worst INTEGER NOT NULL, counted INTEGER NOT NULL, charged INTEGER, unknown INTEGER, pictures INTEGER) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS reservation_by_subject ON reservation (subject, at)",
    "CREATE TABLE IF NOT EXISTS took (size TEXT NOT NULL, quality TEXT NOT NULL, at INTEGER NOT NULL, ms INTEGER NOT NULL)",
];

pub(super) struct Store {
    sql: SqlStorage,
}

/// A reservation that a key has been granted.
pub(super) struct Known {
    pub(super) job: String,
    pub(super) fingerprint: String,
    pub(super) lease_ends: Timestamp,
}

#[derive(Deserialize)]
struct KnownRow {
    job: String,
    fingerprint: String,
    lease_ends: f64,
}

#[derive(Deserialize)]
struct Sum {
    sum: Option<f64>,
    least: Option<f64>,
}

#[derive(Deserialize)]
struct SettledRow {
    subject: String,
    charged: Option<f64>,
}

impl Store {
    pub(super) fn new(sql: SqlStorage) -> Self {
        Self { sql }
    }

    pub(super) fn create(&self) -> Result<()> {
        SCHEMA.iter().try_for_each(|statement| self.sql.exec(statement, None).map(drop))
    }

    /// What stands in the way of a reservation.
    pub(super) fn book(&self, subject: &str, now: Timestamp) -> Result<Book> {
        let today = now.day();
        let money = |from: u32| -> Result<Nano> {
            let row = self.sum("SELECT SUM(COALESCE(charged, worst)) AS sum, NULL AS least FROM reservation WHERE day >= ?", vec![from.into_value()?])?;
            Ok(Nano(whole(row.sum)?))
        };
        let pictures = |from: Timestamp| -> Result<Sum> {
            self.sum(
                "SELECT SUM(counted) AS sum, MIN(at) AS least FROM reservation WHERE subject = ? AND at >= ? AND counted > 0",
                vec![subject.into(), from.0.into_value()?],
            )
        };
        let hour = pictures(Timestamp(now.0.saturating_sub(HOUR_MS).saturating_add(1)))?;
        let day = pictures(today.start())?;
        let jobs = self.sum(
            "SELECT COUNT(*) AS sum, NULL AS least FROM reservation WHERE subject = ? AND charged IS NULL AND lease_ends > ?",
            vec![subject.into(), now.0.into_value()?],
        )?;
        Ok(Book {
            day: money(today.number())?,
            month: money(month_start(today).number())?,
            hour_pictures: small(hour.sum)?,
            hour_oldest: hour.least.map(|at| whole(Some(at)).map(Timestamp)).transpose()?,
            day_pictures: small(day.sum)?,
            jobs: small(jobs.sum)?,
        })
    }

    pub(super) fn known(&self, key: &str) -> Result<Option<Known>> {
        let rows = self.sql.exec(
            "SELECT job, fingerprint, lease_ends FROM reservation WHERE key = ?",
            vec![key.into()],
        )?;
        let row = rows.next::<KnownRow>().next().transpose()?;
        row.map(|row| {
            Ok(Known {
                job: row.job,
                fingerprint: row.fingerprint,
                lease_ends: Timestamp(whole(Some(row.lease_ends))?),
            })
        })
        .transpose()
    }

    /// Writes a reservation. False if its price cannot be held exactly.
    pub(super) fn reserve(
        &self,
        ask: &Reserve,
        now: Timestamp,
        lease_ends: Timestamp,
    ) -> Result<bool> {
        let Ok(worst) = ask.worst.0.into_value() else { return Ok(false) };
        self.sql.exec(
            "INSERT INTO reservation (job, key, fingerprint, subject, at, day, lease_ends, size, quality, worst, counted)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            vec![
                ask.job.as_str().into(),
                ask.key.as_str().into(),
                ask.fingerprint.as_str().into(),
                ask.subject.as_str().into(),
                now.0.into_value()?,
                now.day().number().into_value()?,
                lease_ends.0.into_value()?,
                ask.size.to_string().into(),
                ask.quality.word().into(),
                worst,
                ask.pictures.into_value()?,
            ],
        )?;
        Ok(true)
    }

    /// Settles a reservation once; returns whose it was, and what was booked.
    pub(super) fn settle(&self, bill: &Bill, now: Timestamp) -> Result<(String, Nano)> {
        let find = |sql: &SqlStorage| -> Result<Option<SettledRow>> {
            let rows = sql.exec(
                "SELECT subject, charged FROM reservation WHERE job = ?",
                vec![bill.job.as_str().into()],
            )?;
            rows.next::<SettledRow>().next().transpose()
        };
        let row = find(&self.sql)?
            .ok_or_else(|| Error::RustError("a bill without a reservation".to_owned()))?;
        if let Some(charged) = row.charged {
            return Ok((row.subject, Nano(whole(Some(charged))?)));
        }
        self.sql.exec(
            "UPDATE reservation SET charged = ?, unknown = ?, pictures = ?, counted = ? WHERE job = ?",
            vec![
                bill.charged.0.into_value()?,
                bill.unknown.0.into_value()?,
                bill.pictures.into_value()?,
                bill.counted.into_value()?,
                bill.job.as_str().into(),
            ],
        )?;
        if let Some(ms) = bill.took_ms {
            self.sql.exec(
                "INSERT INTO took (size, quality, at, ms) SELECT size, quality, ?, ? FROM reservation WHERE job = ?",
                vec![now.0.into_value()?, ms.into_value()?, bill.job.as_str().into()],
            )?;
        }
        Ok((row.subject, bill.charged))
    }

    /// What the newest jobs of this kind took.
    pub(super) fn times(&self, size: Size, quality: Quality) -> Result<Vec<u64>> {
        let rows = self.sql.exec(
            "SELECT ms AS sum, NULL AS least FROM took WHERE size = ? AND quality = ? ORDER BY at DESC LIMIT ?",
            vec![size.to_string().into(), quality.word().into(), TIMES.into_value()?],
        )?;
        rows.next::<Sum>().map(|row| whole(row?.sum)).collect()
    }

    fn sum(&self, query: &str, bindings: Vec<SqlStorageValue>) -> Result<Sum> {
        self.sql.exec(query, bindings)?.one()
    }
}

/// A number that storage keeps exactly: at most 2^53 − 1, nine million dollars in nano-dollars.
trait IntoValue {
    fn into_value(self) -> Result<SqlStorageValue>;
}

impl<T: TryInto<i64>> IntoValue for T {
    fn into_value(self) -> Result<SqlStorageValue> {
        let too_large =
            || Error::RustError("a number is too large to be stored exactly".to_owned());
        SqlStorageValue::try_from_i64(self.try_into().map_err(|_| too_large())?)
    }
}

/// A number from storage, which the runtime hands over as a double.
fn whole(number: Option<f64>) -> Result<u64> {
    const EXACT: f64 = 9_007_199_254_740_991.0;
    let number = number.unwrap_or(0.0);
    if number.fract() != 0.0 || !(0.0..=EXACT).contains(&number) {
        return Err(Error::RustError("a number in storage is not exact".to_owned()));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked right above"
    )]
    Ok(number as u64)
}

fn small(number: Option<f64>) -> Result<u32> {
    u32::try_from(whole(number)?)
        .map_err(|_| Error::RustError("a count in storage is too large".to_owned()))
}
