//! A Job's rows: its record, and its pictures' bytes in chunks.
//!
//! Owns the SQL. Must not know what a record means.

use engine::{job::Record, wire};
use wasm_bindgen::JsValue;
use worker::{Result, SqlStorage, SqlStorageValue};

/// Bytes of a chunk, about: large enough that a picture is a few dozen rows.
pub(super) const CHUNK: usize = 32 * 1024;

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

/// The table, and in it a row that is no job: whoever comes to create one finds it closed.
pub(super) fn bury(sql: &SqlStorage) -> Result<()> {
    sql.exec(JOB, None)?;
    sql.exec("INSERT INTO job (id, record) VALUES (1, '')", None)?;
    Ok(())
}

/// The tables and the record.
pub(super) fn create(sql: &SqlStorage, record: &Record) -> Result<()> {
    sql.exec(JOB, None)?;
    sql.exec("CREATE TABLE IF NOT EXISTS chunk (picture INTEGER, position INTEGER, bytes BLOB NOT NULL, PRIMARY KEY (picture, position)) WITHOUT ROWID", None)?;
    let text = wire::text(record);
    sql.exec("INSERT OR REPLACE INTO job (id, record) VALUES (1, ?)", vec![text.into()])?;
    Ok(())
}

/// The record, changed.
pub(super) fn save(sql: &SqlStorage, record: &Record) -> Result<()> {
    let text = wire::text(record);
    sql.exec("UPDATE job SET record = ? WHERE id = 1", vec![text.into()])?;
    Ok(())
}

/// A chunk of a picture.
pub(super) fn append(sql: &SqlStorage, picture: usize, position: u32, bytes: &[u8]) -> Result<()> {
    let blob = js_sys::Uint8Array::from(bytes);
    sql.exec_raw(
        "INSERT INTO chunk VALUES (?, ?, ?)",
        vec![number(picture), position.into(), blob.into()],
    )?;
    Ok(())
}

/// What a picture's earlier attempt left.
pub(super) fn discard(sql: &SqlStorage, picture: usize) -> Result<()> {
    sql.exec_raw("DELETE FROM chunk WHERE picture = ?", vec![number(picture)])?;
    Ok(())
}

/// A chunk of a picture, as the runtime's own buffer: it does not enter this program's memory.
pub(super) fn chunk(
    sql: &SqlStorage,
    picture: usize,
    position: u32,
) -> Result<Option<js_sys::Uint8Array>> {
    let mut rows = sql.exec_raw(
        "SELECT bytes FROM chunk WHERE picture = ? AND position = ?",
        vec![number(picture), position.into()],
    )?;
    let Some(row) = Iterator::next(&mut rows) else { return Ok(None) };
    let buffer = js_sys::Reflect::get(&row?, &"bytes".into())?;
    Ok(Some(js_sys::Uint8Array::new(&buffer)))
}

/// Every picture's bytes are deleted.
pub(super) fn delete_bytes(sql: &SqlStorage) -> Result<()> {
    sql.exec("DELETE FROM chunk", None)?;
    Ok(())
}

fn number(index: usize) -> JsValue {
    u32::try_from(index).unwrap_or(u32::MAX).into()
}
