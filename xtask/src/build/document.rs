//! The frame's document: made from `app/index.html` into `dist/studio.en.html`, and the same for each other language.
//!
//! Owns two steps. Comments for readers of the source are removed; the marks that the edge fills (`{{…}}`, `<!--each
//! …-->`, `<!--if …-->`, `<!--end-->`) stay. `{{words.key}}` becomes the text in the language, as `{{|key|word|}}`,
//! which the edge fills too, since an owner may have configured another text; `{{words}}` becomes the texts of the
//! program, one a line. Must not fill a site's facts.

use anyhow::{Context, Result, bail, ensure};
use contract::text_keys::{self, TextKey};
use std::collections::{BTreeMap, BTreeSet};

/// A comment that begins with one of these words is a mark for the edge.
const MARKS: [&str; 5] = ["each", "if", "else", "end", "{{"];

/// Removes comments for readers of the source, and blank lines.
pub fn clean(html: &str) -> Result<String> {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<!--") {
        let Some((comment, end)) = after.split_once("-->") else { bail!("a comment has no end") };
        out.push_str(before);
        if is_mark(comment) {
            out.extend(["<!--", comment, "-->"]);
        }
        rest = end;
    }
    out.push_str(rest);
    let lines: Vec<&str> = out.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    Ok(lines.join("\n") + "\n")
}

/// Writes a language's texts into the document, each with its key.
pub fn insert_texts(html: &str, texts: &BTreeMap<String, String>) -> Result<String> {
    let word = |what: &str| {
        let key = what.split(' ').next().unwrap_or_default();
        let word = texts.get(key).with_context(|| format!("{key} is in no table of texts/"))?;
        Ok::<_, anyhow::Error>(format!("{{{{|{what}|{word}|}}}}"))
    };
    let of_program = TextKey::ALL
        .iter()
        .take(TextKey::SAID)
        .map(|(_, key)| word(key))
        .collect::<Result<Vec<_>>>()?;
    let html = html.replace("{{words}}", &of_program.join("\n"));
    let mut used: BTreeSet<&str> =
        TextKey::ALL.iter().take(TextKey::SAID).map(|(_, key)| *key).collect();
    let mut out = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some((before, after)) = rest.split_once("{{words.") {
        let Some((what, end)) = after.split_once("}}") else {
            bail!("the mark of a text has no end")
        };
        out.push_str(before);
        out.push_str(&word(what)?);
        used.extend(what.split(' ').next());
        rest = end;
    }
    let unused: Vec<_> =
        text_keys::KEYS.split_whitespace().filter(|key| !used.contains(key)).collect();
    ensure!(unused.is_empty(), "these texts are not used: {}", unused.join(", "));
    Ok(out + rest)
}

fn is_mark(comment: &str) -> bool {
    MARKS.iter().any(|mark| {
        let Some(after) = comment.trim_start().strip_prefix(mark) else { return false };
        *mark == "{{" || after.is_empty() || after.starts_with(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_go_and_marks_stay() {
        let html = "<!doctype html>\n\n<!-- a note -->\n  <p>{{title}}</p>\n\
                    <!--each presets--><b></b><!--end-->\n<!--if challenge-->x<!--end--><!--ending-->";
        let expected = "<!doctype html>\n<p>{{title}}</p>\n\
                        <!--each presets--><b></b><!--end-->\n<!--if challenge-->x<!--end-->\n";
        assert_eq!(clean(html).unwrap(), expected);
    }

    /// Test texts: each key's text is the key in capitals.
    fn texts() -> BTreeMap<String, String> {
        let keys = text_keys::KEYS.split_whitespace();
        keys.map(|key| (key.to_owned(), key.to_uppercase())).collect()
    }

    #[test]
    fn every_text_is_in_the_language() {
        let marks =
            text_keys::KEYS.split_whitespace().map(|key| ["{{words.", key, " n}}"].concat());
        let all = marks.collect::<String>();
        let html = insert_texts(&format!("{all}<p>{{{{words}}}}</p>"), &texts()).unwrap();
        assert!(html.starts_with("{{|offline n|OFFLINE|}}"), "{html}");
        assert!(
            html.contains("<p>{{|offline|OFFLINE|}}\n{{|unreachable|UNREACHABLE|}}\n"),
            "{html}"
        );
        let error = insert_texts("{{words}}{{words.create}}", &texts()).unwrap_err().to_string();
        assert!(error.contains("are not used") && !error.contains("create"), "{error}");
        assert!(insert_texts(&format!("{all}{{{{words.unheard}}}}"), &texts()).is_err());
    }

    #[test]
    fn a_mark_without_an_end_is_an_error() {
        assert!(clean("<!-- open").is_err());
    }
}
