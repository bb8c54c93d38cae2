//! The texts of each language, as `texts/*.json` hold them.
//!
//! Owns reading them, once. Must not be a part of the program that browsers load: the document brings its texts.

use contract::text_keys::TextKey;
use std::{collections::BTreeMap, sync::OnceLock};

/// A language's name, its table, and the texts that were read from it, in the order of [`TextKey::ALL`].
type Table = (&'static str, &'static str, OnceLock<Option<Vec<String>>>);

static TABLES: [Table; 2] = [
    ("en", include_str!("../../../texts/en.json"), OnceLock::new()),
    ("de", include_str!("../../../texts/de.json"), OnceLock::new()),
];

/// A language's texts, in the order of [`TextKey::ALL`]; `None` if there is no such language.
pub(crate) fn of(language: &str) -> Option<&'static [String]> {
    let (_, json, texts) = TABLES.iter().find(|(name, ..)| *name == language)?;
    texts.get_or_init(|| read(json)).as_deref()
}

fn read(json: &str) -> Option<Vec<String>> {
    let mut texts: BTreeMap<String, String> = serde_json::from_str(json).ok()?;
    TextKey::ALL.iter().map(|(_, key)| texts.remove(*key)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_a_text_for_each_key() {
        for (language, json, _) in &TABLES {
            let file: BTreeMap<String, String> = serde_json::from_str(json).unwrap();
            let texts = of(language).unwrap();
            assert_eq!(texts.len(), TextKey::ALL.len(), "{language}");
            for ((_, key), text) in TextKey::ALL.iter().zip(texts) {
                assert_eq!(file.get(*key), Some(text), "{language}: {key}");
            }
        }
        assert_eq!(of("fr"), None);
    }

    #[test]
    fn a_table_that_lacks_a_text_is_none() {
        assert_eq!(read("{}"), None);
        assert_eq!(read("["), None);
    }
}
