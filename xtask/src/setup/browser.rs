//! Chromium and chromedriver, for the tests in a real browser.
//!
//! Owns how both are found. Must not start a browser for a test.

use crate::{
    child,
    console::ProgressStep,
    setup::debian,
    tools::{self, which},
};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// Debian's packages, installed where either program is missing.
const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];
const BROWSERS: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Finds both, or installs Debian's packages. Returns the version.
pub async fn ensure() -> Result<String> {
    if let Some(version) = find().await {
        return Ok(version);
    }
    if !debian::is_possible().await {
        bail!("the browser tests need Chromium and chromedriver: please install both");
    }
    debian::announce_apt(
        &PACKAGES,
        "the tests in a real browser need them",
        "put a Chromium or Chrome and its `chromedriver` on PATH",
    );
    let step = ProgressStep::long("chromium", "installing with apt");
    if let Err(error) = debian::apt_install(&PACKAGES, &step).await {
        step.failed();
        return Err(error.context("cannot install Chromium"));
    }
    step.done("installed");
    match find().await {
        Some(version) => Ok(version),
        None => bail!("Chromium was installed, but it does not start"),
    }
}

/// The path of the browser.
pub fn program() -> Option<PathBuf> {
    BROWSERS.iter().find_map(|name| which(name))
}

async fn find() -> Option<String> {
    program()?;
    let mut driver = tools::program(which("chromedriver")?);
    driver.arg("--version");
    let answer = child::read_stdout(driver).await?;
    Some(answer.split_whitespace().nth(1)?.to_owned())
}
