//! `cargo xtask …`: one match.

use std::process::ExitCode;
use xtask::{
    args::{self, Task},
    bench, build, check, console, deploy, serve, setup, signals, size, stand_in, suite, tidy,
};

#[tokio::main]
async fn main() -> ExitCode {
    let task = match args::parse(std::env::args().skip(1)) {
        Ok(task) => task,
        Err(sentence) => {
            console::error(&sentence);
            return ExitCode::from(2);
        }
    };
    // These end by a signal, in order; the others are cut by it.
    let outcome = match &task {
        Task::Serve(_) | Task::Sandbox { .. } | Task::Deploy(_) => Some(run(task).await),
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
        Task::Help(text) => {
            console::page(&text);
            Ok(())
        }
        Task::Setup => setup::run(setup::For::Everything).await.map(drop),
        Task::Build(part) => build::run(part).await,
        Task::Serve(options) => serve::run(options).await,
        Task::Sandbox { port } => stand_in::run(port).await,
        Task::Deploy(options) => deploy::run(options).await,
        Task::Check { config } => check::run(config.as_deref()),
        Task::Size => size::run(),
        Task::Bench(options) => bench::run(options).await,
        Task::BenchEmbed { quick } => bench::embed::run(quick).await,
        Task::BenchStudio(options) => bench::studio::run(options).await,
        Task::Tidy => tidy::run(),
        Task::Test(options) => suite::run(options).await,
    }
}
