//! The sandbox in this process: beside `serve`, or alone.

use crate::{console, signals};
use anyhow::{Context, Result};
use sandbox::{Sandbox, Settings};
use std::io::ErrorKind;

/// Where it listens unless told otherwise.
const PORT: u16 = 8788;

/// Starts it at its usual place, or, where that is taken, anywhere.
pub async fn start_anywhere() -> Result<Sandbox> {
    match Sandbox::start(Settings::for_people(PORT)).await {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            Sandbox::start(Settings::for_people(0)).await
        }
        started => started,
    }
    .context("the sandbox does not start")
}

/// Runs it alone until Ctrl-C.
pub async fn run(port: u16) -> Result<()> {
    let sandbox = match Sandbox::start(Settings::for_people(port)).await {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            anyhow::bail!("port {port} is taken; choose another with --port")
        }
        started => started.context("the sandbox does not start")?,
    };
    console::heading("Sandbox");
    console::fact("gateway", &console::bold(&sandbox.url()));
    console::fact("key", "any, but the word `invalid`");
    console::fact("challenge", &sandbox.siteverify_url());
    console::page("\nEvery picture is a sample and nothing is paid. Ctrl-C stops it.");
    signals::stop().await;
    Ok(())
}
