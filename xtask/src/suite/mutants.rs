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
use std::fs;

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
    noticed: u64,
    missed: u64,
}

impl Counts {
    fn is_enough(&self) -> bool {
        self.noticed * 100 >= (self.noticed + self.missed) * LEAST_PERCENT
    }
}

/// Tests every mutant; fails if too many are missed, and lists those.
pub(super) async fn run(tools: &Tools) -> Result<()> {
    console::heading("Mutants");
    let tool = CargoTool::new("cargo-mutants", "cargo-mutants", VERSION, "3 min on 2 cores");
    let program = tool.ensure().await?;
    let folder = repo::path("target/xtask/mutants");
    fs::create_dir_all(&folder).with_context(|| format!("cannot write {}", folder.display()))?;
    let mut command = tools.command(program);
    command.args(["mutants", "--package", "engine", "--profile", "mutants"]);
    command.args(["--no-shuffle", "--colors", "never"]);
    for file in FILES {
        command.args(["--file", file]);
    }
    command.arg("--output").arg(&folder);
    // The library's tests alone: fuzz seeds and examples in comments take longer and detect no more.
    command.args(["--jobs", "2", "--", "--lib"]);
    let step = ProgressStep::long("mutants", "the engine's tests on each change");
    let Ended { status, output } = child::run_to_end(command, &step).await?;
    // Exit codes: 0, all were detected; 2, some were missed; 3, some tests timed out, which counts as detected.
    if !matches!(status.code(), Some(0 | 2 | 3)) {
        step.failed();
        bail!("cargo-mutants failed ({status}):\n\n{}", output.trim_end());
    }
    let outcomes = fs::read_to_string(folder.join("mutants.out/outcomes.json"))
        .context("cargo-mutants left no outcomes")?;
    let counts = counts(&outcomes)?;
    let (noticed, all) = (counts.noticed, counts.noticed + counts.missed);
    let missed = fs::read_to_string(folder.join("mutants.out/missed.txt")).unwrap_or_default();
    step.done(&format!("{noticed} of {all} detected"));
    for line in missed.lines() {
        console::fact("missed", line);
    }
    ensure!(
        counts.is_enough(),
        "only {noticed} of {all} mutants are detected, not {LEAST_PERCENT} %"
    );
    Ok(())
}

fn counts(outcomes: &str) -> Result<Counts> {
    let outcomes: Value = serde_json::from_str(outcomes)?;
    let number = |name: &str| outcomes[name].as_u64().with_context(|| format!("no number {name}"));
    let counts =
        Counts { noticed: number("caught")? + number("timeout")?, missed: number("missed")? };
    ensure!(counts.noticed + counts.missed > 0, "no mutant was made");
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mutants_without_end_are_noticed_and_those_that_do_not_build_are_none() {
        let outcomes = r#"{"total_mutants":110,"caught":90,"timeout":5,"missed":5,"unviable":10}"#;
        assert_eq!(counts(outcomes).unwrap(), Counts { noticed: 95, missed: 5 });
        assert!(counts(r#"{"caught":0,"timeout":0,"missed":0}"#).is_err());
        assert!(counts("{}").is_err());
    }

    #[test]
    fn ninety_five_of_a_hundred_are_enough() {
        assert!(Counts { noticed: 95, missed: 5 }.is_enough());
        assert!(!Counts { noticed: 94, missed: 6 }.is_enough());
        assert!(!Counts { noticed: 18, missed: 1 }.is_enough());
    }

    #[test]
    fn the_files_exist() {
        for file in FILES {
            let path = repo::path(file.trim_end_matches("/**"));
            assert!(path.exists(), "{file}");
        }
    }
}
