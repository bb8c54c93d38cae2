//! The numbers of tokens of a prompt and of a picture.
//!
//! Owns the maker's published table, the formula of the newer models, and an estimate for text. Must not know prices.

use crate::models::{Effort, Family};
use contract::options::Size;

/// The sizes that every model accepts, in the order in which errors list them.
pub(crate) const SIZES: [Size; 3] = [
    Size { width: 1024, height: 1024 },
    Size { width: 1024, height: 1536 },
    Size { width: 1536, height: 1024 },
];

/// Output tokens of one picture; `None` for a size or quality that this family does not accept.
pub(crate) fn of_picture(family: Family, size: Size, effort: Effort) -> Option<u64> {
    match family {
        Family::One => of_table(size, effort),
        Family::Two => base_of_two(effort).map(|base| by_formula(base, size)),
        Family::TwoFive => Some(by_formula(base_of_two_five(effort), size)),
        // No table was published. One source observed three to four times the tokens of 2.5 for low and medium, and the
        // same number for high. The sandbox charges the highest of these.
        Family::TwoSix => {
            let tokens = by_formula(base_of_two_five(effort), size);
            match effort {
                Effort::Low | Effort::Medium => Some(4 * tokens),
                Effort::High => Some(tokens),
                Effort::Xhigh | Effort::Max => None,
            }
        }
    }
}

/// Input tokens of a picture to edit.
pub(crate) fn of_input(family: Family, width: u32, height: u32) -> u64 {
    match family {
        // 65, and 129 for each tile of 512 by 512 pixels. By OpenAI's guide a picture is scaled down, never up: to fit
        // 2,048 by 2,048 pixels, and then until its shorter side has 512. That leaves at most four tiles, in one row.
        // The recorded picture of 1024 by 1024 pixels cost 194.
        Family::One => {
            let (short, long) = (u64::from(width.min(height)).max(1), u64::from(width.max(height)));
            65 + 129 * long.div_ceil(short).min(4)
        }
        // About 1,024 were observed for 1024 by 1024 pixels. The sandbox assumes the most expensive rule that fits: the
        // number grows with the pixels, without a limit.
        Family::Two | Family::TwoFive | Family::TwoSix => {
            (u64::from(width) * u64::from(height)).div_ceil(1024)
        }
    }
}

/// Tokens of a prompt, estimated: one for every four characters, rounded up, and nine more. It agrees with the recorded
/// example of 32 characters and 17 tokens; the real tokenizer is not reproduced.
pub(crate) fn of_text(prompt: &str) -> u64 {
    (prompt.chars().count() as u64).div_ceil(4) + 9
}

fn of_table(size: Size, effort: Effort) -> Option<u64> {
    let column = SIZES.iter().position(|known| *known == size)?;
    Some(match effort {
        Effort::Low => [272, 408, 400][column],
        Effort::Medium => [1056, 1584, 1568][column],
        Effort::High => [4160, 6240, 6208][column],
        Effort::Xhigh | Effort::Max => return None,
    })
}

const fn base_of_two(effort: Effort) -> Option<u64> {
    match effort {
        Effort::Low => Some(16),
        Effort::Medium => Some(48),
        Effort::High => Some(96),
        Effort::Xhigh | Effort::Max => None,
    }
}

const fn base_of_two_five(effort: Effort) -> u64 {
    match effort {
        Effort::Low => 16,
        Effort::Medium => 24,
        Effort::High => 48,
        Effort::Xhigh => 64,
        Effort::Max => 96,
    }
}

/// The formula of OpenAI's price calculator: a grid of `base` by `base × short / long` cells, the latter rounded half to
/// even. The number of cells is multiplied by a factor that grows with the number of pixels.
fn by_formula(base: u64, size: Size) -> u64 {
    let (width, height) = (u64::from(size.width).max(1), u64::from(size.height).max(1));
    let (short, long) = (width.min(height), width.max(height));
    let (whole, rest) = (base * short / long, base * short % long);
    let cells = match (2 * rest).cmp(&long) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Equal => whole + whole % 2,
        std::cmp::Ordering::Greater => whole + 1,
    };
    (base * cells * (2_000_000 + width * height)).div_ceil(4_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Effort::{High, Low, Max, Medium, Xhigh};

    const WIDE: Size = Size { width: 1536, height: 864 };

    #[track_caller]
    fn check(family: Family, effort: Effort, [square, tall, wide]: [u64; 3]) {
        let of = |size| of_picture(family, size, effort);
        // Portrait and landscape of the same sides have the same number of tokens.
        assert_eq!(SIZES.map(of), [square, tall, tall].map(Some), "{family:?} {effort:?}");
        assert_eq!(of(WIDE), Some(wide), "{family:?} {effort:?}");
    }

    /// Compares with a published price in hundredths of a cent, at $30 per million tokens.
    #[track_caller]
    fn costs(family: Family, effort: Effort, size: Size, price: u64) {
        let tokens = of_picture(family, size, effort).unwrap();
        let found = (tokens * 30 + 50) / 100;
        assert_eq!(found, price, "{family:?} {effort:?} {size}");
    }

    #[test]
    fn the_formula_gives_the_tokens_that_are_known_of_2_5() {
        check(Family::TwoFive, Low, [196, 158, 120]);
        check(Family::TwoFive, Medium, [439, 343, 280]);
        check(Family::TwoFive, High, [1756, 1372, 1078]);
        check(Family::TwoFive, Xhigh, [3122, 2459, 1917]);
        check(Family::TwoFive, Max, [7024, 5488, 4312]);
    }

    #[test]
    fn the_formula_gives_the_prices_that_are_known_of_2() {
        for (effort, square, side, wide) in
            [(Low, 59, 47, 36), (Medium, 527, 412, 323), (High, 2107, 1646, 1294)]
        {
            costs(Family::Two, effort, SIZES[0], square);
            costs(Family::Two, effort, SIZES[1], side);
            costs(Family::Two, effort, SIZES[2], side);
            costs(Family::Two, effort, WIDE, wide);
        }
        assert_eq!(of_picture(Family::Two, SIZES[0], Max), None);
    }

    #[test]
    fn drafts_of_2_6_cost_four_times_those_of_2_5_and_fine_ones_the_same() {
        check(Family::TwoSix, Low, [784, 632, 480]);
        check(Family::TwoSix, Medium, [1756, 1372, 1120]);
        check(Family::TwoSix, High, [1756, 1372, 1078]);
        assert_eq!(of_picture(Family::TwoSix, SIZES[0], Xhigh), None);
    }

    #[test]
    fn a_half_is_rounded_to_the_even_number() {
        // 24 by 16 : 9 is 13.5 and becomes 14; 16 by 32 : 29 is 14.5 and becomes 14.
        assert_eq!(by_formula(24, WIDE), 280);
        let size = Size { width: 1024, height: 928 };
        assert_eq!(
            by_formula(16, size),
            (16 * 14 * (2_000_000_u64 + 1024 * 928)).div_ceil(4_000_000)
        );
    }

    #[test]
    fn a_picture_that_is_given_costs_by_its_pixels_since_2() {
        for family in [Family::Two, Family::TwoFive, Family::TwoSix] {
            let of = |width, height| of_input(family, width, height);
            assert_eq!([of(1024, 1024), of(1, 1), of(33, 32)], [1024, 1, 2]);
            assert_eq!([of(1536, 1536), of(4096, 4096)], [2304, 16_384]);
        }
        assert_eq!(
            [of_input(Family::One, 1024, 1024), of_input(Family::One, 4096, 4096)],
            [194, 194]
        );
    }
}
