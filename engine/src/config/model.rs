//! Models: what they cost and when they end. A model is configuration, never a constant in code.
//!
//! Owns a model's prices and worst cases. Must not know which sites use it.

use super::ConfigError;
use crate::json::UniqueMap;
use crate::picture::upload::{MOST, SIDE};
use contract::{
    money::{Nano, PerMillion},
    options::{Background, Format, Quality, Size},
    time::Day,
};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};
use std::fmt;

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
    pub input_picture_tokens: InputTokens,
    /// Pixels that a side of an input picture may have.
    pub max_input_side: u32,
    /// Input pictures that it takes at once.
    pub inputs: u32,
    /// What a picture takes before this site has seen any, by quality, in seconds.
    expected_seconds: UniqueMap<Quality, u32>,
    /// Backgrounds that it can make; nothing means all.
    pub backgrounds: Option<Vec<Background>>,
    /// Formats that it can make; nothing means all.
    pub formats: Option<Vec<Format>>,
    /// The day on which its maker shuts it down.
    pub shuts_down: Option<Day>,
}

/// The most tokens that one input picture may come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputTokens {
    /// The same for every picture.
    Flat(u64),
    /// They grow with its pixels.
    ByPixels {
        /// Of any picture.
        base: u64,
        /// Of a million pixels, on top.
        per_megapixel: u64,
    },
}

impl InputTokens {
    /// The bound for a picture of that size in pixels; nothing if it does not fit a number. Rounded up.
    pub fn of(self, width: u32, height: u32) -> Option<u64> {
        match self {
            Self::Flat(tokens) => Some(tokens),
            Self::ByPixels { base, per_megapixel } => {
                let pixels = u64::from(width).checked_mul(u64::from(height))?;
                base.checked_add(per_megapixel.checked_mul(pixels)?.div_ceil(1_000_000))
            }
        }
    }

    /// Whether it bounds nothing.
    pub const fn is_zero(self) -> bool {
        matches!(self, Self::Flat(0) | Self::ByPixels { base: 0, per_megapixel: 0 })
    }
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
    worst_usd: Worst,
    #[serde(default = "default_input_picture_tokens")]
    input_picture_tokens: InputTokens,
    #[serde(default = "default_max_input_side")]
    max_input_side: u32,
    #[serde(default = "default_inputs")]
    inputs: u32,
    #[serde(default)]
    expected_seconds: UniqueMap<Quality, u32>,
    backgrounds: Option<Vec<Background>>,
    formats: Option<Vec<Format>>,
    shuts_down: Option<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PricesJson {
    text_in: Nano,
    #[serde(rename = "text_in_cached")]
    _text_in_cached: Option<Nano>, // read so that it may stand there; nothing is priced below the full price
    picture_in: Nano,
    out: Nano,
}

/// Prices by quality and size.
type Worst = UniqueMap<Quality, UniqueMap<Size, Nano>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByPixels {
    base: u64,
    per_megapixel: u64,
}

impl<'de> Deserialize<'de> for InputTokens {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrObject;

        impl<'de> Visitor<'de> for NumberOrObject {
            type Value = InputTokens;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number, or an object with base and per_megapixel")
            }

            fn visit_u64<E>(self, tokens: u64) -> Result<InputTokens, E> {
                Ok(InputTokens::Flat(tokens))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<InputTokens, A::Error> {
                let ByPixels { base, per_megapixel } =
                    ByPixels::deserialize(MapAccessDeserializer::new(map))?;
                Ok(InputTokens::ByPixels { base, per_megapixel })
            }
        }

        deserializer.deserialize_any(NumberOrObject)
    }
}

const fn default_input_picture_tokens() -> InputTokens {
    InputTokens::Flat(2000)
}

const fn default_max_input_side() -> u32 {
    2048
}

const fn default_inputs() -> u32 {
    4
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
        if !(1..=SIDE).contains(&json.max_input_side) {
            return Err(ConfigError::new(format!(
                "models: {id}: max_input_side must lie between 1 and {SIDE}"
            )));
        }
        if json.inputs > MOST {
            return Err(ConfigError::new(format!(
                "models: {id}: inputs must lie between 0 and {MOST}"
            )));
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
            max_input_side: json.max_input_side,
            inputs: json.inputs,
            expected_seconds: json.expected_seconds,
            backgrounds: json.backgrounds,
            formats: json.formats,
            shuts_down: json.shuts_down,
        })
    }

    /// The most that a picture of this quality and size may cost, prompt not included.
    pub fn worst(&self, quality: Quality, size: Size) -> Option<Nano> {
        self.worst.0.get(&quality)?.0.get(&size).copied()
    }

    /// What a picture of this quality takes, before this site has seen any.
    pub fn expected_ms(&self, quality: Quality) -> Option<u64> {
        let seconds = self.expected_seconds.0.get(&quality)?;
        Some(u64::from(*seconds).saturating_mul(1_000))
    }

    /// Whether it can make a picture that looks so.
    pub fn makes(
        &self,
        size: Size,
        quality: Quality,
        background: Background,
        format: Format,
    ) -> bool {
        self.worst(quality, size).is_some()
            && self.backgrounds.as_ref().is_none_or(|all| all.contains(&background))
            && self.formats.as_ref().is_none_or(|all| all.contains(&format))
    }

    /// Whether its last day has come.
    pub fn is_over(&self, today: Day) -> bool {
        self.shuts_down.is_some_and(|end| end <= today)
    }
}
