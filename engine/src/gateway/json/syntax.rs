//! Where a reader of JSON stands: what encloses it, what may come next, what it is in the middle of.
//!
//! Owns the words for that, and the keys that mean something to us. Must not read.

use super::number::Number;

/// What encloses the place that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::gateway) enum Frame {
    Object(Key),
    Array,
}

/// Keys that mean something to us, in either casing of the gateway's metadata.
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

/// What may come next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Expect {
    #[default]
    Value,
    /// A value, or the end of an array that has none.
    FirstValue,
    /// A key, or the end of an object that has none.
    FirstKey,
    Key,
    Colon,
    /// A comma, or the end of what encloses this.
    Comma,
    /// Nothing but white space.
    End,
}

/// What is being read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Token {
    #[default]
    None,
    Text {
        role: Role,
        escape: Escape,
    },
    Number(Number),
    /// `true`, `false` or `null`: what is left of it.
    Literal(&'static [u8]),
}

/// What becomes of a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::gateway) enum Role {
    /// It names a place.
    Key,
    /// It is kept until it ends, if it is short.
    Word,
    /// It is handed on as it comes.
    Stream,
    /// It means nothing to us.
    Passed,
}

/// Where in an escape sequence a string stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    No,
    Begun,
    Unicode { digits: u8, value: u16 },
}
