//! A request's body, as it arrives.
//!
//! Owns its limit and the one word that ends the reading. Must not know what a body means.

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Incoming};

/// The longest body that is read. The gateway's own limit is not known: this one is the sandbox's choice.
const MAX_BODY_BYTES: usize = 100 * 1024 * 1024;

/// The word that asks for an answer before the request is fully read.
const EARLY_WORD: &[u8] = b"sandbox:early";

/// What became of a body.
pub(crate) enum Received {
    /// It is here.
    Whole(Bytes),
    /// It asks for an answer now. This much of it is here.
    Early(Bytes),
    /// It is longer than [`MAX_BODY_BYTES`].
    TooLong,
    /// The client broke off, or cannot count.
    Broken,
}

/// Reads a body.
pub(crate) async fn receive(mut body: Incoming) -> Received {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Received::Broken };
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > MAX_BODY_BYTES {
            return Received::TooLong;
        }
        // The word may lie across two frames.
        let from = bytes.len().saturating_sub(EARLY_WORD.len());
        bytes.extend_from_slice(&data);
        if !body.is_end_stream()
            && bytes[from..].windows(EARLY_WORD.len()).any(|word| word == EARLY_WORD)
        {
            return Received::Early(bytes.into());
        }
    }
    Received::Whole(bytes.into())
}
