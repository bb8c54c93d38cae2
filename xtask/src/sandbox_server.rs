//! Starts the sandbox in this process: for `serve`, or alone. Must not know how it paints.

use crate::{console, signals};
use anyhow::{Context, Result};
use sandbox::{Sandbox, Settings};
use std::io::ErrorKind;

/// The default port.
const PORT: u16 = 8788;

/// Starts the sandbox on its default port or, if that is taken, on any free port.
pub async fn start_anywhere() -> Result<Sandbox> {
    match Sandbox::start(Settings::for_people(PORT)).await {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            Sandbox::start(Settings::for_people(0)).await
        }
        started => started,
    }
    .context("the sandbox does not start")
}

/// Runs the sandbox alone until Ctrl-C.
pub async fn run(port: u16) -> Result<()> {
    let sandbox = match Sandbox::start(Settings::for_people(port)).await {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            anyhow::bail!("port {port} is taken; choose another with --port")
        }
        started => started.context("the sandbox does not start")?,
    };
    console::heading("Sandbox");
    console::fact("gateway", &console::bold(&sandbox.url()));
    console::fact("key", "any value except `invalid`");
    console::fact("as OpenAI", &sandbox.openai_url());
    console::fact("challenge", &sandbox.siteverify_url());
    console::text("\nEvery picture is a sample and nothing is paid. Ctrl-C stops it.");
    signals::stop().await;
    Ok(())
}
