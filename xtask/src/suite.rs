//! `cargo xtask test`: every check there is, cheap ones first, up to the first that fails.

use crate::{
    build::{self, Part},
    child,
    console::{self, Step, duration},
    setup::{self, For},
    size, tidy,
    tools::{TARGET, Tools},
};
use anyhow::{Context, Result};
use std::time::Duration;
use tokio::{process::Command, time::Instant};

/// Crates that run on the host, and those that become wasm.
const HOST: [&str; 5] = ["contract", "engine", "sandbox", "tests", "xtask"];
const WASM: [&str; 2] = ["app", "edge"];
/// Crates whose tests need nothing but the host.
const UNIT: [&str; 6] = ["contract", "engine", "app", "sandbox", "edge", "xtask"];

/// Runs all, and prints how long each took.
pub async fn run() -> Result<()> {
    let mut times = Times { steps: Vec::new(), lap: Instant::now() };
    let tools = setup::run(For::Everything).await?;
    times.lap("set-up");

    console::heading("Format and lints");
    let format = cargo(&tools, &["fmt", "--all", "--check", "--", "-l"]);
    quiet("format", format).await.context("run `cargo fmt`: these files are not formatted")?;
    quiet("lints, host", clippy(&tools, false)).await?;
    quiet("lints, wasm32", clippy(&tools, true)).await?;
    times.lap("format and lints");

    tidy::run()?;
    times.lap("tidy");
    build::with(&tools, Part::All).await?;
    times.lap("build");
    size::run()?;
    times.lap("size");

    console::heading("Tests on the host");
    loud(&tools, &UNIT).await.context("a test on the host failed")?;
    times.lap("tests on the host");
    console::heading("Tests in workerd and Chromium");
    loud(&tools, &["tests"]).await.context("a test in workerd or Chromium failed")?;
    times.lap("tests in workerd and Chromium");

    times.print();
    Ok(())
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

async fn loud(tools: &Tools, packages: &[&str]) -> Result<()> {
    let mut command = cargo(tools, &["test"]);
    for package in packages {
        command.args(["--package", package]);
    }
    child::loud(command).await
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

/// How long each step took.
struct Times {
    steps: Vec<(&'static str, Duration)>,
    lap: Instant,
}

impl Times {
    fn lap(&mut self, step: &'static str) {
        self.steps.push((step, self.lap.elapsed()));
        self.lap = Instant::now();
    }

    fn print(&self) {
        console::heading("Everything passed");
        for (step, time) in &self.steps {
            console::fact(step, &format!("{:>12}", duration(*time)));
        }
        let all = self.steps.iter().map(|(_, time)| *time).sum();
        console::fact("in all", &console::bold(&format!("{:>12}", duration(all))));
    }
}
