//! A picture that is to be changed.
//!
//! Owns the maker's rules for it, and its words for breaking them. Must not fetch anything: what is only named is
//! imagined.

use super::Unreadable;
use crate::{
    decode::{self, Look},
    errors::Upstream,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hyper::body::Bytes;
use serde_json::Value;
use tokio::task::spawn_blocking;

/// The most pictures of one request.
const MOST: usize = 16;
/// The largest file of a picture.
const LARGEST: usize = 50 * 1024 * 1024;
/// The longest address, `data:` and all.
const LONGEST: usize = 20_971_520;
/// What the maker takes.
const TYPES: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

/// A picture as it was given.
#[derive(Debug, Clone)]
pub(crate) enum Given {
    /// Its bytes, and the media type that they were said to be.
    File { bytes: Bytes, declared: Option<String> },
    /// An address on the net. Nothing is fetched.
    Address(String),
}

impl Given {
    /// Reads `{"image_url": …}`.
    pub(super) fn of_json(value: Value, path: &str) -> Result<Self, Unreadable> {
        let Value::Object(mut members) = value else {
            return Err(Unreadable::WrongType(path.to_owned()));
        };
        if members.contains_key("file_id") {
            return Err(Unreadable::FileId(path.to_owned()));
        }
        let address = match members.remove("image_url") {
            Some(Value::String(address)) if address.len() <= LONGEST => address,
            Some(Value::String(_)) => return Err(Unreadable::Address(path.to_owned())),
            _ => return Err(Unreadable::WrongType(format!("{path}.image_url"))),
        };
        if address.len() > "https://".len() && address.starts_with("https://") {
            return Ok(Self::Address(address));
        }
        let data = address.strip_prefix("data:").and_then(|data| data.split_once(";base64,"));
        let read = data.and_then(|(declared, text)| Some((declared, STANDARD.decode(text).ok()?)));
        let (declared, bytes) = read.ok_or_else(|| Unreadable::Address(path.to_owned()))?;
        Ok(Self::File { bytes: bytes.into(), declared: Some(declared.to_owned()) })
    }
}

/// Looks at each picture, off the runtime's threads.
pub(crate) async fn see(pictures: Vec<Given>) -> Result<Vec<Look>, Upstream> {
    if pictures.len() > MOST {
        let message = format!(
            "Invalid 'image': array too long. Expected an array with maximum length {MOST}, but got an array with \
             length {} instead.",
            pictures.len()
        );
        return Err(Upstream::invalid("image", "array_above_max_length", message));
    }
    let looks = spawn_blocking(move || {
        pictures.iter().enumerate().map(|(at, given)| look(given, at + 1)).collect()
    });
    // A picture that cannot even be looked at is a broken one.
    looks.await.unwrap_or_else(|_| Err(broken(1)))
}

/// Looks at a mask, which must fit the first picture.
pub(crate) async fn see_mask(mask: Given, picture: &Look) -> Result<(), Upstream> {
    let mask = see(vec![mask]).await?.pop().ok_or_else(|| broken(1))?;
    let refuse = |message: &str| {
        Err(Upstream::invalid("mask", "invalid_mask_image_format", message.to_owned()))
    };
    if !mask.alpha {
        return refuse("Invalid mask image format - mask image missing alpha channel");
    }
    if (mask.width, mask.height) != (picture.width, picture.height) {
        return refuse("Invalid mask image format - mask size does not match image size");
    }
    Ok(())
}

fn look(given: &Given, number: usize) -> Result<Look, Upstream> {
    let (bytes, declared) = match given {
        Given::Address(address) => return Ok(decode::imagine(address)),
        Given::File { bytes, declared } => (bytes, declared.as_deref().unwrap_or("image/png")),
    };
    if !TYPES.contains(&declared) {
        let message = format!(
            "Invalid file 'image[{}]': unsupported mimetype ('{declared}'). Supported file formats are 'image/jpeg', \
             'image/png', and 'image/webp'.",
            number - 1
        );
        return Err(Upstream::invalid("image", "unsupported_file_mimetype", message));
    }
    if bytes.len() > LARGEST {
        let message = format!("Image {number} is too large. Expected a file of at most 50MB.");
        return Err(Upstream::invalid("image", "image_file_too_large", message));
    }
    decode::look(bytes).ok_or_else(|| broken(number))
}

fn broken(number: usize) -> Upstream {
    let message =
        format!("Invalid image file or mode for image {number}, please check your image file.");
    Upstream::invalid("image", "invalid_image_file", message)
}
