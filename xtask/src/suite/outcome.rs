//! The outcome of each step: its duration, and its failures.
//!
//! Owns the summary at the end. Must not run anything.

use crate::{
    child::Ended,
    console::{self, duration},
};
use anyhow::{Result, bail};
use std::time::Duration;
use tokio::time::Instant;

/// The outcomes of all steps so far.
pub(super) struct Outcome {
    steps: Vec<FinishedStep>,
    started: Instant,
    /// The end of the last step.
    lap: Instant,
}

struct FinishedStep {
    step: &'static str,
    took: Duration,
    end: StepResult,
}

#[derive(Debug, PartialEq, Eq)]
enum StepResult {
    Passed,
    Failed(Vec<Failure>),
    /// The reason why the step did not run.
    Skipped(&'static str),
}

/// One failure of a step.
#[derive(Debug, PartialEq, Eq)]
struct Failure {
    /// The name of a test, or one sentence.
    what: String,
    /// What a test said when it failed, line by line, without its backtrace. Empty for what printed its error already.
    said: Vec<String>,
}

impl Failure {
    fn new(what: String) -> Self {
        Self { what, said: Vec::new() }
    }
}

/// How much of what a failed test said is repeated in the summary: its lines, and the characters of each.
const SAID_LINES: usize = 12;
const SAID_CHARACTERS: usize = 400;

impl Outcome {
    /// Starts the clock of the first step.
    pub(super) fn start() -> Self {
        let started = Instant::now();
        Self { steps: Vec::new(), started, lap: started }
    }

    /// Records that a step passed.
    pub(super) fn passed(&mut self, step: &'static str) {
        self.end(step, self.lap.elapsed(), StepResult::Passed);
    }

    /// Records the end of a step. An error is printed now, and its first line again in the summary. Returns whether the
    /// step passed.
    pub(super) fn record(&mut self, step: &'static str, ended: Result<()>) -> bool {
        self.record_timed(step, self.lap.elapsed(), ended)
    }

    /// The same for a step that ran beside others and took this long.
    pub(super) fn record_timed(
        &mut self,
        step: &'static str,
        took: Duration,
        ended: Result<()>,
    ) -> bool {
        let Err(error) = ended else {
            self.end(step, took, StepResult::Passed);
            return true;
        };
        let text = format!("{error:#}");
        console::error(&text);
        let first = text.lines().next().unwrap_or_default().trim_end_matches(':').to_owned();
        self.end(step, took, StepResult::Failed(vec![Failure::new(first)]));
        false
    }

    /// Records several steps, each with its duration.
    pub(super) fn record_each(&mut self, steps: Vec<(&'static str, Duration, Result<()>)>) {
        for (step, took, ended) in steps {
            self.record_timed(step, took, ended);
        }
    }

    /// Records the end of a `cargo test`.
    pub(super) fn record_tests(&mut self, step: &'static str, Ended { status, output }: &Ended) {
        if status.success() {
            return self.passed(step);
        }
        let tests = failed_tests(output);
        let mut found: Vec<_> = tests
            .into_iter()
            .map(|what| Failure { said: what_it_said(output, &what), what })
            .collect();
        // A test binary that did not compile or that crashed lists no tests; cargo's own line names it.
        let crashes = output.lines().filter(|line| is_crash(line));
        found.extend(crashes.map(|line| Failure::new(line.to_owned())));
        if found.is_empty() {
            found.push(Failure::new(format!("`cargo test` failed ({status})")));
        }
        self.end(step, self.lap.elapsed(), StepResult::Failed(found));
    }

    /// Records steps that did not run because they need one that failed.
    pub(super) fn skipped(&mut self, steps: &[&'static str], why: &'static str) {
        for step in steps {
            self.end(step, self.lap.elapsed(), StepResult::Skipped(why));
        }
    }

    /// Whether any step failed.
    pub(super) fn has_failed(&self) -> bool {
        self.steps.iter().any(|done| matches!(done.end, StepResult::Failed(_)))
    }

    fn end(&mut self, step: &'static str, took: Duration, end: StepResult) {
        self.steps.push(FinishedStep { step, took, end });
        self.lap = Instant::now();
    }

    /// Prints the durations, then every failure; fails if there is any.
    pub(super) fn finish(self) -> Result<()> {
        console::heading("Steps");
        for FinishedStep { step, took, end } in &self.steps {
            let time = format!("{:>12}", duration(*took));
            let end = match end {
                StepResult::Passed => String::new(),
                StepResult::Failed(_) => console::red("  failed"),
                StepResult::Skipped(why) => console::faint(&format!("  skipped: {why}")),
            };
            console::fact(step, &format!("{time}{end}"));
        }
        let all = console::bold(&format!("{:>12}", duration(self.started.elapsed())));
        console::fact("in all", &all);
        let failures = self.failures();
        if failures.is_empty() {
            console::heading("Everything passed");
            return Ok(());
        }
        console::heading("Failures");
        for (step, Failure { what, said }) in &failures {
            console::fact(step, what);
            for line in said {
                console::text(&console::faint(&format!("    {line}")));
            }
        }
        bail!("failures: {}", failures.len());
    }

    fn failures(&self) -> Vec<(&'static str, &Failure)> {
        self.steps
            .iter()
            .filter_map(|done| match &done.end {
                StepResult::Failed(found) => Some(found.iter().map(|what| (done.step, what))),
                StepResult::Passed | StepResult::Skipped(_) => None,
            })
            .flatten()
            .collect()
    }
}

/// The names of the failed tests, from the list at the end of each test binary's output.
fn failed_tests(output: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut in_list = false;
    for line in output.lines() {
        match line.strip_prefix("    ") {
            Some(name) if in_list => names.push(name.trim_end().to_owned()),
            _ => in_list = line == "failures:",
        }
    }
    names
}

/// What a failed test said: the message of its last panic, from the part of the test binary's output that is this test's.
/// A test that ran twice has one panic for each run, and the last run counts.
fn what_it_said(output: &str, test: &str) -> Vec<String> {
    let begin = format!("---- {test} stdout ----");
    let own: Vec<_> = output
        .lines()
        .skip_while(|line| *line != begin)
        .skip(1)
        .take_while(|line| !line.starts_with("---- ") && *line != "failures:")
        .collect();
    let last = own.iter().rposition(|line| line.contains("panicked at "));
    own.into_iter()
        .skip(last.unwrap_or(usize::MAX))
        .take_while(|line| !is_backtrace(line))
        .filter(|line| !line.trim().is_empty())
        .take(SAID_LINES)
        .map(|line| line.chars().take(SAID_CHARACTERS).collect())
        .collect()
}

/// Whether a line begins what follows the message of a panic.
fn is_backtrace(line: &str) -> bool {
    line.eq_ignore_ascii_case("stack backtrace:")
        || line.starts_with("note: run with `RUST_BACKTRACE")
}

/// Whether the line is cargo's report that a test binary did not compile or crashed.
fn is_crash(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("error: could not compile")
        || line.starts_with("process didn't exit successfully") && line.contains("(signal:")
}

/// The number of tests that the test binaries announced.
pub(super) fn count(output: &str) -> usize {
    let counts = output.lines().filter_map(|line| {
        let (number, rest) = line.strip_prefix("running ")?.split_once(' ')?;
        rest.starts_with("test").then(|| number.parse::<usize>().ok())?
    });
    counts.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    const OUTPUT: &str = "\nrunning 3 tests\ntest a::b ... ok\ntest a::c ... FAILED\ntest d ... FAILED\n\nfailures:\n\n\
        ---- a::c stdout ----\nfailures:\n\n    what a test prints\n\n---- d stdout ----\nthread 'd' (7) panicked at d.rs:9:9:\nthe run before\nstack backtrace:\n   0: core\n\nthread 'd' (7) panicked at d.rs:1:2:\nleft: 1\n\nright: 2\n\n\
        Stack backtrace:\n   0: core\n\n\nfailures:\n    a::c\n    d\n\n\
        test result: FAILED. 1 passed; 2 failed\n\nrunning 1 test\ntest e ... ok\n\ntest result: ok.\n";

    fn ended(code: i32, output: &str) -> Ended {
        Ended { status: ExitStatus::from_raw(code << 8), output: output.to_owned() }
    }

    #[test]
    fn every_failed_test_is_named_and_every_test_counted() {
        assert_eq!(failed_tests(OUTPUT), ["a::c", "d"]);
        assert_eq!(count(OUTPUT), 4);
        assert_eq!(count("running late\n"), 0);
    }

    #[test]
    fn a_failed_test_is_listed_with_what_it_said_and_without_its_backtrace() {
        let said = what_it_said(OUTPUT, "d");
        assert_eq!(said, ["thread 'd' (7) panicked at d.rs:1:2:", "left: 1", "right: 2"]);
        assert_eq!(what_it_said(OUTPUT, "a::c"), [""; 0]);
        let long = format!("---- d stdout ----\nd panicked at d.rs\n{}\n", "é".repeat(9_000));
        assert_eq!(what_it_said(&long, "d")[1].chars().count(), SAID_CHARACTERS);
    }

    #[test]
    fn a_failure_does_not_hide_the_next_one() {
        let mut outcome = Outcome::start();
        outcome.passed("set-up");
        assert!(!outcome.record("format", Err(anyhow::anyhow!("a.rs\nb.rs").context("run it"))));
        assert!(outcome.record("tidy", Ok(())));
        outcome.record_tests("tests", &ended(101, OUTPUT));
        outcome.skipped(&["size"], "the build failed");
        let expected = [("format", "run it: a.rs"), ("tests", "a::c"), ("tests", "d")];
        let named = |(step, failure): (_, &Failure)| (step, failure.what.clone());
        let failures: Vec<_> = outcome.failures().into_iter().map(named).collect();
        assert_eq!(failures, expected.map(|(step, what)| (step, what.to_owned())));
        assert!(outcome.has_failed());
        assert_eq!(outcome.finish().unwrap_err().to_string(), "failures: 3");
    }

    #[test]
    fn a_binary_that_was_not_built_or_was_killed_is_named() {
        let output = "error: could not compile `engine` (lib test) due to 1 previous error\n";
        let killed = "  process didn't exit successfully: `deps/it-1` (signal: 6, SIGABRT)\n";
        let mut outcome = Outcome::start();
        outcome.record_tests("tests", &ended(101, &format!("{output}{killed}")));
        outcome.record_tests("more", &ended(101, "nothing to go by"));
        let steps: Vec<_> = outcome.failures().iter().map(|(_, failure)| &failure.what).collect();
        assert_eq!(steps.len(), 3, "{steps:?}");
        assert!(steps[0].contains("`engine`") && steps[1].contains("SIGABRT"), "{steps:?}");
    }

    #[test]
    fn all_that_passed_is_no_error() {
        let mut outcome = Outcome::start();
        outcome.record_tests("tests", &ended(0, OUTPUT));
        assert!(!outcome.has_failed());
        outcome.finish().unwrap();
    }
}
