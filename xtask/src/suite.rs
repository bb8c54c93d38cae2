//! `cargo xtask test`: every check there is, cheap ones first, or the part that was asked for.
//!
//! Owns the order of the steps and what follows from a failure: only what needs the failed step is left out, and the
//! end names all that failed. What a check looks for is the check's own.

mod mutants;
mod outcome;

use crate::{
    build::{self, Part},
    child::{self, Ended},
    command,
    console::{self, Step},
    setup::{self, For},
    size, tidy,
    tools::{TARGET, Tools},
};
use anyhow::{Result, anyhow};
use outcome::Outcome;
use tokio::process::Command;

/// Crates that run on the host, and those that become wasm.
const HOST: [&str; 5] = ["contract", "engine", "sandbox", "tests", "xtask"];
const WASM: [&str; 2] = ["app", "edge"];
/// Crates whose tests need nothing but the host.
const UNIT: [&str; 6] = ["contract", "engine", "app", "sandbox", "edge", "xtask"];
/// The crate whose tests need what was built.
const REAL: [&str; 1] = ["tests"];

const ON_HOST: &str = "tests on the host";
const IN_WORKERD: &str = "tests in workerd and Chromium";
const LONG: &str = "tests that take minutes";

/// Runs what was asked for, and prints how long each step took; the error counts what failed.
pub async fn run(options: command::Test) -> Result<()> {
    let mut outcome = Outcome::start();
    let purpose = if options.quick { For::Building } else { For::Everything };
    let tools = setup::run(purpose).await?;
    outcome.passed("set-up");
    let tests = Tests { tools: &tools, filters: &options.filters };
    if options.long {
        long(&tests, &mut outcome).await?;
    } else if options.filters.is_empty() {
        all(&tests, options.quick, &mut outcome).await?;
    } else {
        some(&tests, options.quick, &mut outcome).await?;
    }
    outcome.finish()
}

/// Every check, or those that neither build for release nor start anything.
async fn all(tests: &Tests<'_>, quick: bool, outcome: &mut Outcome) -> Result<()> {
    let tools = tests.tools;
    console::heading("Format and lints");
    let format = cargo(tools, &["fmt", "--all", "--check", "--", "-l"]);
    let format = quiet("format", format).await;
    outcome.take("format", format.map_err(|error| error.context("run `cargo fmt`")));
    outcome.take("lints, host", quiet("lints, host", clippy(tools, false)).await);
    outcome.take("lints, wasm32", quiet("lints, wasm32", clippy(tools, true)).await);
    outcome.take("tidy", tidy::run());
    if quick {
        console::heading("Tests on the host");
        return tests.run(ON_HOST, &UNIT, Which::Usual, outcome).await.map(drop);
    }
    let built = outcome.take("build", build::with(tools, Part::All).await);
    if built {
        outcome.take("size", size::run());
    }
    console::heading("Tests on the host");
    tests.run(ON_HOST, &UNIT, Which::Usual, outcome).await?;
    if built {
        console::heading("Tests in workerd and Chromium");
        tests.run(IN_WORKERD, &REAL, Which::Usual, outcome).await?;
    } else {
        outcome.left_out(&["size", IN_WORKERD], "the build failed");
    }
    Ok(())
}

/// Tests by name; what those in workerd need is built only if one of them is meant.
async fn some(tests: &Tests<'_>, quick: bool, outcome: &mut Outcome) -> Result<()> {
    console::heading("Tests on the host");
    let mut ran = tests.run(ON_HOST, &UNIT, Which::Usual, outcome).await?;
    if !quick && tests.are_meant(Which::Usual).await {
        if outcome.take("build", build::with(tests.tools, Part::All).await) {
            console::heading("Tests in workerd and Chromium");
            ran += tests.run(IN_WORKERD, &REAL, Which::Usual, outcome).await?;
        } else {
            outcome.left_out(&[IN_WORKERD], "the build failed");
        }
    }
    if ran == 0 && !outcome.has_failed() {
        return Err(anyhow!("no test has a name with {}", tests.filters.join(" or ")));
    }
    Ok(())
}

/// What is too slow for each time: ignored tests, and mutants unless names were given.
async fn long(tests: &Tests<'_>, outcome: &mut Outcome) -> Result<()> {
    if outcome.take("build", build::with(tests.tools, Part::All).await) {
        console::heading("Tests that take minutes");
        let packages = [&UNIT[..], &REAL].concat();
        let ran = tests.run(LONG, &packages, Which::Long, outcome).await?;
        if ran == 0 && !tests.filters.is_empty() && !outcome.has_failed() {
            let names = tests.filters.join(" or ");
            return Err(anyhow!("no test that takes minutes has a name with {names}"));
        }
    } else {
        outcome.left_out(&[LONG], "the build failed");
    }
    if tests.filters.is_empty() {
        outcome.take("mutants", mutants::run(tests.tools).await);
    }
    Ok(())
}

/// Tests that run each time, or those that are ignored because they take minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Usual,
    Long,
}

/// How `cargo test` is run.
struct Tests<'run> {
    tools: &'run Tools,
    filters: &'run [String],
}

impl Tests<'_> {
    /// Runs the tests of these crates to the last one. How many ran.
    async fn run(
        &self,
        step: &'static str,
        packages: &[&str],
        which: Which,
        outcome: &mut Outcome,
    ) -> Result<usize> {
        let heard = child::heard(self.command(packages, which, false)).await?;
        let ran = outcome::count(&heard.said);
        outcome.take_tests(step, &heard);
        Ok(ran)
    }

    /// Whether one of the tests in workerd has such a name; also where that cannot be told, so that running tells why.
    async fn are_meant(&self, which: Which) -> bool {
        let step = Step::short("tests of that name");
        let list = child::watch(self.command(&REAL, which, true), &step).await;
        step.silent();
        match list {
            Ok(Ended { status, said }) if status.success() => {
                said.lines().any(|line| line.ends_with(": test"))
            }
            _ => true,
        }
    }

    fn command(&self, packages: &[&str], which: Which, list: bool) -> Command {
        let mut command = cargo(self.tools, &["test", "--no-fail-fast"]);
        for package in packages {
            command.args(["--package", package]);
        }
        command.arg("--");
        command.args((which == Which::Long).then_some("--ignored"));
        command.args(list.then_some("--list"));
        command.args(self.filters);
        command
    }
}

async fn quiet(label: &str, command: Command) -> Result<()> {
    let step = Step::short(label);
    match child::quiet(command, &step).await {
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

fn clippy(tools: &Tools, wasm: bool) -> Command {
    let mut command = if wasm { tools.wasm_command("cargo") } else { tools.command("cargo") };
    command.args(["clippy", "--quiet"]);
    for package in if wasm { &WASM[..] } else { &HOST[..] } {
        command.args(["--package", package]);
    }
    if wasm {
        command.args(["--target", TARGET]);
    } else {
        command.arg("--all-targets");
    }
    command.args(["--", "--deny", "warnings"]);
    command
}

/// A cargo that tests run under: with what was set up, and without a key that could pay for a picture.
fn cargo(tools: &Tools, words: &[&str]) -> Command {
    let mut command = tools.command("cargo");
    command.args(words).env("EASEL_NODE", &tools.node);
    for secret in ["AI_GATEWAY_API_KEY", "OPENAI_API_KEY"] {
        command.env_remove(secret);
    }
    command
}
