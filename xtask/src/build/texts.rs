//! The studio's texts in each language: `texts/*.json`.
//!
//! Owns reading a table and its rules. Must not know where a text is used.

use crate::{build::finish, repo};
use anyhow::{Context, Result, ensure};
use contract::text_keys;
use std::collections::{BTreeMap, BTreeSet};

/// The texts of a language, by their keys: exactly the known keys.
pub fn read(language: &str) -> Result<BTreeMap<String, String>> {
    let name = format!("texts/{language}.json");
    let text = finish::text(&repo::path(&name))?;
    parse(&text).with_context(|| name)
}

fn parse(text: &str) -> Result<BTreeMap<String, String>> {
    let texts: BTreeMap<String, String> = serde_json::from_str(text)?;
    let known: BTreeSet<&str> = text_keys::KEYS.split_whitespace().collect();
    let there: BTreeSet<&str> = texts.keys().map(String::as_str).collect();
    ensure!(known == there, "these keys are missing or unknown: {:?}", &known ^ &there);
    for (key, text) in &texts {
        let fits = !text.is_empty() && !text.contains(char::is_control);
        ensure!(
            fits && !text.contains("|}") && !text.contains("{{"),
            "{key} contains characters that a document cannot contain"
        );
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::document::language::SPOKEN;

    #[test]
    fn every_language_has_every_word_and_no_other() {
        for language in SPOKEN {
            let texts = read(language).unwrap();
            assert_eq!(
                texts.len(),
                text_keys::KEYS.split_whitespace().count(),
                "a key stands twice"
            );
        }
        let files = repo::files_under("texts").len();
        assert_eq!(files, SPOKEN.len(), "a table that no document speaks");
    }

    #[test]
    fn every_language_puts_the_same_numbers_into_a_word() {
        let english = read("en").unwrap();
        for language in SPOKEN {
            for (key, text) in read(language).unwrap() {
                for number in ["{n}", "{m}"] {
                    let same = text.contains(number) == english[&key].contains(number);
                    assert!(same, "{language}: {key} and {number}");
                }
            }
        }
    }

    #[test]
    fn a_table_that_does_not_fit_is_refused() {
        let good = std::fs::read_to_string(repo::path("texts/en.json")).unwrap();
        assert!(parse(&good).is_ok());
        for (from, to) in [
            ("\"create\"", "\"creat\""),
            ("\"Create\"", "\"\""),
            ("\"Create\"", "\"a\\nb\""),
            ("\"Create\"", "\"{{site}}\""),
            ("\"Create\"", "\"a|}}\""),
        ] {
            assert!(good.contains(from));
            assert!(parse(&good.replace(from, to)).is_err(), "{to}");
        }
    }
}
