//! Rules that keep the studio's texts in `texts/`, where every language has them.
//!
//! Owns the distinction between texts for people and names for machines. Must not check the texts themselves.

use super::{Finding, Source};

/// Words that look like text for people and are names for machines.
const NAMES: [&str; 8] = [
    "Bearer ",
    "DOMContentLoaded",
    "Enter",
    "Escape",
    "Files",
    "Easel",
    "QuotaExceededError",
    "Tab",
];
/// Attributes whose values are shown or read aloud.
const HEARD: [&str; 5] = ["alt", "aria-label", "title", "placeholder", "label"];

/// No program of the studio and no document contains text for people.
pub fn are_in_texts(source: &Source) -> Vec<Finding> {
    let rust =
        source.path.starts_with("app/src/") && source.is("rs") && !source.path.contains("tests");
    let script = source.path.starts_with("app/") && source.is("js");
    let wrong: Vec<(usize, String)> = if source.path == "app/index.html" {
        let lines = source.lines();
        lines.filter_map(|(at, line)| Some((at, in_document(line)?))).collect()
    } else if rust || script {
        let lines = source.code().take_while(|(_, line)| !line.ends_with("mod tests {"));
        lines.filter_map(|(at, line)| Some((at, in_program(line)?.to_owned()))).collect()
    } else {
        Vec::new()
    };
    let wrong = wrong.into_iter();
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

/// Letters between tags, or in an attribute that is read aloud, that no mark inserts.
fn in_document(line: &str) -> Option<String> {
    let mut plain = String::new();
    for (at, part) in line.split("<!--").enumerate() {
        plain.push_str(if at == 0 {
            part
        } else {
            part.split_once("-->").map_or("", |(_, it)| it)
        });
    }
    let between = plain.split('<').skip(1).filter_map(|tag| tag.split_once('>'));
    let mut texts: Vec<&str> = between.map(|(_, text)| text).collect();
    let parts: Vec<&str> = plain.split('"').collect();
    texts.extend(parts.chunks_exact(2).filter_map(|pair| {
        let name = pair[0].strip_suffix('=')?.split(' ').next_back()?;
        HEARD.contains(&name).then_some(pair[1])
    }));
    let outside = texts.into_iter().flat_map(outside_marks);
    let mut wrong = outside.filter(|text| text.contains(char::is_alphabetic));
    wrong.find(|text| !NAMES.contains(text)).map(str::to_owned)
}

/// The parts of a text that no `{{…}}` inserts.
fn outside_marks(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{").enumerate().map(|(at, part)| match part.split_once("}}") {
        Some((_, after)) if at > 0 => after.trim_start_matches('}'),
        _ => part,
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

    #[test]
    fn words_in_the_document_are_found() {
        let check =
            |html: &str, lines: &[usize]| finds(are_in_texts, "app/index.html", html, lines);
        check("<p>Create</p>\n<p>{{words.create}} now</p>\n<b>{{words.drop}}</b>", &[1, 2]);
        check(
            "<b title=\"Draft\" class=\"create\">\n<b title=\"{{words.low}}\">\n<img alt=\"Picture {{value}}\">",
            &[1, 3],
        );
        check(
            "<!-- A note -->\n<title>Easel</title>\n<b title=\"<!--if low-->{{words.low}}<!--end-->\">",
            &[],
        );
        check("<script>{{{data}}}</script>\n<!--if many--><i>1</i><!--end-->", &[]);
    }
}
