//! What the models of one generation have in common: the values that they accept, and how their tokens are counted.
//!
//! Owns the maker's table of sizes and qualities. Must not know a single model or a price.

use contract::options::{Quality, UnknownVariant};
use serde::Serialize;
use std::str::FromStr;

/// Models that accept the same values and count tokens by the same rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// `gpt-image-1-mini` and `gpt-image-1.5`.
    One,
    /// `gpt-image-2`.
    Two,
    /// `gpt-image-2.5-*`.
    TwoFive,
    /// `gpt-image-2.6-*`.
    TwoSix,
}

/// All values of the maker's parameter `quality`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Effort {
    Low,
    Medium,
    High,
    Xhigh,
    Max,
}

impl Family {
    /// The accepted values of `quality`, in the order in which errors list them. Resellers offer `xhigh` and `max` for 2.6
    /// too; its maker documents neither.
    pub(crate) const fn qualities(self) -> &'static [&'static str] {
        match self {
            Self::TwoFive => &["low", "medium", "high", "xhigh", "max", "auto"],
            Self::One | Self::Two | Self::TwoSix => &["low", "medium", "high", "auto"],
        }
    }

    /// Whether any size within limits is accepted, and not only the three common ones.
    pub(crate) const fn accepts_free_sizes(self) -> bool {
        matches!(self, Self::Two | Self::TwoFive)
    }
}

impl Effort {
    /// The nearest of the three qualities that Easel knows.
    pub(crate) const fn quality(self) -> Quality {
        match self {
            Self::Low => Quality::Low,
            Self::Medium => Quality::Medium,
            Self::High | Self::Xhigh | Self::Max => Quality::High,
        }
    }
}

impl FromStr for Effort {
    type Err = UnknownVariant;

    fn from_str(word: &str) -> Result<Self, UnknownVariant> {
        match word {
            "low" => Ok(Self::Low),
            "medium" => Ok(Self::Medium),
            "high" => Ok(Self::High),
            "xhigh" => Ok(Self::Xhigh),
            "max" => Ok(Self::Max),
            _ => Err(UnknownVariant),
        }
    }
}
