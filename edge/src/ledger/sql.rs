//! Running SQL statements, and parsing the text that a query returns.
//!
//! Owns access to SQLite. Every query returns its rows as JSON in one column, `value`: reading each value of a row by
//! itself would cost about ten calls into the runtime. Must not hold a statement.
//!
//! Decision: docs/decisions/2026-11-29-rows-of-a-query-as-one-text.md.

use super::row::{Cell, Row};
use crate::{js, objects};
use wasm_bindgen::JsValue;
use worker::{Error, Result, Storage};

/// The object's SQLite.
#[derive(Clone)]
pub(super) struct Sql(js::Sql);

/// The value of a `?` in a statement.
pub(super) type Value = JsValue;

impl Sql {
    pub(super) fn of(storage: &Storage) -> Self {
        Self(js::Sql::of(storage))
    }

    /// Runs a statement that returns no rows.
    pub(super) fn run(&self, statement: &str, values: Vec<Value>) -> Result<()> {
        self.0.exec(statement, values)?;
        Ok(())
    }

    fn query_text(&self, query: &str, values: Vec<Value>) -> Result<String> {
        let text = self.0.exec(query, values)?.one()?.value();
        text.ok_or_else(|| Error::RustError("a query returned nothing".to_owned()))
    }

    /// The rows of a query that returns a list of lists.
    pub(super) fn rows(&self, query: &str, values: Vec<Value>) -> Result<Vec<Row>> {
        let rows: Vec<Vec<Cell>> = objects::parse(&self.query_text(query, values)?)?;
        Ok(rows.into_iter().map(Row::new).collect())
    }

    /// The row of a query that returns one list.
    pub(super) fn row(&self, query: &str, values: Vec<Value>) -> Result<Row> {
        Ok(Row::new(objects::parse(&self.query_text(query, values)?)?))
    }
}
