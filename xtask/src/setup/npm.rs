//! The Node tools of `package-lock.json`: wrangler, workerd, esbuild, wasm-opt, tsc, oxlint, prettier.
//!
//! Owns `node_modules`. Must not change the lock file.

use crate::{child, console::ProgressStep, hash, repo, tools::Tools};
use anyhow::{Context, Result, bail};

/// Installs them if the lock file has changed since, and checks that each program starts.
pub async fn ensure(tools: &Tools) -> Result<&'static str> {
    let lock =
        std::fs::read(repo::path("package-lock.json")).context("cannot read package-lock.json")?;
    let platform = format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH);
    let wanted = format!("{} {platform}\n", hash::sha256(&lock));
    let stamp = repo::path("node_modules/.easel");
    if std::fs::read_to_string(&stamp).is_ok_and(|seen| seen == wanted) {
        return Ok("ready");
    }
    let step =
        ProgressStep::long("node_modules", "installing wrangler, workerd, esbuild, wasm-opt");
    let mut npm = tools.command("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    if let Err(error) = child::run_quietly(npm, &step).await {
        step.failed();
        return Err(error.context("cannot install the Node tools"));
    }
    for tool in ["esbuild", "wasm-opt", "workerd"] {
        let mut command = tools.command(Tools::node_tool(tool));
        command.arg("--version");
        if child::read_stdout(command).await.is_none() {
            step.failed();
            bail!("{tool} was installed, but it does not start on this machine ({platform})");
        }
    }
    step.done("installed");
    std::fs::write(&stamp, wanted).context("cannot write into node_modules")?;
    Ok("installed")
}
