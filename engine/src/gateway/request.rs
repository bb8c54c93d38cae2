//! The one request that is sent upstream: everything in it is ours but the prompt and the pictures to edit.
//!
//! Owns the paths and the bodies. Must not copy anything of the visitor's request, headers included, and must not hold
//! the pictures: a body is texts with places for them between.

use super::{base64, dialect::Dialect};
use crate::{hex, picture::upload::Upload, wire::member};
use contract::job::Order;

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

/// Everything but the pictures, as a JSON object.
fn fields(ask: &Ask) -> String {
    let Ask { dialect, order, .. } = ask;
    let mut all = String::from("{");
    member(&mut all, "model", &dialect.model(ask.model));
    member(&mut all, "prompt", &ask.prompt);
    member(&mut all, "n", &1u8);
    member(&mut all, "size", &order.size);
    member(&mut all, "quality", &order.quality);
    if dialect.wraps_options {
        all.push_str(r#","providerOptions":{"openai":{"#);
        member(&mut all, "quality", &order.quality);
    }
    let [format, compression, visitor] = dialect.names;
    member(&mut all, "background", &order.background);
    member(&mut all, format, &order.format);
    if let Some(percent) = &order.compression {
        member(&mut all, compression, percent);
    }
    if let Some(hash) = &ask.visitor {
        member(&mut all, visitor, &hex::encode(hash));
    }
    if let Some(previews) = &dialect.previews {
        member(&mut all, "stream", &true);
        member(&mut all, "partial_images", previews);
    }
    all.push_str(if dialect.wraps_options { "}}}" } else { "}" });
    all
}

#[cfg(test)]
mod tests;
