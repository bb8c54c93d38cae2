//! A Job's rows: its record, and its pictures' bytes in chunks.
//!
//! Owns the SQL. Must not know what a record means.
//!
//! Decision: docs/decisions/2026-11-29-a-chunks-position-is-one-number.md.

use crate::js::Sql;
use contract::time::Timestamp;
use engine::{
    job::{Record, Slot, stored},
    json,
};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use worker::Result;

/// The approximate bytes of a chunk: large enough that a picture is a few dozen rows.
pub(super) const CHUNK: usize = 32 * 1024;

/// The distance between the numbers of two slots: no slot has this many chunks.
const POSITIONS: u32 = 1 << 20;

/// A chunk's number: its slot, and its position in the lower bits. With a key of two columns SQLite would read whole
/// chunks to find one.
fn number(slot: Slot, position: u32) -> JsValue {
    #[expect(clippy::cast_precision_loss, reason = "both together have less than 53 bits")]
    let number = (u64::from(slot) * u64::from(POSITIONS) + u64::from(position)) as f64;
    number.into()
}

macro_rules! table {
    (job) => {
        "CREATE TABLE IF NOT EXISTS job (id INTEGER PRIMARY KEY CHECK (id = 1), record TEXT NOT NULL);"
    };
    (chunk) => {
        "CREATE TABLE IF NOT EXISTS chunk (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);"
    };
}

/// The stored state of an object when it is loaded.
pub(super) enum Stored {
    /// No job was created.
    Nothing,
    /// The job was closed before it was created.
    Tombstone,
    /// A job.
    Record(Box<Record>),
    /// A job that this version cannot read: it is spent, and its bytes stay until their time is over.
    Unreadable,
}

/// Reads the stored state, without writing. An empty record is a tombstone.
pub(super) fn load(sql: &Sql) -> Stored {
    match record(sql) {
        Ok(None) => Stored::Nothing,
        Ok(Some(text)) if text.is_empty() => Stored::Tombstone,
        Ok(Some(text)) => stored::read(&text)
            .map_or(Stored::Unreadable, |record| Stored::Record(Box::new(record))),
        Err(_) => Stored::Unreadable,
    }
}

fn record(sql: &Sql) -> Result<Option<String>> {
    if !has_table(sql, "job")? {
        return Ok(None);
    }
    first(sql, "SELECT record AS value FROM job")
}

fn has_table(sql: &Sql, name: &str) -> Result<bool> {
    let query =
        ["SELECT name AS value FROM sqlite_master WHERE type = 'table' AND name = '", name, "'"];
    Ok(first(sql, &query.concat())?.is_some())
}

/// The text in the first row of a query. It fails if the first row contains no text.
fn first(sql: &Sql, query: &str) -> Result<Option<String>> {
    match sql.exec(query, Vec::new())?.rows()?.first() {
        Some(row) => row.value().map(Some).ok_or_else(|| "a row holds no text".into()),
        None => Ok(None),
    }
}

/// When this object first found that its record cannot be read; now if it is the first time.
pub(super) fn unreadable_since(sql: &Sql, now: Timestamp) -> Result<Timestamp> {
    const TABLE: &str = "CREATE TABLE IF NOT EXISTS unreadable (since TEXT NOT NULL)";
    run(sql, TABLE, Vec::new())?;
    if let Some(since) = first(sql, "SELECT since AS value FROM unreadable")? {
        return since.parse().map_err(|_| "a row holds no time".into());
    }
    run(sql, "INSERT INTO unreadable VALUES (?)", vec![now.to_string().into()])?;
    Ok(now)
}

/// Stores a tombstone, which is an empty record, so that no job is created here later. Pictures to edit that have
/// arrived are deleted.
pub(super) fn store_tombstone(sql: &Sql) -> Result<()> {
    const STORE_TOMBSTONE: &str = concat!(
        "DROP TABLE IF EXISTS chunk;",
        table!(job),
        "INSERT INTO job (id, record) VALUES (1, '')"
    );
    run(sql, STORE_TOMBSTONE, Vec::new())
}

/// Makes the tables and stores the record in one call: the value belongs to the last statement.
pub(super) fn create(sql: &Sql, record: &Record) -> Result<()> {
    const CREATE: &str = concat!(
        table!(job),
        table!(chunk),
        "INSERT OR REPLACE INTO job (id, record) VALUES (1, ?)"
    );
    run(sql, CREATE, vec![stored::write(record).into()])
}

/// Makes the table of chunks.
pub(super) fn chunks(sql: &Sql) -> Result<()> {
    run(sql, table!(chunk), Vec::new())
}

/// Stores a changed record.
pub(super) fn save(sql: &Sql, record: &Record) -> Result<()> {
    run(sql, "UPDATE job SET record = ? WHERE id = 1", vec![stored::write(record).into()])
}

/// Stores a chunk. A repeated call replaces it with the same bytes.
pub(super) fn append(sql: &Sql, slot: Slot, position: u32, bytes: JsValue) -> Result<()> {
    run(sql, "INSERT OR REPLACE INTO chunk VALUES (?, ?)", vec![number(slot, position), bytes])
}

/// Deletes a slot's bytes.
pub(super) fn discard(sql: &Sql, slot: Slot) -> Result<()> {
    const ALL: &str = "DELETE FROM chunk WHERE id >= ? AND id < ?";
    run(sql, ALL, vec![number(slot, 0), number(slot, POSITIONS)])
}

/// Reads a slot's bytes, a few chunks at a time, outside of the program's memory.
pub(super) struct Chunks {
    sql: Sql,
    slot: Slot,
    position: u32,
    /// Reused for each piece: a new buffer for each would make as much garbage as the picture has bytes.
    buffer: Uint8Array,
}

impl Chunks {
    pub(super) fn of(sql: &Sql, slot: Slot) -> Self {
        Self { sql: sql.clone(), slot, position: 0, buffer: Uint8Array::new_with_length(0) }
    }

    /// The next piece; `None` after the last. It is valid until the next call. The LIMIT is a constant: with a `?`
    /// SQLite would plan the query anew each time.
    /// have SQLite plan the query anew each time.
    pub(super) fn next(&mut self) -> Result<Option<Uint8Array>> {
        const SOME: &str = "SELECT bytes FROM chunk WHERE id >= ? AND id < ? ORDER BY id LIMIT 4";
        let range = vec![number(self.slot, self.position), number(self.slot, POSITIONS)];
        let rows = self.sql.exec(SOME, range)?.rows()?;
        let chunks: Vec<_> = rows.iter().map(|row| Uint8Array::new(&row.bytes())).collect();
        self.position += u32::try_from(chunks.len()).unwrap_or(u32::MAX);
        if let [] | [_] = chunks.as_slice() {
            return Ok(chunks.into_iter().next());
        }
        let length = chunks.iter().map(Uint8Array::length).sum();
        if self.buffer.length() < length {
            self.buffer = Uint8Array::new_with_length(length);
        }
        let mut filled = 0;
        for chunk in &chunks {
            self.buffer.set(chunk, filled);
            filled += chunk.length();
        }
        Ok(Some(self.buffer.subarray(0, filled)))
    }
}

/// Deletes all chunks except for those of these slots.
pub(super) fn keep_only(sql: &Sql, slots: impl Iterator<Item = Slot>) -> Result<()> {
    const OTHERS: &str = "DELETE FROM chunk WHERE id >> 20 NOT IN (SELECT value FROM json_each(?))";
    run(sql, OTHERS, vec![json::text(&slots.collect::<Vec<_>>()).into()])
}

fn run(sql: &Sql, statement: &str, values: Vec<JsValue>) -> Result<()> {
    sql.exec(statement, values)?;
    Ok(())
}
