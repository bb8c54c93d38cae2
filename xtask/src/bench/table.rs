//! The table of figures: a row for each figure, a column for each contestant, and whether the goal was met.
//!
//! Owns its look. Must not compare figures.

use crate::console;

/// One figure of every contestant.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TableRow {
    pub(super) what: String,
    /// In the order of the table's columns; missing cells were not measured.
    pub(super) cells: Vec<Cell>,
    pub(super) goal: Option<Goal>,
}

/// The figure of one contestant.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Number(f64),
    Spread { middle: f64, spread: f64 },
    Text(String),
    Empty,
}

/// The goal of Easel's figure, the figure that was measured, and whether it meets the goal.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Goal {
    says: String,
    found: String,
    kept: bool,
}

impl Goal {
    /// A goal relative to a peer's figure, with a tolerance for noise.
    pub(super) fn ratio(peer: &str, ratio: f64, tolerance: f64) -> Self {
        let percent = (tolerance - 1.0) * 100.0;
        Self {
            says: format!("{peer}'s, ± {percent:.0} %"),
            found: format!("{ratio:.2} of it"),
            kept: ratio <= tolerance,
        }
    }

    /// A goal with a fixed limit.
    pub(super) fn most(says: &str, found: &str, kept: bool) -> Self {
        Self { says: says.to_owned(), found: found.to_owned(), kept }
    }
}

impl TableRow {
    /// Whether the row has a goal that Easel misses.
    pub(super) fn is_missed(&self) -> bool {
        self.goal.as_ref().is_some_and(|goal| !goal.kept)
    }
}

/// The whole table, with the names of its columns.
pub(super) fn print(names: &[&str], rows: &[TableRow]) -> String {
    let width = rows.iter().map(|row| row.what.chars().count()).max().unwrap_or(0);
    let column = |text: &str| format!("{text:>15}");
    let head = names.iter().map(|name| column(name)).collect::<Vec<_>>().concat();
    let head = console::faint(&format!("  {:<width$}{head}   goal for Easel: at most", ""));
    let lines = rows.iter().map(|row| {
        let cells = names.iter().enumerate();
        let cells = cells.map(|(at, _)| column(&row.cells.get(at).map_or_else(String::new, text)));
        let cells = cells.collect::<Vec<_>>().concat();
        let goal = row.goal.as_ref().map_or_else(String::new, goal_text);
        format!("  {:<width$}{cells}{goal}", row.what)
    });
    std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n")
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Number(number) => format!("{number:.1}"),
        Cell::Spread { middle, spread } => format!("{middle:.2} ± {spread:.2}"),
        Cell::Text(text) => text.clone(),
        Cell::Empty => String::new(),
    }
}

fn goal_text(Goal { says, found, kept }: &Goal) -> String {
    format!("   {says}: {found}, {}", word(*kept))
}

fn word(kept: bool) -> String {
    if kept { console::green("met") } else { console::red("MISSED") }
}

/// Whether the row's goal was met, in a line of its own; nothing if it has no goal.
pub(super) fn verdict(row: &TableRow) -> Option<String> {
    let Goal { says, found, kept } = row.goal.as_ref()?;
    Some(format!("  {}: {}: {found}; at most {says}", word(*kept), row.what.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_shows_its_figures_and_its_goal() {
        let row = TableRow {
            what: "CPU, ms".into(),
            cells: vec![Cell::Spread { middle: 1.5, spread: 0.25 }, Cell::Number(2.0), Cell::Empty],
            goal: Some(Goal::ratio("Buffer", 1.06, 1.05)),
        };
        assert!(row.is_missed());
        let table = print(&["Easel", "Buffer", "atob"], &[row]);
        let line = table.lines().nth(1).unwrap();
        for part in ["CPU, ms", "1.50 ± 0.25", "2.0", "Buffer's, ± 5 %: 1.06 of it", "MISSED"] {
            assert!(line.contains(part), "{part}: {line}");
        }
    }

    #[test]
    fn a_verdict_has_the_goal_and_the_figure() {
        let goal = Some(Goal::most("50 ms", "51.0 ms", false));
        let row = TableRow { what: "  time".into(), cells: Vec::new(), goal };
        let line = verdict(&row).unwrap();
        assert!(
            line.contains("MISSED") && line.ends_with(": time: 51.0 ms; at most 50 ms"),
            "{line}"
        );
        assert_eq!(verdict(&TableRow { goal: None, ..row }), None);
    }

    #[test]
    fn a_ratio_within_the_tolerance_is_enough_and_no_goal_is_never_missed() {
        let row = |goal| TableRow { what: String::new(), cells: Vec::new(), goal };
        assert!(!row(Some(Goal::ratio("x", 1.05, 1.05))).is_missed());
        assert!(row(Some(Goal::most("50 ms", "51 ms", false))).is_missed());
        assert!(!row(None).is_missed());
    }
}
