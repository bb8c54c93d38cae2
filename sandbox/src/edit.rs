//! A request to change pictures, in either of its forms: `multipart/form-data` or JSON.
//!
//! Owns separating the pictures from the other fields. Must not know which other fields exist, nor how the gateway and
//! OpenAI word an error.

mod input_picture;

pub(crate) use input_picture::{InputPicture, check_mask, inspect_all};

use hyper::{HeaderMap, body::Bytes, header::CONTENT_TYPE};
use multer::Multipart;
use serde_json::{Map, Value};
use std::convert::Infallible;

/// A request to change pictures.
#[derive(Debug, Default)]
pub(crate) struct EditRequest {
    /// All fields but the pictures, as JSON.
    pub(crate) fields: Map<String, Value>,
    pub(crate) pictures: Vec<InputPicture>,
    pub(crate) mask: Option<InputPicture>,
}

/// Why a request cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum EditError {
    /// The body is neither JSON nor a form.
    Malformed,
    /// The JSON is not an object.
    NoObject,
    /// It holds no picture.
    NoPicture,
    /// The member at this path has the wrong type.
    WrongType(String),
    /// The member at this path names a previously uploaded file.
    FileId(String),
    /// The URL at this path is neither `https:` nor a valid `data:` URL in base64.
    Address(String),
}

impl EditRequest {
    /// Reads a body by its media type; without one it is read as JSON.
    pub(crate) async fn read(headers: &HeaderMap, body: Bytes) -> Result<Self, EditError> {
        let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let edit = match media_type.map(multer::parse_boundary) {
            Some(Ok(boundary)) => Self::from_form(boundary, body).await?,
            _ => Self::from_json(&body)?,
        };
        if edit.pictures.is_empty() { Err(EditError::NoPicture) } else { Ok(edit) }
    }

    async fn from_form(boundary: String, body: Bytes) -> Result<Self, EditError> {
        let body = futures_util::stream::once(async { Ok::<_, Infallible>(body) });
        let mut form = Multipart::new(body, boundary);
        let mut edit = Self::default();
        while let Some(field) = form.next_field().await.map_err(|_| EditError::Malformed)? {
            let name = field.name().unwrap_or_default().to_owned();
            let declared = field.content_type().map(ToString::to_string);
            let bytes = field.bytes().await.map_err(|_| EditError::Malformed)?;
            match name.as_str() {
                "image" | "image[]" => edit.pictures.push(InputPicture::File { bytes, declared }),
                "mask" => edit.mask = Some(InputPicture::File { bytes, declared }),
                _ => {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let value = parse_form_value(&name, text);
                    edit.fields.insert(name, value);
                }
            }
        }
        Ok(edit)
    }

    fn from_json(body: &[u8]) -> Result<Self, EditError> {
        let value = serde_json::from_slice(body).map_err(|_| EditError::Malformed)?;
        let Value::Object(mut fields) = value else { return Err(EditError::NoObject) };
        let pictures = match fields.remove("images") {
            None => Vec::new(),
            Some(Value::Array(list)) => {
                let named = |(at, value)| InputPicture::from_json(value, &format!("images[{at}]"));
                list.into_iter().enumerate().map(named).collect::<Result<_, _>>()?
            }
            Some(_) => return Err(EditError::WrongType("images".into())),
        };
        let mask =
            fields.remove("mask").map(|mask| InputPicture::from_json(mask, "mask")).transpose()?;
        Ok(Self { fields, pictures, mask })
    }
}

/// Converts a form's text to the JSON type of this field: a form has no numbers, booleans or objects.
fn parse_form_value(name: &str, text: String) -> Value {
    let parsed = match name {
        "n" | "output_compression" | "partial_images" => text.parse::<i64>().ok().map(Value::from),
        "stream" => text.parse::<bool>().ok().map(Value::from),
        "providerOptions" => serde_json::from_str(&text).ok(),
        _ => None,
    };
    parsed.unwrap_or(Value::String(text))
}
