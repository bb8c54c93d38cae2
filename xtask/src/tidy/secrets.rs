//! Rules that protect secrets: their types cannot be printed, and one place reads the gateway's key.
//!
//! Owns the recognition of a secret's name. Must not contain a secret.

use super::{Finding, Source};

/// Traits that would let a secret be printed or copied.
const LEAKS: [&str; 5] = ["Debug", "Clone", "Serialize", "Display", "Deserialize"];
/// Names that look like secrets and are not: those that a visitor sends, and those of JSON.
const PUBLIC: [&str; 3] = ["IdempotencyKey", "Key", "Token"];

/// A type whose name says that it is a secret or a key has no trait that copies or prints it.
pub fn cannot_be_printed(source: &Source) -> Vec<Finding> {
    let inside = ["engine/src/", "edge/src/"].iter().any(|folder| source.path.starts_with(folder));
    if !inside || !source.is("rs") {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut derives = String::new();
    for (at, line) in source.code() {
        let line = line.trim();
        if line.starts_with("#[") {
            derives.push_str(line);
            continue;
        }
        if let Some(name) = secret_type(line) {
            let leaks = LEAKS.iter().filter(|leak| derives.contains(**leak));
            found.extend(leaks.map(|leak| source.finding(at, format!("{name} derives {leak}"))));
        }
        let by_hand = LEAKS.iter().find(|leak| implements(line, leak));
        found.extend(by_hand.map(|leak| source.finding(at, format!("a secret implements {leak}"))));
        derives.clear();
    }
    found
}

/// The gateway's key is read in one file only, so that one file can be reviewed.
pub fn gateway_key_is_read_once(sources: &[Source]) -> Vec<Finding> {
    let key = concat!("AI_GATEWAY", "_API_KEY");
    let folders = ["edge/src/", "engine/src/"];
    let readers: Vec<_> = sources
        .iter()
        .filter(|source| {
            source.is("rs") && folders.iter().any(|folder| source.path.starts_with(folder))
        })
        .filter_map(|source| Some((source, source.code().find(|(_, line)| line.contains(key))?.0)))
        .collect();
    match readers.as_slice() {
        [_] => Vec::new(),
        [] => {
            vec![Finding { path: "edge/src".into(), line: 0, what: format!("nothing names {key}") }]
        }
        many => many
            .iter()
            .map(|(source, at)| {
                source.finding(*at, format!("{key} is named in {} files, not one", many.len()))
            })
            .collect(),
    }
}

/// The name of the struct or enum that the line declares, if it is a secret.
fn secret_type(line: &str) -> Option<&str> {
    let mut words = line.split([' ', '(', '{', '<', ';']);
    words.find(|word| matches!(*word, "struct" | "enum"))?;
    words.next().filter(|name| is_secret(name))
}

fn is_secret(name: &str) -> bool {
    let named = ["Secret", "Key", "Keys", "Token"].iter().any(|end| name.ends_with(end))
        || name.starts_with("Secret");
    named && !PUBLIC.contains(&name)
}

/// Whether the line implements the trait for a secret: `impl fmt::Debug for GatewayKey`.
fn implements(line: &str, leak: &str) -> bool {
    let Some((head, name)) = line.strip_prefix("impl").and_then(|line| line.split_once(" for "))
    else {
        return false;
    };
    let name = name.split([' ', '<', '{']).next().unwrap_or_default();
    head.ends_with(leak) && is_secret(name)
}

#[cfg(test)]
mod tests {
    use super::{
        super::check::{finds, source},
        *,
    };

    #[test]
    fn a_secret_that_can_be_printed_is_found() {
        let text = "#[derive(Debug, PartialEq)]\n/// The key.\npub struct GatewayKey(String);\n";
        finds(cannot_be_printed, "engine/src/secret.rs", text, &[3]);
        finds(cannot_be_printed, "engine/src/a.rs", "impl fmt::Debug for SigningKeys {", &[1]);
        let token = "#[derive(Clone)]\npub struct OperatorToken([u8; 32]);";
        finds(cannot_be_printed, "engine/src/secret.rs", token, &[2]);
        finds(cannot_be_printed, "sandbox/src/a.rs", text, &[]);
    }

    #[test]
    fn a_secret_that_cannot_is_not() {
        finds(
            cannot_be_printed,
            "engine/src/a.rs",
            "#[derive(PartialEq)]\nstruct GatewayKey(String);",
            &[],
        );
        finds(
            cannot_be_printed,
            "engine/src/a.rs",
            "#[derive(Debug)]\nstruct IdempotencyKey(String);",
            &[],
        );
        finds(
            cannot_be_printed,
            "engine/src/a.rs",
            "#[derive(Debug)]\nstruct A;\nstruct MySecret;",
            &[],
        );
    }

    #[test]
    fn a_second_reader_of_the_key_is_found() {
        let line = format!("env.secret(\"{}\")", concat!("AI_GATEWAY", "_API_KEY"));
        let one = source("edge/src/a.rs", &line);
        let two = source("engine/src/b.rs", &line);
        let comment = source("edge/src/c.rs", &format!("// {line}"));
        assert_eq!(gateway_key_is_read_once(&[one.clone(), comment.clone()]), []);
        assert_eq!(gateway_key_is_read_once(&[one, two]).len(), 2);
        assert_eq!(gateway_key_is_read_once(&[comment]).len(), 1);
    }
}
