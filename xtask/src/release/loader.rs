//! The package of npm with the loader's types and its wrappers for React and Vue.
//!
//! Owns its files. Must not contain the loader: it comes from the edge, whose origin it speaks to.

use super::archive::{self, Files};
use crate::{build::released, repo};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The package's name.
pub const NAME: &str = "easel-studio";
/// Its files that are written by hand.
const FOLDER: &str = "packages/loader";
/// Its files that the edge serves too.
const SERVED: [&str; 2] = ["easel.d.ts", "custom-elements.json"];

/// Writes `easel-studio-VERSION.tgz` into a folder; returns its path.
pub fn write(out: &Path) -> Result<PathBuf> {
    let bytes = archive::pack("package", &files()?)?;
    let path = out.join(format!("{NAME}-{}.tgz", contract::VERSION));
    fs::create_dir_all(out)
        .and_then(|()| fs::write(&path, bytes))
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// Its files. A released version names its own loader with its hash; one in development names the newest.
fn files() -> Result<Files> {
    let mut files = Files::new();
    for path in repo::files_under(FOLDER) {
        let name = path.strip_prefix(FOLDER)?.display().to_string();
        files.insert(name, fs::read(repo::root().join(&path))?);
    }
    for name in SERVED {
        files.insert(name.to_owned(), fs::read(repo::path("public").join(name))?);
    }
    let all = released::all()?;
    let own = all.iter().find(|(version, _)| version == contract::VERSION);
    let (path, integrity) = match own {
        Some((version, bytes)) => (format!("/v/{version}/easel.js"), released::integrity(bytes)),
        None => ("/easel.js".to_owned(), String::new()),
    };
    let index = files.get("index.js").context("index.js is missing")?;
    let index = String::from_utf8(index.clone())?;
    for mark in ["\"%path%\"", "\"%integrity%\""] {
        ensure!(index.contains(mark), "index.js has no {mark}");
    }
    let index = index.replace("%path%", &path).replace("%integrity%", &integrity);
    files.insert("index.js".into(), index.into_bytes());
    let part = |name: &str| json!({ "types": format!("./{name}.d.ts"), "default": format!("./{name}.js") });
    let manifest = json!({
        "name": NAME,
        "version": contract::VERSION,
        "description": "The element <easel-studio>, an AI image studio, with its types and wrappers for React and Vue",
        "license": "MIT OR Apache-2.0",
        "type": "module",
        "types": "./index.d.ts",
        "customElements": "./custom-elements.json",
        "exports": {
            ".": part("index"), "./react": part("react"), "./vue": part("vue"),
            "./custom-elements.json": "./custom-elements.json",
        },
        "peerDependencies": { "react": ">=18", "vue": ">=3.5" },
        "peerDependenciesMeta": { "react": { "optional": true }, "vue": { "optional": true } },
    });
    files.insert("package.json".into(), (serde_json::to_string_pretty(&manifest)? + "\n").into());
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn every_file_that_the_manifest_names_is_there() {
        let files = files().unwrap();
        for name in ["index", "react", "vue"] {
            assert!(files.contains_key(&format!("{name}.js")), "{name}");
            assert!(files.contains_key(&format!("{name}.d.ts")), "{name}");
        }
        let index = String::from_utf8(files["index.js"].clone()).unwrap();
        assert!(!index.contains("%path%") && !index.contains("%integrity%"), "{index}");
    }

    /// Who reads `exports` takes the first condition that it knows, and everybody knows `default`.
    #[test]
    fn the_types_of_a_part_are_named_before_its_script() {
        let files = files().unwrap();
        let manifest: Value = serde_json::from_slice(&files["package.json"]).unwrap();
        for part in [".", "./react", "./vue"] {
            let conditions: Vec<_> =
                manifest["exports"][part].as_object().unwrap().keys().collect();
            assert_eq!(conditions, ["types", "default"], "{part}");
        }
    }

    /// The lists that the wrappers go through are those of the loader.
    #[test]
    fn the_wrappers_know_every_event_and_attribute() {
        let index = fs::read_to_string(repo::path("packages/loader/index.js")).unwrap();
        let types = fs::read_to_string(repo::path("public/easel.d.ts")).unwrap();
        let listed = |name: &str| {
            let line =
                index.lines().find(|line| line.contains(&format!("const {name} = ["))).unwrap();
            line.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
        };
        let declared = types.lines().filter_map(|line| line.trim().strip_prefix("\"easel:"));
        let declared: Vec<_> = declared.filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(listed("EVENTS"), declared);
        let loader = fs::read_to_string(repo::path("public/easel.js")).unwrap();
        let line = loader.lines().find(|line| line.starts_with("const ATTRIBUTES")).unwrap();
        let names = line.split(['{', ',']).skip(1).filter_map(|it| it.split(':').next());
        let names: Vec<_> = names.map(str::trim).filter(|name| !name.is_empty()).collect();
        assert_eq!(listed("ATTRIBUTES"), names);
    }
}
