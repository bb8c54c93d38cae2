//! The table of the attacks: attack, before, now, bound.
//!
//! Owns the rows that the tests of this process have measured, and their printing: each row as a test's own output, and
//! the whole table past the capture of output once every row is there. Must not assert.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::Write as _,
    sync::{Mutex, PoisonError},
};

/// Rows of a whole table.
const ROWS: usize = 9;

static MEASURED: Mutex<BTreeMap<&'static str, Row>> = Mutex::new(BTreeMap::new());

/// One attack.
pub(super) struct Row {
    /// Its number, by which the table is sorted.
    pub(super) number: &'static str,
    /// What the attacker does.
    pub(super) attack: &'static str,
    /// What it came to by commit: 9205868, the last one before networks had shares, a pace, a rate limit and a bound of
    /// refusals, measured by these tests (`cargo xtask test -- attacks`); 95711d5, the last one before refusals named a
    /// limit and breakers counted networks, measured against `cargo xtask serve` with a cap of one dollar.
    pub(super) before: &'static str,
    /// What it comes to now.
    pub(super) now: String,
    /// What the test asserts.
    pub(super) bound: String,
}

impl Row {
    fn write(&self, page: &mut String) {
        let Self { number, attack, before, now, bound } = self;
        let _ = writeln!(
            page,
            "attack {number:<4}{attack}\n    before   {before}\n    now      {now}\n    bound    {bound}"
        );
    }
}

/// Adds a row. The last one prints the table, also where the output of tests is captured.
pub(super) fn add(row: Row) {
    let mut page = String::new();
    row.write(&mut page);
    eprint!("{page}");
    let mut measured = MEASURED.lock().unwrap_or_else(PoisonError::into_inner);
    measured.insert(row.number, row);
    if measured.len() == ROWS {
        let mut page = "\nAttacks of one visitor\n".to_owned();
        measured.values().for_each(|row| row.write(&mut page));
        drop(measured);
        print(&page);
    }
}

/// Prints past the capture of output, in one write, so that no line of another test comes between.
pub(super) fn print(text: &str) {
    // Nobody is there to be told of a failure.
    let _ = std::io::stderr().write_all(text.as_bytes());
}
