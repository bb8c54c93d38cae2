//! What of others a release contains: the crates that are compiled into its wasm, the packages of npm in its scripts,
//! and those that its programs need.
//!
//! Owns these lists, from `cargo metadata` and `package-lock.json`. Must not decide whether a licence is allowed: that
//! is `deny.toml`'s part.

use crate::{
    child, repo,
    tools::{TARGET, Tools},
};
use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// The crates of this repository that are shipped as wasm.
const SHIPPED: [&str; 3] = ["app", "edge", "kit"];
/// The packages of npm that the programs of a release start.
pub const TOOLS: [&str; 3] = ["miniflare", "workerd", "wrangler"];
/// The packages of npm that are bundled into a script for browsers.
const BUNDLED: [&str; 1] = ["client-zip"];

/// A crate or a package of somebody else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence as SPDX writes it.
    pub licence: String,
    /// The folder of its sources, if it is a part of what is shipped.
    pub sources: Option<PathBuf>,
}

/// The lists, each in the order of its names.
#[derive(Debug)]
pub struct Packages {
    /// Compiled into the wasm.
    pub crates: Vec<Package>,
    /// Bundled into the scripts.
    pub bundled: Vec<Package>,
    /// Installed by npm beside a release.
    pub npm: Vec<Package>,
    /// The part of `package-lock.json` that a release needs, for its `npm-shrinkwrap.json`.
    pub locked: Map<String, Value>,
}

/// All that is shipped or installed.
pub async fn shipped(tools: &Tools) -> Result<Packages> {
    let mut cargo = tools.command("cargo");
    cargo.args(["metadata", "--format-version=1", "--locked", "--offline"]);
    // Without the feature, what only the browser's program needs would be missing.
    cargo.args(["--filter-platform", TARGET, "--features", "app/hydrate"]);
    let text = child::read_stdout(cargo).await.context("`cargo metadata` failed")?;
    let crates = crates(&serde_json::from_str(&text)?)?;
    let lock = std::fs::read_to_string(repo::path("package-lock.json"))?;
    let lock: Value = serde_json::from_str(&lock)?;
    let bundled = BUNDLED.iter().map(|name| bundled(name, &lock)).collect::<Result<_>>()?;
    let locked = locked(&lock)?;
    let npm = locked.iter().map(|(path, entry)| package(path, entry)).collect::<Result<_>>()?;
    Ok(Packages { crates, bundled, npm, locked })
}

/// The crates of others that are compiled into ours. What only a compiler runs (macros, build scripts) is not shipped.
/// Cargo states the features of the whole workspace, so a crate that only a test's feature needs is listed too.
fn crates(metadata: &Value) -> Result<Vec<Package>> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let packages = list(&metadata["packages"]);
    let by_id: BTreeMap<String, &Value> =
        packages.iter().filter_map(|it| Some((text(&it["id"])?, it))).collect();
    let nodes = list(&metadata["resolve"]["nodes"]);
    let nodes: BTreeMap<String, &Value> =
        nodes.iter().filter_map(|it| Some((text(&it["id"])?, it))).collect();
    let is_ours = |it: &Value| it["source"].is_null();
    let roots =
        packages.iter().filter(|it| is_ours(it) && SHIPPED.iter().any(|name| it["name"] == *name));
    let mut open: Vec<String> = roots.filter_map(|it| text(&it["id"])).collect();
    ensure!(open.len() == SHIPPED.len(), "a shipped crate is missing");
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        let node = nodes.get(&id).with_context(|| format!("{id} is not resolved"))?;
        let is_macro = by_id.get(&id).is_some_and(|it| {
            list(&it["targets"]).iter().any(|target| target["kind"] == json!(["proc-macro"]))
        });
        if is_macro || !seen.insert(id) {
            continue;
        }
        let linked = |dep: &&Value| list(&dep["dep_kinds"]).iter().any(|it| it["kind"].is_null());
        open.extend(list(&node["deps"]).iter().filter(linked).filter_map(|dep| text(&dep["pkg"])));
    }
    let others = seen.iter().filter_map(|id| by_id.get(id)).filter(|it| !is_ours(it));
    let mut found = others
        .map(|it| {
            let name = text(&it["name"]).context("a crate without a name")?;
            let manifest = text(&it["manifest_path"]).unwrap_or_default();
            Ok(Package {
                version: text(&it["version"]).context("a crate without a version")?,
                licence: text(&it["license"])
                    .with_context(|| format!("{name} does not state its licence"))?,
                sources: Path::new(&manifest).parent().map(Path::to_owned),
                name,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    found.sort();
    Ok(found)
}

/// The entries of the lock file that `TOOLS` need, as Node finds them: in the folder of who asks, or above it.
fn locked(lock: &Value) -> Result<Map<String, Value>> {
    let all = lock["packages"].as_object().context("package-lock.json has no packages")?;
    let mut open: Vec<(String, String)> =
        TOOLS.iter().map(|name| (String::new(), (*name).to_owned())).collect();
    let mut found = Map::new();
    while let Some((from, name)) = open.pop() {
        let Some(path) = place(all, &from, &name) else { continue };
        let entry = &all[&path];
        if found.insert(path.clone(), entry.clone()).is_some() {
            continue;
        }
        for kind in ["dependencies", "optionalDependencies", "peerDependencies"] {
            let names = entry[kind].as_object().into_iter().flat_map(Map::keys);
            open.extend(names.map(|name| (path.clone(), name.clone())));
        }
    }
    for name in TOOLS {
        ensure!(found.contains_key(&format!("node_modules/{name}")), "{name} is not locked");
    }
    Ok(found.into_iter().collect::<BTreeMap<_, _>>().into_iter().collect())
}

/// Where Node finds a package that one in `from` asks for.
fn place(all: &Map<String, Value>, from: &str, name: &str) -> Option<String> {
    let mut folder = from;
    loop {
        let path = if folder.is_empty() {
            format!("node_modules/{name}")
        } else {
            format!("{folder}/node_modules/{name}")
        };
        if all.contains_key(&path) {
            return Some(path);
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder.rfind("/node_modules/").map_or("", |at| folder.get(..at).unwrap_or(""));
    }
}

/// A package whose code is in a script.
fn bundled(name: &str, lock: &Value) -> Result<Package> {
    let path = format!("node_modules/{name}");
    let entry = &lock["packages"][&path];
    Ok(Package { sources: Some(repo::path(&path)), ..package(&path, entry)? })
}

fn package(path: &str, entry: &Value) -> Result<Package> {
    let name = path.rsplit("node_modules/").next().unwrap_or(path).to_owned();
    let version = entry["version"].as_str().with_context(|| format!("{name} has no version"))?;
    let licence = entry["license"].as_str().unwrap_or("NOASSERTION");
    Ok(Package { version: version.to_owned(), licence: licence.to_owned(), sources: None, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_linked_is_listed() {
        let package = |name: &str, source: Value, kind: &str| {
            json!({ "id": name, "name": name, "version": "1.0.0", "license": "MIT", "source": source,
                    "targets": [{ "kind": [kind] }], "manifest_path": format!("/r/{name}/Cargo.toml") })
        };
        let dep = |name: &str, kind: Value| json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "packages": [
                package("app", Value::Null, "lib"), package("edge", Value::Null, "lib"),
                package("kit", Value::Null, "lib"), package("linked", json!("r"), "lib"),
                package("deep", json!("r"), "lib"), package("macro", json!("r"), "proc-macro"),
                package("syn", json!("r"), "lib"), package("builds", json!("r"), "lib"),
            ],
            "resolve": { "nodes": [
                { "id": "app", "deps": [dep("linked", Value::Null), dep("macro", Value::Null)] },
                { "id": "edge", "deps": [dep("builds", json!("build"))] },
                { "id": "kit", "deps": [] },
                { "id": "linked", "deps": [dep("deep", Value::Null)] },
                { "id": "deep", "deps": [] }, { "id": "builds", "deps": [] },
                { "id": "macro", "deps": [dep("syn", Value::Null)] }, { "id": "syn", "deps": [] },
            ] },
        });
        let names: Vec<String> = crates(&metadata).unwrap().into_iter().map(|it| it.name).collect();
        assert_eq!(names, ["deep", "linked"]);
    }

    #[test]
    fn the_lock_file_is_read_as_node_finds_packages() {
        let lock = json!({ "packages": {
            "": {}, "node_modules/unused": { "version": "1.0.0" },
            "node_modules/miniflare": { "version": "1.0.0", "dependencies": { "a": "1" } },
            "node_modules/workerd": { "version": "1.0.0", "optionalDependencies": { "not-here": "1" } },
            "node_modules/wrangler": { "version": "1.0.0", "dependencies": { "a": "2", "@s/b": "1" } },
            "node_modules/wrangler/node_modules/a": { "version": "2.0.0", "dependencies": { "@s/b": "1" } },
            "node_modules/a": { "version": "1.0.0" }, "node_modules/@s/b": { "version": "1.0.0" },
        } });
        let found = locked(&lock).unwrap();
        let paths: Vec<&str> = found.keys().map(String::as_str).collect();
        assert_eq!(
            paths,
            [
                "node_modules/@s/b",
                "node_modules/a",
                "node_modules/miniflare",
                "node_modules/workerd",
                "node_modules/wrangler",
                "node_modules/wrangler/node_modules/a",
            ]
        );
        assert_eq!(package(paths[5], &found[paths[5]]).unwrap().name, "a");
        assert_eq!(package(paths[0], &found[paths[0]]).unwrap().name, "@s/b");
    }
}
