//! The reference of the configuration: `docs/configuration.md`, its JSON Schema, and `cargo xtask check --explain`.
//!
//! Owns their form. Must not hold a field's words or figures: the engine's table has them, and its tests compare that
//! table with the types.

pub mod schema;

use anyhow::{Result, bail};
use engine::config::fields::{self, Field, Kind};

/// What stands before the generated part of the document.
pub const BEGIN: &str = "<!-- The rest is written by `BLESS=1 cargo test -p xtask reference`. -->";

/// Explains the fields that a name means.
pub fn explain(name: &str) -> Result<String> {
    let found = fields::named(name);
    if found.is_empty() {
        let near: Vec<&str> = fields::all()
            .map(|field| field.path)
            .filter(|path| {
                path.contains(name) || name.contains(path.rsplit('.').next().unwrap_or(path))
            })
            .collect();
        if near.is_empty() {
            bail!("no field is named {name}; docs/configuration.md lists them all");
        }
        bail!("no field is named {name}; did you mean {}?", near.join(", "));
    }
    Ok(found.into_iter().map(explanation).collect::<Vec<_>>().join("\n\n"))
}

fn explanation(field: &Field) -> String {
    let plain = |text: &str| text.replace('`', "");
    format!(
        "{}\n  {}\n  values: {}\n  default: {}\n  example: {}",
        field.path,
        plain(field.meaning),
        plain(&field.kind.words()),
        field.default.unwrap_or("none, it is required"),
        compact(&format!("{}: {}", quoted(field.name()), field.example)),
    )
}

/// The generated part of `docs/configuration.md`: a table for each object.
pub fn tables() -> String {
    let mut text = String::new();
    let objects = std::iter::once((String::new(), None))
        .chain(fields::all().filter_map(|field| Some((field.holds()?, Some(field)))));
    for (object, field) in objects {
        let title = if object.is_empty() { "The whole".to_owned() } else { code(&object) };
        text.extend(["\n## ", &title, "\n\n"]);
        if let Some(field) = field {
            text.push_str(&wrapped(field.meaning));
            text.push('\n');
        }
        text.push_str("| field | values | default | meaning | example |\n");
        text.push_str("| --- | --- | --- | --- | --- |\n");
        for field in fields::of(&object) {
            text.push_str(&row(field));
        }
    }
    text
}

fn row(field: &Field) -> String {
    let default = field.default.map_or_else(|| "required".to_owned(), code);
    let meaning = match field.holds() {
        Some(object) if !matches!(field.kind, Kind::Tokens) => {
            format!("See {} below.", code(&object))
        }
        _ => field.meaning.to_owned(),
    };
    format!(
        "| {} | {} | {default} | {meaning} | {} |\n",
        code(field.name()),
        field.kind.words(),
        code(&compact(field.example)),
    )
}

fn code(text: &str) -> String {
    ["`", text, "`"].concat()
}

fn quoted(text: &str) -> String {
    ["\"", text, "\""].concat()
}

/// An example in one line.
fn compact(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Prose in lines of at most 118 characters.
fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let letters = word.chars().count();
        if length + letters + 1 > 118 {
            lines.push('\n');
            length = 0;
        } else if length > 0 {
            lines.push(' ');
            length += 1;
        }
        lines.push_str(word);
        length += letters;
    }
    lines + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo;
    use std::fs;

    const DOCUMENT: &str = "docs/configuration.md";
    const SCHEMA: &str = "docs/configuration.schema.json";

    /// Compares a file with what it should be; with BLESS=1 it is written.
    #[track_caller]
    fn is_current(file: &str, expected: &str) {
        if std::env::var_os("BLESS").is_some() {
            fs::write(repo::path(file), expected).unwrap();
        }
        let text = fs::read_to_string(repo::path(file)).unwrap_or_default();
        assert!(
            text == expected,
            "{file} is not current: run BLESS=1 cargo test -p xtask reference"
        );
    }

    #[test]
    fn the_document_describes_every_field_as_the_engine_does() {
        let text = fs::read_to_string(repo::path(DOCUMENT)).unwrap();
        let (before, _) = text.split_once(BEGIN).expect("has the mark");
        is_current(DOCUMENT, &[before, BEGIN, "\n", &tables()].concat());
    }

    #[test]
    fn the_schema_describes_every_field_as_the_engine_does() {
        is_current(SCHEMA, &(serde_json::to_string_pretty(&schema::schema()).unwrap() + "\n"));
    }

    #[test]
    fn a_field_is_explained_by_its_path_or_its_end() {
        let text = explain("day_usd").unwrap();
        assert!(text.starts_with("sites[].budget.day_usd\n"), "{text}");
        assert!(text.contains("default: none, it is required"), "{text}");
        assert!(text.contains(r#"example: "day_usd": "5.00""#), "{text}");
        let text = explain("per_day").unwrap();
        assert!(
            text.contains("sites[].visitor.per_day") && text.contains("sites[].network.per_day")
        );
    }

    #[test]
    fn an_unknown_field_names_its_neighbours() {
        let error = explain("budget.day").unwrap_err().to_string();
        assert!(error.contains("no field is named budget.day"), "{error}");
        let error = explain("usd").unwrap_err().to_string();
        assert!(
            error.contains("did you mean") && error.contains("sites[].budget.day_usd"),
            "{error}"
        );
    }
}
