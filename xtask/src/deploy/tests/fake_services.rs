//! A small edge on loopback, a shell script in place of wrangler, and a machine that needs no set-up. Every call is
//! recorded in one file, in the order in which it came.
//!
//! Owns the services that a deploy uses. Must not know what a deploy should do.

use crate::{
    deploy::{DeployTools, Machine, wrangler::Wrangler},
    repo,
};
use anyhow::Result;
use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    convert::Infallible,
    fs,
    io::Write,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// The operator's token.
pub(super) const TOKEN: &str = "hush-hush-hush-hush-hush-hush-hush";
/// The version that runs before the deploy.
pub(super) const BEFORE: &str = "0.0.9";

/// The script fails unless it is started where the real wrangler finds its file and could build: that resolves
/// `build.cwd` from the folder in which it is started.
const WRANGLER: &str = r#"
here=$(dirname "$0")
echo "wrangler $*" >> "$here/calls"
build=$(sed -n 's/.*"build":.*"cwd": "\([^"]*\)".*/\1/p' wrangler.jsonc)
if [ ! -f "$build/xtask/Cargo.toml" ]; then echo "no xtask under $PWD/$build" >&2; exit 4; fi
case "$1 $2" in
"secret list") cat "$here/secrets.json" ;;
"deploy --dry-run") echo "--dry-run: exiting now." ;;
"deploy ")
    if [ -f "$here/refuses" ]; then cat "$here/refuses" >&2; exit 1; fi
    touch "$here/deployed"
    echo "Deployed easel triggers (0.1 sec)"
    echo "  https://easel.example.workers.dev" ;;
*) exit 3 ;;
esac
"#;

/// The state of the edge; a test may change it at any time.
pub(super) struct EdgeState {
    /// Whether each site is open.
    pub(super) sites: BTreeMap<String, bool>,
    /// The reserved money, one value for each response; the last value repeats.
    pub(super) reserved: Vec<&'static str>,
    /// Whether the ledger's report contains the switches.
    pub(super) reports_switches: bool,
    /// The response of `/healthz` in place of the real one.
    pub(super) health: Option<(u16, Value)>,
    /// The version that answers after a deploy.
    pub(super) after: &'static str,
    /// Sites that the edge no longer has after a deploy.
    pub(super) gone: Vec<&'static str>,
    /// Sites whose switch fails, when it is opened (true) or closed (false).
    pub(super) stuck: Vec<(&'static str, bool)>,
}

/// The services of one test.
pub(super) struct Stage {
    folder: PathBuf,
    address: String,
    world: Arc<Mutex<EdgeState>>,
    server: JoinHandle<()>,
    /// A change of the edge's state during the build.
    pub(super) on_build: fn(&mut EdgeState),
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Stage {
    /// Starts an edge with these sites, and an account with every secret.
    pub(super) async fn set(name: &str, sites: &[(&str, bool)]) -> Self {
        let folder = repo::path("target/xtask/test-deploy").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("wrangler"), WRANGLER).unwrap();
        fs::write(folder.join("calls"), "").unwrap();
        let world = Arc::new(Mutex::new(EdgeState {
            sites: sites.iter().map(|(site, open)| ((*site).to_owned(), *open)).collect(),
            reserved: vec!["0"],
            reports_switches: true,
            health: None,
            after: contract::VERSION,
            gone: Vec::new(),
            stuck: Vec::new(),
        }));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(accept(listener, Arc::clone(&world), folder.clone()));
        let stage = Self { folder, address, world, server, on_build: |_| {} };
        stage.secrets(&[
            "AI_GATEWAY_API_KEY",
            "EASEL_SIGNING_KEY",
            "EASEL_OPERATOR_TOKEN",
            "TURNSTILE_SECRET_KEY",
        ]);
        stage
    }

    /// The address of the edge.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// The state of the edge.
    pub(super) fn world(&self) -> MutexGuard<'_, EdgeState> {
        self.world.lock().unwrap()
    }

    /// The sites that are open now.
    pub(super) fn open(&self) -> Vec<String> {
        let world = self.world();
        world.sites.iter().filter(|(_, open)| **open).map(|(site, _)| site.clone()).collect()
    }

    /// Sets the names of the account's secrets.
    pub(super) fn secrets(&self, names: &[&str]) {
        let list: Vec<Value> = names.iter().map(|name| json!({ "name": name })).collect();
        fs::write(self.folder.join("secrets.json"), Value::from(list).to_string()).unwrap();
    }

    /// From now on wrangler fails with this output.
    pub(super) fn refuse_uploads(&self, saying: &str) {
        fs::write(self.folder.join("refuses"), saying).unwrap();
    }

    /// All calls so far.
    pub(super) fn calls(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.join("calls")).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// Whether there was a call that begins with this text.
    pub(super) fn saw(&self, start: &str) -> bool {
        self.calls().iter().any(|call| call.starts_with(start))
    }
}

impl Machine for &Stage {
    async fn set_up(&mut self) -> Result<DeployTools> {
        note(&self.folder, "set-up");
        Ok(DeployTools {
            wrangler: Wrangler::fake(self.folder.join("wrangler")),
            pause: Duration::from_millis(20),
            health: Duration::from_millis(200),
        })
    }

    async fn build(&mut self) -> Result<()> {
        note(&self.folder, "build");
        (self.on_build)(&mut self.world());
        Ok(())
    }
}

fn note(folder: &Path, call: &str) {
    let mut calls = fs::OpenOptions::new().append(true).open(folder.join("calls")).unwrap();
    writeln!(calls, "{call}").unwrap();
}

async fn accept(listener: TcpListener, world: Arc<Mutex<EdgeState>>, folder: PathBuf) {
    while let Ok((stream, _)) = listener.accept().await {
        let (world, folder) = (Arc::clone(&world), folder.clone());
        let service = service_fn(move |request| {
            let (world, folder) = (Arc::clone(&world), folder.clone());
            async move { Ok::<_, Infallible>(answer(request, &world, &folder).await) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn answer(
    request: Request<Incoming>,
    world: &Mutex<EdgeState>,
    folder: &Path,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let (method, path) = (head.method, head.uri.path().to_owned());
    note(
        folder,
        match body["site"].as_str() {
            Some(site) => {
                format!("{method} {site} {}", if body["open"] == true { "open" } else { "closed" })
            }
            None => format!("{method} {path}"),
        }
        .as_str(),
    );
    let token = format!("Bearer {TOKEN}");
    let is_operator = head.headers.get("authorization").is_some_and(|it| *it == *token);
    let deployed = folder.join("deployed").exists();
    let mut world = world.lock().unwrap();
    let (status, body) = match (&method, path.as_str()) {
        (&Method::GET, "/healthz") => world.health(deployed),
        (_, "/v1/operator/ledger" | "/v1/operator/switch") if !is_operator => {
            (401, problem("operator-only"))
        }
        (&Method::GET, "/v1/operator/ledger") => (200, world.ledger_report()),
        (&Method::PUT, "/v1/operator/switch") => world.switch(&body, deployed),
        _ => (404, problem("not-found")),
    };
    let mut response = Response::new(Full::from(body.to_string()));
    *response.status_mut() = status.try_into().unwrap();
    response
}

fn problem(kind: &str) -> Value {
    json!({ "kind": kind })
}

impl EdgeState {
    fn health(&self, deployed: bool) -> (u16, Value) {
        if let Some(told) = self.health.clone().filter(|_| !deployed) {
            return told;
        }
        let version = if deployed { self.after } else { BEFORE };
        let status = if self.sites.values().any(|open| *open) { "ok" } else { "closed" };
        (200, json!({ "status": status, "version": version, "sandbox": false, "warnings": [] }))
    }

    fn ledger_report(&mut self) -> Value {
        let now = if self.reserved.len() > 1 { self.reserved.remove(0) } else { self.reserved[0] };
        let day = |site: &String| json!({ "site": site, "reserved_usd": now });
        let days: Vec<Value> = self.sites.keys().take(1).map(day).collect();
        let switch = |(site, open)| json!({ "site": site, "open": open });
        let switches: Vec<Value> = self.sites.iter().map(switch).collect();
        if self.reports_switches {
            json!({ "days": days, "switches": switches, "warnings": [] })
        } else {
            json!({ "days": days, "warnings": [] })
        }
    }

    fn switch(&mut self, body: &Value, deployed: bool) -> (u16, Value) {
        let (site, open) = (body["site"].as_str().unwrap(), body["open"].as_bool().unwrap());
        if deployed && self.gone.contains(&site) {
            return (404, problem("unknown-site"));
        }
        if self.stuck.contains(&(site, open)) {
            return (503, problem("busy"));
        }
        match self.sites.get_mut(site) {
            Some(state) => {
                *state = open;
                (200, body.clone())
            }
            None => (404, problem("unknown-site")),
        }
    }
}
