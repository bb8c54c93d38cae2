//! How many tokens a prompt and a picture are.
//!
//! Owns the table of gateway.md §8.4 and an estimate for text. Must not know prices.

use contract::options::{Quality, Size};

/// The sizes that the model paints, in the order in which its errors name them.
pub(crate) const SIZES: [Size; 3] = [
    Size { width: 1024, height: 1024 },
    Size { width: 1024, height: 1536 },
    Size { width: 1536, height: 1024 },
];

/// Tokens of one picture; nothing for a size that the model does not paint.
pub(crate) fn of_picture(size: Size, quality: Quality) -> Option<u64> {
    let column = SIZES.iter().position(|known| *known == size)?;
    Some(match quality {
        Quality::Low => [272, 408, 400][column],
        Quality::Medium => [1056, 1584, 1568][column],
        Quality::High => [4160, 6240, 6208][column],
    })
}

/// Tokens of a picture that is to be changed: 65, and 129 for each tile of 512 pixels when its shorter side is scaled
/// to one. That is what the recorded 1024 by 1024 pixels cost (194); other sizes follow OpenAI's guide.
pub(crate) fn of_input(width: u32, height: u32) -> u64 {
    let (short, long) = (u64::from(width.min(height)).max(1), u64::from(width.max(height)));
    65 + 129 * long.div_ceil(short)
}

/// Tokens of a prompt: a stand-in for the real tokenizer that agrees with the recorded example (32 characters, 17
/// tokens): one for each started four characters, and nine that every prompt costs.
pub(crate) fn of_text(prompt: &str) -> u64 {
    (prompt.chars().count() as u64).div_ceil(4) + 9
}
