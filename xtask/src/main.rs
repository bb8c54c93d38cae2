//! `cargo xtask …`: reads the command line and runs one command.
//!
//! Owns the exit codes and the handling of signals. Must not contain a command.

use clap::Parser;
use std::process::ExitCode;
use xtask::{
    audit, bench, build, check,
    command::{Bench, CommandLine, Task},
    console, deploy, dev, examples, probe, release, sandbox_server, serve, setup, signals, size,
    smoke, suite, tidy,
};

#[tokio::main]
async fn main() -> ExitCode {
    // A wrong command line ends the process here, with exit code 2 and the correct usage.
    let CommandLine { task } = CommandLine::parse();
    // These commands handle Ctrl-C and SIGTERM themselves and clean up; every other command is dropped at the signal.
    let outcome = match &task {
        Task::Serve(_) | Task::Dev(_) | Task::Sandbox { .. } | Task::Deploy(_) => {
            Some(run(task).await)
        }
        _ => Box::pin(signals::or_stop(run(task))).await,
    };
    match outcome {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(error)) => {
            console::error(&format!("{error:#}"));
            ExitCode::FAILURE
        }
        None => ExitCode::from(130),
    }
}

async fn run(task: Task) -> anyhow::Result<()> {
    match task {
        Task::Setup => setup::run(setup::SetupPurpose::Everything).await.map(drop),
        Task::Build { part } => build::run(part).await,
        Task::Serve(options) => serve::run(options).await,
        Task::Dev(options) => dev::run(options).await,
        Task::Sandbox { port } => sandbox_server::run(port).await,
        Task::Deploy(options) => deploy::run(options).await,
        Task::Check(options) => check::run(&options),
        Task::Release(options) => release::run(options).await,
        Task::Audit(options) => audit::run(options).await,
        Task::Smoke(options) => smoke::run(options).await,
        Task::Size => size::run().await,
        Task::Examples(options) => examples::run(options).await,
        Task::Probe(options) => probe::run(options).await,
        Task::Bench(Bench::Edge(options)) => bench::run(options).await,
        Task::Bench(Bench::Memory { jobs }) => bench::growth::run(jobs).await,
        Task::Bench(Bench::Embed { quick }) => bench::embed::run(quick).await,
        Task::Bench(Bench::Dev) => bench::dev::run().await,
        Task::Bench(Bench::Studio(options)) => bench::studio::run(options).await,
        Task::Tidy => tidy::run(),
        Task::Test(options) => suite::run(options).await,
    }
}
