//! A Job's rows: its record, and its pictures' bytes in chunks.
//!
//! Owns the SQL. Must not know what a record means.

use engine::{
    job::{Record, Slot},
    wire,
};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use worker::{Result, SqlStorage, SqlStorageValue};

/// Bytes of a chunk, about: large enough that a picture is a few dozen rows.
pub(super) const CHUNK: usize = 32 * 1024;

/// Chunks that are read and written at once: each write costs much more than its bytes do.
const AT_ONCE: u32 = 2;

const JOB: &str =
    "CREATE TABLE IF NOT EXISTS job (id INTEGER PRIMARY KEY CHECK (id = 1), record TEXT NOT NULL)";

/// What an object finds when it wakes.
pub(super) enum Stored {
    /// Nobody has created it.
    Nothing,
    /// It was closed before it was created.
    Tombstone,
    /// A job.
    Record(Box<Record>),
}

/// What this object has. One that was never created writes nothing to find out.
pub(super) fn load(sql: &SqlStorage) -> Stored {
    match record(sql) {
        None => Stored::Nothing,
        Some(text) => {
            wire::read(&text).map_or(Stored::Tombstone, |record| Stored::Record(Box::new(record)))
        }
    }
}

fn record(sql: &SqlStorage) -> Option<String> {
    let first = |query: &str| sql.exec(query, None).ok()?.raw().next()?.ok()?.pop();
    first("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'job'")?;
    match first("SELECT record FROM job")? {
        SqlStorageValue::String(text) => Some(text),
        _ => None,
    }
}

/// The table, and in it a row that is no job: whoever comes to create one finds it closed. Pictures to edit that came
/// before are deleted.
pub(super) fn bury(sql: &SqlStorage) -> Result<()> {
    sql.exec("DROP TABLE IF EXISTS chunk", None)?;
    sql.exec(JOB, None)?;
    sql.exec("INSERT INTO job (id, record) VALUES (1, '')", None)?;
    Ok(())
}

/// The tables and the record.
pub(super) fn create(sql: &SqlStorage, record: &Record) -> Result<()> {
    sql.exec(JOB, None)?;
    chunks(sql)?;
    let text = wire::text(record);
    sql.exec("INSERT OR REPLACE INTO job (id, record) VALUES (1, ?)", vec![text.into()])?;
    Ok(())
}

/// The table of bytes.
pub(super) fn chunks(sql: &SqlStorage) -> Result<()> {
    sql.exec("CREATE TABLE IF NOT EXISTS chunk (slot INTEGER, position INTEGER, bytes BLOB NOT NULL, PRIMARY KEY (slot, position)) WITHOUT ROWID", None)?;
    Ok(())
}

/// The record, changed.
pub(super) fn save(sql: &SqlStorage, record: &Record) -> Result<()> {
    let text = wire::text(record);
    sql.exec("UPDATE job SET record = ? WHERE id = 1", vec![text.into()])?;
    Ok(())
}

/// A chunk of bytes. One that comes again is the same.
pub(super) fn append(sql: &SqlStorage, slot: Slot, position: u32, bytes: JsValue) -> Result<()> {
    let row = vec![slot.into(), position.into(), bytes];
    sql.exec_raw("INSERT OR REPLACE INTO chunk VALUES (?, ?, ?)", row)?;
    Ok(())
}

/// What was in a slot before.
pub(super) fn discard(sql: &SqlStorage, slot: Slot) -> Result<()> {
    sql.exec_raw("DELETE FROM chunk WHERE slot = ?", vec![slot.into()])?;
    Ok(())
}

/// A few chunks from that position on as one, and where the next begins; nothing behind the last. They stay outside of
/// this program's memory.
pub(super) fn some(
    sql: &SqlStorage,
    slot: Slot,
    position: u32,
) -> Result<Option<(Uint8Array, u32)>> {
    let rows = sql.exec_raw(
        "SELECT bytes FROM chunk WHERE slot = ? AND position >= ? ORDER BY position LIMIT ?",
        vec![slot.into(), position.into(), AT_ONCE.into()],
    )?;
    let (mut chunks, mut length) = (Vec::new(), 0);
    for row in rows {
        let chunk = Uint8Array::new(&js_sys::Reflect::get(&row?, &"bytes".into())?);
        length += chunk.length();
        chunks.push(chunk);
    }
    let (bytes, mut filled, mut next) = (Uint8Array::new_with_length(length), 0, position);
    for chunk in &chunks {
        bytes.set(chunk, filled);
        filled += chunk.length();
        next += 1;
    }
    Ok((next > position).then_some((bytes, next)))
}

/// Everything but these slots is deleted.
pub(super) fn keep_only(sql: &SqlStorage, slots: impl Iterator<Item = Slot>) -> Result<()> {
    let slots = wire::text(&slots.collect::<Vec<_>>());
    sql.exec(
        "DELETE FROM chunk WHERE slot NOT IN (SELECT value FROM json_each(?))",
        vec![slots.into()],
    )?;
    Ok(())
}
