//! The fields of a request's body or query.
//!
//! Owns reading them. Must not know which fields exist.

use hyper::{HeaderMap, header::CONTENT_TYPE};
use std::{borrow::Cow, collections::HashMap};

/// Text fields by name.
#[derive(Debug, Default)]
pub(super) struct FormFields(HashMap<String, String>);

impl FormFields {
    /// Reads `a=b&c=d`. Of several fields with the same name, the last counts.
    pub(super) fn from_query(bytes: &[u8]) -> Self {
        let owned = |(name, value): (Cow<str>, Cow<str>)| (name.into_owned(), value.into_owned());
        Self(form_urlencoded::parse(bytes).map(owned).collect())
    }

    /// Reads a body by its media type: a form, or a JSON object of strings. `None` if it is neither.
    pub(super) fn from_body(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let media_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        match media_type.split(';').next().unwrap_or_default().trim() {
            "application/x-www-form-urlencoded" => Some(Self::from_query(body)),
            "application/json" => serde_json::from_slice(body).ok().map(Self),
            _ => None,
        }
    }

    /// The value of this field, unless it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}
