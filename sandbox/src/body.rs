//! Reads a request's body.
//!
//! Owns its size limit and the word that stops the reading early. Must not know what a body means.

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes};

/// The longest body that is read, in bytes. The gateway's own limit is not known; this one is the sandbox's choice.
const MAX_BODY_BYTES: usize = 100 * 1024 * 1024;

/// The word in a body that makes the sandbox respond before it has read the whole request.
const EARLY_WORD: &[u8] = b"sandbox:early";

/// The outcome of reading a body.
pub(crate) enum Received {
    /// All of it.
    Whole(Bytes),
    /// The bytes up to and including the frame that holds [`EARLY_WORD`].
    Early(Bytes),
    /// It is longer than [`MAX_BODY_BYTES`].
    TooLong,
    /// The client disconnected, or the body's framing is wrong.
    Broken,
}

/// Reads a body.
pub(crate) async fn receive(mut body: impl Body<Data = Bytes> + Unpin) -> Received {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Received::Broken };
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > MAX_BODY_BYTES {
            return Received::TooLong;
        }
        // The word may be split across two frames.
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
