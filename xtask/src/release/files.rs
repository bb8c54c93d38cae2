//! The files of a release, by their paths in the archive. The edge and the frame's files lie as they do in the clone,
//! so that the sentences about `edge/wrangler.jsonc` hold in both.
//!
//! Owns what is in it. Must not build anything.

use super::{
    PACKAGE,
    archive::{self, Files},
    licences,
    packages::{Packages, TOOLS},
    sbom,
};
use crate::{
    build::{kit, released},
    hash, repo,
    setup::node,
};
use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};
use std::{fs, path::Path};

/// Files of the clone that are shipped as they are.
const AS_THEY_ARE: [&str; 5] = [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "edge/build/index.js",
    "edge/build/index_bg.wasm",
    "edge/workerd.mjs",
];
/// The line of `edge/wrangler.jsonc` by which wrangler would compile what is built already.
const BUILD: &str = "  \"build\": {";
/// The folders of files that are served as immutable.
const IMMUTABLE: [&str; 2] = ["dist/assets/", "dist/sites/"];
/// The list of those that are this release's own, and not of the one before.
const OWN_FILES: &str = "own-files.txt";
/// The programs, in the clone and in the archive.
const PROGRAMS: (&str, &str) = ("kit/programs", "bin");

/// All files. `before` is the archive of the release before this one: pages that are still open ask for its files.
pub fn collect(built: &Path, before: Option<&Path>, packages: &Packages) -> Result<Files> {
    let mut files = Files::new();
    for path in repo::files_under("dist") {
        files.insert(slashes(&path), read(&repo::root().join(path))?);
    }
    ensure!(files.contains_key("dist/shell.json"), "dist is not built");
    files.insert(OWN_FILES.into(), immutable(&files));
    if let Some(before) = before {
        let older = archive::unpack(&read(before)?).and_then(|it| add_older(&mut files, &it));
        older.with_context(|| format!("{} is not a release", before.display()))?;
    }
    for path in AS_THEY_ARE {
        files.insert(path.to_owned(), read(&repo::path(path))?);
    }
    let wrangler = fs::read_to_string(repo::path("edge/wrangler.jsonc"))?;
    files.insert("edge/wrangler.jsonc".into(), without_build(&wrangler)?.into_bytes());
    for path in repo::files_under(PROGRAMS.0) {
        let name = path.strip_prefix(PROGRAMS.0)?;
        let bytes = read(&repo::root().join(&path))?;
        files.insert(format!("{}/{}", PROGRAMS.1, slashes(name)), bytes);
    }
    for name in kit::FILES {
        files.insert(format!("{}/kit/{name}", PROGRAMS.1), read(&built.join(name))?);
    }
    files.insert("README.md".into(), read(&repo::path("kit/README.md"))?);
    files.insert("THIRD-PARTY.txt".into(), licences::text(packages)?.into_bytes());
    files.insert("sbom.cdx.json".into(), sbom::text(packages)?.into_bytes());
    files.insert("integrity.txt".into(), integrity(&files).into_bytes());
    let manifest = manifest(packages)?;
    files.insert("npm-shrinkwrap.json".into(), pretty(&shrinkwrap(&manifest, packages))?);
    files.insert("package.json".into(), pretty(&manifest)?);
    let sums = files.iter().map(|(path, bytes)| format!("{}  {path}\n", hash::sha256(bytes)));
    let sums: String = sums.collect();
    files.insert("SHA256SUMS".into(), sums.into_bytes());
    Ok(files)
}

/// The immutable files of the release before; a file of both is the same one. What that release took over from an older
/// one is left out.
fn add_older(files: &mut Files, before: &Files) -> Result<()> {
    let own = before.get(OWN_FILES).context("it has no list of its own files")?;
    for path in str::from_utf8(own).context("its list of its own files is no text")?.lines() {
        let content = before.get(path).with_context(|| format!("it has no {path}"))?;
        files.entry(path.to_owned()).or_insert_with(|| content.clone());
    }
    Ok(())
}

/// The files whose names contain a hash of their content: they are served as immutable.
fn immutable(files: &Files) -> Vec<u8> {
    let is_one = |path: &&String| IMMUTABLE.iter().any(|folder| path.starts_with(folder));
    let mut list = files.keys().filter(is_one).cloned().collect::<Vec<_>>().join("\n");
    list.push('\n');
    list.into_bytes()
}

/// The configuration to edit: the committed one, but for the line that builds.
fn without_build(wrangler: &str) -> Result<String> {
    let is_build = |line: &&str| line.starts_with(BUILD);
    let lines = wrangler.lines().filter(|line| !is_build(line));
    let kept: String = lines.flat_map(|line| [line, "\n"]).collect();
    ensure!(wrangler.lines().filter(is_build).count() == 1, "edge/wrangler.jsonc has no build");
    Ok(kept)
}

/// The loaders' paths with the values for a page's `integrity`.
fn integrity(files: &Files) -> String {
    let loaders = files.iter().filter(|(path, _)| path.ends_with("/easel.js"));
    let line = |(path, bytes): (&String, &Vec<u8>)| {
        let path = path.strip_prefix("dist").unwrap_or(path);
        format!("{path} {}\n", released::integrity(bytes))
    };
    loaders.map(line).collect()
}

/// `package.json`: the archive is a package of npm, whose programs are what they are in the clone.
fn manifest(packages: &Packages) -> Result<Value> {
    let version = |name: &str| {
        let entry = packages.locked.get(&format!("node_modules/{name}"));
        let version = entry.and_then(|entry| entry["version"].as_str());
        version.map(|it| (name.to_owned(), it.into())).with_context(|| format!("{name} is missing"))
    };
    let dependencies = TOOLS.into_iter().map(version).collect::<Result<Map<String, Value>>>()?;
    Ok(json!({
        "name": PACKAGE,
        "version": contract::VERSION,
        "description": "An AI image studio that any web page can embed: the edge, and the programs that serve and deploy it",
        "license": "MIT OR Apache-2.0",
        "engines": { "node": format!(">={}", node::LEAST) },
        "easel": { "released": released::has(contract::VERSION)? },
        "bin": { "easel": format!("{}/easel.mjs", PROGRAMS.1) },
        "dependencies": dependencies,
    }))
}

/// The exact packages that are installed, from this clone's lock file.
fn shrinkwrap(manifest: &Value, packages: &Packages) -> Value {
    let mut all = packages.locked.clone();
    all.insert(String::new(), manifest.clone());
    json!({
        "name": PACKAGE, "version": contract::VERSION, "lockfileVersion": 3, "requires": true,
        "packages": all,
    })
}

/// JSON as a file.
pub fn pretty(value: &Value) -> Result<Vec<u8>> {
    Ok((serde_json::to_string_pretty(value)? + "\n").into_bytes())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

fn slashes(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_to_edit_builds_nothing_and_is_right() {
        let committed = fs::read_to_string(repo::path("edge/wrangler.jsonc")).unwrap();
        let text = without_build(&committed).unwrap();
        let file: Value = crate::settings::parse(&text).unwrap();
        assert!(file.get("build").is_none() && file["main"] == "build/index.js");
        crate::settings::Settings::from_wrangler(&text).unwrap().check().unwrap();
        assert!(without_build(&text).is_err(), "a file without it has changed its form");
    }

    #[test]
    fn files_of_the_release_before_are_added_and_those_of_an_older_one_are_not() {
        let files = |all: &[(&str, &str)]| {
            let owned = |(path, text): &(&str, &str)| (path.to_string(), text.as_bytes().to_vec());
            all.iter().map(owned).collect::<Files>()
        };
        let mut before = files(&[
            ("dist/assets/a-1.js", "old"),
            ("dist/assets/both.js", "same"),
            ("dist/index.html", "old"),
            ("dist/sites/demo/x-1.webp", "old"),
        ]);
        let own = immutable(&before);
        assert_eq!(own, b"dist/assets/a-1.js\ndist/assets/both.js\ndist/sites/demo/x-1.webp\n");
        let mut now = files(&[("dist/assets/both.js", "same"), ("dist/index.html", "new")]);
        assert!(add_older(&mut now, &before).is_err(), "it has no list");
        before.insert(OWN_FILES.into(), own);
        before.insert("dist/assets/oldest-0.js".into(), Vec::new());
        add_older(&mut now, &before).unwrap();
        let expected = files(&[
            ("dist/assets/a-1.js", "old"),
            ("dist/assets/both.js", "same"),
            ("dist/index.html", "new"),
            ("dist/sites/demo/x-1.webp", "old"),
        ]);
        assert_eq!(now, expected);
        before.remove("dist/assets/a-1.js");
        assert!(add_older(&mut now, &before).is_err(), "a file of its list is missing");
    }
}
