//! Mutation tests of the code that counts money: whether the engine's tests detect a changed line.
//!
//! Owns which files are mutated and how many mutants must be detected. cargo-mutants makes them in a copy of the
//! repository and leaves its reports under `target/xtask/mutants`. Must not change the sources.

use crate::{
    child::{self, Ended},
    console::{self, ProgressStep},
    repo,
    setup::cargo_tool::CargoTool,
    tools::Tools,
};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::{fs, path::Path};
use tokio::process::Command;

const VERSION: &str = "27.1.0";
/// Files where a mistake costs money.
const FILES: [&str; 4] = [
    "engine/src/ledger/**",
    "engine/src/price.rs",
    "engine/src/job/bill.rs",
    "engine/src/job/record.rs",
];
/// The per cent of mutants that the tests must detect.
const LEAST_PERCENT: u64 = 95;

/// The outcomes of the mutants that compile.
#[derive(Debug, PartialEq, Eq)]
struct Counts {
    caught: u64,
    /// Their tests did not end, which counts as detected.
    timed_out: u64,
    missed: u64,
}

impl Counts {
    fn detected(&self) -> u64 {
        self.caught + self.timed_out
    }

    fn tried(&self) -> u64 {
        self.detected() + self.missed
    }

    fn is_enough(&self) -> bool {
        self.detected() * 100 >= self.tried() * LEAST_PERCENT
    }
}

/// The tests that take seconds each: the search through every order of calls, and calls at random.
const SLOW_TESTS: [&str; 2] = ["ledger::model", "ledger::tests::properties"];

/// Tests every mutant; fails if too many are missed, and lists those. A mutant is first tried with the quick tests, and
/// only one that they miss with all: most mutants are detected within a second.
pub(super) async fn run(tools: &Tools) -> Result<()> {
    console::heading("Mutants");
    let tool = CargoTool::new("cargo-mutants", "cargo-mutants", VERSION, "3 min on 2 cores");
    let program = tool.ensure().await?;
    let folder = repo::path("target/xtask/mutants");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot write {}", folder.display()))?;
    let mutants = |name, what| {
        let mut command = tools.command(&program);
        command.args(["mutants", "--package", "engine", "--profile", "mutants"]);
        command.args(["--no-shuffle", "--colors", "never"]);
        for file in FILES {
            command.args(["--file", file]);
        }
        command.arg("--output").arg(&folder);
        // The library's tests alone: fuzz seeds and examples in comments take longer and detect no more.
        command.args(["--jobs", "2", "--cargo-arg=--lib"]);
        (command, ProgressStep::long(name, what))
    };
    let (mut command, step) = mutants("quick tests", "on each changed line");
    // Compiling takes longer than these tests, so nothing is optimised for them.
    command.env("CARGO_PROFILE_MUTANTS_OPT_LEVEL", "0");
    command.args(["--", "--", "ledger::", "price::", "job::"]);
    for test in SLOW_TESTS {
        command.args(["--skip", test]);
    }
    let quick = tried(command, step, &folder).await?;
    ensure!(quick.tried() > 0, "no mutant was made");
    let all = if quick.missed + quick.timed_out == 0 {
        quick
    } else {
        let (mut command, step) = mutants("all tests", "on those that the quick ones missed");
        // Only those that were caught are left out.
        command.arg("--iterate");
        let rest = tried(command, step, &folder).await?;
        Counts { caught: quick.caught + rest.caught, ..rest }
    };
    let missed = fs::read_to_string(folder.join("mutants.out/missed.txt")).unwrap_or_default();
    for line in missed.lines() {
        console::fact("missed", line);
    }
    let (detected, tried) = (all.detected(), all.tried());
    console::fact("detected", &format!("{detected} of {tried}"));
    ensure!(
        all.is_enough(),
        "only {detected} of {tried} mutants are detected, not {LEAST_PERCENT} %"
    );
    Ok(())
}

/// Runs cargo-mutants once and counts what it found.
async fn tried(command: Command, step: ProgressStep, folder: &Path) -> Result<Counts> {
    let Ended { status, output } = child::run_to_end(command, &step).await?;
    // Exit codes: 0, all were detected; 2, some were missed; 3, some tests timed out, which counts as detected.
    if !matches!(status.code(), Some(0 | 2 | 3)) {
        step.failed();
        bail!("cargo-mutants failed ({status}):\n\n{}", output.trim_end());
    }
    let outcomes = fs::read_to_string(folder.join("mutants.out/outcomes.json"))
        .context("cargo-mutants left no outcomes")?;
    let counts = counts(&outcomes)?;
    step.done(&format!("{} of {} detected", counts.detected(), counts.tried()));
    Ok(counts)
}

fn counts(outcomes: &str) -> Result<Counts> {
    let outcomes: Value = serde_json::from_str(outcomes)?;
    let number = |name: &str| outcomes[name].as_u64().with_context(|| format!("no number {name}"));
    let [caught, timed_out, missed] = ["caught", "timeout", "missed"].map(number);
    Ok(Counts { caught: caught?, timed_out: timed_out?, missed: missed? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mutants_without_end_are_noticed_and_those_that_do_not_build_are_none() {
        let outcomes = r#"{"total_mutants":110,"caught":90,"timeout":5,"missed":5,"unviable":10}"#;
        let found = counts(outcomes).unwrap();
        assert_eq!(found, Counts { caught: 90, timed_out: 5, missed: 5 });
        assert_eq!((found.detected(), found.tried()), (95, 100));
        assert!(counts("{}").is_err());
    }

    #[test]
    fn ninety_five_of_a_hundred_are_enough() {
        let are_enough = |caught, missed| Counts { caught, timed_out: 1, missed }.is_enough();
        assert!(are_enough(94, 5));
        assert!(!are_enough(93, 6));
        assert!(!are_enough(17, 1));
    }

    #[test]
    fn the_files_exist() {
        for file in FILES {
            let path = repo::path(file.trim_end_matches("/**"));
            assert!(path.exists(), "{file}");
        }
    }
}
