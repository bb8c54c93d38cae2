//! The faults that the edge must survive, row by row: what each comes to, and which test asserts it.
//!
//! Owns nothing but the table's check: every row is there once, and every test that it names is there.

mod table;

use super::faults::table::expected;
use sandbox::Fault;
use std::fmt::Write as _;
use table::{ROWS, Row, SOURCES};

/// A test's source, if it is where its name says.
fn is_there(test: &str) -> bool {
    let Some((module, name)) = test.rsplit_once("::") else { return false };
    let source = SOURCES.iter().find(|(own, _)| *own == module).map(|(_, source)| source);
    source.is_some_and(|source| {
        let at = source.find(&format!("fn {name}("));
        at.is_some_and(|at| source[..at].trim_end().ends_with("#[test]"))
    })
}

/// The expected outcomes of the faults with which the sandbox reproduces a row.
fn played(number: u8) -> Vec<String> {
    let faults = Fault::all().filter(|fault| fault.rows.contains(&number));
    faults.map(|fault| format!("{} → {:?}", fault.name, expected(fault.name))).collect()
}

#[test]
fn every_row_is_asserted_by_a_test_that_is_there_or_says_why_not() {
    let numbers: Vec<u8> = ROWS.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=58).collect::<Vec<_>>());
    let mut page = String::new();
    for Row { number, fault, comes_to, by, not_here } in ROWS {
        assert!(!by.is_empty() || !not_here.is_empty(), "F{number} is silent");
        let _ = writeln!(page, "F{number:<3} {fault}\n     → {comes_to}");
        for test in *by {
            assert!(is_there(test), "F{number}: there is no test {test}");
            let _ = writeln!(page, "     by {test}");
        }
        if !not_here.is_empty() {
            let _ = writeln!(page, "     not here: {not_here}");
        }
        for fault in played(*number) {
            let _ = writeln!(page, "       {fault}");
        }
    }
    eprintln!("{page}");
}

#[test]
fn a_test_that_is_not_there_is_noticed() {
    assert!(is_there("jobs::one_key_makes_one_job"));
    for name in ["jobs::one_key", "jobs::calls_of", "nothing::one_key_makes_one_job", "jobs"] {
        assert!(!is_there(name), "{name}");
    }
}
