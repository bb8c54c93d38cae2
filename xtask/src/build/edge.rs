//! The Worker: cargo compiles it, wasm-bindgen binds it to JavaScript, esbuild bundles it with its entry.
//!
//! Owns the three builds of the Worker. Must not leave a half-written build, and must not let the tests' build be
//! served.

use crate::{
    build::{
        Profile,
        bind::{self, Program},
        build_id, compile, source_paths,
    },
    child,
    console::ProgressStep,
    repo,
    stamp::Stamp,
    tools::{TARGET, Tools},
};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The beginning of the import by which wasm-bindgen's glue loads the wasm.
const AS_SOURCE: &str = "import source ";

const INPUTS: &[&str] = &[
    "edge/src",
    "edge/entry.js",
    "edge/Cargo.toml",
    "app/src",
    "app/Cargo.toml",
    "engine/src",
    "engine/Cargo.toml",
    "contract/src",
    "contract/Cargo.toml",
    "texts",
    "Cargo.toml",
    "Cargo.lock",
    "package-lock.json",
    "xtask/src/build/bind.rs",
    "xtask/src/build/compile.rs",
    "xtask/src/build/edge.rs",
    "xtask/src/build/source_paths.rs",
];

/// The options of wasm-opt beside those of every build: the passes that were measured to help.
const SMALL: &[&str] = &[
    "--enable-exception-handling",
    "--enable-simd",
    "--closed-world",
    "-Oz",
    "-Oz",
    "--gufa",
    "--type-ssa",
    "-Oz",
];

/// A text that a Worker contains only if it was built to panic on demand.
const PANIC: &[u8] = b"panic:started";
/// A text that a Worker contains only if its clock can be set.
const CLOCK: &[u8] = b"clock:ahead";

/// The build that serves visitors.
const RELEASE: Worker =
    Worker { name: "edge", folder: "edge/build", profile: "wasm", purpose: Purpose::Release };
/// The build of `cargo xtask dev`.
const DEVELOPMENT: Worker = Worker {
    name: "edge-dev",
    folder: "target/xtask/edge-dev-build",
    profile: "wasm-dev",
    purpose: Purpose::Development,
};
/// The build of the tests.
const TESTS: Worker = Worker {
    name: "edge-for-tests",
    folder: "target/edge-for-tests",
    profile: "wasm",
    purpose: Purpose::Tests,
};

/// Builds the Worker if something has changed. Returns whether anything had.
pub async fn build(tools: &Tools, profile: Profile) -> Result<bool> {
    let worker = match profile {
        Profile::Release => &RELEASE,
        Profile::Development => &DEVELOPMENT,
    };
    build_worker(tools, worker).await
}

/// The path of the served build's `index.js`.
pub fn main() -> PathBuf {
    RELEASE.main()
}

/// The path of the development build's `index.js`.
pub fn development_main() -> PathBuf {
    DEVELOPMENT.main()
}

/// Builds the tests' Worker, which panics where a prompt asks for it and whose clock a request can set. Returns the
/// path of its `index.js`.
pub async fn build_for_tests(tools: &Tools) -> Result<PathBuf> {
    build_worker(tools, &TESTS).await?;
    Ok(TESTS.main())
}

/// The purpose of a Worker's build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Release,
    Development,
    Tests,
}

/// One of the three builds.
struct Worker {
    name: &'static str,
    /// The folder of `index.js` and `index_bg.wasm`.
    folder: &'static str,
    /// The profile of the root `Cargo.toml` that compiles it.
    profile: &'static str,
    purpose: Purpose,
}

impl Worker {
    /// The id of the app whose documents it renders.
    fn build_id(&self) -> Result<String> {
        build_id::read(match self.purpose {
            Purpose::Development => Profile::Development,
            Purpose::Release | Purpose::Tests => Profile::Release,
        })
    }

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

/// Compiles the Worker if something has changed since the last time. Returns whether anything had.
async fn build_worker(tools: &Tools, worker: &Worker) -> Result<bool> {
    let stamp = Stamp::of(worker.name, INPUTS, &worker.build_id()?)?;
    if stamp.is_fresh() && worker.main().is_file() {
        ProgressStep::short(worker.name).done("up to date");
        return Ok(false);
    }
    compile::compile(&stamp, worker.name, async |step| write(tools, worker, step).await).await?;
    Ok(true)
}

async fn write(tools: &Tools, worker: &Worker, step: &ProgressStep) -> Result<()> {
    let mut cargo = tools.wasm_command("cargo");
    cargo.args(["build", "--package", "edge", "--lib", "--target", TARGET]);
    cargo.args(["--profile", worker.profile]).env(build_id::NAME, worker.build_id()?);
    if worker.purpose == Purpose::Tests {
        cargo.args(["--features", "edge/panics,edge/clock"]);
    }
    if worker.purpose != Purpose::Development {
        source_paths::replace(&mut cargo, tools).await?;
    }
    child::run_quietly(cargo, step).await?;

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
    child::run_quietly(esbuild, step).await?;
    // workerd and wrangler import a wasm module without the word `source`, which a future standard will require.
    let script = fs::read_to_string(&main)?;
    ensure!(
        script.contains(AS_SOURCE),
        "wasm-bindgen's glue does not import the wasm by `import source`"
    );
    fs::write(&main, script.replace(AS_SOURCE, "import "))?;

    let wasm = match worker.purpose {
        Purpose::Release => finish(tools, &wasm, step).await?,
        Purpose::Development | Purpose::Tests => fs::read(wasm)?,
    };
    fs::write(main.with_file_name("index_bg.wasm"), wasm).context("cannot write the wasm")
}

/// Makes the wasm smaller; fails if it contains what only the tests' build may contain.
async fn finish(tools: &Tools, bound: &Path, step: &ProgressStep) -> Result<Vec<u8>> {
    compile::shrink(tools, SMALL, bound, step).await?;
    let small = fs::read(bound)?;
    ensure!(!panics_on_demand(&small), "this Worker panics on demand: it must not be served");
    ensure!(!has_a_clock_to_set(&small), "this Worker's clock can be set: it must not be served");
    Ok(small)
}
