//! The licences of what is compiled or bundled into a release, in one file.
//!
//! Owns its form: who stands under which text, each text once. Must not judge a licence.

use super::packages::{Package, Packages};
use anyhow::{Context, Result};
use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

/// How the names of such files begin, in small letters.
const NAMES: [&str; 6] = ["license", "licence", "copying", "copyright", "notice", "unlicense"];
const RULE: &str =
    "--------------------------------------------------------------------------------";

/// The file's text: a list of all crates and packages, then each text with those that it comes from.
pub fn text(packages: &Packages) -> Result<String> {
    let mut out = String::from(
        "Easel is under MIT or Apache-2.0, as you like: LICENSE-MIT, LICENSE-APACHE.\n\n\
         Its programs contain Rust's standard library (MIT OR Apache-2.0) and these crates and packages:\n\n",
    );
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages.crates.iter().chain(&packages.bundled) {
        let Package { name, version, licence, sources } = package;
        writeln!(out, "- {name} {version}: {licence}")?;
        for text in sources.as_deref().map(found).transpose()?.unwrap_or_default() {
            texts.entry(text).or_default().push(format!("{name} {version}"));
        }
    }
    for (text, of) in texts {
        write!(out, "\n{RULE}\n{}\n{RULE}\n\n{}\n", of.join(", "), text.trim_end())?;
    }
    Ok(out)
}

/// The texts in a crate's folder.
fn found(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .flatten();
    let is_one = |path: &Path| {
        let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase());
        path.is_file() && name.is_some_and(|name| NAMES.iter().any(|start| name.starts_with(start)))
    };
    let mut paths: Vec<_> = entries.map(|it| it.path()).filter(|path| is_one(path)).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"))
    };
    paths.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_stands_there_once_with_all_its_crates() {
        let folder = std::env::temp_dir().join(format!("easel-licences-{}", std::process::id()));
        let package = |name: &str, file: &str, text: &str| {
            let sources = folder.join(name);
            fs::create_dir_all(&sources).unwrap();
            fs::write(sources.join(file), text).unwrap();
            fs::write(sources.join("lib.rs"), "nothing").unwrap();
            let (name, version) = (name.to_owned(), "1.0.0".to_owned());
            Package { name, version, licence: "MIT".to_owned(), sources: Some(sources) }
        };
        let all = Packages {
            crates: vec![
                package("a", "LICENSE-MIT", "the text\r\n"),
                package("b", "license", "the text\n"),
            ],
            bundled: vec![package("c", "COPYING.txt", "another")],
            npm: Vec::new(),
            locked: serde_json::Map::new(),
        };
        let text = text(&all).unwrap();
        assert_eq!(text.matches("the text").count(), 1);
        assert!(text.contains("a 1.0.0, b 1.0.0") && text.contains("another"), "{text}");
        assert!(text.contains("- c 1.0.0: MIT") && !text.contains("nothing"));
        fs::remove_dir_all(folder).unwrap();
    }
}
