//! Reads a form: a request's JSON, and the reference pictures.
//!
//! Owns the limits of its bytes. Must not copy the pictures into the program's memory, except for the beginnings that it
//! inspects.

use crate::{failure::Failure, random};
use contract::problem::ProblemKind;
use engine::picture::upload::{self, HEAD, Upload, UploadError, UploadInspector};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, FormData, Request};

/// The most bytes around the parts: boundaries and headers.
const OVERHEAD_BYTES: u64 = 16 * 1024;

/// The contents of a form.
pub(crate) struct Form {
    pub(crate) json: String,
    pub(crate) pictures: Vec<FormPicture>,
}

/// A reference picture.
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

/// Reads a form with one part `request` of at most `json_bytes`, and any number of parts `picture`.
pub(crate) async fn read(request: &Request, json_bytes: u64) -> Result<Form, Failure> {
    // The runtime keeps the whole form in memory, so that its length must be known before it is read. The runtime reads
    // no more than the declared length.
    let declared =
        request.headers().get("content-length")?.and_then(|text| text.parse::<u64>().ok());
    let length = declared.ok_or_else(|| Failure::invalid("A form needs a Content-Length."))?;
    if length > u64::from(upload::MOST) * upload::BYTES + json_bytes + OVERHEAD_BYTES {
        return Err(Failure::of(ProblemKind::TooLarge));
    }
    let form = JsFuture::from(request.form_data()?).await;
    let form: FormData =
        form.map_err(|_| Failure::invalid("The form cannot be read."))?.unchecked_into();
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
    Ok(Form { json, pictures })
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
    let upload = inspect(&blob).await?;
    let bytes = JsFuture::from(blob.array_buffer()).await?;
    let digest = random::crypto()
        .ok_or(JsValue::NULL)?
        .subtle()
        .digest_with_str_and_buffer_source("SHA-256", bytes.unchecked_ref())?;
    let mut hash = [0; 32];
    bytes_of(JsFuture::from(digest).await?).copy_to(&mut hash);
    Ok(FormPicture { blob, upload, hash })
}

/// Inspects the beginning of a picture, chunk by chunk, until its type and size are known.
async fn inspect(blob: &Blob) -> Result<Upload, Failure> {
    let mut inspector = UploadInspector::new(size(blob)).map_err(refused)?;
    let mut from = 0.0;
    loop {
        let to = from + f64::from(HEAD);
        let head = blob.slice_with_f64_and_f64(from, to)?.array_buffer();
        let head = bytes_of(JsFuture::from(head).await?).to_vec();
        if let Some(upload) = inspector.feed(&head).map_err(refused)? {
            return Ok(upload);
        }
        from = to;
    }
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
        UploadError::TooLarge => Failure::of(ProblemKind::TooLarge),
    }
}
