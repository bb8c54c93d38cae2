//! The archive of several pictures: the names in it, and what it says of each picture.
//!
//! Owns its manifest. Must not hold a picture's bytes: the browser packs them.

use super::tile::PictureFacts;
use contract::{
    options::{Quality, Size},
    time::Timestamp,
};
use serde::Serialize;
use std::collections::HashSet;

/// The manifest's name in the archive.
pub(crate) const MANIFEST: &str = "manifest.json";

#[derive(Serialize)]
struct Manifest {
    ai_generated: bool,
    pictures: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    file: String,
    ai_generated: bool,
    prompt: String,
    quality: Quality,
    size: Size,
    model: String,
    asked: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
    bytes: u64,
    content_credentials: bool,
}

/// The names of files in the archive: two of one name are told apart by a number.
pub(crate) fn names(given: impl Iterator<Item = String>) -> Vec<String> {
    let mut taken = HashSet::new();
    let unique = |name: String| {
        let mut own = name.clone();
        let mut at = 2_u32;
        while !taken.insert(own.clone()) {
            own = format!("{at}-{name}");
            at = at.saturating_add(1);
        }
        own
    };
    given.map(unique).collect()
}

/// What the archive says of its pictures: that an AI has made them, and from what. Each comes with its name in the archive
/// and its length.
pub(crate) fn manifest(pictures: impl Iterator<Item = (PictureFacts, String, u64)>) -> String {
    let pictures = pictures.map(|(facts, file, bytes)| Entry {
        file,
        ai_generated: true,
        prompt: facts.prompt,
        quality: facts.quality,
        size: facts.size,
        model: facts.model,
        asked: (facts.since > 0).then(|| Timestamp(facts.since).to_string()),
        width: facts.width,
        height: facts.height,
        bytes,
        content_credentials: facts.credentials,
    });
    let manifest = Manifest { ai_generated: true, pictures: pictures.collect() };
    // Nothing in it can fail to be written.
    serde_json::to_string_pretty(&manifest).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_files_of_one_name_are_told_apart() {
        let given = ["a.png", "a.png", "b.png", "2-a.png", "a.png"];
        let names = names(given.into_iter().map(str::to_owned));
        assert_eq!(names, ["a.png", "2-a.png", "b.png", "2-2-a.png", "3-a.png"]);
    }
}
