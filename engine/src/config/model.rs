//! Models: what they cost and when they end. A model is configuration, never a constant in code.
//!
//! Owns a model's prices and worst cases. Must not know which sites use it.

use super::ConfigError;
use contract::{
    money::{Nano, PerMillion},
    options::{Quality, Size},
    time::Day,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Days before its end at which a model is warned of.
const WARNING_DAYS: u32 = 30;

/// A model, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// With its maker: `openai/gpt-image-1-mini`.
    pub id: String,
    /// Prices by token.
    pub prices: Prices,
    /// The most that one picture may cost, prompt not included.
    pub worst: BTreeMap<Quality, BTreeMap<Size, Nano>>,
    /// The bound on the tokens of one input picture.
    pub input_picture_tokens: u64,
    /// The day on which its maker shuts it down.
    pub shuts_down: Option<Day>,
}

/// What a million tokens cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prices {
    /// Of a prompt.
    pub text_in: PerMillion,
    /// Of a picture to edit.
    pub picture_in: PerMillion,
    /// Of what is made.
    pub out: PerMillion,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ModelJson {
    id: String,
    usd_per_million: PricesJson,
    worst_usd: BTreeMap<Quality, BTreeMap<Size, Nano>>,
    #[serde(default = "default_input_picture_tokens")]
    input_picture_tokens: u64,
    #[serde(default)]
    shuts_down: Option<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PricesJson {
    text_in: Nano,
    #[serde(default, rename = "text_in_cached")]
    _text_in_cached: Option<Nano>, // read so that it may stand there; nothing is priced below the full price
    picture_in: Nano,
    out: Nano,
}

fn default_input_picture_tokens() -> u64 {
    2000
}

impl Model {
    pub(super) fn check(json: ModelJson) -> Result<Self, ConfigError> {
        let id = json.id;
        if !id.contains('/') {
            return Err(ConfigError::new(format!(
                "models: {id} lacks its maker; write openai/{id}"
            )));
        }
        if !id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'.' | b'_'))
        {
            return Err(ConfigError::new("models: an id has letters, digits, and - . _ / only"));
        }
        let prices = json.usd_per_million;
        Ok(Self {
            id,
            prices: Prices {
                text_in: PerMillion(prices.text_in),
                picture_in: PerMillion(prices.picture_in),
                out: PerMillion(prices.out),
            },
            worst: json.worst_usd,
            input_picture_tokens: json.input_picture_tokens,
            shuts_down: json.shuts_down,
        })
    }

    /// The most that a picture of this quality and size may cost, prompt not included.
    pub fn worst(&self, quality: Quality, size: Size) -> Option<Nano> {
        self.worst.get(&quality)?.get(&size).copied()
    }

    /// A warning, if it ends within 30 days of `today` or has ended.
    pub(super) fn ending(&self, today: Day) -> Option<String> {
        let end = self.shuts_down?;
        (end.number() <= today.number().saturating_add(WARNING_DAYS)).then(|| {
            format!("{} shuts down on {end}: name its successor behind it in \"models\", with its prices", self.id)
        })
    }
}
