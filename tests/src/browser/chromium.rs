//! Chromium processes that are lent to one test after another, each in the state of a new profile.
//!
//! Owns the processes and their flags, and clears everything that a test left behind before the next test. Must not
//! lend one to two tests at the same time: only one window has the focus.

use super::PATIENCE;
use crate::visitor::client;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::{
    process::Stdio,
    sync::{Mutex, PoisonError},
};
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

/// How often chromedriver is started before that counts as failed.
const STARTS: u8 = 3;

/// Flags that keep this machine's network, graphics and profile out of a test. The pipe connects the browser to its
/// driver, so that it ends when the driver ends for any reason.
const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
];

/// Runs the driver until the other end of its stdin is closed. So it ends with a failed test, and with the tests'
/// process, which ends without dropping shared fixtures.
const TIED: &str = "chromedriver --port=0 & driver=$!; exec >/dev/null; cat; kill $driver";

/// Processes that no test uses now.
static IDLE: Mutex<Vec<Chromium>> = Mutex::new(Vec::new());

/// A Chromium with one window and a cleared profile.
pub(super) struct Chromium {
    flags: &'static [&'static str],
    driver: WebDriver,
    port: u16,
    _tied: Child,
}

impl Chromium {
    /// Takes an idle process with these additional flags, or starts one.
    pub(super) async fn acquire(flags: &'static [&'static str]) -> Result<Self> {
        let waits = {
            let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
            let at = idle.iter().position(|one| one.flags == flags);
            at.map(|at| idle.swap_remove(at))
        };
        match waits {
            Some(chromium) => Ok(chromium),
            None => Self::launch(flags).await,
        }
    }

    /// The driver, with the test's window selected.
    pub(super) const fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// What the browser and its pages have written to the console since this was asked last: warnings and errors.
    pub(super) async fn console(&self) -> Result<Vec<String>> {
        let session = self.driver.session_id();
        let url = format!("http://127.0.0.1:{}/session/{session}/se/log", self.port);
        let answer = client()?.post(url).json(&json!({ "type": "browser" })).send().await?;
        let answer: Value = answer.error_for_status()?.json().await?;
        let lines = answer["value"].as_array().context("no log")?;
        Ok(lines.iter().filter_map(|line| Some(line["message"].as_str()?.to_owned())).collect())
    }

    /// Closes the test's windows, clears the profile, and lends the browser to the next test. Chromium's state of a
    /// window ends with the window: scripts, emulation, blocked addresses, session storage.
    pub(super) async fn release(self) -> Result<()> {
        let driver = &self.driver;
        let old = driver.windows().await?;
        let fresh = driver.new_window().await?;
        for window in old {
            driver.switch_to_window(window).await?;
            driver.close_window().await?;
        }
        driver.switch_to_window(fresh).await?;
        let everywhere = json!({ "origin": "*", "storageTypes": "all" });
        for (clear, what) in [
            ("Storage.clearDataForOrigin", everywhere),
            ("Network.clearBrowserCookies", json!({})),
            ("Network.clearBrowserCache", json!({})),
            ("Browser.resetPermissions", json!({})),
            ("Page.bringToFront", json!({})),
        ] {
            driver.cdp().send_raw(clear, what).await.context(clear)?;
        }
        IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(self);
        Ok(())
    }

    async fn launch(flags: &'static [&'static str]) -> Result<Self> {
        let (tied, port) = chromedriver().await?;
        let mut wanted = DesiredCapabilities::chrome();
        for flag in FLAGS.iter().chain(flags) {
            wanted.add_arg(flag)?;
        }
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted).await?;
        Ok(Self { flags, driver, port, _tied: tied })
    }
}

/// A chromedriver on a free port. It listens on IPv4 and on IPv6 with the same number; if another program has that port
/// on one of them, it ends at once.
async fn chromedriver() -> Result<(Child, u16)> {
    for _ in 0..STARTS {
        let mut command = Command::new("sh");
        command.args(["-c", TIED]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut tied = command.spawn().context("no shell")?;
        let stdout = tied.stdout.take().context("no stdout")?;
        let port = timeout(PATIENCE, port(stdout)).await.context("chromedriver does not start")?;
        if let Some(port) = port? {
            return Ok((tied, port));
        }
    }
    bail!(
        "chromedriver ended {STARTS} times without printing its port; `cargo xtask test` installs it"
    )
}

/// The port that chromedriver prints; nothing if it ends before.
async fn port(stdout: impl tokio::io::AsyncRead + Unpin) -> Result<Option<u16>> {
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return Ok(Some(port.trim_end_matches('.').parse()?));
        }
    }
    Ok(None)
}
