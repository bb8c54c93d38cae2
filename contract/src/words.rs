//! The studio's words for what the wire calls `low` or `1536x1024`.
//!
//! Owns the plain names that both the edge's document and the app show. Must not hold sentences.

use crate::options::{Quality, Size};

/// The word that a person would use for a quality.
pub const fn quality(quality: Quality) -> &'static str {
    match quality {
        Quality::Low => "Draft",
        Quality::Medium => "Standard",
        Quality::High => "Fine",
    }
}

/// The word that a person would use for a shape.
pub const fn shape(size: Size) -> &'static str {
    if size.width == size.height {
        "Square"
    } else if size.width > size.height {
        "Wide"
    } else {
        "Tall"
    }
}
