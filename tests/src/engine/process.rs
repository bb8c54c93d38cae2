//! A driver and the browser that it starts: one process group with a folder of its own.
//!
//! Owns both, and ends them however a test ends. Must not end any other process.

use super::{Engine, PATIENCE};
use crate::visitor::client;
use anyhow::{Context, Result, bail};
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};

/// How often a driver is started before that counts as failed: another program may take its port before it does.
const STARTS: u8 = 3;

/// Runs a driver until the other end of its stdin is closed, then ends all that it has started and deletes their files.
/// So they end with a failed test, and with the tests' process.
const TIED: &str = "\"$@\" & exec >/dev/null; cat; trap '' TERM; kill -TERM -$$; sleep 1; rm -rf -- \"$TMPDIR\"; kill -KILL -$$";

/// The error where set-up has not run.
pub(super) const MISSING: &str = "the engine is not here; run `cargo xtask setup`";

/// The screen for a browser that has no mode without one. Without GLX a screenshot never comes.
const SCREEN: &str = "-screen 0 1400x1000x24 +extension GLX";

static FOLDERS: AtomicU32 = AtomicU32::new(0);

/// A running driver.
pub(super) struct Process {
    shell: Child,
    port: u16,
    folder: PathBuf,
}

impl Process {
    /// Starts the driver of an engine and waits until it takes commands.
    pub(super) async fn start(engine: Engine) -> Result<Self> {
        for _ in 0..STARTS {
            let mut process = Self::launch(engine)?;
            if process.answers().await {
                return Ok(process);
            }
        }
        bail!(
            "the driver of {engine:?} did not start {STARTS} times; `cargo xtask setup` installs it"
        )
    }

    /// Its address.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The folder of everything that driver and browser write.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Ends the whole group, and waits for that.
    pub(super) async fn end(mut self) -> Result<()> {
        drop(self.shell.stdin.take());
        timeout(PATIENCE, self.shell.wait()).await.context("the driver does not end")??;
        Ok(())
    }

    fn launch(engine: Engine) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let folder = format!("easel-engine-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        std::fs::create_dir_all(&folder)?;
        let mut command = Command::new("sh");
        command.args(["-c", TIED, "sh"]);
        match engine {
            Engine::Firefox | Engine::ResistingFirefox => {
                let driver = xtask::setup::engines::geckodriver().context(MISSING)?;
                command.arg(driver).args(["--log", "error", "--port", &port.to_string()]);
            }
            Engine::WebKit => {
                command.args(["xvfb-run", "-a", "-s", SCREEN, "WebKitWebDriver"]);
                command.arg(format!("--port={port}"));
            }
        }
        command.envs([("TMPDIR", &folder), ("HOME", &folder)]).env("LANG", "C.UTF-8");
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let shell = command.process_group(0).spawn().context("no shell")?;
        Ok(Self { shell, port, folder })
    }

    /// Whether it answers before it ends or its time is over.
    async fn answers(&mut self) -> bool {
        let until = Instant::now() + PATIENCE;
        let Ok(client) = client() else { return false };
        while Instant::now() < until && matches!(self.shell.try_wait(), Ok(None)) {
            let status = client.get(format!("{}/status", self.url())).send().await;
            if status.is_ok_and(|answer| answer.status().is_success()) {
                return true;
            }
            sleep(Duration::from_millis(100)).await;
        }
        false
    }
}
