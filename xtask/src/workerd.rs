//! The edge in real workerd, as a child: `serve` and the tests start it the same way.
//!
//! Owns the driver `edge/workerd.mjs` and the lines spoken with it. The driver stops everything when its stdin
//! ends, so that dropping this, a panic or a kill -9 leaves no process behind.

use crate::{repo, setup, tools};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value, json};
use std::{
    io::Write,
    path::PathBuf,
    process::Stdio,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader, Lines},
    net::TcpStream,
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::Mutex,
    time::timeout,
};

/// A cold start takes one to two seconds; on a busy machine many more.
const START: Duration = Duration::from_mins(1);
/// What is remembered of the log; then its older half is forgotten.
const LOG: usize = 8 << 20;
/// The driver itself gives up after three.
const STOP: Duration = Duration::from_secs(6);

/// What is started, and with what.
pub struct Options {
    /// Where it listens on 127.0.0.1; 0 takes any free port.
    pub port: u16,
    /// Where the objects' data is kept: another start with the same folder finds it.
    pub state: PathBuf,
    /// Variables; what is not a string becomes a JSON binding, as from wrangler.jsonc.
    pub vars: Map<String, Value>,
    /// Names and values.
    pub secrets: Vec<(String, String)>,
    /// Whether the Worker's log is shown on stderr as it comes.
    pub echo: bool,
    /// A script whose class `Ledger` stands in for the real one: for the test that must notice.
    pub ledger: Option<PathBuf>,
}

/// What the bench and some tests ask for.
#[derive(Default)]
pub struct Special {
    /// The `wrangler.jsonc` of another Worker.
    pub config: Option<PathBuf>,
    /// Whether it has no files: then no Worker of the platform's stands before it.
    pub bare: bool,
    /// A port for V8's inspector.
    pub inspect: Option<u16>,
    /// The `index.js` of another build of the Worker.
    pub main: Option<PathBuf>,
    /// For development: another folder of files than `dist/`, and pages that reload themselves.
    pub dev: Option<PathBuf>,
}

/// A running edge.
pub struct Workerd {
    url: String,
    pid: AtomicU32,
    driver: Mutex<Driver>,
    log: Log,
}

struct Driver {
    child: Child,
    commands: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
}

type Log = Arc<std::sync::Mutex<String>>;

impl Workerd {
    /// Starts it and waits until it answers.
    pub async fn start(options: Options) -> Result<Self> {
        Self::start_special(options, Special::default()).await
    }

    /// Starts another Worker than the edge, or one that can be looked into.
    pub async fn start_special(options: Options, special: Special) -> Result<Self> {
        ensure!(
            special.dev.is_some()
                || repo::path("edge/build/index.js").is_file() && repo::path("dist").is_dir(),
            "the edge is not built; run `cargo xtask build`"
        );
        let Options { port, state, vars, secrets, echo, ledger } = options;
        let secrets: Map<_, _> = secrets.into_iter().map(|(name, it)| (name, it.into())).collect();
        let Special { config, bare, inspect, main, dev } = special;
        let mut first = json!({ "port": port, "persist": state, "vars": vars, "secrets": secrets, "bare": bare });
        if let Some(config) = config {
            first["config"] = json!(config);
        }
        if let Some(port) = inspect {
            first["inspect"] = port.into();
        }
        if let Some(main) = main {
            first["main"] = json!(main);
        }
        if let Some(ledger) = ledger {
            first["ledger"] = json!(ledger);
        }
        if let Some(assets) = dev {
            first["dev"] = json!({ "assets": assets });
        }
        let log = Log::default();
        let mut driver = Driver::spawn(&log, echo).await?;
        let answer = match timeout(START, driver.ask(&first)).await {
            Ok(answer) => answer,
            Err(_) => Err(anyhow::anyhow!("workerd did not start within {} s", START.as_secs())),
        };
        let ready = answer.map_err(|error| match read(&log).trim() {
            "" => error,
            log => error.context(format!("the edge's log ends:\n{log}")),
        })?;
        let url = ready["ready"].as_str().context("the driver told no address")?.to_owned();
        let pid = AtomicU32::new(pid_in(&ready));
        Ok(Self { url, pid, driver: Mutex::new(driver), log })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The process id of workerd itself; 0 where it cannot be told.
    pub fn pid(&self) -> u32 {
        self.pid.load(Ordering::Relaxed)
    }

    /// Starts workerd anew with what lies in the build's folders now: address and stored data stay.
    pub async fn reload(&self) -> Result<()> {
        let mut driver = self.driver.lock().await;
        let answer = timeout(START, driver.ask(&json!({ "reload": true }))).await;
        let answer = answer.context("workerd did not start again")??;
        self.pid.store(pid_in(&answer), Ordering::Relaxed);
        Ok(())
    }

    /// Everything that the Worker has logged so far.
    pub fn log(&self) -> String {
        read(&self.log)
    }

    /// Puts an object out of memory, as the platform does when it likes; its storage stays.
    pub async fn evict(&self, class: &str, id: &str) -> Result<()> {
        let command = json!({ "evict": { "class": class, "id": id } });
        self.driver.lock().await.ask(&command).await.map(drop)
    }

    /// The same for an object that has a name in place of a minted id.
    pub async fn evict_named(&self, class: &str, name: &str) -> Result<()> {
        let command = json!({ "evict": { "class": class, "name": name } });
        self.driver.lock().await.ask(&command).await.map(drop)
    }

    /// What a query finds in the storage of every object of a class, whatever the objects say of it.
    pub async fn stored(&self, class: &str, query: &str) -> Result<Vec<Value>> {
        let command = json!({ "stored": { "class": class, "query": query } });
        let mut answer = self.driver.lock().await.ask(&command).await?;
        Ok(serde_json::from_value(answer["rows"].take())?)
    }

    /// Speaks to a site's Ledger as the Worker does: a call and its body, and the answer.
    pub async fn ledger(&self, site: &str, call: &str, body: &Value) -> Result<Value> {
        let path = format!("/{site}/{call}");
        let call = json!({ "binding": "LEDGERS", "name": site, "path": path, "body": body });
        let mut answer = self.driver.lock().await.ask(&json!({ "call": call })).await?;
        ensure!(answer["status"] == 200, "the object answered {answer}");
        Ok(answer["body"].take())
    }

    /// Waits until it ends by itself, which it should not.
    pub async fn ended(&self) {
        let mut driver = self.driver.lock().await;
        // Nothing is asked meanwhile, so a line can only be the end.
        let _ = driver.answers.next_line().await;
    }

    /// Stops it in order: what is under way in the objects is cut.
    pub async fn stop(self) -> Result<()> {
        let pid = self.pid();
        let mut driver = self.driver.into_inner();
        driver.commands = None;
        if timeout(STOP, driver.child.wait()).await.is_err() {
            driver.child.start_kill()?;
            kill(pid).await;
            bail!("workerd did not stop within {} s and was killed", STOP.as_secs());
        }
        Ok(())
    }

    /// Kills it at once, as a power cut would.
    pub async fn kill(self) -> Result<()> {
        let pid = self.pid();
        let mut driver = self.driver.into_inner();
        // The driver first: it would start another workerd.
        driver.child.kill().await?;
        kill(pid).await;
        // Gone is what no longer answers: a process that nobody waits for stays in the table.
        let address = self.url.trim_start_matches("http://");
        let gone = async { while TcpStream::connect(address).await.is_ok() {} };
        timeout(STOP, gone).await.context("workerd cannot be killed")
    }
}

impl Driver {
    async fn spawn(log: &Log, echo: bool) -> Result<Self> {
        let mut command = Command::new(setup::find_node().await?);
        tools::clean(&mut command);
        command
            .arg(repo::path("edge/workerd.mjs"))
            .current_dir(repo::root())
            // Ctrl-C in a terminal reaches its whole group: the driver ends when this end says so.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().context("Node cannot be started")?;
        let commands = child.stdin.take();
        let answers = child.stdout.take().context("the driver has no stdout")?;
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(collect(stderr, Arc::clone(log), echo));
        }
        Ok(Self { child, commands, answers: BufReader::new(answers).lines() })
    }

    /// Says one line and hears one.
    async fn ask(&mut self, line: &Value) -> Result<Value> {
        let commands = self.commands.as_mut().context("the driver has been stopped")?;
        commands.write_all(format!("{line}\n").as_bytes()).await.context("the driver has ended")?;
        let answer =
            self.answers.next_line().await?.context("the driver ended without an answer")?;
        let answer: Value =
            serde_json::from_str(&answer).context("the driver did not speak JSON")?;
        match answer["error"].as_str() {
            Some(reason) => bail!("{reason}"),
            None => Ok(answer),
        }
    }
}

fn pid_in(answer: &Value) -> u32 {
    answer["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok()).unwrap_or(0)
}

async fn kill(pid: u32) {
    if pid != 0 {
        let _ = Command::new("kill").args(["-9", &pid.to_string()]).status().await;
    }
}

async fn collect(stderr: impl AsyncRead + Unpin, log: Log, echo: bool) {
    let mut lines = BufReader::new(stderr).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if echo {
            let _ = writeln!(std::io::stderr(), "{line}");
        }
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        log.push_str(&line);
        log.push('\n');
        if log.len() > LOG {
            let half = log.floor_char_boundary(LOG / 2);
            log.drain(..half);
        }
    }
}

fn read(log: &Log) -> String {
    log.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
