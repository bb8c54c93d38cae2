//! Rules that keep the studio's texts in `texts/`, where every language has them.
//!
//! Owns the distinction between texts for people and names for machines. Must not check the texts themselves.

use super::{Finding, Source};

/// Words that look like text for people and are names for machines.
const NAMES: [&str; 17] = [
    "AbortError",
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "ArrowUp",
    "Bearer ",
    "ClipboardItem",
    "DOMContentLoaded",
    "Enter",
    "Escape",
    "Files",
    "Easel",
    "QuotaExceededError",
    "RuntimeError",
    "Tab",
    "VersionError",
    "WebP",
];
/// No program of the studio contains text for people.
pub fn are_in_texts(source: &Source) -> Vec<Finding> {
    let rust =
        source.path.starts_with("app/src/") && source.is("rs") && !source.path.contains("tests");
    let script = source.path.starts_with("app/") && source.is("js");
    if !rust && !script {
        return Vec::new();
    }
    let lines = source.code().take_while(|(_, line)| !line.ends_with("mod tests {"));
    let wrong = lines.filter_map(|(at, line)| Some((at, in_program(line)?)));
    wrong.map(|(at, word)| source.finding(at, format!("`{word}` belongs in texts/"))).collect()
}

/// A quoted text that begins like a sentence.
fn in_program(line: &str) -> Option<&str> {
    let quoted = line.split(['"', '`']).skip(1).step_by(2);
    quoted.into_iter().find(|text| {
        let mut letters = text.chars();
        let first = letters.next().is_some_and(char::is_uppercase);
        let begins = first && letters.next().is_some_and(char::is_lowercase);
        let says = text.contains(' ') && text.ends_with(['.', '…', '!', '?']);
        (begins || says) && !NAMES.contains(text)
    })
}

#[cfg(test)]
mod tests {
    use super::{super::check::finds, *};

    #[test]
    fn words_in_programs_are_found() {
        let rust = "//! Owns \"All of it\".\nf(\"Try again\");\ng(\"tile problem\", \"GET\", \"Bearer \");\n\
                    h(\"Download\");\n[a, \" of the usual.\"]\n#[cfg(test)]\nmod tests {\n\"A test may\"";
        finds(are_in_texts, "app/src/components/wall.rs", rust, &[2, 4, 5]);
        finds(are_in_texts, "app/src/state/job/tests.rs", rust, &[]);
        finds(are_in_texts, "engine/src/lib.rs", rust, &[]);
        finds(
            are_in_texts,
            "app/boot.js",
            "// \"One\"\nsay(\"One moment…\"); say(`Two`); say(\"said\")",
            &[2],
        );
    }
}
