//! What a visitor may choose of a picture: its size, quality, format and background.
//!
//! Owns the words of the wire. Must not know which of them a site offers (`site`) or what they cost (`money`).

use crate::text::{serde_as_text, words};
use core::{fmt, str::FromStr};

/// The text is none of the words that this type knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownVariant;

words! {
    /// How much work the model puts into a picture. The studio says Draft, Standard, Fine.
    Quality {
        /// "Draft".
        Low = "low",
        /// "Standard".
        Medium = "medium",
        /// "Fine".
        High = "high",
    }
}

words! {
    /// The format that is asked for. What comes is told by the bytes alone ([`MediaType`]).
    Format {
        /// Lossless, with transparency.
        Png = "png",
        /// Small, with transparency.
        Webp = "webp",
        /// Small, without transparency.
        Jpeg = "jpeg",
    }
}

words! {
    /// What lies behind the subject.
    Background {
        /// The model decides.
        Auto = "auto",
        /// Painted.
        Opaque = "opaque",
        /// Nothing; needs png or webp.
        Transparent = "transparent",
    }
}

words! {
    /// The media type of a picture, told from its first bytes, never from a header.
    MediaType {
        /// PNG.
        Png = "image/png",
        /// WebP.
        Webp = "image/webp",
        /// JPEG.
        Jpeg = "image/jpeg",
    }
}

impl MediaType {
    /// The ending of a file of this type.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Jpeg => "jpg",
        }
    }
}

/// A picture's size in pixels; `1024x1536` on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size {
    /// Pixels from left to right, at least 1.
    pub width: u16,
    /// Pixels from top to bottom, at least 1.
    pub height: u16,
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

impl FromStr for Size {
    type Err = UnknownVariant;

    fn from_str(text: &str) -> Result<Self, UnknownVariant> {
        let side = |digits: &str| match digits.as_bytes() {
            [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => {
                digits.parse().map_err(|_| UnknownVariant)
            }
            _ => Err(UnknownVariant),
        };
        let (width, height) = text.split_once('x').ok_or(UnknownVariant)?;
        Ok(Self { width: side(width)?, height: side(height)? })
    }
}

serde_as_text!(Size);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_reads_back_and_nothing_else_does() {
        let size: Size = "1024x1536".parse().unwrap();
        assert_eq!(
            (size.width, size.height, size.to_string()),
            (1024, 1536, "1024x1536".to_owned())
        );
        for bad in [
            "auto",
            "",
            "x",
            "1024",
            "1024x",
            "0x1",
            "01x1",
            "+1x1",
            "1x1x1",
            "1024X1024",
            "65536x1",
            "1x1 ",
        ] {
            assert_eq!(bad.parse::<Size>(), Err(UnknownVariant), "{bad}");
        }
    }
}
