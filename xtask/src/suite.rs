//! `cargo xtask test`: all checks, cheap ones first, or the selected part of them.
//!
//! Owns the order of the steps and the consequence of a failure: only the steps that need the failed step are skipped,
//! and the end lists every failure. Must not know what a check looks for.
//!
//! Decisions: docs/decisions/2026-11-29-failed-step-skips-what-needs-it.md,
//! docs/decisions/2026-11-30-clippy-compiles-the-tests.md.

mod mutants;
mod outcome;
mod scripts;

use crate::{
    audit, build,
    child::{self, Ended},
    command,
    console::{self, ProgressStep},
    repo,
    setup::{self, SetupPurpose},
    size, tidy,
    tools::{TARGET, Tools},
};
use anyhow::{Result, anyhow};
use outcome::Outcome;
use std::{num::NonZero, time::Duration};
use tokio::{process::Command, time::Instant};

/// The crates whose code differs in wasm, in as few calls as features allow. What the Worker is made of is linted on the
/// host, by the call that has the whole workspace.
const WASM: [(&str, &[&str]); 2] = [
    (
        "lints, kit, app",
        &[
            "--package",
            "kit",
            "--package",
            "sandbox",
            "--package",
            "painter",
            "--package",
            "app",
            "--features",
            "app/hydrate",
        ],
    ),
    ("lints, app, csr", &["--package", "app", "--features", "app/csr"]),
];
/// The file of the tests that need the finished build, workerd and browsers.
const REAL: &str = "it";

const ON_HOST: &str = "tests on the host";
const LINTS: &str = "lints, host";
const IN_WORKERD: &str = "tests in workerd and browsers";
/// The part of them that a machine may lack the browsers for.
const IN_ENGINES: &str = "tests in Firefox and WebKit";
const LONG: &str = "tests that take minutes";
/// The part of them that a machine may lack PHP and MariaDB for.
const IN_WORDPRESS: &str = "test in WordPress";

/// Runs the selected checks and prints the duration of each step; the error counts the failures.
pub async fn run(options: command::Test) -> Result<()> {
    let mut outcome = Outcome::start();
    let purpose = if options.quick { SetupPurpose::Building } else { SetupPurpose::Everything };
    let tools = setup::run(purpose).await?;
    outcome.passed("set-up");
    let mut tests = Tests { tools: &tools, filters: &options.filters, linted: false };
    if options.long {
        long(&tests, &mut outcome).await?;
    } else if options.filters.is_empty() {
        Box::pin(all(&mut tests, options.quick, &mut outcome)).await?;
    } else {
        filtered(&tests, options.quick, &mut outcome).await?;
    }
    outcome.finish()
}

/// Runs every check; with `quick`, only those that neither build for release nor start anything.
async fn all(tests: &mut Tests<'_>, quick: bool, outcome: &mut Outcome) -> Result<()> {
    let tools = tests.tools;
    console::heading("Format and lints");
    let format = cargo(tools, &["fmt", "--all", "--check", "--", "-l"]);
    let format = run_check("format", format).await;
    outcome.record("format", format.map_err(|error| error.context("run `cargo fmt`")));
    let lints = run_check(LINTS, lints_and_tests(tools)).await;
    tests.linted = outcome.record(LINTS, lints);
    for (name, command) in scripts::checks(tools) {
        outcome.record(name, run_check(name, command).await);
    }
    outcome.record("tidy", tidy::run());
    if quick {
        outcome.record_each(lints_for_wasm(tools).await);
        console::heading("Tests on the host");
        return tests.run(ON_HOST, TestSet::Host, outcome).await.map(drop);
    }
    outcome.record("dependencies", audit::rules().await);
    // At the same time: optimising a whole program uses one core for minutes.
    let (lints, (took, built)) =
        tokio::join!(lints_for_wasm(tools), timed(build::for_suite(tools)));
    outcome.record_each(lints);
    let built = outcome.record_timed("build", took, built);
    if built {
        outcome.record("size", size::run().await);
    }
    console::heading("Tests on the host");
    tests.run(ON_HOST, TestSet::Host, outcome).await?;
    if built {
        console::heading("Tests in workerd and browsers");
        tests.run(IN_WORKERD, TestSet::Real, outcome).await?;
        if setup::engines::impossible().await.is_some() {
            outcome.skipped(&[IN_ENGINES], "they cannot be installed here, as set-up has said");
        }
    } else {
        outcome.skipped(&["size", IN_WORKERD], "the build failed");
    }
    Ok(())
}

/// Runs the tests whose names match. The build for the tests in workerd is made only if one of those matches.
async fn filtered(tests: &Tests<'_>, quick: bool, outcome: &mut Outcome) -> Result<()> {
    console::heading("Tests on the host");
    let mut ran = tests.run(ON_HOST, TestSet::Host, outcome).await?;
    if !quick && tests.any_real_matches().await {
        if outcome.record("build", build::for_suite(tests.tools).await) {
            console::heading("Tests in workerd and browsers");
            ran += tests.run(IN_WORKERD, TestSet::Real, outcome).await?;
        } else {
            outcome.skipped(&[IN_WORKERD], "the build failed");
        }
    }
    if ran == 0 && !outcome.has_failed() {
        return Err(anyhow!("no test has a name with {}", tests.filters.join(" or ")));
    }
    Ok(())
}

/// Runs what is too slow for every run: ignored tests and, unless names were given, mutation tests.
async fn long(tests: &Tests<'_>, outcome: &mut Outcome) -> Result<()> {
    if outcome.record("build", build::for_suite(tests.tools).await) {
        console::heading("Tests that take minutes");
        let ran = tests.run(LONG, TestSet::Long, outcome).await?;
        if tests.filters.is_empty()
            && let Some(reason) = setup::wordpress::impossible().await
        {
            console::text(&format!("  {reason}"));
            outcome.skipped(&[IN_WORDPRESS], "its programs cannot be installed here");
        }
        if ran == 0 && !tests.filters.is_empty() && !outcome.has_failed() {
            let names = tests.filters.join(" or ");
            return Err(anyhow!("no test that takes minutes has a name with {names}"));
        }
    } else {
        outcome.skipped(&[LONG], "the build failed");
    }
    if tests.filters.is_empty() {
        outcome.record("mutants", mutants::run(tests.tools).await);
    }
    Ok(())
}

/// Which tests to run. Each of them selects the whole workspace: with another selection cargo gives the dependencies
/// other features, and compiles most of them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TestSet {
    /// Those that need the host alone.
    Host,
    /// Those of `REAL`.
    Real,
    /// The ignored ones of both, which take minutes.
    Long,
}

/// The filters and tools with which `cargo test` is run.
struct Tests<'run> {
    tools: &'run Tools,
    filters: &'run [String],
    /// Whether Clippy has compiled them without a warning. Otherwise rustc compiles them, as for `cargo test`.
    linted: bool,
}

impl Tests<'_> {
    /// Runs all tests of a set, also after a failure. Returns how many ran.
    async fn run(
        &self,
        step: &'static str,
        which: TestSet,
        outcome: &mut Outcome,
    ) -> Result<usize> {
        let ended = child::run_shown(self.command(which, false)).await?;
        let ran = outcome::count(&ended.output);
        outcome.record_tests(step, &ended);
        Ok(ran)
    }

    /// Whether the name of a test in workerd matches. Also true if the list cannot be read: running the tests then
    /// reports the reason.
    async fn any_real_matches(&self) -> bool {
        let step = ProgressStep::short("tests of that name");
        let list = child::run_to_end(self.command(TestSet::Real, true), &step).await;
        step.silent();
        match list {
            Ok(Ended { status, output }) if status.success() => {
                output.lines().any(|line| line.ends_with(": test"))
            }
            _ => true,
        }
    }

    fn command(&self, which: TestSet, list: bool) -> Command {
        let mut command = cargo(self.tools, &["test", "--workspace", "--no-fail-fast"]);
        if self.linted {
            by_clippy(&mut command);
        }
        match which {
            TestSet::Host => {
                command.args(["--lib", "--bins"]);
                command.args(test_files_of_the_host().iter().flat_map(|name| ["--test", name]));
            }
            TestSet::Real => drop(command.args(["--test", REAL])),
            TestSet::Long => {}
        }
        command.arg("--");
        match which {
            TestSet::Host => {}
            // One more than the cores: with as many as cores, they were idle for a fifth of the time, while tests waited.
            TestSet::Real => drop(command.arg(format!("--test-threads={}", cores() + 1))),
            // One at a time: some of them measure, and others compile.
            TestSet::Long => drop(command.args(["--ignored", "--test-threads=1"])),
        }
        command.args(list.then_some("--list"));
        command.args(self.filters);
        command
    }
}

/// The number of this machine's cores.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// The names of the files in the crates' `tests/` folders, without `REAL`.
fn test_files_of_the_host() -> Vec<String> {
    let crates = std::fs::read_dir(repo::root()).into_iter().flatten().flatten();
    let folders = crates.filter(|folder| folder.path().join("Cargo.toml").is_file());
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.path().join("tests")));
    let files = files.flatten().flatten().map(|file| file.path());
    let rust = files.filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    let names = rust.filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned()));
    let mut names: Vec<_> = names.filter(|name| name != REAL).collect();
    names.sort_unstable();
    names
}

/// The lints of what is compiled to wasm: each with its name and its duration.
async fn lints_for_wasm(tools: &Tools) -> Vec<(&'static str, Duration, Result<()>)> {
    let mut lints = Vec::new();
    for (name, options) in WASM {
        let (took, ended) = timed(run_check(name, clippy_for_wasm(tools, options))).await;
        lints.push((name, took, ended));
    }
    lints
}

/// What some work returns, and how long it took.
async fn timed<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let started = Instant::now();
    let done = work.await;
    (started.elapsed(), done)
}

async fn run_check(label: &str, command: Command) -> Result<()> {
    let step = ProgressStep::short(label);
    match child::run_quietly(command, &step).await {
        Ok(_) => {
            step.done("passed");
            Ok(())
        }
        Err(error) => {
            step.failed();
            Err(error)
        }
    }
}

/// Compiles the tests and everything else for the host, with lints: Clippy stands in for rustc, and what it has compiled
/// is run. `cargo clippy` would compile each dependency once more, only to know its types.
fn lints_and_tests(tools: &Tools) -> Command {
    let mut command = cargo(tools, &["build", "--quiet", "--workspace", "--all-targets"]);
    by_clippy(&mut command);
    command
}

/// Lets Clippy compile the crates of this workspace, and fail at a warning. By an option and not by the environment, which
/// the tests would pass on to the builds that they start.
fn by_clippy(command: &mut Command) {
    command.args(["--config", "build.rustc-workspace-wrapper='clippy-driver'"]);
    // Nothing is kept for a next compilation: a whole run takes so long that it would save little, and it fills the disk.
    command.args(["--config", "build.incremental=false"]);
    command.env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__");
}

fn clippy_for_wasm(tools: &Tools, options: &[&str]) -> Command {
    let mut command = tools.wasm_command("cargo");
    command.args(["clippy", "--quiet", "--target", TARGET]).args(options);
    command.args(["--", "--deny", "warnings"]);
    command
}

/// A cargo command for tests: it finds the installed tools.
fn cargo(tools: &Tools, words: &[&str]) -> Command {
    let mut command = tools.command("cargo");
    command.args(words).env("EASEL_NODE", &tools.node);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_file_is_run_on_the_host_or_in_workerd() {
        let files = test_files_of_the_host();
        for name in ["conformance", "documents", "golden", "replay", "workflows"] {
            assert!(files.iter().any(|file| file == name), "{name} is not in {files:?}");
        }
        assert!(!files.iter().any(|file| file == REAL), "{files:?}");
        assert!(repo::path("tests/tests").join(REAL).with_extension("rs").is_file());
    }

    #[tokio::test]
    async fn a_warning_fails_the_lints() {
        let folder = repo::path("target/xtask/planted-warning");
        std::fs::create_dir_all(folder.join("src")).unwrap();
        let manifest = "[package]\nname = \"planted\"\nedition = \"2024\"\n[workspace]\n";
        std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        for (body, passes) in [("1", true), ("return 1;", false)] {
            let code = format!("pub fn one() -> u8 {{ {body} }}");
            std::fs::write(folder.join("src/lib.rs"), code).unwrap();
            let mut command = crate::tools::program("cargo");
            command.args(["build", "--quiet", "--offline"]).current_dir(&folder);
            by_clippy(&mut command);
            let output = command.output().await.unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.success(), passes, "{body}: {said}");
            assert_eq!(said.contains("needless_return"), !passes, "{body}: {said}");
        }
    }
}
