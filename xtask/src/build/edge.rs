//! The Worker: compiled by cargo, bound to JavaScript by wasm-bindgen, bundled with its entry by esbuild.
//!
//! Owns that it is never half written, and that the one of the tests is never served.

use crate::{
    build::{
        Profile,
        bind::{self, Program},
        lock,
    },
    child,
    console::Step,
    repo,
    stamp::Stamp,
    tools::{TARGET, Tools},
};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// How wasm-bindgen imports the wasm.
const AS_SOURCE: &str = "import source ";

const INPUTS: &[&str] = &[
    "edge/src",
    "edge/entry.js",
    "edge/Cargo.toml",
    "engine/src",
    "engine/Cargo.toml",
    "contract/src",
    "contract/Cargo.toml",
    "Cargo.toml",
    "Cargo.lock",
    "package-lock.json",
    "xtask/src/build/bind.rs",
    "xtask/src/build/edge.rs",
];

/// What wasm-opt is told: the features that the compiler used, and the passes that were seen to pay.
const SMALL: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-exception-handling",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
    "--closed-world",
    "-Oz",
    "-Oz",
    "--gufa",
    "--type-ssa",
    "-Oz",
    // What only tools read. Never by a profile's `strip`: wasm-bindgen needs the names and the features.
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// A word that a Worker knows if it was built to panic on demand.
const PANIC: &[u8] = b"panic:started";
/// A word that only a Worker holds whose clock can be set.
const CLOCK: &[u8] = b"clock:ahead";

/// The one that visitors are served by.
const RELEASE: Worker =
    Worker { name: "edge", folder: "edge/build", profile: "edge", purpose: Purpose::Release };
/// The one of `cargo xtask dev`.
const DEVELOPMENT: Worker = Worker {
    name: "edge-dev",
    folder: "target/xtask/edge-dev-build",
    profile: "wasm-dev",
    purpose: Purpose::Development,
};
/// The one of the tests.
const TESTS: Worker = Worker {
    name: "edge-for-tests",
    folder: "target/edge-for-tests",
    profile: "edge",
    purpose: Purpose::Tests,
};

/// Builds it, if something has changed; whether anything had.
pub async fn build(tools: &Tools, profile: Profile) -> Result<bool> {
    let worker = match profile {
        Profile::Release => &RELEASE,
        Profile::Development => &DEVELOPMENT,
    };
    compile(tools, worker).await
}

/// The `index.js` of the development build.
pub fn development_main() -> PathBuf {
    DEVELOPMENT.main()
}

/// Builds the Worker of the tests: it panics where a prompt asks for it, and a request can set its clock. Its `index.js`.
pub async fn build_for_tests(tools: &Tools) -> Result<PathBuf> {
    let _lock = lock::acquire().await?;
    compile(tools, &TESTS).await?;
    Ok(TESTS.main())
}

/// What a Worker is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Release,
    Development,
    Tests,
}

/// One of the three.
struct Worker {
    name: &'static str,
    /// Where `index.js` and `index_bg.wasm` go.
    folder: &'static str,
    /// The profile of the root `Cargo.toml` that it is compiled with.
    profile: &'static str,
    purpose: Purpose,
}

impl Worker {
    fn main(&self) -> PathBuf {
        repo::path(self.folder).join("index.js")
    }
}

/// Whether a Worker was built to panic on demand.
pub fn panics_on_demand(wasm: &[u8]) -> bool {
    holds(wasm, PANIC)
}

/// Whether a Worker was built with a clock that a request can set.
pub fn has_a_clock_to_set(wasm: &[u8]) -> bool {
    holds(wasm, CLOCK)
}

fn holds(wasm: &[u8], word: &[u8]) -> bool {
    wasm.windows(word.len()).any(|window| window == word)
}

/// Has it compiled, if something has changed since the last time; whether something had.
async fn compile(tools: &Tools, worker: &Worker) -> Result<bool> {
    let stamp = Stamp::of(worker.name, INPUTS, "")?;
    if stamp.is_fresh() && worker.main().is_file() {
        Step::short(worker.name).done("up to date");
        return Ok(false);
    }
    stamp.clear();
    let step = Step::long(worker.name, "compiling with cargo (minutes at first)");
    if let Err(error) = write(tools, worker, &step).await {
        step.failed();
        return Err(error).context("the edge does not build");
    }
    step.done("compiled");
    stamp.write()?;
    Ok(true)
}

async fn write(tools: &Tools, worker: &Worker, step: &Step) -> Result<()> {
    let mut cargo = tools.wasm_command("cargo");
    cargo.args(["build", "--package", "edge", "--lib", "--target", TARGET]);
    cargo.args(["--profile", worker.profile]);
    if worker.purpose == Purpose::Tests {
        cargo.args(["--features", "edge/panics,edge/clock"]);
    }
    // wasm-bindgen's macros then use one crate less.
    cargo.env("WASM_BINDGEN_USE_JS_SYS", "1");
    child::quiet(cargo, step).await?;

    let bound = repo::path("target/xtask").join(worker.name);
    let compiled = tools.wasm_target_folder().join(worker.profile).join("edge.wasm");
    let wasm = bind::bind(Program::Worker, compiled, bound.clone()).await?;

    let main = worker.main();
    let mut esbuild = tools.command(Tools::node_tool("esbuild"));
    esbuild
        .args(["--bundle", "--format=esm", "--minify", "--log-level=warning"])
        .args(["--external:./index_bg.wasm", "edge/entry.js"])
        .arg(format!("--alias:edge={}", bound.join("index.js").display()))
        .arg(format!("--outfile={}", main.display()));
    child::quiet(esbuild, step).await?;
    // The runtime and wrangler import a module without the word that the standard will want.
    let script = fs::read_to_string(&main)?;
    ensure!(script.contains(AS_SOURCE), "wasm-bindgen imports the wasm in a new way");
    fs::write(&main, script.replace(AS_SOURCE, "import "))?;

    let wasm = match worker.purpose {
        Purpose::Release => finish(tools, &wasm, step).await?,
        Purpose::Development | Purpose::Tests => fs::read(wasm)?,
    };
    fs::write(main.with_file_name("index_bg.wasm"), wasm).context("cannot write the wasm")
}

/// Makes it smaller; fails if it holds what only tests may ask for.
async fn finish(tools: &Tools, bound: &Path, step: &Step) -> Result<Vec<u8>> {
    let small = bound.with_file_name("small.wasm");
    let mut command = tools.command(Tools::node_tool("wasm-opt"));
    command.args(SMALL).arg(bound).arg("-o").arg(&small);
    child::quiet(command, step).await?;
    let small = fs::read(&small).context("wasm-opt left no wasm")?;
    ensure!(!panics_on_demand(&small), "this Worker panics on demand: it must not be served");
    ensure!(!has_a_clock_to_set(&small), "this Worker's clock can be set: it must not be served");
    Ok(small)
}
