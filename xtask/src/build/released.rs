//! Released loaders: pages name them with a hash, so that no byte of a released loader may change.
//!
//! Owns `public/v/`: `{version}/easel.js` as it was served, and `integrity.txt` with a line `VERSION HASH` for each. To
//! release one, remove `-dev` from the version in `Cargo.toml`, build, copy `dist/v/{version}/easel.js` there and add
//! the line that the build prints; then raise the version to the next one, with `-dev`. Must not accept a loader that
//! differs from its hash.

use crate::{build::finish::read, repo};
use anyhow::{Context, Result, bail, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha384};
use std::fs;

/// Every released loader, with its version; fails if one has changed.
pub fn all() -> Result<Vec<(String, Vec<u8>)>> {
    let list = fs::read_to_string(repo::path("public/v/integrity.txt")).unwrap_or_default();
    let mut found = Vec::new();
    for file in repo::files_under("public/v") {
        let parts: Vec<_> = file.iter().filter_map(|part| part.to_str()).collect();
        match parts[..] {
            ["public", "v", version, "easel.js"] => {
                found.push((version.to_owned(), read(&repo::root().join(&file))?));
            }
            ["public", "v", "integrity.txt"] => {}
            _ => bail!("{} is not a released loader", file.display()),
        }
    }
    check(&list, &found)?;
    Ok(found)
}

/// Whether the loader of that version is released.
pub fn has(version: &str) -> Result<bool> {
    Ok(all()?.iter().any(|(released, _)| released == version))
}

/// The released loader with the highest version: the one that a page should pin.
pub fn newest(all: &[(String, Vec<u8>)]) -> Option<(&str, &[u8])> {
    let newest = all.iter().max_by_key(|(version, _)| numbers(version))?;
    Some((&newest.0, &newest.1))
}

/// The three numbers of a version.
fn numbers(version: &str) -> Vec<u64> {
    version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

/// The value of a page's `integrity` attribute for some bytes.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

/// Fails unless each loader has the hash of its line, and each line has its loader.
fn check(list: &str, found: &[(String, Vec<u8>)]) -> Result<()> {
    let lines: Vec<_> = list
        .lines()
        .map(|line| {
            line.split_once(' ').with_context(|| format!("`{line}` is not a version and a hash"))
        })
        .collect::<Result<_>>()?;
    for (version, bytes) in found {
        let line = lines.iter().find(|(listed, _)| listed == version);
        let (_, hash) = line.with_context(|| format!("{version} has no line in integrity.txt"))?;
        ensure!(*hash == integrity(bytes), "the released loader {version} has changed");
    }
    for (version, _) in lines {
        let there = found.iter().any(|(other, _)| other == version);
        ensure!(there, "the released loader {version} is missing");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_what_browsers_expect() {
        assert_eq!(
            integrity(b"alert('Hello, world.');"),
            "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO"
        );
    }

    #[test]
    fn a_version_is_released_once_its_loader_lies_here() {
        assert!(has("0.1.0").unwrap() && !has("0.0.0").unwrap());
        assert!(!contract::is_development() || !has(contract::VERSION).unwrap());
    }

    #[test]
    fn the_newest_is_that_of_the_highest_version() {
        let all = ["0.2.0", "0.10.0", "0.9.1"].map(|version| (version.to_owned(), Vec::new()));
        assert_eq!(newest(&all).unwrap().0, "0.10.0");
        assert_eq!(newest(&[]), None);
    }

    #[test]
    fn a_loader_that_changed_or_went_is_found() {
        let found = [("1.0.0".to_owned(), b"x".to_vec())];
        let line = format!("1.0.0 {}\n", integrity(b"x"));
        check(&line, &found).unwrap();
        check("", &[]).unwrap();
        for (list, found, says) in [
            (line.as_str(), &[("1.0.0".to_owned(), b"y".to_vec())][..], "has changed"),
            (&line, &[], "is missing"),
            ("", &found, "no line"),
            ("1.0.0\n", &found, "not a version and a hash"),
        ] {
            let error = check(list, found).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
