//! The language of a document, and its writing direction.
//!
//! Owns the list of languages. Must not hold texts.

use contract::text_keys;
use std::collections::BTreeMap;

/// The languages of `texts/`. The first is used if no other one is asked for.
pub const SPOKEN: [&str; 2] = ["en", "de"];
/// Languages that are written from right to left.
const FROM_THE_RIGHT: [&str; 11] =
    ["ar", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"];

/// The language and direction of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    /// The language of the build's texts: one of [`SPOKEN`].
    pub words: &'static str,
    /// The document's `lang`.
    pub lang: String,
    /// Whether the document runs from right to left like its host page, even if its texts do not.
    pub from_the_right: bool,
}

impl Language {
    /// Chooses by the locale that the host page names (BCP 47; only the language counts), else by the browser's
    /// Accept-Language, whose order is used without weights, else English.
    ///
    /// A language without texts here gets English texts and `lang="en"`, which a screen reader needs in order to
    /// pronounce them. If the owner has configured most of the texts, they are assumed to be in the language that was
    /// asked for.
    pub fn choose(
        locale: Option<&str>,
        accepted: Option<&str>,
        texts: &BTreeMap<String, String>,
    ) -> Self {
        let own = texts.len() > text_keys::COUNT / 2;
        let locale = primary(locale.unwrap_or_default());
        let mut accepted = accepted.unwrap_or_default().split(',').map(primary);
        let asked = if locale.is_empty() {
            accepted.find(|tag| among(&SPOKEN, tag).is_some() || (own && !tag.is_empty()))
        } else {
            Some(locale)
        };
        let words = asked.and_then(|asked| among(&SPOKEN, asked)).unwrap_or("en");
        let lang = asked.filter(|_| own).unwrap_or(words).to_owned();
        let from_the_right = asked.is_some_and(|asked| among(&FROM_THE_RIGHT, asked).is_some());
        Self { words, lang, from_the_right }
    }
}

/// The language of a tag; empty if the tag has none.
fn primary(tag: &str) -> &str {
    let tag = tag.trim_ascii_start();
    let end = tag.bytes().position(|b| !b.is_ascii_alphabetic()).unwrap_or(tag.len());
    tag.get(..end).filter(|tag| matches!(tag.len(), 2 | 3)).unwrap_or_default()
}

fn among(languages: &[&'static str], tag: &str) -> Option<&'static str> {
    languages.iter().copied().find(|own| own.eq_ignore_ascii_case(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(locale: Option<&str>, accepted: Option<&str>) -> (String, String, bool) {
        let language = Language::choose(locale, accepted, &BTreeMap::new());
        (language.words.to_owned(), language.lang, language.from_the_right)
    }

    #[track_caller]
    fn check(locale: &str, words: &str, from_the_right: bool) {
        let expected = (words.to_owned(), words.to_owned(), from_the_right);
        assert_eq!(choose(Some(locale), Some("de")), expected, "{locale}");
    }

    #[test]
    fn a_locale_decides_by_its_language() {
        for locale in ["de", "de-AT", "DE_ch", "de-Latn-DE-1996"] {
            check(locale, "de", false);
        }
        for locale in ["en", "en-GB", "xx", "fr-FR", "deu", "d", "den-CA", "deutsch", "\"><b>"] {
            // A text that is not a language counts as no locale.
            let known = primary(locale);
            check(locale, if known.is_empty() { "de" } else { "en" }, false);
        }
    }

    #[test]
    fn some_languages_run_from_the_right_and_their_words_are_called_what_they_are() {
        for locale in ["ar", "ar-EG", "he", "fa-IR", "ur", "ckb", "AR"] {
            check(locale, "en", true);
        }
        for locale in ["arn", "de", "c", "r f"] {
            assert!(!choose(Some(locale), None).2, "{locale}");
        }
    }

    #[test]
    fn without_a_locale_the_browser_decides_among_what_is_spoken() {
        let words = |locale, accepted| choose(locale, accepted).0;
        assert_eq!(words(None, Some("de-AT,de;q=0.9,en;q=0.8")), "de");
        assert_eq!(words(None, Some("fr-FR, de;q=0.5, en;q=0.1")), "de");
        assert_eq!(words(Some(""), Some("de")), "de");
        assert_eq!(words(None, Some("fr, *;q=0.1")), "en");
        assert_eq!(words(None, None), "en");
        // English texts run from left to right on a page whose direction is unknown.
        assert!(!choose(None, Some("ar, en;q=0.5")).2);
    }

    #[test]
    fn an_owner_who_wrote_most_of_the_words_is_believed_to_have_written_them_in_the_language_asked_for()
     {
        let all = text_keys::KEYS.split_whitespace();
        let texts: BTreeMap<_, _> = all.map(|key| (key.to_owned(), "كلمة".to_owned())).collect();
        let choose = |locale, accepted| Language::choose(locale, accepted, &texts);
        let arabic = Language { words: "en", lang: "ar".to_owned(), from_the_right: true };
        assert_eq!(choose(Some("ar-EG"), None), arabic);
        assert_eq!(choose(None, Some("ar, en;q=0.5")), arabic);
        assert_eq!(choose(None, None).lang, "en");
        let few = texts.into_iter().take(9).collect();
        assert_eq!(Language::choose(Some("ar"), None, &few).lang, "en");
    }
}
