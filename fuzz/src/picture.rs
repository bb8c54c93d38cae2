//! The check of a picture's bytes, and the look at an upload's head.
//!
//! Owns the promises: pieces read like the whole, a picture cut short or with something behind it is none, and the head
//! tells what the whole tells.

use engine::picture::{
    Inspector, NotAPicture, PictureFacts,
    upload::{SIDE, UploadError, UploadInspector},
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
    let length = bytes.len() as u64;
    let at_once = UploadInspector::new(length).and_then(|mut look| look.feed(bytes));
    assert_ne!(at_once, Ok(None), "there is no more to look at");
    if let Ok(mut look) = UploadInspector::new(length) {
        let by_piece = bytes.chunks(cut).find_map(|piece| look.feed(piece).transpose());
        assert_eq!(by_piece, at_once.transpose(), "cut by {cut}");
    }
    if let Ok(facts) = whole {
        let small = facts.width <= SIDE && facts.height <= SIDE;
        match at_once {
            Ok(Some(upload)) => {
                assert!(small);
                let told = (upload.media_type, upload.width, upload.height, upload.bytes);
                assert_eq!(told, (facts.media_type, facts.width, facts.height, facts.bytes));
            }
            other => assert!(other == Err(UploadError::TooLarge) && !small),
        }
    }
}
