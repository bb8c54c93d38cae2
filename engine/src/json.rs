//! JSON texts and values: requests, configuration, stored records and the messages between the Durable Objects.
//!
//! Owns the two ways in and out (`read`, `text`) and what a reader of configuration is told. Must not know a type of the
//! product: each derives its own form. The gateway's answers are not read here but by [`crate::gateway`], piece by piece.

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _, MapAccess, Visitor},
};
use std::{collections::BTreeMap, fmt, marker::PhantomData};

/// Why a text is not the value that was expected: one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError(String);

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for JsonError {}

/// The value that a text holds.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    serde_json::from_str(text).map_err(|error| JsonError(error.to_string()))
}

/// The value that a text holds, if that is a JSON object. For what strangers send: a derived struct could also be read
/// from an array of its fields in their order, which is no part of the interface.
pub fn read_object<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    object(text).and_then(read)
}

/// As [`read_object`]; the error names the member, such as `budget.day_usd`. For what a person wrote.
pub fn read_configuration<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    let mut reader = serde_json::Deserializer::from_str(object(text)?);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let reason = reason(&error.into_inner());
        JsonError(if path == "." { reason } else { [&path, ": ", &reason].concat() })
    })?;
    reader.end().map_err(|error| JsonError(error.to_string()))?;
    Ok(value)
}

/// What is wrong. Where it is not the grammar, the member says where: the Worker holds its configuration in one line, so a
/// line and column in it would lead nobody to the file.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&place) {
        Some(reason) if error.is_data() => reason.to_owned(),
        _ => text,
    }
}

/// The text, if it begins as an object does.
fn object(text: &str) -> Result<&str, JsonError> {
    let begins = text.trim_start().starts_with('{');
    begins.then_some(text).ok_or_else(|| JsonError("expected an object".to_owned()))
}

/// A value as a text, without white space. Empty, which no reader accepts, if the value has no JSON: only a map whose keys
/// are not texts has none, and there is no such map here.
pub fn text<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A map in which no key may stand twice: serde's own would silently keep the last value, and these are prices and words.
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
                        return Err(A::Error::custom(format_args!("`{key}` stands there twice")));
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
