//! A request to change pictures, in either of its forms: `multipart/form-data` or JSON.
//!
//! Owns finding the pictures and the other fields in it. Must not know which other fields there are, nor how an error
//! is worded by the gateway and by OpenAI.

mod input_picture;

pub(crate) use input_picture::{InputPicture, check_mask, inspect_all};

use hyper::{HeaderMap, body::Bytes, header::CONTENT_TYPE};
use multer::Multipart;
use serde_json::{Map, Value};
use std::convert::Infallible;

/// A request to change pictures.
#[derive(Debug, Default)]
pub(crate) struct EditRequest {
    /// What is left when the pictures are taken out, as JSON.
    pub(crate) fields: Map<String, Value>,
    pub(crate) pictures: Vec<InputPicture>,
    pub(crate) mask: Option<InputPicture>,
}

/// What keeps a request from being read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum EditError {
    /// The body is no JSON, or no form.
    Malformed,
    /// It is no object.
    NoObject,
    /// There is no picture in it.
    NoPicture,
    /// The member at this path has the wrong type.
    WrongType(String),
    /// A picture lies in a file that was uploaded before.
    FileId(String),
    /// A picture's address is none, or its data are no base64.
    Address(String),
}

impl EditRequest {
    /// Reads a body as its media type says; JSON if it says nothing.
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

/// A form knows only text: numbers, switches and the provider's options are meant by some of it.
fn parse_form_value(name: &str, text: String) -> Value {
    let parsed = match name {
        "n" | "output_compression" | "partial_images" => text.parse::<i64>().ok().map(Value::from),
        "stream" => text.parse::<bool>().ok().map(Value::from),
        "providerOptions" => serde_json::from_str(&text).ok(),
        _ => None,
    };
    parsed.unwrap_or(Value::String(text))
}
