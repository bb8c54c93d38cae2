//! The rows of reservations.
//!
//! Owns their SQL. Must not decide: the engine does.

use super::{
    row::{Row, exact, optional_text, text},
    sql::Sql,
};
use contract::time::Timestamp;
use engine::ledger::Reservation;
use wasm_bindgen::JsValue;
use worker::Result;

const SELECT: &str = "SELECT json_group_array(json_array(job, key, fingerprint, subject, network, prefix, at, lease_ends, worst, counted, size, quality, model, charged, struck)) AS value
    FROM booking WHERE ";

/// The reservation whose column has this value.
pub(super) fn find(sql: &Sql, column: &str, value: &str) -> Result<Option<Reservation>> {
    let query = [SELECT, column, " = ?"].concat();
    sql.rows(&query, vec![text(value)])?.pop().map(Row::reservation).transpose()
}

pub(super) fn write(sql: &Sql, reservation: &Reservation) -> Result<()> {
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
    sql.run(
        "INSERT OR REPLACE INTO booking VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        vec![
            text(job),
            text(key),
            text(fingerprint),
            text(&visitor.subject),
            text(&visitor.network),
            exact(at.0)?,
            exact(lease_ends.0)?,
            exact(worst.0)?,
            exact(*counted)?,
            text(&size.to_string()),
            text(quality.word()),
            text(model),
            optional(closed.map(|closed| closed.charged.0))?,
            optional(closed.and_then(|closed| closed.struck).map(|at| at.0))?,
            optional_text(visitor.prefix.as_deref()),
        ],
    )
}

/// Whether another network or /48 than this one ordered at that time or later.
pub(super) fn any_of_others(sql: &Sql, party: &str, since: Timestamp) -> Result<bool> {
    let query = "SELECT json_array(EXISTS (SELECT 1 FROM booking WHERE at >= ? AND COALESCE(prefix, network) <> ?)) AS value";
    let found = sql.row(query, vec![exact(since.0)?, text(party)])?.number()?;
    Ok(found == Some(1))
}

/// The jobs of open reservations whose lease has ended.
pub(super) fn lapsed(sql: &Sql, now: Timestamp) -> Result<Vec<String>> {
    let query = "SELECT json_group_array(json_array(job)) AS value FROM
        (SELECT job FROM booking WHERE charged IS NULL AND lease_ends <= ? ORDER BY lease_ends LIMIT 100)";
    sql.rows(query, vec![exact(now.0)?])?.into_iter().map(|mut row| row.text()).collect()
}

pub(super) fn next_lapse(sql: &Sql, after: Timestamp) -> Result<Option<Timestamp>> {
    let query = "SELECT json_array(MIN(lease_ends)) AS value FROM booking WHERE charged IS NULL AND lease_ends > ?";
    Ok(sql.row(query, vec![exact(after.0)?])?.number()?.map(Timestamp))
}

/// Deletes closed reservations that were granted before then.
pub(super) fn forget(sql: &Sql, before: Timestamp) -> Result<()> {
    let statement = "DELETE FROM booking WHERE charged IS NOT NULL AND at < ?";
    sql.run(statement, vec![exact(before.0)?])
}

fn optional(number: Option<u64>) -> Result<JsValue> {
    number.map_or(Ok(JsValue::NULL), exact)
}
