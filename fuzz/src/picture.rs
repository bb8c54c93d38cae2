//! The check of a picture's bytes, and that of an upload.
//!
//! Owns the promises: pieces read like the whole, a picture cut short or with something behind it is none, and an upload
//! is taken if and only if a result with these bytes would be, and is not too large.

use engine::picture::{
    Inspector, NotAPicture, PictureFacts,
    upload::{SIDE, Upload, UploadError, UploadInspector},
};

/// Holds for any bytes.
pub fn check(data: &[u8]) {
    let (cut, bytes) = super::cut(data);
    let whole = inspect(bytes, usize::MAX);
    assert_eq!(inspect(bytes, cut), whole, "cut by {cut}");
    if let Ok(facts) = whole {
        assert_eq!(facts.bytes, bytes.len() as u64);
        assert!((1..=16_384).contains(&facts.width) && (1..=16_384).contains(&facts.height));
        assert!(u64::from(facts.width) * u64::from(facts.height) <= 4_096 * 4_096);
        assert!(inspect(&bytes[..bytes.len() - 1], cut).is_err(), "cut short");
        assert!(inspect(&[bytes, b"\0"].concat(), cut).is_err(), "something follows");
    }
    looks(bytes, cut, whole);
}

fn inspect(bytes: &[u8], cut: usize) -> Result<PictureFacts, NotAPicture> {
    let mut inspector = Inspector::default();
    for piece in bytes.chunks(cut.min(bytes.len().max(1))) {
        inspector.feed(piece)?;
    }
    inspector.finish()
}

fn looks(bytes: &[u8], cut: usize, whole: Result<PictureFacts, NotAPicture>) {
    let at_once = upload(bytes, usize::MAX);
    assert_eq!(upload(bytes, cut), at_once, "cut by {cut}");
    match (at_once, whole) {
        (Ok(upload), Ok(facts)) => {
            assert!(facts.width <= SIDE && facts.height <= SIDE);
            let told = (upload.media_type, upload.width, upload.height, upload.bytes);
            assert_eq!(told, (facts.media_type, facts.width, facts.height, facts.bytes));
        }
        (Err(UploadError::TooLarge), Ok(facts)) => {
            assert!(facts.width > SIDE || facts.height > SIDE);
        }
        (refused, _) => {
            assert!(refused.is_err() && whole.is_err(), "a result is as whole as an upload");
        }
    }
}

fn upload(bytes: &[u8], cut: usize) -> Result<Upload, UploadError> {
    let mut inspector = UploadInspector::new(bytes.len() as u64)?;
    for piece in bytes.chunks(cut.min(bytes.len().max(1))) {
        inspector.feed(piece)?;
    }
    inspector.finish()
}
