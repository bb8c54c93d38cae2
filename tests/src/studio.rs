//! An edge in workerd with the sandbox as its gateway.
//!
//! Owns their configuration and the folder of the edge's state. Must not send requests.

use crate::visitor::{Visitor, client};
use crate::{models, utc_day};
use anyhow::Result;
use contract::{money::Nano, time::Timestamp};
use sandbox::{Pace, Sandbox};
use serde_json::{Map, Value, json};
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use tokio::sync::OnceCell;
use xtask::{
    clock,
    settings::Settings,
    workerd::{Access, Options, SpecialOptions, Workerd},
};

/// A gateway key with a recognisable text, so that a leak can be found by searching for it.
pub const KEY: &str = "vck_CANARY_0123456789abcdef_CANARY";

/// The operator's token.
pub const OPERATOR: &str = "operator-operator-operator-operator";

static SHARED: OnceCell<Studio> = OnceCell::const_new();
static QUICK: OnceCell<Studio> = OnceCell::const_new();
static KEEPING: OnceCell<Studio> = OnceCell::const_new();
static FOLDERS: AtomicU32 = AtomicU32::new(0);

/// An edge, its gateway, and its state.
pub struct Studio {
    /// The gateway.
    pub sandbox: Sandbox,
    /// The edge.
    pub edge: Workerd,
    setup: Setup,
    state: PathBuf,
}

/// The settings of a studio, which begin as those of the shared studio.
#[derive(Clone)]
pub struct Setup {
    /// The gateway's part of the configuration.
    pub gateway: Map<String, Value>,
    /// The site `demo`.
    pub site: Map<String, Value>,
    /// The ids of further sites, which are the same as `demo` otherwise.
    pub more: Vec<String>,
    /// Further sites that differ from `demo`, each with an id of its own.
    pub sites: Vec<Map<String, Value>>,
    /// The sandbox.
    pub sandbox: sandbox::Settings,
    /// Secrets that replace the valid ones.
    pub secrets: Vec<(String, String)>,
    /// The models in the order of the configuration.
    pub models: Vec<Value>,
    /// The webhook for the operator's alerts.
    pub alerts: Option<String>,
    /// What the edge believes of a request: every visitor of a test has an address of their own.
    pub access: Access,
    /// A script in place of the real Ledger.
    pub ledger: Option<PathBuf>,
    /// The `index.js` of another build of the edge.
    pub main: Option<PathBuf>,
    /// The folder of another build's files, in place of `dist/`.
    pub assets: Option<PathBuf>,
    /// Whether pictures are samples.
    pub samples: bool,
    /// The time of the edge's clock at the start; see [`Setup::with_clock`].
    pub starts_at: Option<Timestamp>,
    /// How long the test runs at most: it begins on the UTC day on which it ends.
    pub runs_for: Duration,
}

impl Default for Setup {
    /// Limits that are too high to be reached by accident.
    fn default() -> Self {
        let site = json!({
            "id": "demo",
            "origins": ["https://acme.example"],
            "budget": open_budget("1000", "1000"),
            "visitor": { "per_hour": 1000, "per_day": 1000, "concurrent": 100, "refusals_per_hour": 1000 },
            "network": open_network(1_000_000, 1_000_000),
            "prompt": { "prefix": "PREFIX ", "suffix": " SUFFIX" },
            "presets": [{ "label": "Paper craft", "prompt": "A lighthouse of cut paper" }],
            "show_cost": true,
        });
        Self {
            gateway: Map::new(),
            site: object(site),
            more: Vec::new(),
            sites: Vec::new(),
            sandbox: sandbox::Settings::for_tests(),
            secrets: vec![
                ("AI_GATEWAY_API_KEY".to_owned(), KEY.to_owned()),
                ("EASEL_SIGNING_KEY".to_owned(), "0123456789abcdef0123456789abcdef".to_owned()),
                ("EASEL_OPERATOR_TOKEN".to_owned(), OPERATOR.to_owned()),
            ],
            models: vec![models::mini()],
            alerts: None,
            access: Access::behind_proxy(),
            ledger: None,
            main: None,
            assets: None,
            samples: true,
            starts_at: None,
            runs_for: utc_day::USUAL,
        }
    }
}

impl Setup {
    /// Replaces a field of the site. Of `budget` and `network` only the given members are replaced, so that a test that
    /// sets a cap keeps the shares, the pace and the rate limit of the tests.
    #[must_use]
    pub fn site(mut self, field: &str, value: Value) -> Self {
        match (field, self.site.get_mut(field), value) {
            ("budget" | "network", Some(Value::Object(own)), Value::Object(new)) => own.extend(new),
            (_, _, value) => drop(self.site.insert(field.to_owned(), value)),
        }
        self
    }

    /// The limits that a site has if its configuration names only the caps: the day's cap, and a month of a hundred
    /// such days.
    #[must_use]
    pub fn default_limits(mut self, day: Nano) -> Self {
        for field in ["visitor", "network", "budget"] {
            self.site.remove(field);
        }
        let month = Nano(day.0.saturating_mul(100));
        self.site("budget", json!({ "day_usd": day.to_string(), "month_usd": month.to_string() }))
    }

    /// Replaces a field of the gateway.
    #[must_use]
    pub fn gateway(mut self, field: &str, value: Value) -> Self {
        self.gateway.insert(field.to_owned(), value);
        self
    }

    /// Pictures arrive as soon as they are painted.
    #[must_use]
    pub const fn quick(mut self) -> Self {
        self.sandbox.pace = Pace::Instant;
        self
    }

    /// The site offers the device history.
    #[must_use]
    pub fn keeping(self) -> Self {
        self.site("history", "device".into())
    }

    /// Adds a secret.
    #[must_use]
    pub fn secret(mut self, name: &str, value: &str) -> Self {
        self.secrets.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Uses the tests' Worker: its clock can be set, and a prompt can ask for a panic.
    pub async fn with_clock(mut self) -> Result<Self> {
        self.main = Some(xtask::build::for_tests().await?);
        Ok(self)
    }

    /// Uses the models and the site of a deployable configuration, with changes to the site.
    #[must_use]
    pub fn configured(mut self, settings: &Settings, changes: &[(&str, Value)]) -> Self {
        let mut vars = settings.vars();
        if let Some(Value::Object(mut edge)) = vars.remove("EASEL")
            && let Some(Value::Array(models)) = edge.remove("models")
        {
            self.models = models;
        }
        if let Some(Value::Object(site)) = vars.remove("EASEL_SITE_demo") {
            self.site = site;
        }
        for (field, value) in changes {
            self.site.insert((*field).to_owned(), value.clone());
        }
        self
    }

    /// Pictures come from OpenAI's own API, which streams.
    #[must_use]
    pub fn openai(self) -> Self {
        self.gateway("provider", "openai".into()).secret("OPENAI_API_KEY", KEY)
    }

    /// Starts a studio with an empty state.
    pub async fn start(self) -> Result<Studio> {
        let sandbox = Sandbox::start(self.sandbox.clone()).await?;
        self.start_on(sandbox).await
    }

    /// Starts a studio with an empty state on a gateway that is already running.
    pub async fn start_on(self, sandbox: Sandbox) -> Result<Studio> {
        self.waits_for_its_day().await;
        let state = new_state();
        let edge = self.edge(&sandbox, &state).await?;
        Ok(Studio { sandbox, edge, setup: self, state })
    }

    /// Starts a studio on a copy of another edge's state; `change` may change the copy before.
    pub async fn start_with(
        self,
        stored: &Path,
        change: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<Studio> {
        self.waits_for_its_day().await;
        let sandbox = Sandbox::start(self.sandbox.clone()).await?;
        let state = new_state();
        copy(stored, &state)?;
        change(&state)?;
        let edge = self.edge(&sandbox, &state).await?;
        Ok(Studio { sandbox, edge, setup: self, state })
    }

    /// An edge whose clock was set has other days than this machine.
    async fn waits_for_its_day(&self) {
        if self.starts_at.is_none() {
            utc_day::has_left(self.runs_for).await;
        }
    }

    async fn edge(&self, sandbox: &Sandbox, state: &Path) -> Result<Workerd> {
        let mut gateway = self.gateway.clone();
        let openai = gateway.get("provider").is_some_and(|provider| provider == "openai");
        let url = if openai { sandbox.openai_url() } else { sandbox.url() };
        gateway.entry("base_url").or_insert_with(|| url.into());
        let copies = std::iter::once("demo").chain(self.more.iter().map(String::as_str));
        let mut configured: Vec<_> = copies
            .map(|id| {
                let mut site = self.site.clone();
                site.insert("id".to_owned(), id.into());
                site
            })
            .collect();
        configured.extend(self.sites.iter().cloned());
        let sites: Vec<_> = configured.iter().map(|site| site["id"].clone()).collect();
        let alerts = self.alerts.as_ref().map(|url| json!({ "url": url }));
        let edge =
            json!({ "gateway": gateway, "alerts": alerts, "models": self.models, "sites": sites });
        let mut vars = object(json!({ "EASEL": edge, "EASEL_SANDBOX": self.samples.to_string() }));
        if let Some(at) = self.starts_at {
            vars.insert("EASEL_CLOCK_AHEAD".to_owned(), ahead(at)?.to_string().into());
        }
        for site in configured {
            let id = site["id"].as_str().unwrap_or_default();
            vars.insert(format!("EASEL_SITE_{id}"), Value::Object(site));
        }
        let options = Options {
            port: 0,
            state: state.to_owned(),
            vars,
            secrets: self.secrets.clone(),
            access: self.access.clone(),
            echo: std::env::var_os("EASEL_ECHO").is_some(),
            ledger: self.ledger.clone(),
        };
        Workerd::start_special(
            options,
            SpecialOptions {
                main: self.main.clone(),
                assets: self.assets.clone(),
                ..SpecialOptions::default()
            },
        )
        .await
    }
}

/// A budget without a pace and without a spared part.
pub fn open_budget(day_usd: &str, month_usd: &str) -> Value {
    json!({ "day_usd": day_usd, "month_usd": month_usd, "hour_percent": 100, "spare_percent": 0 })
}

/// A network's limits without a share of its own.
pub fn open_network(per_day: u32, sessions_per_day: u32) -> Value {
    json!({
        "per_day": per_day, "sessions_per_day": sessions_per_day, "share_percent": 100,
        "refusals_per_day": 1_000_000, "rate_limit": false
    })
}

impl Studio {
    /// The shared studio, for tests that need no studio of their own.
    pub async fn shared() -> Result<&'static Self> {
        utc_day::has_left(utc_day::USUAL).await;
        SHARED.get_or_try_init(|| Setup::default().start()).await
    }

    /// A shared studio whose pictures arrive at once. A test that counts requests at the gateway or money in the ledger
    /// needs a studio of its own; every other test of a page makes its pictures here.
    pub async fn quick() -> Result<&'static Self> {
        utc_day::has_left(utc_day::USUAL).await;
        QUICK.get_or_try_init(|| Setup::default().quick().start()).await
    }

    /// The same as [`Self::quick`], on a site that offers the device history.
    pub async fn keeping() -> Result<&'static Self> {
        utc_day::has_left(utc_day::USUAL).await;
        KEEPING.get_or_try_init(|| Setup::default().keeping().quick().start()).await
    }

    /// A new visitor of its site.
    pub async fn visitor(&self) -> Result<Visitor> {
        Visitor::open(self.edge.url()).await
    }

    /// The folder of the edge's state.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// Kills the edge as a power cut would, and starts it again with its stored state.
    pub async fn restart(self) -> Result<Self> {
        let Self { sandbox, edge, setup, state } = self;
        edge.kill().await?;
        let edge = setup.edge(&sandbox, &state).await?;
        Ok(Self { sandbox, edge, setup, state })
    }

    /// Stops the edge in order, changes its stored state, and starts it again.
    pub async fn restart_changed(self, change: impl FnOnce(&Path) -> Result<()>) -> Result<Self> {
        let Self { sandbox, edge, setup, state } = self;
        edge.stop().await?;
        change(&state)?;
        let edge = setup.edge(&sandbox, &state).await?;
        Ok(Self { sandbox, edge, setup, state })
    }

    /// Sets the edge's clock. Only the tests' Worker allows that: see [`Setup::with_clock`].
    pub async fn set_clock(&self, at: Timestamp) -> Result<()> {
        let url = format!("{}/clock:ahead/{}", self.edge.url(), ahead(at)?);
        client()?.post(url).send().await?.error_for_status()?;
        Ok(())
    }

    /// Sets the edge's clock ahead of the real one by this duration, as if that time had passed. Alarms and timers that
    /// were set before belong to the runtime and fire at their real time.
    pub async fn pass(&self, time: Duration) -> Result<()> {
        self.set_clock(clock::now().plus(u64::try_from(time.as_millis())?)).await
    }

    /// The same as [`Self::restart`], but with the edge's release build: a deploy that replaces a build that panics.
    pub async fn restart_on_the_good_build(mut self) -> Result<Self> {
        self.setup.main = None;
        self.restart().await
    }

    /// Stops the edge and deletes its state.
    pub async fn stop(self) -> Result<()> {
        self.edge.stop().await?;
        std::fs::remove_dir_all(&self.state)?;
        Ok(())
    }
}

/// Milliseconds from now until then.
fn ahead(at: Timestamp) -> Result<i64> {
    Ok(i64::try_from(at.0)? - i64::try_from(clock::now().0)?)
}

fn new_state() -> PathBuf {
    let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("easel-test-{}-{number}", std::process::id()))
}

/// Copies a folder with all that it contains.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
