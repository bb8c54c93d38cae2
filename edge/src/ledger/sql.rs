//! Statements, and the one text that a query answers with.
//!
//! Owns the way to SQLite. Every query tells its rows as JSON in one column, `told`: each value of a row on its own would
//! be ten steps out of this program. Must not hold a statement.

use super::row::{Cell, Row};
use crate::js;
use engine::json;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use worker::{Error, Result, Storage};

/// The object's SQLite.
#[derive(Clone)]
pub(super) struct Sql(js::Sql);

/// What stands for a `?`.
pub(super) type Value = JsValue;

impl Sql {
    pub(super) fn of(storage: &Storage) -> Self {
        Self(js::Sql::of(storage))
    }

    /// Runs a statement that finds nothing.
    pub(super) fn run(&self, statement: &str, values: Vec<Value>) -> Result<()> {
        self.0.exec(statement, values)?;
        Ok(())
    }

    fn query_text(&self, query: &str, values: Vec<Value>) -> Result<String> {
        let told = self.0.exec(query, values)?.one()?.told();
        told.ok_or_else(|| Error::RustError("a query told nothing".to_owned()))
    }

    /// The rows that a query tells, each a list.
    pub(super) fn rows(&self, query: &str, values: Vec<Value>) -> Result<Vec<Row>> {
        let rows: Vec<Vec<Cell>> = read(&self.query_text(query, values)?)?;
        Ok(rows.into_iter().map(Row::new).collect())
    }

    /// The one list that a query tells.
    pub(super) fn row(&self, query: &str, values: Vec<Value>) -> Result<Row> {
        Ok(Row::new(read(&self.query_text(query, values)?)?))
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    json::read(text).map_err(|error| Error::RustError(error.to_string()))
}
