//! A description of every field that may be configured, for documents, the JSON Schema and `cargo xtask check --explain`.
//!
//! Owns the words and figures of the reference. Must not be read by anything that grants, prices or checks: the types
//! beside it decide, and the tests compare this table with them, field by field, default by default, bound by bound.

mod edge;
mod site;

/// One field of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its path in one object, as `--config` takes it: `gateway.total_seconds`, `sites[].budget.day_usd`.
    pub path: &'static str,
    /// The values that it takes.
    pub kind: Kind,
    /// The default as JSON; `None` if the field must be there.
    pub default: Option<&'static str>,
    /// What it does, in one or two sentences.
    pub meaning: &'static str,
    /// A value as JSON.
    pub example: &'static str,
}

/// The values that a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text without further rules, or with rules that the meaning names.
    Text,
    /// A URL: https, or http to this machine.
    Url,
    /// US dollars as a decimal text.
    Usd,
    /// A day, `YYYY-MM-DD`, in UTC.
    Day,
    /// True or false.
    Flag,
    /// A whole number within these bounds.
    Number(u64, u64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of these words, each at most once.
    Words(&'static [&'static str]),
    /// One size in pixels, such as `1024x1536`.
    Size,
    /// A list of sizes, each at most once.
    Sizes,
    /// A list of origins.
    Origins,
    /// A number of tokens, or an object whose fields stand in this table.
    Tokens,
    /// An object whose fields stand in this table.
    Object,
    /// A list of objects whose fields stand in this table.
    Objects,
    /// US dollars by quality and size.
    UsdByQualityAndSize,
    /// Seconds by quality.
    SecondsByQuality,
    /// Texts by the studio's keys.
    Texts,
}

const QUALITIES: &[&str] = &["low", "medium", "high"];
const FORMATS: &[&str] = &["png", "webp", "jpeg"];
const BACKGROUNDS: &[&str] = &["auto", "opaque", "transparent"];

/// Every field, in the order of the documents.
pub fn all() -> impl Iterator<Item = &'static Field> {
    edge::FIELDS.iter().chain(site::FIELDS)
}

/// The fields of an object, by the object's path; the outermost object has an empty path.
pub fn of(object: &str) -> impl Iterator<Item = &'static Field> + '_ {
    all().filter(move |field| field.object() == object)
}

/// The fields that a person means: the path as it is written, also without `[]` and without `sites`, or its end.
pub fn named(name: &str) -> Vec<&'static Field> {
    let plain = |path: &str| path.replace("[]", "");
    let name = plain(name);
    let in_site = ["sites.", &name].concat();
    let whole: Vec<_> =
        all().filter(|field| [&name, &in_site].contains(&&plain(field.path))).collect();
    if !whole.is_empty() {
        return whole;
    }
    let end = [".", &name].concat();
    all().filter(|field| plain(field.path).ends_with(&end)).collect()
}

impl Field {
    /// Its own name: the end of its path.
    pub fn name(&self) -> &'static str {
        self.split().1
    }

    /// The path of the object that it stands in.
    pub fn object(&self) -> &'static str {
        self.split().0
    }

    fn split(&self) -> (&'static str, &'static str) {
        self.path.rsplit_once('.').unwrap_or(("", self.path))
    }

    /// Whether its value may be `null`, which then has a meaning of its own.
    pub fn takes_null(&self) -> bool {
        self.default == Some("null") || self.meaning.contains("`null`")
    }

    /// The path of the object or objects that it holds.
    pub fn holds(&self) -> Option<String> {
        match self.kind {
            Kind::Object | Kind::Tokens => Some(self.path.to_owned()),
            Kind::Objects => Some([self.path, "[]"].concat()),
            _ => None,
        }
    }
}

impl Kind {
    /// The values in words, with the range.
    pub fn words(self) -> String {
        let list = |words: &[&str]| {
            words.iter().map(|word| ["`\"", word, "\"`"].concat()).collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::Text => "text".to_owned(),
            Self::Url => "a URL: `https://`, or `http://` to this machine".to_owned(),
            Self::Usd => "US dollars as text: `\"1.50\"`".to_owned(),
            Self::Day => "a UTC day: `\"2026-12-01\"`".to_owned(),
            Self::Flag => "`true` or `false`".to_owned(),
            Self::Number(least, u64::MAX) => format!("a whole number from {least}"),
            Self::Number(least, most) => format!("a whole number, {least} to {most}"),
            Self::Word(words) => format!("one of {}", list(words)),
            Self::Words(words) => format!("a list of {}", list(words)),
            Self::Size => "a size: `\"1024x1536\"`".to_owned(),
            Self::Sizes => "a list of sizes: `\"1024x1536\"`".to_owned(),
            Self::Origins => "a list of origins, at least one".to_owned(),
            Self::Tokens => "a whole number, or an object".to_owned(),
            Self::Object => "an object".to_owned(),
            Self::Objects => "a list of objects".to_owned(),
            Self::UsdByQualityAndSize => "US dollars as text, by quality and size".to_owned(),
            Self::SecondsByQuality => "whole seconds by quality".to_owned(),
            Self::Texts => "texts of 1 to 500 characters in one line, by key".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
