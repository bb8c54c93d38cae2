//! The one request that is sent upstream: everything in it is ours but the prompt and the pictures to edit.
//!
//! Owns the paths and the bodies. Must not copy anything of the visitor's request, headers included, and must not hold
//! the pictures: a body is texts with places for them between.

use super::{base64, dialect::Dialect};
use crate::{hex, json, picture::upload::Upload};
use contract::job::Order;
use serde::{Serialize, Serializer, ser::SerializeMap};

/// Where pictures are made, behind the base URL.
pub const PATH: &str = "/images/generations";
/// Where they are changed.
pub const EDITS_PATH: &str = "/images/edits";

/// What is asked for: one picture.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Whom.
    pub dialect: &'a Dialect,
    /// The model's id as it is configured, with its maker.
    pub model: &'a str,
    /// All of the prompt.
    pub prompt: &'a str,
    /// How the picture shall be.
    pub order: &'a Order,
    /// Pictures to change; none to make a new one.
    pub pictures: &'a [Upload],
    /// A keyed hash of the visitor: the provider can stop one who abuses it without knowing who it is.
    pub visitor: Option<[u8; 32]>,
}

/// A request, ready to be sent as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Behind the base URL.
    pub path: &'static str,
    /// The value of the `accept` header.
    pub accept: &'static str,
    /// The body's parts in order.
    pub parts: Vec<Part>,
    /// Bytes of the body.
    pub length: u64,
}

/// A part of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// As it is.
    Text(String),
    /// The picture of that index in base64.
    Picture(usize),
}

/// Writes the request.
pub fn write(ask: &Ask) -> Request {
    let mut parts = Vec::new();
    let mut text = json::text(&Fields(ask));
    // The pictures come last, so that what stands before them is one text.
    if !ask.pictures.is_empty() && text.pop().is_some() {
        text.push_str(r#","images":["#);
        for (index, picture) in ask.pictures.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let head = [comma, r#"{"image_url":"data:"#, picture.media_type.word(), ";base64,"];
            text.push_str(&head.concat());
            parts.push(Part::Text(std::mem::take(&mut text)));
            parts.push(Part::Picture(index));
            text.push_str(r#""}"#);
        }
        text.push_str("]}");
    }
    parts.push(Part::Text(text));
    let length = parts.iter().map(|part| length(part, ask.pictures)).fold(0, u64::saturating_add);
    let path = if ask.pictures.is_empty() { PATH } else { EDITS_PATH };
    Request { path, accept: ask.dialect.accept, parts, length }
}

fn length(part: &Part, pictures: &[Upload]) -> u64 {
    match part {
        Part::Text(text) => text.len() as u64,
        Part::Picture(index) => {
            pictures.get(*index).map_or(0, |picture| base64::encoded_length(picture.bytes))
        }
    }
}

/// Everything but the pictures.
struct Fields<'a>(&'a Ask<'a>);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Ask { dialect, order, .. } = self.0;
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("model", dialect.model(self.0.model))?;
        fields.serialize_entry("prompt", self.0.prompt)?;
        fields.serialize_entry("n", &1)?;
        fields.serialize_entry("size", &order.size)?;
        fields.serialize_entry("quality", &order.quality)?;
        if dialect.wraps_options {
            fields.serialize_entry("providerOptions", &OfOpenAi { openai: Options(self.0) })?;
        } else {
            Options(self.0).add(&mut fields)?;
        }
        fields.end()
    }
}

/// `providerOptions` for the one provider whose models are asked.
#[derive(Serialize)]
struct OfOpenAi<'a> {
    openai: Options<'a>,
}

/// The options whose names differ by dialect.
struct Options<'a>(&'a Ask<'a>);

impl Options<'_> {
    fn add<M: SerializeMap>(&self, fields: &mut M) -> Result<(), M::Error> {
        let Ask { dialect, order, .. } = self.0;
        let [format, compression, visitor] = dialect.names;
        fields.serialize_entry("background", &order.background)?;
        fields.serialize_entry(format, &order.format)?;
        if let Some(percent) = order.compression {
            fields.serialize_entry(compression, &percent)?;
        }
        if let Some(hash) = &self.0.visitor {
            fields.serialize_entry(visitor, &hex::encode(hash))?;
        }
        if let Some(previews) = dialect.previews {
            fields.serialize_entry("stream", &true)?;
            fields.serialize_entry("partial_images", &previews)?;
        }
        Ok(())
    }
}

impl Serialize for Options<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        // The quality stands here as well as beside the prompt.
        fields.serialize_entry("quality", &self.0.order.quality)?;
        self.add(&mut fields)?;
        fields.end()
    }
}

#[cfg(test)]
mod tests;
