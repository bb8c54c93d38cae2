//! Forms with pictures to edit, as bytes: for tests that send them in pieces, or many times.
//!
//! Owns the boundary. Must not send anything.

use serde_json::Value;

/// The `Content-Type` of a [`form`].
pub const MEDIA_TYPE: &str = "multipart/form-data; boundary=b";

/// A form with this JSON and these pictures.
pub fn form(json: &Value, pictures: &[Vec<u8>]) -> Vec<u8> {
    let mut form = Vec::new();
    let mut part = |head: &str, body: &[u8]| {
        form.extend_from_slice(
            format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes(),
        );
        form.extend_from_slice(body);
        form.extend_from_slice(b"\r\n");
    };
    part("name=\"request\"", json.to_string().as_bytes());
    for picture in pictures {
        part("name=\"picture\"; filename=\"p\"", picture);
    }
    form.extend_from_slice(b"--b--\r\n");
    form
}
