//! The rows of what was learned of prices: one for each kind of picture.
//!
//! Owns their table and its SQL. Must not decide what counts.

use super::{
    row::{Row, exact, text},
    sql::Sql,
};
use contract::time::Timestamp;
use engine::ledger::learned::{Kind, Learned};
use std::collections::BTreeMap;
use worker::Result;

/// The excess of each picture of a kind above its configured worst case, and when it is forgotten.
pub(super) const TABLE: &str = "CREATE TABLE learned (model TEXT NOT NULL, quality TEXT NOT NULL, size TEXT NOT NULL,
        inputs INTEGER NOT NULL, excess INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (model, quality, size, inputs)) WITHOUT ROWID";

/// Everything that was learned.
pub(super) fn read(sql: &Sql) -> Result<BTreeMap<Kind, Learned>> {
    let query = "SELECT json_group_array(json_array(model, quality, size, inputs, excess, until)) AS value FROM learned";
    sql.rows(query, Vec::new())?.into_iter().map(Row::learned).collect()
}

pub(super) fn write(sql: &Sql, kind: &Kind, learned: Learned) -> Result<()> {
    let values = vec![
        text(&kind.model),
        text(kind.quality.word()),
        text(&kind.size.to_string()),
        exact(kind.inputs)?,
        exact(learned.excess.0)?,
        exact(learned.until.0)?,
    ];
    sql.run("INSERT OR REPLACE INTO learned VALUES (?, ?, ?, ?, ?, ?)", values)
}

/// Deletes what counts until then or shorter; everything if there is no time.
pub(super) fn delete(sql: &Sql, until: Option<Timestamp>) -> Result<()> {
    match until {
        Some(until) => sql.run("DELETE FROM learned WHERE until <= ?", vec![exact(until.0)?]),
        None => sql.run("DELETE FROM learned", Vec::new()),
    }
}
