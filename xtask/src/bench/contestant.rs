//! The contestants: the edge, and Workers of plain JavaScript that do the same.
//!
//! Owns how each is started. Must not treat one better than the others.

use super::{client::Client, process::Process, upstream::Upstream};
use crate::{
    repo, secrets,
    settings::Settings,
    workerd::{Access, Options, SpecialOptions, Workerd},
};
use anyhow::Result;
use serde_json::{Map, Value, json};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use tokio::sync::OnceCell;

/// The bytes that the peers read at a time; the edge's value.
const READ: usize = 64 * 1024;
/// The bytes of the peers' rows; the edge's value.
const CHUNK: usize = 32 * 1024;

/// A Worker that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contestant {
    /// The edge.
    Easel,
    /// Decodes with `Uint8Array.fromBase64`.
    FromBase64,
    /// Decodes with Node's `Buffer`.
    Buffer,
    /// Decodes with `atob`.
    Atob,
    /// Buffers the whole response before decoding it: the counterexample whose cost must be visible in the figures.
    Whole,
}

static FOLDERS: AtomicU32 = AtomicU32::new(0);
/// Whether the one older build of this process accepts every field of [`easel`].
static OLD_KNOWS_ALL_FIELDS: OnceCell<bool> = OnceCell::const_new();

impl Contestant {
    /// All contestants, in the table's order.
    pub(super) const ALL: [Self; 5] =
        [Self::Easel, Self::FromBase64, Self::Buffer, Self::Atob, Self::Whole];

    /// The plain ones that stream; the edge is compared with the quickest of them.
    pub(super) const PLAIN: [Self; 3] = [Self::FromBase64, Self::Buffer, Self::Atob];

    /// The name in the table.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Easel => "Easel",
            Self::FromBase64 => "fromBase64",
            Self::Buffer => "Buffer",
            Self::Atob => "atob",
            Self::Whole => "buffering",
        }
    }

    /// Starts it in a workerd of its own, with an empty state and without asset files, since the peers have none;
    /// `inspect` is a port for the inspector.
    pub(super) async fn start(
        self,
        upstream: &Arc<Upstream>,
        inspect: Option<u16>,
    ) -> Result<RunningContestant> {
        match self.decode() {
            None => start_edge(self.name(), upstream, inspect, None).await,
            Some(decode) => {
                let config = Some(repo::path("xtask/bench/peer/wrangler.jsonc"));
                let special =
                    SpecialOptions { config, bare: true, inspect, ..SpecialOptions::default() };
                let vars = peer(&upstream.url(), decode);
                start(self.name(), upstream, vars, Vec::new(), special).await
            }
        }
    }

    /// The peer's way to decode base64; nothing for the edge.
    const fn decode(self) -> Option<&'static str> {
        match self {
            Self::Easel => None,
            Self::FromBase64 => Some("fromBase64"),
            Self::Buffer => Some("Buffer"),
            Self::Atob => Some("atob"),
            Self::Whole => Some("whole"),
        }
    }
}

/// Starts a build of the edge by its `index.js`, as [`Contestant::start`] does; without a path, the build of this
/// clone.
pub(super) async fn start_edge(
    name: &'static str,
    upstream: &Arc<Upstream>,
    inspect: Option<u16>,
    main: Option<PathBuf>,
) -> Result<RunningContestant> {
    let main = || main.clone();
    let special =
        || SpecialOptions { bare: true, inspect, main: main(), ..SpecialOptions::default() };
    let mut vars = easel(&upstream.url())?;
    if main().is_some() {
        // An older build refuses fields that it does not know. It is asked in a workerd of its own, so that the measured
        // one has answered nothing yet.
        let asking = OLD_KNOWS_ALL_FIELDS.get_or_try_init(async || {
            let asked = start(name, upstream, vars.clone(), easel_secrets(), special()).await?;
            let opens = asked.client.open_session().await.is_ok();
            asked.stop().await?;
            anyhow::Ok(opens)
        });
        if !*asking.await? {
            without_new_fields(&mut vars);
        }
    }
    start(name, upstream, vars, easel_secrets(), special()).await
}

/// Starts the Worker whose objects hold one row each.
pub(super) async fn start_empty(upstream: &Arc<Upstream>) -> Result<RunningContestant> {
    let config = Some(repo::path("xtask/bench/empty/wrangler.jsonc"));
    let special = SpecialOptions { config, bare: true, ..SpecialOptions::default() };
    start("empty objects", upstream, Map::new(), Vec::new(), special).await
}

/// Starts a build of the edge with its documents and its own configuration: those of the clone at `root`.
pub(super) async fn start_documents(
    name: &'static str,
    upstream: &Arc<Upstream>,
    inspect: Option<u16>,
    root: &Path,
) -> Result<RunningContestant> {
    let text = std::fs::read_to_string(root.join("edge/wrangler.jsonc"))?;
    let settings = Settings::from_wrangler(&text)?;
    let special = SpecialOptions {
        inspect,
        main: Some(root.join("edge/build/index.js")),
        assets: Some(root.join("dist")),
        ..SpecialOptions::default()
    };
    start(name, upstream, settings.vars(), easel_secrets(), special).await
}

async fn start(
    name: &'static str,
    upstream: &Arc<Upstream>,
    vars: Map<String, Value>,
    secrets: Vec<(String, String)>,
    special: SpecialOptions,
) -> Result<RunningContestant> {
    let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
    let state = StateFolder(folder().join(format!("easel-bench-{}-{number}", std::process::id())));
    let options = Options {
        port: 0,
        state: state.0.clone(),
        vars,
        secrets,
        access: Access::behind_proxy(),
        echo: false,
        ledger: None,
    };
    let workerd = Workerd::start_special(options, special).await?;
    let process = Process::of(workerd.pid())?;
    let client = Arc::new(Client::new(workerd.url(), Arc::clone(upstream))?);
    Ok(RunningContestant { name, client, process, workerd, state })
}

/// A running contestant.
pub(super) struct RunningContestant {
    pub(super) name: &'static str,
    pub(super) client: Arc<Client>,
    pub(super) process: Process,
    workerd: Workerd,
    state: StateFolder,
}

/// A contestant's state folder, which is deleted when this is dropped.
pub(super) struct StateFolder(pub(super) PathBuf);

impl Drop for StateFolder {
    fn drop(&mut self) {
        // The folder may not exist yet, since workerd creates it.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl RunningContestant {
    /// Stops it, and deletes its state.
    pub(super) async fn stop(self) -> Result<()> {
        let Self { workerd, state, .. } = self;
        let stopped = workerd.stop().await;
        drop(state);
        stopped
    }

    /// The rows that a query finds in the storage of every object of a class.
    pub(super) async fn stored(&self, class: &str, query: &str) -> Result<Vec<Value>> {
        self.workerd.stored(class, query).await
    }

    /// Its name and its last log lines, for an error.
    pub(super) fn describe(&self) -> String {
        let log = self.workerd.log();
        let last: Vec<&str> = log.lines().rev().take(5).collect();
        let last: Vec<&str> = last.into_iter().rev().collect();
        format!("{}; its log ends: {}", self.name, last.join(" | "))
    }
}

/// A new folder, in memory where the machine has such a file system: the speed of the disk must not affect the figures.
pub(super) fn folder() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() { memory } else { std::env::temp_dir() }
}

/// Starts all contestants, one after the other; they run at the same time.
pub(super) async fn all(upstream: &Arc<Upstream>) -> Result<Vec<RunningContestant>> {
    let mut running = Vec::new();
    for contestant in Contestant::ALL {
        running.push(contestant.start(upstream, None).await?);
    }
    Ok(running)
}

/// A configuration whose limits are too high to be reached by a bench.
pub(super) fn easel(gateway: &str) -> Result<Map<String, Value>> {
    const MANY: u32 = 1_000_000;
    let configuration = json!({
        "gateway": { "base_url": gateway },
        "models": [{
            "id": "openai/gpt-image-1-mini",
            "usd_per_million": { "text_in": "2.00", "text_in_cached": "0.20", "picture_in": "2.50", "out": "8.00" },
            "worst_usd": { "low": { "1024x1024": "0.005" } },
            "input_picture_tokens": 2000,
        }],
        "sites": [{
            "id": "demo",
            "origins": ["http://localhost:8787"],
            "budget": {
                "day_usd": "1000000", "month_usd": "1000000", "hour_percent": 100, "spare_percent": 0
            },
            "visitor": { "per_hour": MANY, "per_day": MANY, "concurrent": MANY },
            "network": {
                "per_day": MANY, "sessions_per_day": MANY, "share_percent": 100,
                "refusals_per_day": MANY, "rate_limit": false
            },
            "sizes": ["1024x1024"],
            "qualities": ["low"],
        }],
    });
    let settings = Settings::from_object(&configuration.to_string())?;
    settings.check()?;
    Ok(settings.vars())
}

/// Removes from the sites what builds before version 0.2 do not know.
pub(super) fn without_new_fields(vars: &mut Map<String, Value>) {
    for (part, new) in [
        ("budget", ["hour_percent", "spare_percent"].as_slice()),
        ("network", &["share_percent", "refusals_per_day", "rate_limit"]),
    ] {
        let sites = vars.iter_mut().filter(|(name, _)| name.starts_with("EASEL_SITE_"));
        for fields in sites.filter_map(|(_, site)| site[part].as_object_mut()) {
            fields.retain(|name, _| !new.contains(&name.as_str()));
        }
    }
}

pub(super) fn easel_secrets() -> Vec<(String, String)> {
    let key = secrets::gateway_key_name("vercel");
    [(key, "bench"), (secrets::SIGNING_KEY, "0123456789abcdef0123456789abcdef")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
}

fn peer(gateway: &str, decode: &str) -> Map<String, Value> {
    let (read, chunk) = (READ.to_string(), CHUNK.to_string());
    [("GATEWAY", gateway), ("DECODE", decode), ("READ", &read), ("CHUNK", &chunk)]
        .map(|(name, value)| (name.to_owned(), value.into()))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edge_takes_the_configuration() {
        assert!(easel("http://127.0.0.1:1/v1").unwrap().contains_key("EASEL_SITE_demo"));
    }

    #[test]
    fn an_older_build_gets_only_what_it_knows() {
        let mut vars = easel("http://127.0.0.1:1/v1").unwrap();
        without_new_fields(&mut vars);
        let site = &vars["EASEL_SITE_demo"];
        let amounts = json!({ "day_usd": "1000000", "month_usd": "1000000" });
        assert_eq!(site["budget"], amounts);
        assert_eq!(site["network"], json!({ "per_day": 1_000_000, "sessions_per_day": 1_000_000 }));
    }

    #[test]
    fn the_peers_read_and_store_by_the_same_sizes_as_the_edge() {
        let says = |file: &str, line: &str| {
            std::fs::read_to_string(repo::path(file)).unwrap().contains(line)
        };
        assert!(says("edge/src/upstream.rs", "const READ_BYTES: u32 = 64 * 1024;"));
        assert!(says("edge/src/job/store.rs", "const CHUNK: usize = 32 * 1024;"));
        assert_eq!((READ, CHUNK), (64 * 1024, 32 * 1024));
    }
}
