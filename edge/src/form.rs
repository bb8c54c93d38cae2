//! Reads a form: a request's JSON, and the pictures to edit.
//!
//! Owns the limits of its bytes. Must not hold more of a picture in the program's memory than the window
//! that it inspects.
//!
//! Decision: docs/decisions/2026-11-29-a-form-states-its-length.md.

use crate::{
    failure::Failure, js::IdentityTransformStream, random, reply::Reply, steady_body,
    upload_slots::UploadSlot,
};
use contract::problem::ProblemKind;
use engine::picture::upload::{self, Upload, UploadError, UploadInspector, WINDOW};
use futures_util::future::{Either, select};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use std::pin::pin;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, FormData, Request};

/// The most bytes around the parts: boundaries and headers.
const OVERHEAD_BYTES: u64 = 16 * 1024;

/// The contents of a form.
pub(crate) struct Form {
    pub(crate) json: String,
    pub(crate) pictures: Vec<FormPicture>,
    /// Held until the pictures are stored; `None` for a request without pictures.
    pub(crate) slot: Option<UploadSlot>,
}

/// A picture to edit.
pub(crate) struct FormPicture {
    pub(crate) blob: Blob,
    pub(crate) upload: Upload,
    /// The SHA-256 of its bytes: a request with other pictures is another request.
    pub(crate) hash: [u8; 32],
}

/// Whether a request's `Content-Type` is that of a form.
pub(crate) fn is_form(request: &Request) -> Result<bool, Failure> {
    let media_type = request.headers().get("content-type")?.unwrap_or_default();
    Ok(media_type.trim_start().to_ascii_lowercase().starts_with("multipart/form-data"))
}

/// The length of a form, which must be declared: the runtime holds the whole form in memory and reads no more than the
/// declared length.
pub(crate) fn length(request: &Request, json_bytes: u64) -> Result<u64, Failure> {
    let declared =
        request.headers().get("content-length")?.and_then(|text| text.parse::<u64>().ok());
    let length = declared.ok_or_else(|| Failure::invalid("A form needs a Content-Length."))?;
    if length > u64::from(upload::MOST) * upload::BYTES + json_bytes + OVERHEAD_BYTES {
        return Err(Failure::of(ProblemKind::TooLarge));
    }
    Ok(length)
}

/// Reads a form with one part `request` of at most `json_bytes`, and any number of parts `picture`.
pub(crate) async fn read(
    request: &Request,
    json_bytes: u64,
    slot: UploadSlot,
) -> Result<Form, Failure> {
    let form = arrive(request).await?;
    let (requests, blobs) = (form.get_all("request"), form.get_all("picture"));
    if requests.length() != 1 || Array::from(&form).length() != 1 + blobs.length() {
        return Err(Failure::invalid("A form has one part request, and parts picture."));
    }
    if blobs.length() > upload::MOST {
        return Err(Failure::invalid("At most 4 pictures can be edited at once."));
    }
    let json = text(requests.get(0), json_bytes).await?;
    let mut pictures = Vec::new();
    for blob in blobs.iter() {
        pictures.push(picture(blob).await?);
    }
    Ok(Form { json, pictures, slot: Some(slot) })
}

/// Reads a form as its bytes arrive, unless they come too slowly.
async fn arrive(request: &Request) -> Result<FormData, Failure> {
    let unreadable = || Failure::invalid("The form cannot be read.");
    let body = request.body().ok_or_else(unreadable)?;
    let media_type = request.headers().get("content-type")?.unwrap_or_default();
    let pipe = IdentityTransformStream::identity()?;
    // The runtime reads forms from requests and responses alone.
    let passed_on = Reply::inner(200)?.header("content-type", &media_type)?;
    let reading = JsFuture::from(passed_on.stream(&pipe.readable())?.form_data()?);
    let writable = pipe.writable();
    let sending = steady_body::pass_on(&body, &writable);
    let form = match select(pin!(reading), pin!(sending)).await {
        Either::Left((form, _)) => form,
        Either::Right((Some(()), reading)) => reading.await,
        Either::Right((None, _)) => return Err(Failure::body_did_not_arrive()),
    };
    Ok(form.map_err(|_| unreadable())?.unchecked_into())
}

/// The text of a part, whether it was sent with a file name or without.
async fn text(part: JsValue, most: u64) -> Result<String, Failure> {
    let text = match part.dyn_into::<Blob>() {
        Ok(blob) if size(&blob) > most => return Err(Failure::of(ProblemKind::TooLarge)),
        Ok(blob) => JsFuture::from(blob.text()).await?,
        Err(text) => text,
    };
    let text = text.as_string().unwrap_or_default();
    if text.len() as u64 > most { Err(Failure::of(ProblemKind::TooLarge)) } else { Ok(text) }
}

async fn picture(part: JsValue) -> Result<FormPicture, Failure> {
    let blob: Blob =
        part.dyn_into().map_err(|_| Failure::invalid("A part picture must be a file."))?;
    let inspector = UploadInspector::new(size(&blob)).map_err(refused)?;
    let bytes = bytes_of(JsFuture::from(blob.array_buffer()).await?);
    let upload = inspect(&bytes, inspector).map_err(refused)?;
    let digest = random::crypto()
        .ok_or(JsValue::NULL)?
        .subtle()
        .digest_with_str_and_buffer_source("SHA-256", &bytes)?;
    let mut hash = [0; 32];
    bytes_of(JsFuture::from(digest).await?).copy_to(&mut hash);
    Ok(FormPicture { blob, upload, hash })
}

/// Inspects a picture to its end, window by window.
fn inspect(bytes: &Uint8Array, mut inspector: UploadInspector) -> Result<Upload, UploadError> {
    let mut window = vec![0; WINDOW as usize];
    for from in (0..bytes.length()).step_by(WINDOW as usize) {
        let piece = bytes.subarray(from, from.saturating_add(WINDOW));
        window.truncate(piece.length() as usize);
        piece.copy_to(&mut window);
        inspector.feed(&window)?;
    }
    inspector.finish()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length in bytes")]
fn size(blob: &Blob) -> u64 {
    blob.size() as u64
}

fn bytes_of(buffer: JsValue) -> Uint8Array {
    Uint8Array::new(&buffer.unchecked_into::<ArrayBuffer>())
}

fn refused(error: UploadError) -> Failure {
    match error {
        UploadError::NotAPicture => {
            Failure::invalid("A picture to edit must be a png, a webp or a jpeg.")
        }
        UploadError::NotWhole => {
            Failure::invalid("A picture to edit is not complete, or something follows its end.")
        }
        UploadError::TooLarge => Failure::of(ProblemKind::TooLarge),
    }
}
