//! A request to change pictures, in either of its forms: `multipart/form-data` or JSON.
//!
//! Owns finding the pictures and the other fields in it. Must not know which other fields there are, nor how an error
//! is worded by the gateway and by OpenAI.

mod picture;

pub(crate) use picture::{Given, see, see_mask};

use hyper::{HeaderMap, body::Bytes, header::CONTENT_TYPE};
use multer::Multipart;
use serde_json::{Map, Value};
use std::convert::Infallible;

/// A request to change pictures.
#[derive(Debug, Default)]
pub(crate) struct Edit {
    /// What is left when the pictures are taken out, as JSON.
    pub(crate) fields: Map<String, Value>,
    pub(crate) pictures: Vec<Given>,
    pub(crate) mask: Option<Given>,
}

/// What keeps a request from being read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
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

impl Edit {
    /// Reads a body as its media type says; JSON if it says nothing.
    pub(crate) async fn read(headers: &HeaderMap, body: Bytes) -> Result<Self, Unreadable> {
        let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let edit = match media_type.map(multer::parse_boundary) {
            Some(Ok(boundary)) => Self::of_form(boundary, body).await?,
            _ => Self::of_json(&body)?,
        };
        if edit.pictures.is_empty() { Err(Unreadable::NoPicture) } else { Ok(edit) }
    }

    async fn of_form(boundary: String, body: Bytes) -> Result<Self, Unreadable> {
        let body = futures_util::stream::once(async { Ok::<_, Infallible>(body) });
        let mut form = Multipart::new(body, boundary);
        let mut edit = Self::default();
        while let Some(field) = form.next_field().await.map_err(|_| Unreadable::Malformed)? {
            let name = field.name().unwrap_or_default().to_owned();
            let declared = field.content_type().map(ToString::to_string);
            let bytes = field.bytes().await.map_err(|_| Unreadable::Malformed)?;
            match name.as_str() {
                "image" | "image[]" => edit.pictures.push(Given::File { bytes, declared }),
                "mask" => edit.mask = Some(Given::File { bytes, declared }),
                _ => {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let value = typed(&name, text);
                    edit.fields.insert(name, value);
                }
            }
        }
        Ok(edit)
    }

    fn of_json(body: &[u8]) -> Result<Self, Unreadable> {
        let value = serde_json::from_slice(body).map_err(|_| Unreadable::Malformed)?;
        let Value::Object(mut fields) = value else { return Err(Unreadable::NoObject) };
        let pictures = match fields.remove("images") {
            None => Vec::new(),
            Some(Value::Array(list)) => {
                let named = |(at, value)| Given::of_json(value, &format!("images[{at}]"));
                list.into_iter().enumerate().map(named).collect::<Result<_, _>>()?
            }
            Some(_) => return Err(Unreadable::WrongType("images".into())),
        };
        let mask = fields.remove("mask").map(|mask| Given::of_json(mask, "mask")).transpose()?;
        Ok(Self { fields, pictures, mask })
    }
}

/// A form knows only text: numbers, switches and the provider's options are meant by some of it.
fn typed(name: &str, text: String) -> Value {
    let meant = match name {
        "n" | "output_compression" | "partial_images" => text.parse::<i64>().ok().map(Value::from),
        "stream" => text.parse::<bool>().ok().map(Value::from),
        "providerOptions" => serde_json::from_str(&text).ok(),
        _ => None,
    };
    meant.unwrap_or(Value::String(text))
}
