//! Reading and writing JSON: requests, configuration, stored records and the messages between the Durable Objects.
//!
//! Owns the functions for reading and writing, and the error texts for a configuration. Must not know the product's
//! types: each derives its own JSON. The gateway's responses are not read here but by [`crate::gateway`], piece by
//! piece.
//!
//! Decision: docs/decisions/2026-11-29-serde-is-the-edges-json.md.

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _, MapAccess, Visitor},
};
use serde_path_to_error::{Path, Segment};
use std::{collections::BTreeMap, fmt, marker::PhantomData};

/// Why a text could not be read: one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError(String);

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for JsonError {}

/// Reads a value.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    serde_json::from_str(text).map_err(|error| JsonError(error.to_string()))
}

/// Reads a value from a JSON object and from nothing else, for requests of strangers. serde would also read a derived
/// struct from an array of its fields in their order, which is not part of the interface.
pub fn read_object<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    object(text).and_then(read)
}

/// As [`read_object`], for configurations: the error names the member, such as `budget.day_usd`. It repeats no text that
/// could be an address or a secret, because it ends in the log, and a webhook's address is often its only secret.
pub fn read_configuration<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    let mut reader = serde_json::Deserializer::from_str(object(text)?);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = discreet_path(error.path());
        let reason = discreet(reason(&error.into_inner()));
        JsonError(if path.is_empty() { reason } else { [&path, ": ", &reason].concat() })
    })?;
    reader.end().map_err(|error| JsonError(error.to_string()))?;
    Ok(value)
}

/// The reason of an error. The line and column are left out unless the JSON itself is malformed: the Worker holds its
/// configuration in one line, so a position in it does not help the operator. The member's name does.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&place) {
        Some(reason) if error.is_data() => reason.to_owned(),
        _ => text,
    }
}

/// The longest text that an error repeats.
const LONGEST_REPEATED: usize = 32;

/// Whether an error may repeat a text of a configuration: a word, a number or a size, but no address and no secret.
fn is_repeatable(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ',' | ' ');
    text.chars().count() <= LONGEST_REPEATED && text.chars().all(plain)
}

/// The members on the way to an error, as `a.b[0]`. An unknown member's name may be anything: it ends the way.
fn discreet_path(path: &Path) -> String {
    let mut text = String::new();
    for segment in path {
        let name = match segment {
            Segment::Seq { index } => {
                text.extend(["[", &index.to_string(), "]"]);
                continue;
            }
            Segment::Map { key } => key,
            Segment::Enum { variant } => variant,
            Segment::Unknown => "?",
        };
        if !is_repeatable(name) {
            break;
        }
        if !text.is_empty() {
            text.push('.');
        }
        text.push_str(name);
    }
    text
}

/// serde's reason without the text that it quotes, unless that may be repeated.
fn discreet(reason: String) -> String {
    // What stands before the quoted text, what stands behind it, and what is said in place of the three.
    const QUOTES: [(&str, &str, &str); 5] = [
        ("invalid type: string \"", "\", expected ", "invalid type: string, expected "),
        ("invalid value: string \"", "\", expected ", "invalid value: string, expected "),
        ("unknown field `", "`, expected ", "unknown field, expected "),
        ("unknown variant `", "`, expected ", "unknown variant, expected "),
        ("`", "` is given twice", "a member is given twice"),
    ];
    for (before, behind, instead) in QUOTES {
        let quoted = reason.strip_prefix(before).and_then(|rest| rest.rsplit_once(behind));
        if let Some((_, rest)) = quoted.filter(|(text, _)| !is_repeatable(text)) {
            return [instead, rest].concat();
        }
    }
    reason
}

/// The text, if it begins with `{`.
fn object(text: &str) -> Result<&str, JsonError> {
    let begins = text.trim_start().starts_with('{');
    begins.then_some(text).ok_or_else(|| JsonError("expected an object".to_owned()))
}

/// Writes a value without white space. A value without a JSON form (a map whose keys are not strings; there is none
/// here) becomes an empty text, which no reader accepts.
pub fn text<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A map that refuses a repeated key. serde's own map would silently keep the last value, and these maps hold prices
/// and texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UniqueMap<K, V>(pub(crate) BTreeMap<K, V>);

impl<K, V> Default for UniqueMap<K, V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'de, K, V> Deserialize<'de> for UniqueMap<K, V>
where
    K: Deserialize<'de> + Ord + fmt::Display,
    V: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<K, V>(PhantomData<(K, V)>);

        impl<'de, K, V> Visitor<'de> for Entries<K, V>
        where
            K: Deserialize<'de> + Ord + fmt::Display,
            V: Deserialize<'de>,
        {
            type Value = BTreeMap<K, V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = BTreeMap::new();
                while let Some(key) = map.next_key::<K>()? {
                    if entries.contains_key(&key) {
                        return Err(A::Error::custom(format_args!("`{key}` is given twice")));
                    }
                    entries.insert(key, map.next_value()?);
                }
                Ok(entries)
            }
        }

        deserializer.deserialize_map(Entries(PhantomData)).map(Self)
    }
}

#[cfg(test)]
mod tests;
