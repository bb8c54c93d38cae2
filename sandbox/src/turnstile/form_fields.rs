//! The fields of a body or a query.
//!
//! Owns reading them. Must not know which fields there are.

use hyper::{HeaderMap, header::CONTENT_TYPE};
use std::{borrow::Cow, collections::HashMap};

/// Text fields by name.
#[derive(Debug, Default)]
pub(super) struct FormFields(HashMap<String, String>);

impl FormFields {
    /// Reads `a=b&c=d`; of two fields with one name the later counts.
    pub(super) fn from_query(bytes: &[u8]) -> Self {
        let owned = |(name, value): (Cow<str>, Cow<str>)| (name.into_owned(), value.into_owned());
        Self(form_urlencoded::parse(bytes).map(owned).collect())
    }

    /// Reads a body as its media type says: a form, or an object of texts in JSON. Nothing if it is neither.
    pub(super) fn from_body(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let media_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        match media_type.split(';').next().unwrap_or_default().trim() {
            "application/x-www-form-urlencoded" => Some(Self::from_query(body)),
            "application/json" => serde_json::from_slice(body).ok().map(Self),
            _ => None,
        }
    }

    /// A field with something in it.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}
