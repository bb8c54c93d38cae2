//! Prices: the worst case of a job before it starts, and its charge afterwards.
//!
//! Owns both computations. Must not write to the ledger.

use crate::{
    config::model::{Model, Prices},
    gateway::dialect::Dialect,
    picture::upload::Upload,
};
use contract::{job::Order, money::Nano};

/// The tokens and cost that a response states; `None` for values that it does not contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// The charge that upstream states.
    pub cost: Option<Nano>,
    /// Input tokens of the prompt.
    pub text_tokens: Option<u64>,
    /// Input tokens of the pictures to edit.
    pub picture_tokens: Option<u64>,
    /// Output tokens.
    pub output_tokens: Option<u64>,
    /// The name of the model that made the picture.
    pub made_by: ModelName,
}

/// A model's name as upstream states it; empty if it states none, or one that cannot be a model's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelName {
    bytes: [u8; Self::MAX_BYTES],
    length: u8,
}

impl ModelName {
    const MAX_BYTES: usize = 63;
    /// No name.
    pub const UNKNOWN: Self = Self { bytes: [0; Self::MAX_BYTES], length: 0 };

    /// Reads a name. A text that is too long or has other characters than a model's name becomes [`Self::UNKNOWN`].
    pub fn new(text: &str) -> Self {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-._".contains(&b));
        let mut name = Self::UNKNOWN;
        match (name.bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(bytes), Ok(length)) if plain => {
                bytes.copy_from_slice(text.as_bytes());
                name.length = length;
                name
            }
            _ => Self::UNKNOWN,
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        let reported = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        str::from_utf8(reported).unwrap_or_default()
    }
}

impl Default for ModelName {
    fn default() -> Self {
        Self::UNKNOWN
    }
}

/// The worst-case price of one picture of this order with these pictures to edit. A prompt has at most as many tokens
/// as bytes; the tokens of a picture to edit are limited by its pixels. `None` if the model has no price for it.
pub fn worst(
    model: &Model,
    dialect: &Dialect,
    order: &Order,
    upstream_prompt: &str,
    uploads: &[Upload],
) -> Option<Nano> {
    let prices = &model.prices;
    let prompt = prices.text_in.cost(u64::try_from(upstream_prompt.len()).ok()?)?;
    let tokens = uploads.iter().try_fold(0u64, |sum, upload| {
        sum.checked_add(model.input_picture_tokens.of(upload.width, upload.height)?)
    })?;
    model
        .worst(order.quality, order.size)?
        .checked_add(prompt)?
        .checked_add(prices.picture_in.cost(tokens)?)?
        .checked_add(prices.out.cost(dialect.preview_tokens())?)
}

/// The charge for a picture: the cost that upstream states, otherwise tokens times prices, otherwise `None`, so that the
/// whole reservation is charged. `prices` is `None` if the model's prices are unknown. A stated cost of 0 is not used: the
/// gateway states it for an operator's own provider key. Nor is one of a nano-dollar, because smaller costs are rounded
/// up to it, and no picture costs so little.
pub fn charge(usage: Usage, prices: Option<Prices>) -> Option<Nano> {
    usage.cost.filter(|&cost| cost > SMALLEST).or_else(|| by_tokens(usage, prices?))
}

/// What every cost above 0 and up to a nano-dollar is read as.
const SMALLEST: Nano = Nano(1);

fn by_tokens(usage: Usage, prices: Prices) -> Option<Nano> {
    let out = usage.output_tokens.filter(|&tokens| tokens != 0)?;
    prices
        .out
        .cost(out)?
        .checked_add(prices.text_in.cost(usage.text_tokens?)?)?
        .checked_add(prices.picture_in.cost(usage.picture_tokens.unwrap_or(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{model::InputTokens, tests_support::config},
        gateway::dialect::{OPENAI, VERCEL},
        order,
    };
    use contract::options::MediaType;

    #[test]
    fn a_reported_model_name_is_kept_if_it_is_plain_and_not_too_long() {
        let longest = "m".repeat(ModelName::UNKNOWN.bytes.len());
        for name in ["openai/gpt-image-1-mini", "a", &longest] {
            assert_eq!(ModelName::new(name).as_str(), name);
        }
        for name in ["", "two words", "größer", &[longest.as_str(), "m"].concat()] {
            assert_eq!(ModelName::new(name).as_str(), "", "{name}");
        }
    }

    #[test]
    fn the_worst_case_holds_the_prompts_bytes_the_pictures_to_edit_and_the_previews() {
        let config = config();
        let order = order::read(
            r#"{"prompt":"a red balloon","quality":"high","size":"1024x1536"}"#,
            &config.sites[0],
        )
        .unwrap();
        // 0.052 $ + 13 bytes × 2,000 nano-dollars.
        let upload = |width, height| Upload { media_type: MediaType::Png, width, height, bytes: 1 };
        let worst = |model, dialect, uploads: &[Upload]| {
            worst(model, dialect, &order, &order.prompt, uploads)
        };
        let flat = &config.models[0];
        assert_eq!(worst(flat, &VERCEL, &[]), Some(Nano(52_026_000)));
        // Each has at most 2,000 tokens at 2,500 nano-dollars.
        assert_eq!(worst(flat, &VERCEL, &[upload(9, 9); 3]), Some(Nano(52_026_000 + 15_000_000)));
        // Two partial pictures of 100 tokens at 8,000 nano-dollars.
        assert_eq!(worst(flat, &OPENAI, &[]), Some(Nano(52_026_000 + 1_600_000)));
        let by_pixels = InputTokens::ByPixels { base: 1000, per_megapixel: 2500 };
        let with = |tokens| {
            let mut model = flat.clone();
            model.input_picture_tokens = tokens;
            model
        };
        let grown = with(by_pixels);
        // 1,000 + 2,500 × 2.359296, rounded up; 1,000 + 1.
        let tokens = 1000 + 5899 + 1000 + 1;
        assert_eq!(
            worst(&grown, &VERCEL, &[upload(1536, 1536), upload(1, 1)]),
            Some(Nano(52_026_000 + tokens * 2_500))
        );
        let huge = InputTokens::ByPixels { base: 0, per_megapixel: u64::MAX };
        let huge = with(huge);
        assert_eq!(worst(&huge, &VERCEL, &[upload(4096, 4096)]), None, "what fits no number");
    }

    #[test]
    fn what_upstream_says_comes_first_then_tokens_then_nothing() {
        let prices = config().models[0].prices;
        let tokens = Usage {
            cost: None,
            text_tokens: Some(17),
            picture_tokens: Some(2),
            output_tokens: Some(272),
            made_by: ModelName::UNKNOWN,
        };
        let reported = Usage { cost: "0.00221".parse().ok(), ..tokens };
        assert_eq!(charge(reported, Some(prices)), Some(Nano(2_210_000)));
        assert_eq!(charge(tokens, Some(prices)), Some(Nano(17 * 2_000 + 2 * 2_500 + 272 * 8_000)));
        for nothing in ["0", "0e-400", "1e-400", "0.0000000001", "0.000000001"] {
            assert_eq!(
                charge(Usage { cost: nothing.parse().ok(), ..tokens }, Some(prices)),
                charge(tokens, Some(prices)),
                "{nothing} is not believed"
            );
        }
        let least = Usage { cost: "0.0000000011".parse().ok(), ..tokens };
        assert_eq!(charge(least, Some(prices)), Some(Nano(2)), "above that it is");
        assert_eq!(
            charge(Usage { cost: Some(Nano::ZERO), ..Usage::default() }, Some(prices)),
            None
        );
        assert_eq!(charge(Usage { output_tokens: Some(0), ..tokens }, Some(prices)), None);
        assert_eq!(charge(Usage { text_tokens: None, ..tokens }, Some(prices)), None);
    }
}
