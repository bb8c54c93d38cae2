//! Models: their prices, abilities and ends. A model is configuration, never a constant in code.
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
    /// The id, with its maker: `openai/gpt-image-1-mini`.
    pub id: String,
    /// The prices per token.
    pub prices: Prices,
    /// The most that one picture may cost, without the prompt.
    worst: Worst,
    /// The bound on the tokens of one input picture.
    pub input_picture_tokens: InputTokens,
    /// The most pixels of an input picture's side.
    pub max_input_side: u32,
    /// The most input pictures in one request.
    pub inputs: u32,
    /// The expected time before this site has made any picture with it, by quality, in seconds.
    expected_seconds: UniqueMap<Quality, u32>,
    /// The backgrounds that it can make; `None` means all.
    pub backgrounds: Option<Vec<Background>>,
    /// The formats that it can make; `None` means all.
    pub formats: Option<Vec<Format>>,
    /// The day on which its maker shuts it down.
    pub shuts_down: Option<Day>,
}

/// The most tokens that one input picture may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputTokens {
    /// The same for every picture.
    Flat(u64),
    /// It grows with the number of pixels.
    ByPixels {
        /// Tokens of any picture.
        base: u64,
        /// Additional tokens per million pixels.
        per_megapixel: u64,
    },
}

impl InputTokens {
    /// The bound for a picture of that size in pixels, rounded up; `None` if it overflows.
    pub fn of(self, width: u32, height: u32) -> Option<u64> {
        match self {
            Self::Flat(tokens) => Some(tokens),
            Self::ByPixels { base, per_megapixel } => {
                let pixels = u64::from(width).checked_mul(u64::from(height))?;
                base.checked_add(per_megapixel.checked_mul(pixels)?.div_ceil(1_000_000))
            }
        }
    }

    /// Whether the bound is zero, which reserves nothing.
    pub const fn is_zero(self) -> bool {
        matches!(self, Self::Flat(0) | Self::ByPixels { base: 0, per_megapixel: 0 })
    }
}

/// Prices of a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prices {
    /// Tokens of the prompt.
    pub text_in: PerMillion,
    /// Tokens of the pictures to edit.
    pub picture_in: PerMillion,
    /// Tokens of the pictures that are made.
    pub out: PerMillion,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
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
#[serde(deny_unknown_fields, expecting = "an object")]
struct PricesJson {
    text_in: Nano,
    #[serde(rename = "text_in_cached")]
    _text_in_cached: Option<Nano>, // It may be configured, but the full price is always reserved.
    picture_in: Nano,
    out: Nano,
}

/// Prices by quality and size.
type Worst = UniqueMap<Quality, UniqueMap<Size, Nano>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
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
            return Err(ConfigError::new(format!("models: {id} has no maker; write openai/{id}")));
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

    /// The most that a picture of this quality and size may cost, without the prompt.
    pub fn worst(&self, quality: Quality, size: Size) -> Option<Nano> {
        self.worst.0.get(&quality)?.0.get(&size).copied()
    }

    /// The expected time of a picture of this quality, before this site has made any.
    pub fn expected_ms(&self, quality: Quality) -> Option<u64> {
        let seconds = self.expected_seconds.0.get(&quality)?;
        Some(u64::from(*seconds).saturating_mul(1_000))
    }

    /// Whether it can make a picture with these options.
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
