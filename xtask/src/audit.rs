//! `cargo xtask audit`: whether what Easel is made of may be used. Versions, licences and sources of crates follow from
//! `Cargo.lock` alone; what is known against crates and packages of npm is asked of their registries' advisories.
//!
//! Owns the order of the checks, and what follows where advisories cannot be reached. The rules and the exceptions are
//! in `deny.toml`. Must not pass over a check that did not run without a sentence that says so.

mod crates;
mod exceptions;
mod npm;

use crate::{
    command::Audit,
    console::{self, ProgressStep},
    repo,
    setup::cargo_tool::CargoTool,
};
use anyhow::{Context, Result, bail};
use std::{fs, path::Path};

/// What checks the crates.
const CARGO_DENY: CargoTool =
    CargoTool::new("cargo-deny", "cargo-deny", "0.20.2", "3 min on 2 cores");

/// How a question to a registry's advisories ended.
#[derive(Debug, PartialEq, Eq)]
enum Advisories {
    /// Nothing is known against what is used, but for the exceptions.
    Clean,
    /// What is known, a line each: the package and the reason.
    Found(Vec<String>),
    /// They cannot be reached; the reason.
    Unreachable(String),
}

/// Runs every check and prints what each found; the error counts those that failed.
pub async fn run(options: Audit) -> Result<()> {
    console::heading("Dependencies");
    let program = CARGO_DENY.ensure().await?;
    let exceptions = exceptions::read(&fs::read_to_string(repo::path("deny.toml"))?)?;
    let mut failed = 0;
    if let Err(error) = rules_by(&program).await {
        console::error(&format!("{error:#}"));
        failed += 1;
    }
    let of_crates = async |step: &ProgressStep| crates::advisories(&program, step).await;
    failed += told("advisories of crates", of_crates, options).await;
    let of_npm = async |step: &ProgressStep| npm::advisories(&exceptions, step).await;
    failed += told("advisories of npm", of_npm, options).await;
    if failed > 0 {
        bail!("{failed} of 3 checks of the dependencies failed");
    }
    Ok(())
}

/// The part that needs no advisories: whether `deny.toml` allows what `Cargo.lock` has.
pub async fn rules() -> Result<()> {
    exceptions::read(&fs::read_to_string(repo::path("deny.toml"))?)?;
    rules_by(&CARGO_DENY.ensure().await?).await
}

async fn rules_by(program: &Path) -> Result<()> {
    let step = ProgressStep::short("versions, licences, sources");
    let ended = crates::rules(program, &step).await;
    match ended {
        Ok(()) => step.done("passed"),
        Err(_) => step.failed(),
    }
    ended.context("`deny.toml` does not allow what `Cargo.lock` has")
}

/// Asks for advisories and prints the answer. Returns how many checks failed: none or one.
async fn told(
    label: &str,
    ask: impl AsyncFnOnce(&ProgressStep) -> Result<Advisories>,
    options: Audit,
) -> usize {
    let step = ProgressStep::short(label);
    match ask(&step).await {
        Ok(Advisories::Clean) => {
            step.done("passed");
            return 0;
        }
        Ok(Advisories::Unreachable(reason)) if !options.online => {
            step.silent();
            console::fact(label, &format!("not checked, since they cannot be reached: {reason}"));
            return 0;
        }
        Ok(Advisories::Unreachable(reason)) => {
            step.failed();
            console::error(&format!("{label} cannot be reached: {reason}"));
        }
        Ok(Advisories::Found(findings)) => {
            step.failed();
            console::error(&format!("{label}:\n  {}", findings.join("\n  ")));
        }
        Err(error) => {
            step.failed();
            console::error(&format!("{label}: {error:#}"));
        }
    }
    1
}
