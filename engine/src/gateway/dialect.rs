//! The differences between the two providers, in one table.
//!
//! Owns the table. Must not write requests (`request`) or read responses. `response_format` is never sent: the gateway
//! does not need it, and OpenAI refuses it.

use super::catalogue;

/// What is particular to a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// The default base URL.
    pub base_url: &'static str,
    /// The name of the secret that holds its key.
    pub key_name: &'static str,
    /// Whether a model's id includes its maker (`openai/gpt-image-1-mini`).
    pub(super) names_maker: bool,
    /// Whether a picture's options are members of `providerOptions.openai`, because the gateway ignores them at top level.
    /// Otherwise they are at top level, because OpenAI refuses unknown members such as `providerOptions`.
    pub(super) wraps_options: bool,
    /// The names of the options for format, compression and visitor.
    pub(super) names: [&'static str; 3],
    /// How many partial pictures are requested; `None` if the provider cannot stream.
    pub(super) previews: Option<u8>,
    /// The value of the `accept` header.
    pub(super) accept: &'static str,
    /// The path of a request that costs nothing and succeeds if the provider works, and whether it needs the key.
    pub probe: (&'static str, bool),
    /// The path that returns the remaining credits, with the key; `None` if there is none.
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

/// Output tokens of each partial picture.
const PREVIEW_TOKENS: u64 = 100;

impl Dialect {
    /// Output tokens of the partial pictures of one picture, in addition to the picture's own.
    pub fn preview_tokens(&self) -> u64 {
        u64::from(self.previews.unwrap_or(0)).saturating_mul(PREVIEW_TOKENS)
    }

    /// Whether responses are streams of events with partial pictures.
    pub fn streams(&self) -> bool {
        self.previews.is_some()
    }

    /// A model's name as this provider expects it.
    pub fn model<'a>(&self, id: &'a str) -> &'a str {
        match id.split_once('/') {
            Some((_, name)) if !self.names_maker => name,
            _ => id,
        }
    }
}
