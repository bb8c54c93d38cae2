//! The deploy template: a repository of built files that Cloudflare's deploy button copies into an account.
//!
//! Owns its form: `wrangler.jsonc` in its root, `package.json` with what the button says of each secret, and
//! `.dev.vars.example` with the secrets that it asks for. Must not contain a program of a release: who has the button has
//! no machine.

use super::{
    NAME,
    archive::{self, Files},
    files,
    packages::Packages,
};
use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What the committed configuration says, and the template in its place.
const REPLACED: [(&str, &str); 2] = [
    ("\"directory\": \"../dist\"", "\"directory\": \"dist\""),
    ("\"http://localhost:8787\"", "\"https://www.example.com\""),
];

/// What the button says of a secret.
const SECRETS: [(&str, &str); 3] = [
    (
        "AI_GATEWAY_API_KEY",
        "Pays for pictures: a key of Vercel's AI Gateway for this edge alone, with a budget of its own",
    ),
    (
        "EASEL_SIGNING_KEY",
        "Signs visitors' sessions: 64 random hex digits, as `openssl rand -hex 32` prints them",
    ),
    (
        "EASEL_OPERATOR_TOKEN",
        "Opens the books and the switch: 64 random hex digits of your own, which you keep",
    ),
];

const README: &str = "\
# Easel

An AI image studio that any web page can embed, built for Cloudflare: `build/` is the Worker, `dist/` the files that it
serves. `wrangler.jsonc` is the configuration: put the origins of your pages into `origins`, and your caps into `budget`.

`npm install`, then `npm run deploy`. The edge's own address shows the studio and prints the two lines for your page.
A release with `serve`, `check` and a deploy that waits for running jobs is the package `easel-studio-edge`.
";

/// Writes `easel-template-VERSION.tgz` into a folder; returns its path.
pub fn write(out: &Path, release: &Files, packages: &Packages) -> Result<PathBuf> {
    let folder = format!("{NAME}-template-{}", contract::VERSION);
    let bytes = archive::pack(&folder, &collect(release, packages)?)?;
    let path = out.join(format!("{folder}.tgz"));
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// Its files, of those of a release.
fn collect(release: &Files, packages: &Packages) -> Result<Files> {
    let mut files = Files::new();
    for (path, bytes) in release {
        let path = match path.strip_prefix("edge/build/") {
            Some(name) => format!("build/{name}"),
            None if path.starts_with("dist/") => path.clone(),
            None if path.starts_with("LICENSE") || path == "THIRD-PARTY.txt" => path.clone(),
            None => continue,
        };
        files.insert(path, bytes.clone());
    }
    let wrangler =
        release.get("edge/wrangler.jsonc").context("the release has no wrangler.jsonc")?;
    let mut wrangler = String::from_utf8(wrangler.clone())?;
    for (from, to) in REPLACED {
        ensure!(wrangler.contains(from), "edge/wrangler.jsonc has no {from}");
        wrangler = wrangler.replace(from, to);
    }
    files.insert("wrangler.jsonc".into(), wrangler.into_bytes());
    let asked: String =
        SECRETS.iter().flat_map(|(name, what)| ["# ", what, "\n", name, "=\n"]).collect();
    files.insert(".dev.vars.example".into(), asked.into_bytes());
    files.insert(".gitignore".into(), b"node_modules\n.dev.vars\n.wrangler\n".to_vec());
    files.insert("README.md".into(), README.into());
    files.insert("package.json".into(), files::pretty(&manifest(packages)?)?);
    Ok(files)
}

fn manifest(packages: &Packages) -> Result<Value> {
    let wrangler =
        packages.locked.get("node_modules/wrangler").context("wrangler is not locked")?;
    let bindings: Map<String, Value> = SECRETS
        .iter()
        .map(|(name, what)| ((*name).to_owned(), json!({ "description": what })))
        .collect();
    Ok(json!({
        "name": "easel",
        "version": contract::VERSION,
        "private": true,
        "license": "MIT OR Apache-2.0",
        "scripts": { "deploy": "wrangler deploy" },
        "devDependencies": { "wrangler": wrangler["version"] },
        "cloudflare": { "bindings": bindings },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock, repo};
    use preflight::{account, safety::Deployed};

    fn release() -> Files {
        let wrangler = fs::read_to_string(repo::path("edge/wrangler.jsonc")).unwrap();
        [
            ("edge/build/index.js", "x"),
            ("dist/easel.js", "x"),
            ("bin/easel.mjs", "x"),
            ("LICENSE-MIT", "x"),
        ]
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
        .into_iter()
        .chain([("edge/wrangler.jsonc".to_owned(), wrangler.into_bytes())])
        .collect()
    }

    #[test]
    fn what_it_deploys_is_safe_and_every_secret_is_asked_for() {
        let locked = json!({ "node_modules/wrangler": { "version": "4.1.0" } });
        let packages = Packages {
            crates: Vec::new(),
            bundled: Vec::new(),
            npm: Vec::new(),
            locked: locked.as_object().unwrap().clone(),
        };
        let files = collect(&release(), &packages).unwrap();
        assert!(files.contains_key("build/index.js") && files.contains_key("dist/easel.js"));
        assert!(!files.contains_key("bin/easel.mjs"));
        let text = str::from_utf8(&files["wrangler.jsonc"]).unwrap();
        let deployed = Deployed::read(text).unwrap();
        let refusals = deployed.findings(clock::today()).refusals;
        assert!(refusals.is_empty(), "{refusals:?}");
        let asked = str::from_utf8(&files[".dev.vars.example"]).unwrap();
        for name in account::needed("vercel", false) {
            assert!(asked.contains(&format!("\n{name}=\n")), "{name}");
        }
    }
}
