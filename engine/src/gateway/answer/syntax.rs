//! Where a reader of JSON stands: what encloses it, what may come next, what it is in the middle of.
//!
//! Owns the words for that, and the keys that mean something in an answer. Must not read.

/// What encloses the place that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    Object(Key),
    Array(u32),
}

/// Keys that mean something to us, in either casing of the gateway's metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
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
    /// A number, `true`, `false` or `null`.
    Bare,
}

/// What becomes of a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Key,
    Word,
    Picture,
    Passed,
}

/// Where in an escape sequence a string stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    No,
    Begun,
    Unicode { digits: u8, value: u16 },
}
