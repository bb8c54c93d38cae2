//! One request of a probe.
//!
//! Owns its parts, and how they are described without secrets and pictures. Must not decide which requests there are.

use super::reading::{Scrubber, without_pictures};
use contract::money::Nano;
use engine::config::model::Prices;
use serde_json::{Map, Value, json};

/// Stands between the parts of a form; no part contains it.
const BOUNDARY: &str = "easel-probe-4f1d8a7c2b9e";

/// What authorises a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Credential {
    /// The gateway's key.
    Key,
    /// A key that no gateway has given out.
    Wrong,
    /// No header.
    Nothing,
}

/// A request's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Body {
    Nothing,
    /// Sent as JSON, also if it is none.
    Json(String),
    /// A form: fields, and a PNG as `image[]`.
    Form(Vec<(&'static str, String)>, &'static [u8]),
}

/// One request.
#[derive(Debug, Clone)]
pub struct Step {
    pub(super) name: String,
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) credential: Credential,
    pub(super) accept: &'static str,
    pub(super) body: Body,
    /// What it costs if the gateway makes every picture that it could be read to ask for.
    pub(super) worst: Nano,
    /// The prices of its model, where it asks for a picture.
    pub(super) prices: Option<Prices>,
    /// The model's name on the wire; empty if it names none.
    pub(super) model: String,
}

impl Step {
    /// What it asks for, in a few words.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The HTTP method.
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// The path, relative to the base URL.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether the request is sent with the gateway's key.
    pub fn needs_key(&self) -> bool {
        self.credential == Credential::Key
    }

    /// The most that it may cost.
    pub fn worst(&self) -> Nano {
        self.worst
    }

    /// The headers, except for the one with the key.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![("accept", self.accept.to_owned())];
        if self.credential == Credential::Wrong {
            headers.push(("authorization", "Bearer invalid".to_owned()));
        }
        match &self.body {
            Body::Nothing => {}
            Body::Json(_) => headers.push(("content-type", "application/json".to_owned())),
            Body::Form(..) => {
                headers.push(("content-type", format!("multipart/form-data; boundary={BOUNDARY}")));
            }
        }
        headers
    }

    /// The body's bytes; `None` for a request without a body.
    pub fn body(&self) -> Option<Vec<u8>> {
        match &self.body {
            Body::Nothing => None,
            Body::Json(text) => Some(text.clone().into_bytes()),
            Body::Form(fields, picture) => {
                let field = |(name, value): &(&str, String)| {
                    format!(
                        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                    )
                };
                let mut bytes: Vec<u8> = fields.iter().map(field).collect::<String>().into_bytes();
                let head = format!(
                    "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"image[]\"; filename=\"a.png\"\r\n\
                     content-type: image/png\r\n\r\n"
                );
                bytes.extend_from_slice(head.as_bytes());
                bytes.extend_from_slice(picture);
                bytes.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
                Some(bytes)
            }
        }
    }

    /// The request as the fixture keeps it.
    pub(super) fn described(&self, scrubber: &Scrubber) -> Value {
        let credential = match self.credential {
            Credential::Key => "the key",
            Credential::Wrong => "a wrong key",
            Credential::Nothing => "none",
        };
        let headers: Map<String, Value> = self
            .headers()
            .into_iter()
            .filter(|(name, _)| *name != "authorization")
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        let body = match &self.body {
            Body::Nothing => Value::Null,
            Body::Json(text) => match serde_json::from_str(text) {
                Ok(json) => without_pictures(json, scrubber),
                Err(_) => json!({ "malformed": text }),
            },
            Body::Form(fields, picture) => {
                let fields: Map<String, Value> = fields
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
                    .collect();
                json!({ "form": fields, "image[]": { "bytes": picture.len(), "media_type": "image/png" } })
            }
        };
        json!({
            "method": self.method, "path": self.path, "credential": credential, "headers": headers, "body": body,
        })
    }
}
