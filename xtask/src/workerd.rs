//! The edge in real workerd, as a child process: `serve` and the tests start it in the same way.
//!
//! Owns the driver `edge/workerd.mjs` and the messages exchanged with it. The driver stops everything when its stdin
//! ends, so that dropping this, a panic or a kill -9 leaves no process behind. Must not decide how the edge is
//! configured.

use crate::{repo, setup, tools};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value, json};
use std::{
    collections::HashMap,
    fs,
    io::Write,
    path::PathBuf,
    process::Stdio,
    sync::{
        Arc, LazyLock, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader, Lines},
    net::TcpStream,
    process::{Child, ChildStdin, ChildStdout},
    sync::Mutex,
    time::timeout,
};

/// A cold start takes one to two seconds, and much longer on a busy machine.
const START: Duration = Duration::from_mins(1);
/// The bytes of the log that are kept. Above this limit the older half is dropped.
const LOG: usize = 8 << 20;
/// How long stopping may take. The driver itself kills workerd after three seconds.
const STOP: Duration = Duration::from_secs(6);

/// What to start.
pub struct Options {
    /// The port on 127.0.0.1; 0 selects any free port.
    pub port: u16,
    /// The folder of the objects' data: another start with the same folder finds it.
    pub state: PathBuf,
    /// Variables of the Worker; a value that is not a string becomes a JSON binding, as from wrangler.jsonc.
    pub vars: Map<String, Value>,
    /// Secrets: names and values.
    pub secrets: Vec<(String, String)>,
    /// Whose word is taken for the names and addresses of requests.
    pub access: Access,
    /// Whether the Worker's log is also written to stderr as it comes.
    pub echo: bool,
    /// A script whose class `Ledger` replaces the real one, for tests that check that they would notice a broken
    /// Ledger.
    pub ledger: Option<PathBuf>,
}

/// What is believed of a request. By default only what the connection shows: it comes from this machine, and is meant
/// for this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Names that the header `Host` may have beside those of this machine. Any other name is refused: a page of another
    /// site could have let its own name point here.
    pub names: Vec<String>,
    /// Whether a proxy in front states each visitor's address in `CF-Connecting-IP`. Without one, any client could
    /// choose its address, and with it its limits.
    pub behind_proxy: bool,
}

impl Access {
    /// The visitors' addresses are those that the requests state: for tests and the bench, which play many visitors.
    pub const fn behind_proxy() -> Self {
        Self { names: Vec::new(), behind_proxy: true }
    }
}

/// Options that only the bench and some tests use.
#[derive(Default)]
pub struct SpecialOptions {
    /// The `wrangler.jsonc` of another Worker.
    pub config: Option<PathBuf>,
    /// Whether to serve no asset files: then none of the platform's own Workers runs before this one.
    pub bare: bool,
    /// A port for V8's inspector.
    pub inspect: Option<u16>,
    /// The `index.js` of another build of the Worker.
    pub main: Option<PathBuf>,
    /// The folder of another build's files, in place of `dist/`.
    pub assets: Option<PathBuf>,
    /// For development: the folder of the asset files, in place of `dist/`; pages then reload themselves.
    pub dev: Option<PathBuf>,
}

/// A configuration file with its text, under which a process remembers what wrangler reads in it. The tests start hundreds
/// of edges with one file.
#[derive(PartialEq, Eq, Hash)]
struct ConfigurationKey {
    path: PathBuf,
    text: String,
}

static CONFIGURED: LazyLock<std::sync::Mutex<HashMap<ConfigurationKey, Value>>> =
    LazyLock::new(Default::default);

impl ConfigurationKey {
    fn of(path: Option<&str>) -> Result<Self> {
        let path = repo::path(path.unwrap_or("edge/wrangler.jsonc"));
        let text = fs::read_to_string(&path);
        let text = text.with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Self { path, text })
    }

    /// What wrangler has read in this file in this process.
    fn configured(&self) -> Option<Value> {
        CONFIGURED.lock().unwrap_or_else(PoisonError::into_inner).get(self).cloned()
    }

    fn remember(self, configured: &Value) {
        let mut all = CONFIGURED.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(self, configured.clone());
    }
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
    /// Starts the edge and waits until it answers.
    pub async fn start(options: Options) -> Result<Self> {
        Self::start_special(options, SpecialOptions::default()).await
    }

    /// Starts another Worker than the edge, or the edge with special options.
    pub async fn start_special(options: Options, special: SpecialOptions) -> Result<Self> {
        ensure!(
            special.dev.is_some()
                || repo::path("edge/build/index.js").is_file() && repo::path("dist").is_dir(),
            "the edge is not built; run `cargo xtask build`"
        );
        let Options { port, state, vars, secrets, access, echo, ledger } = options;
        let secrets: Map<_, _> = secrets.into_iter().map(|(name, it)| (name, it.into())).collect();
        let SpecialOptions { config, bare, inspect, main, assets, dev } = special;
        let mut first = json!({
            "port": port, "persist": state, "vars": vars, "secrets": secrets, "bare": bare,
            "names": access.names, "proxied": access.behind_proxy,
        });
        if let Some(config) = config {
            first["config"] = json!(config);
        }
        if let Some(port) = inspect {
            first["inspect"] = port.into();
        }
        if let Some(main) = main {
            first["main"] = json!(main);
        }
        if let Some(assets) = assets {
            first["assets"] = json!(assets);
        }
        if let Some(ledger) = ledger {
            first["ledger"] = json!(ledger);
        }
        if let Some(assets) = dev {
            first["dev"] = json!({ "assets": assets });
        }
        let key = ConfigurationKey::of(first["config"].as_str())?;
        if let Some(configured) = key.configured() {
            first["configured"] = configured;
        }
        let log = Log::default();
        let mut driver = Driver::spawn(&log, echo).await?;
        let answer = match timeout(START, driver.send(&first)).await {
            Ok(answer) => answer,
            Err(_) => Err(anyhow::anyhow!("workerd did not start within {} s", START.as_secs())),
        };
        let ready = answer.map_err(|error| match read(&log).trim() {
            "" => error,
            log => error.context(format!("the edge's log ends:\n{log}")),
        })?;
        key.remember(&ready["configured"]);
        let url = ready["ready"].as_str().context("the driver reported no address")?.to_owned();
        let pid = AtomicU32::new(pid_in(&ready));
        Ok(Self { url, pid, driver: Mutex::new(driver), log })
    }

    /// The edge's address: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The process id of workerd; 0 where it is unknown.
    pub fn pid(&self) -> u32 {
        self.pid.load(Ordering::Relaxed)
    }

    /// Restarts workerd with the files that are in the build's folders now and with these variables; address and stored
    /// data stay.
    pub async fn reload(&self, vars: &Map<String, Value>) -> Result<()> {
        let mut driver = self.driver.lock().await;
        let answer = timeout(START, driver.send(&json!({ "reload": { "vars": vars } }))).await;
        let answer = answer.context("workerd did not start again")??;
        self.pid.store(pid_in(&answer), Ordering::Relaxed);
        Ok(())
    }

    /// The Worker's log so far.
    pub fn log(&self) -> String {
        read(&self.log)
    }

    /// Evicts an object from memory, as the platform may do at any time; its storage stays.
    pub async fn evict(&self, class: &str, id: &str) -> Result<()> {
        let command = json!({ "evict": { "class": class, "id": id } });
        self.driver.lock().await.send(&command).await.map(drop)
    }

    /// Evicts an object that has a name instead of an id.
    pub async fn evict_named(&self, class: &str, name: &str) -> Result<()> {
        let command = json!({ "evict": { "class": class, "name": name } });
        self.driver.lock().await.send(&command).await.map(drop)
    }

    /// The rows that a query finds in the storage of every object of a class. It reads the databases directly, without
    /// the objects.
    pub async fn stored(&self, class: &str, query: &str) -> Result<Vec<Value>> {
        let command = json!({ "stored": { "class": class, "query": query } });
        let mut answer = self.driver.lock().await.send(&command).await?;
        Ok(serde_json::from_value(answer["rows"].take())?)
    }

    /// Calls a site's Ledger as the Worker does, and returns the response's body.
    pub async fn ledger(&self, site: &str, call: &str, body: &Value) -> Result<Value> {
        let path = format!("/{site}/{call}");
        let call = json!({ "binding": "LEDGERS", "name": site, "path": path, "body": body });
        let mut answer = self.driver.lock().await.send(&json!({ "call": call })).await?;
        ensure!(answer["status"] == 200, "the object answered {answer}");
        Ok(answer["body"].take())
    }

    /// Waits until the driver ends by itself, which it should not do.
    pub async fn ended(&self) {
        let mut driver = self.driver.lock().await;
        // No command is sent meanwhile, so the next line can only be the end of the stream.
        let _ = driver.answers.next_line().await;
    }

    /// Stops the edge in order; work in the objects is cut off.
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

    /// Kills the edge at once, as a power cut would.
    pub async fn kill(self) -> Result<()> {
        let pid = self.pid();
        let mut driver = self.driver.into_inner();
        // The driver is killed first: it would replace a killed workerd.
        driver.child.kill().await?;
        kill(pid).await;
        // The address, not the process table, shows that workerd is gone: a process whose parent does not wait for it
        // stays in the table.
        let address = self.url.trim_start_matches("http://");
        let gone = async { while TcpStream::connect(address).await.is_ok() {} };
        timeout(STOP, gone).await.context("workerd cannot be killed")
    }
}

impl Driver {
    async fn spawn(log: &Log, echo: bool) -> Result<Self> {
        let mut command = tools::program(setup::find_node().await?);
        command
            .arg(repo::path("edge/workerd.mjs"))
            .current_dir(repo::root())
            // Ctrl-C in a terminal reaches its whole process group: with a group of its own, the driver ends only when
            // this process says so.
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

    /// Sends one command and reads one line of answer.
    async fn send(&mut self, line: &Value) -> Result<Value> {
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
        let _ = tools::program("kill").args(["-9", &pid.to_string()]).status().await;
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
