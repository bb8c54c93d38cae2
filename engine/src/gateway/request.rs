//! The one request that is sent upstream: everything in it is ours but the prompt and the pictures to edit.
//!
//! Owns the paths and the bodies. Must not copy anything of the visitor's request, headers included, and must not hold
//! the pictures: a body is texts with places for them between.

use super::{base64, dialect::Dialect};
use crate::{hex, picture::upload::Upload};
use contract::{
    job::Order,
    options::{Background, Format, Quality, Size},
};
use serde::Serialize;

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
    /// The picture of that index in base64 (`base64::Encoder`).
    Picture(usize),
}

/// Writes the request.
pub fn write(ask: &Ask) -> Request {
    let mut parts = Vec::new();
    let mut text = fields(ask);
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

#[derive(Serialize)]
struct Fields<'a> {
    model: &'a str,
    prompt: &'a str,
    n: u8,
    size: Size,
    quality: Quality,
}

#[derive(Serialize)]
struct Wrapped {
    #[serde(rename = "providerOptions")]
    provider_options: OpenAi,
}

#[derive(Serialize)]
struct OpenAi {
    openai: Camel,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Camel {
    quality: Quality,
    background: Background,
    output_format: Format,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_compression: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    safety_identifier: Option<String>,
}

#[derive(Serialize)]
struct Plain {
    background: Background,
    output_format: Format,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_compression: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    safety_identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial_images: Option<u8>,
}

/// Everything but the pictures, as a JSON object.
fn fields(ask: &Ask) -> String {
    let order = ask.order;
    let (background, output_format) = (order.background, order.format);
    let output_compression = order.compression;
    let safety_identifier = ask.visitor.map(|hash| hex::encode(&hash));
    if ask.dialect.wraps_options {
        let quality = order.quality;
        let openai =
            Camel { quality, background, output_format, output_compression, safety_identifier };
        return json(ask, &Wrapped { provider_options: OpenAi { openai } });
    }
    let partial_images = ask.dialect.previews;
    let stream = partial_images.map(|_| true);
    json(
        ask,
        &Plain {
            background,
            output_format,
            output_compression,
            safety_identifier,
            stream,
            partial_images,
        },
    )
}

/// The fields that both providers know, then the options.
fn json<O: Serialize>(ask: &Ask, options: &O) -> String {
    let model = ask.dialect.model(ask.model);
    let (size, quality) = (ask.order.size, ask.order.quality);
    let fields = Fields { model, prompt: ask.prompt, n: 1, size, quality };
    let text = |object: Result<String, _>| object.unwrap_or_default();
    let (mut all, options) =
        (text(serde_json::to_string(&fields)), text(serde_json::to_string(options)));
    // Two objects become one: neither is empty.
    all.pop();
    all.push(',');
    all.push_str(options.get(1..).unwrap_or_default());
    all
}

#[cfg(test)]
mod tests;
