//! The options of a picture: its size, quality, format and background.
//!
//! Owns their strings in JSON. Must not know which of them a site offers (`site`) or what they cost (`money`).

use crate::text::{serde_as_text, wire_enum};
use core::{fmt, str::FromStr};

/// The error of `FromStr`: the text is not a value of this type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownVariant;

wire_enum! {
    /// The quality of a picture. The studio calls the values Draft, Standard and Fine.
    Quality {
        /// "Draft".
        Low = "low",
        /// "Standard".
        Medium = "medium",
        /// "Fine".
        High = "high",
    }
}

wire_enum! {
    /// The requested file format. The delivered one is determined from the bytes alone ([`MediaType`]).
    Format {
        /// Lossless, with transparency.
        Png = "png",
        /// Small, with transparency.
        Webp = "webp",
        /// Small, without transparency.
        Jpeg = "jpeg",
    }
}

wire_enum! {
    /// The background of a picture.
    Background {
        /// The model decides.
        Auto = "auto",
        /// Painted.
        Opaque = "opaque",
        /// Transparent; needs PNG or WebP.
        Transparent = "transparent",
    }
}

wire_enum! {
    /// The media type of a picture, determined from its first bytes, never from a header.
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
    /// The file name extension, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Jpeg => "jpg",
        }
    }
}

/// A picture's size in pixels; in JSON a string such as `1024x1536`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size {
    /// The width in pixels, at least 1.
    pub width: u16,
    /// The height in pixels, at least 1.
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
