//! What one provider wants otherwise than the other: the whole difference, in one table.
//!
//! Owns the table. Must not write requests (`request`) or read answers. `response_format` is never sent: the gateway does
//! not need it, and OpenAI refuses it.

use super::catalogue;

/// A provider's manners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// The address that is used unless another is configured.
    pub base_url: &'static str,
    /// The secret that holds its key.
    pub key_name: &'static str,
    /// Whether a model's id keeps its maker (`openai/gpt-image-1-mini`).
    pub(super) names_maker: bool,
    /// Whether the options of a picture stand under `providerOptions.openai`: beside the prompt the gateway ignores them.
    /// Otherwise they stand beside the prompt: OpenAI refuses what it does not know.
    pub(super) wraps_options: bool,
    /// The names of format, compression and visitor among the options.
    pub(super) names: [&'static str; 3],
    /// Partial pictures that are asked for; nothing where an answer comes in one piece.
    pub(super) previews: Option<u8>,
    /// The value of the `accept` header.
    pub(super) accept: &'static str,
    /// What costs nothing and answers if all is well: the path, and whether it wants the key.
    pub probe: (&'static str, bool),
    /// Where what is left of the money is told, if anywhere: with the key.
    pub credits: Option<&'static str>,
}

/// The Vercel AI Gateway.
pub const VERCEL: Dialect = Dialect {
    base_url: "https://ai-gateway.vercel.sh/v1",
    key_name: "AI_GATEWAY_API_KEY",
    names_maker: true,
    wraps_options: true,
    names: ["outputFormat", "outputCompression", "safetyIdentifier"],
    previews: None,
    accept: "application/json",
    probe: (catalogue::MODELS, false),
    credits: Some(catalogue::CREDITS),
};

/// OpenAI's own Images API.
pub const OPENAI: Dialect = Dialect {
    base_url: "https://api.openai.com/v1",
    key_name: "OPENAI_API_KEY",
    names_maker: false,
    wraps_options: false,
    names: ["output_format", "output_compression", "safety_identifier"],
    previews: Some(2),
    accept: "text/event-stream, application/json",
    probe: (catalogue::MODELS, true),
    credits: None,
};

/// Tokens out that each partial picture costs.
const PREVIEW_TOKENS: u64 = 100;

impl Dialect {
    /// Tokens out that the previews of one picture cost, on top of the picture.
    pub fn preview_tokens(&self) -> u64 {
        u64::from(self.previews.unwrap_or(0)).saturating_mul(PREVIEW_TOKENS)
    }

    /// Whether an answer comes as a stream, with previews.
    pub fn streams(&self) -> bool {
        self.previews.is_some()
    }

    /// The name that a model has on the wire.
    pub fn model<'a>(&self, id: &'a str) -> &'a str {
        match id.split_once('/') {
            Some((_, name)) if !self.names_maker => name,
            _ => id,
        }
    }
}
