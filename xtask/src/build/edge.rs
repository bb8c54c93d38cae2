//! The Worker: compiled by worker-build, which must download nothing.

use crate::{build::wasm, child, console::Step, repo, stamp::Stamp, tools::Tools};
use anyhow::{Context, Result};

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

/// Builds it, if something has changed.
pub async fn build(tools: &Tools) -> Result<()> {
    let stamp = Stamp::of("edge", INPUTS, &tools.worker_build.to_string_lossy())?;
    if stamp.is_fresh() && repo::path("edge/build/index.js").is_file() {
        Step::short("edge").done("up to date");
        return Ok(());
    }
    stamp.clear();
    let step = Step::long("edge", "compiling with worker-build (minutes at first)");
    let mut command = tools.wasm_command(&tools.worker_build);
    command
        .args(["--profile", PROFILE])
        .current_dir(repo::path("edge"))
        .env("RUST_BACKTRACE", "0") // worker-build would tell of itself, not of the edge
        .env("WASM_BINDGEN_BIN", &tools.wasm_bindgen)
        .env("WASM_OPT_BIN", Tools::node_tool("wasm-opt"))
        .env("ESBUILD_BIN", Tools::node_tool("esbuild"));
    if let Err(error) = child::quiet(command, &step).await {
        step.failed();
        return Err(error).context("the edge does not build");
    }
    strip()?;
    step.done("compiled");
    stamp.write()
}

/// worker-build keeps the functions' names; one copy with them stays for those who look for bytes.
fn strip() -> Result<()> {
    let built = repo::path("edge/build/index_bg.wasm");
    let named = std::fs::read(&built).context("worker-build left no wasm")?;
    std::fs::write(repo::path("target/xtask/edge-with-names.wasm"), &named)?;
    std::fs::write(&built, wasm::without_custom_sections(&named)?).context("cannot write the wasm")
}
