//! The one request that is sent upstream. Only the prompt and the pictures to edit come from the visitor.
//!
//! Owns the paths and the bodies. Must not copy anything else of the visitor's request, headers included, and must not
//! hold the pictures: a body is a list of texts and of places for pictures.

use super::{base64, dialect::Dialect};
use crate::{hex, json, picture::upload::Upload};
use contract::job::Order;
use serde::{Serialize, Serializer, ser::SerializeMap};

/// The path for new pictures, relative to the base URL.
pub const PATH: &str = "/images/generations";
/// The path for edits.
pub const EDITS_PATH: &str = "/images/edits";

/// A request for one picture, before it is written.
#[derive(Debug, Clone, Copy)]
pub struct PictureRequest<'a> {
    /// The provider's variant of the interface.
    pub dialect: &'a Dialect,
    /// The model's id as it is configured, with its maker.
    pub model: &'a str,
    /// The complete prompt.
    pub prompt: &'a str,
    /// The size, quality, format and other options.
    pub order: &'a Order,
    /// Pictures to edit; none to make a new picture.
    pub pictures: &'a [Upload],
    /// A keyed hash of the visitor: the provider can block a visitor who abuses it, without knowing the visitor's
    /// identity.
    pub visitor: Option<[u8; 32]>,
}

/// A complete request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamRequest {
    /// Relative to the base URL.
    pub path: &'static str,
    /// The value of the `accept` header.
    pub accept: &'static str,
    /// The body's parts in order.
    pub parts: Vec<BodyPart>,
    /// Bytes of the body.
    pub length: u64,
}

/// A part of a body: text, or the place of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyPart {
    /// Text that is sent unchanged.
    Text(String),
    /// The picture with that index, in base64.
    Picture(usize),
}

/// Writes the request.
pub fn write(wanted: &PictureRequest) -> UpstreamRequest {
    let mut parts = Vec::new();
    let mut text = json::text(&Fields(wanted));
    // The pictures come last, so that all other fields are one text.
    if !wanted.pictures.is_empty() && text.pop().is_some() {
        text.push_str(r#","images":["#);
        for (index, picture) in wanted.pictures.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let head = [comma, r#"{"image_url":"data:"#, picture.media_type.word(), ";base64,"];
            text.push_str(&head.concat());
            parts.push(BodyPart::Text(std::mem::take(&mut text)));
            parts.push(BodyPart::Picture(index));
            text.push_str(r#""}"#);
        }
        text.push_str("]}");
    }
    parts.push(BodyPart::Text(text));
    let length =
        parts.iter().map(|part| length(part, wanted.pictures)).fold(0, u64::saturating_add);
    let path = if wanted.pictures.is_empty() { PATH } else { EDITS_PATH };
    UpstreamRequest { path, accept: wanted.dialect.accept, parts, length }
}

fn length(part: &BodyPart, pictures: &[Upload]) -> u64 {
    match part {
        BodyPart::Text(text) => text.len() as u64,
        BodyPart::Picture(index) => {
            pictures.get(*index).map_or(0, |picture| base64::encoded_length(picture.bytes))
        }
    }
}

/// All fields except for the pictures.
struct Fields<'a>(&'a PictureRequest<'a>);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let PictureRequest { dialect, order, .. } = self.0;
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

/// `providerOptions` for the one maker whose models are asked.
#[derive(Serialize)]
struct OfOpenAi<'a> {
    openai: Options<'a>,
}

/// The options whose names differ by dialect.
struct Options<'a>(&'a PictureRequest<'a>);

impl Options<'_> {
    fn add<M: SerializeMap>(&self, fields: &mut M) -> Result<(), M::Error> {
        let PictureRequest { dialect, order, .. } = self.0;
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
        // The quality is sent here as well as at top level.
        fields.serialize_entry("quality", &self.0.order.quality)?;
        self.add(&mut fields)?;
        fields.end()
    }
}

#[cfg(test)]
mod tests;
