//! The state of the JSON reader: the enclosing arrays and objects, the expected token, and the current token.
//!
//! Owns these types, and the list of known keys. Must not read.

use super::number::Number;

/// An array or an object around the current position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::gateway) enum Frame {
    Object(Key),
    Array,
}

/// The known keys. The gateway's metadata are known in both spellings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::gateway) enum Key {
    Data,
    B64Json,
    Usage,
    InputTokens,
    OutputTokens,
    InputTokensDetails,
    TextTokens,
    ImageTokens,
    Metadata,
    Gateway,
    Cost,
    Routing,
    CanonicalSlug,
    Error,
    Type,
    Other,
}

impl Key {
    pub(super) fn of(text: &[u8]) -> Self {
        match text {
            b"data" => Self::Data,
            b"b64_json" => Self::B64Json,
            b"usage" => Self::Usage,
            b"input_tokens" => Self::InputTokens,
            b"output_tokens" => Self::OutputTokens,
            b"input_tokens_details" => Self::InputTokensDetails,
            b"text_tokens" => Self::TextTokens,
            b"image_tokens" => Self::ImageTokens,
            b"providerMetadata" | b"provider_metadata" => Self::Metadata,
            b"gateway" => Self::Gateway,
            b"cost" => Self::Cost,
            b"routing" => Self::Routing,
            b"canonicalSlug" => Self::CanonicalSlug,
            b"error" => Self::Error,
            b"type" => Self::Type,
            _ => Self::Other,
        }
    }
}

/// The token that may come next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Expect {
    #[default]
    Value,
    /// A value, or the end of an empty array.
    FirstValue,
    /// A key, or the end of an empty object.
    FirstKey,
    Key,
    Colon,
    /// A comma, or the end of the enclosing array or object.
    Comma,
    /// Only white space.
    End,
}

/// The token that is being read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Token {
    #[default]
    None,
    Text {
        role: StringRole,
        escape: Escape,
    },
    Number(Number),
    /// `true`, `false` or `null`: its remaining letters.
    Literal(&'static [u8]),
}

/// How a string is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::gateway) enum StringRole {
    /// It is a key.
    Key,
    /// It is a value that is kept until its end, if it is short.
    Short,
    /// It is a value that is passed on in parts.
    Stream,
    /// It is a value that is skipped.
    Ignored,
}

/// The position in an escape sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    No,
    Begun,
    Unicode { digits: u8, value: u16 },
}
