//! What one provider wants otherwise than the other: the whole difference, in one table.
//!
//! Owns the table. Must not write requests (`request`) or read answers.

/// A provider's manners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Whether a model's id keeps its maker (`openai/gpt-image-1-mini`).
    pub(super) names_maker: bool,
    /// Whether the options of a picture stand under `providerOptions.openai`, in `camelCase`: beside the prompt the
    /// gateway ignores them. Otherwise they stand beside the prompt, in `snake_case`: OpenAI refuses what it does not know.
    pub(super) wraps_options: bool,
    /// Partial pictures that are asked for; nothing where an answer comes in one piece.
    pub previews: Option<u8>,
    /// The value of the `accept` header.
    pub accept: &'static str,
}

/// The Vercel AI Gateway.
pub const VERCEL: Dialect =
    Dialect { names_maker: true, wraps_options: true, previews: None, accept: "application/json" };

/// OpenAI's own Images API.
pub const OPENAI: Dialect = Dialect {
    names_maker: false,
    wraps_options: false,
    previews: Some(2),
    accept: "text/event-stream, application/json",
};

/// Tokens out that each partial picture costs.
const PREVIEW_TOKENS: u64 = 100;

impl Dialect {
    /// Tokens out that the previews of one picture cost, on top of the picture.
    pub fn preview_tokens(&self) -> u64 {
        u64::from(self.previews.unwrap_or(0)).saturating_mul(PREVIEW_TOKENS)
    }

    /// The name that a model has on the wire.
    pub(super) fn model<'a>(&self, id: &'a str) -> &'a str {
        match id.split_once('/') {
            Some((_, name)) if !self.names_maker => name,
            _ => id,
        }
    }
}
