//! A picture to edit, or a mask.
//!
//! Owns the maker's rules for it, and the maker's error messages. Must not fetch anything: a URL is replaced by a
//! placeholder.

use super::EditError;
use crate::{errors::MakerError, runtime};
use base64::{Engine, engine::general_purpose::STANDARD};
use hyper::body::Bytes;
use painter::InspectedPicture;
use serde_json::Value;

/// The most pictures in one request.
const MAX_PICTURES: usize = 16;
/// The largest file.
const MAX_FILE_BYTES: usize = 50 * 1024 * 1024;
/// The longest URL, including the data of a `data:` URL.
const MAX_URL_BYTES: usize = 20_971_520;
/// The media types that the maker accepts.
const MEDIA_TYPES: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

/// A picture as it was sent.
#[derive(Debug, Clone)]
pub(crate) enum InputPicture {
    /// Its bytes, and the media type that the request declares.
    File { bytes: Bytes, declared: Option<String> },
    /// An `https:` URL, which is never fetched.
    Address(String),
}

impl InputPicture {
    /// Reads `{"image_url": …}`.
    pub(super) fn from_json(value: Value, path: &str) -> Result<Self, EditError> {
        let Value::Object(mut members) = value else {
            return Err(EditError::WrongType(path.to_owned()));
        };
        if members.contains_key("file_id") {
            return Err(EditError::FileId(path.to_owned()));
        }
        let address = match members.remove("image_url") {
            Some(Value::String(address)) if address.len() <= MAX_URL_BYTES => address,
            Some(Value::String(_)) => return Err(EditError::Address(path.to_owned())),
            _ => return Err(EditError::WrongType(format!("{path}.image_url"))),
        };
        if address.len() > "https://".len() && address.starts_with("https://") {
            return Ok(Self::Address(address));
        }
        let data = address.strip_prefix("data:").and_then(|data| data.split_once(";base64,"));
        let read = data.and_then(|(declared, text)| Some((declared, STANDARD.decode(text).ok()?)));
        let (declared, bytes) = read.ok_or_else(|| EditError::Address(path.to_owned()))?;
        Ok(Self::File { bytes: bytes.into(), declared: Some(declared.to_owned()) })
    }
}

/// Checks and decodes each picture, on threads where blocking is allowed.
pub(crate) async fn inspect_all(
    pictures: Vec<InputPicture>,
) -> Result<Vec<InspectedPicture>, MakerError> {
    if pictures.len() > MAX_PICTURES {
        let message = format!(
            "Invalid 'image': array too long. Expected an array with maximum length {MAX_PICTURES}, but got an array with \
             length {} instead.",
            pictures.len()
        );
        return Err(MakerError::invalid("image", "array_above_max_length", message));
    }
    let inspected = runtime::work(move || {
        pictures.iter().enumerate().map(|(at, input)| inspect(input, at + 1)).collect()
    });
    // The task fails only if a decoder panicked: the picture is then refused as unreadable.
    inspected.await.unwrap_or_else(|| Err(unreadable_picture(1)))
}

/// Checks a mask: it needs an alpha channel and the size of the first picture.
pub(crate) async fn check_mask(
    mask: InputPicture,
    picture: &InspectedPicture,
) -> Result<(), MakerError> {
    let mask = inspect_all(vec![mask]).await?.pop().ok_or_else(|| unreadable_picture(1))?;
    let refuse = |message: &str| {
        Err(MakerError::invalid("mask", "invalid_mask_image_format", message.to_owned()))
    };
    if !mask.alpha {
        return refuse("Invalid mask image format - mask image missing alpha channel");
    }
    if (mask.width, mask.height) != (picture.width, picture.height) {
        return refuse("Invalid mask image format - mask size does not match image size");
    }
    Ok(())
}

fn inspect(input: &InputPicture, number: usize) -> Result<InspectedPicture, MakerError> {
    let (bytes, declared) = match input {
        InputPicture::Address(address) => return Ok(painter::placeholder_for_url(address)),
        InputPicture::File { bytes, declared } => {
            (bytes, declared.as_deref().unwrap_or("image/png"))
        }
    };
    if !MEDIA_TYPES.contains(&declared) {
        let message = format!(
            "Invalid file 'image[{}]': unsupported mimetype ('{declared}'). Supported file formats are 'image/jpeg', \
             'image/png', and 'image/webp'.",
            number - 1
        );
        return Err(MakerError::invalid("image", "unsupported_file_mimetype", message));
    }
    if bytes.len() > MAX_FILE_BYTES {
        let message = format!("Image {number} is too large. Expected a file of at most 50MB.");
        return Err(MakerError::invalid("image", "image_file_too_large", message));
    }
    painter::inspect(bytes).ok_or_else(|| unreadable_picture(number))
}

fn unreadable_picture(number: usize) -> MakerError {
    let message =
        format!("Invalid image file or mode for image {number}, please check your image file.");
    MakerError::invalid("image", "invalid_image_file", message)
}
