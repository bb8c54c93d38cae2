//! The scripts that are written by hand: their types, lints and form.
//!
//! Owns which tool reads which file. Must not hold rules: those are in `.oxlintrc.json`, `.prettierrc.json` and the
//! projects of `tsc`.

use crate::tools::Tools;
use tokio::process::Command;

/// The projects of `tsc`: a page and a Worker have other globals.
const PROJECTS: [&str; 2] = ["app/tsconfig.json", "app/tsconfig.worker.json"];
/// Where the scripts are that are shipped, or that the runtime loads.
const LINTED: [&str; 7] = [
    "app",
    "public/easel.js",
    "edge/entry.js",
    "edge/workerd.mjs",
    "kit/programs",
    "packages",
    "recipes",
];
/// The scripts whose lines are counted, as prettier prints them.
const FORMATTED: &str = "app/*.js";

/// The checks, each with its name.
pub(super) fn checks(tools: &Tools) -> Vec<(&'static str, Command)> {
    let types = PROJECTS.map(|project| {
        let mut command = tools.command(Tools::node_tool("tsc"));
        command.args(["--project", project]);
        ("types of scripts", command)
    });
    let mut lints = tools.command(Tools::node_tool("oxlint"));
    lints.arg("--deny-warnings").args(LINTED);
    let mut form = tools.command(Tools::node_tool("prettier"));
    form.args(["--check", FORMATTED]);
    let others = [("lints of scripts", lints), ("form of scripts", form)];
    types.into_iter().chain(others).collect()
}
