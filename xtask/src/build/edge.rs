//! The Worker: compiled by worker-build, which must download nothing.

use crate::{
    build::{lock, wasm},
    child,
    console::Step,
    repo,
    stamp::Stamp,
    tools::Tools,
};
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;

/// The profile of the root `Cargo.toml` that it is compiled with.
const PROFILE: &str = "edge";

const INPUTS: &[&str] = &[
    "edge/src",
    "edge/Cargo.toml",
    "engine/src",
    "engine/Cargo.toml",
    "contract/src",
    "contract/Cargo.toml",
    "Cargo.toml",
    "Cargo.lock",
    "package-lock.json",
    "xtask/src/build/edge.rs",
    "xtask/src/build/wasm.rs",
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
    "--gufa",
    "--type-ssa",
    "-Oz",
];

/// A word that a Worker knows if it was built to panic on demand.
const PANIC: &[u8] = b"panic:started";

/// Builds it, if something has changed.
pub async fn build(tools: &Tools) -> Result<()> {
    compile(tools, "edge", "edge/build", &[]).await
}

/// Builds the Worker that panics where a prompt asks for it, for the tests alone. Its `index.js`.
pub async fn build_to_panic(tools: &Tools) -> Result<PathBuf> {
    let folder = "target/edge-panics";
    let out = format!("../{folder}");
    let options = ["--out-dir", &out, "--no-opt", ".", "--", "--features", "panics"];
    let _lock = lock::acquire().await?;
    compile(tools, "edge-panics", folder, &options).await?;
    Ok(repo::path(folder).join("index.js"))
}

/// Whether a Worker was built to panic on demand.
pub fn panics_on_demand(wasm: &[u8]) -> bool {
    wasm.windows(PANIC.len()).any(|window| window == PANIC)
}

/// Has it compiled, if something has changed since the last time.
async fn compile(tools: &Tools, name: &str, folder: &str, options: &[&str]) -> Result<()> {
    let stamp = Stamp::of(name, INPUTS, &tools.worker_build.to_string_lossy())?;
    if stamp.is_fresh() && repo::path(folder).join("index.js").is_file() {
        Step::short(name).done("up to date");
        return Ok(());
    }
    stamp.clear();
    let step = Step::long(name, "compiling with worker-build (minutes at first)");
    let mut command = tools.wasm_command(&tools.worker_build);
    command
        .args(["--profile", PROFILE])
        .args(options)
        .current_dir(repo::path("edge"))
        .env("RUST_BACKTRACE", "0") // worker-build would tell of itself, not of the edge
        .env("WASM_BINDGEN_BIN", &tools.wasm_bindgen)
        .env("WASM_OPT_BIN", Tools::node_tool("wasm-opt"))
        .env("ESBUILD_BIN", Tools::node_tool("esbuild"));
    let mut built = child::quiet(command, &step).await.map(drop);
    if built.is_ok() && name == "edge" {
        built = finish(tools, &step).await;
    }
    if let Err(error) = built {
        step.failed();
        return Err(error).context("the edge does not build");
    }
    step.done("compiled");
    stamp.write()
}

/// Makes it smaller by 2 KB than worker-build leaves it. The functions' names go last; one copy with them
/// stays for those who look for bytes.
async fn finish(tools: &Tools, step: &Step) -> Result<()> {
    let built = repo::path("edge/build/index_bg.wasm");
    let named = repo::path("target/xtask/edge-with-names.wasm");
    let mut command = tools.command(Tools::node_tool("wasm-opt"));
    command.args(SMALL).arg("-g").arg(&built).arg("-o").arg(&named);
    child::quiet(command, step).await?;
    let named = std::fs::read(&named).context("wasm-opt left no wasm")?;
    ensure!(!panics_on_demand(&named), "this Worker panics on demand: it must not be served");
    std::fs::write(&built, wasm::without_custom_sections(&named)?).context("cannot write the wasm")
}
