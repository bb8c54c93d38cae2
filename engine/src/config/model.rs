//! Models: what they cost and when they end. A model is configuration, never a constant in code.
//!
//! Owns a model's prices and worst cases. Must not know which sites use it.

use super::ConfigError;
use crate::wire::{FromJson, Json, Wrong, reads};
use contract::{
    money::{Nano, PerMillion},
    options::{Quality, Size},
    time::Day,
};

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
    worst: Worst,
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

pub(super) struct ModelJson {
    id: String,
    usd_per_million: PricesJson,
    worst_usd: Worst,
    input_picture_tokens: u64,
    shuts_down: Option<Day>,
}

struct PricesJson {
    text_in: Nano,
    _text_in_cached: Option<Nano>, // read so that it may stand there; nothing is priced below the full price
    picture_in: Nano,
    out: Nano,
}

/// Prices by quality and size.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Worst(Vec<(Quality, Size, Nano)>);

impl FromJson for Worst {
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        let mut all = Vec::new();
        for (quality, sizes) in json.object()?.members() {
            let quality = quality.parse().map_err(|_| Wrong::value(quality, "Quality"))?;
            for (size, price) in sizes.object()?.members() {
                let size = size.parse().map_err(|_| Wrong::value(size, "Size"))?;
                all.push((quality, size, Nano::from_json(price)?));
            }
        }
        Ok(Self(all))
    }
}

reads!(strict ModelJson {
    id,
    usd_per_million,
    worst_usd,
    input_picture_tokens or 2000,
    shuts_down,
});
reads!(strict PricesJson {
    text_in,
    _text_in_cached as "text_in_cached",
    picture_in,
    out,
});

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
        let own = self.worst.0.iter().find(|(of, at, _)| (*of, *at) == (quality, size));
        own.map(|(.., price)| *price)
    }

    /// A warning, if it ends within 30 days of `today` or has ended: by its configuration, or by what was `told`.
    pub(super) fn ending(&self, today: Day, told: Option<Day>) -> Option<String> {
        let end = self.shuts_down.into_iter().chain(told).min()?;
        (end.number() <= today.number().saturating_add(WARNING_DAYS)).then(|| {
            format!("{} shuts down on {end}: name its successor behind it in \"models\", with its prices", self.id)
        })
    }
}
