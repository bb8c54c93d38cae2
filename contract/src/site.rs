//! A site's public facts: what a visitor may choose, and what the studio shows.
//!
//! Owns the wire type of `/v1/sites/{site}`. Must never hold budgets, prefixes or suffixes: they do not reach a browser.

use crate::{
    money::Nano,
    options::{Background, Format, Quality, Size},
    text::words,
};
use alloc::{collections::BTreeMap, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// What `GET /v1/sites/{site}` answers, and what the frame's document carries inlined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The site's id.
    pub id: String,
    /// Sizes on offer.
    pub sizes: Vec<Size>,
    /// The size of a request that names none.
    pub default_size: Size,
    /// Qualities on offer.
    pub qualities: Vec<Quality>,
    /// The quality of a request that names none.
    pub default_quality: Quality,
    /// Pictures to edit that one request may hold.
    pub max_inputs: u32,
    /// Pixels that a side of a picture to edit may have: every model that may be asked takes it.
    pub max_input_side: u32,
    /// Formats on offer; the first is the default.
    pub formats: Vec<Format>,
    /// Backgrounds on offer.
    pub backgrounds: Vec<Background>,
    /// Pictures of one job at most.
    pub max_count: u32,
    /// Unicode scalar values of a prompt at most, after trimming.
    pub max_prompt_chars: u32,
    /// One-tap starts.
    pub presets: Vec<Preset>,
    /// The owner's words in place of the studio's, by key.
    pub texts: BTreeMap<String, String>,
    /// The challenge that opens a session, if there is one.
    pub challenge: Option<Challenge>,
    /// What the browser may keep.
    pub history: History,
    /// Whether "Use this picture" hands the bytes to the page.
    pub choose: bool,
    /// Whether visitors see what a picture costs.
    pub show_cost: bool,
    /// What this site has really seen, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimates: Option<Vec<Estimate>>,
    /// What is offered when a limit is reached.
    pub call_to_action: Option<CallToAction>,
    /// The owner's privacy statement.
    pub privacy_url: Option<String>,
    /// Where a picture can be reported.
    pub report_url: Option<String>,
    /// Minutes that the bytes stay at the edge.
    pub retention_minutes: u32,
    /// Whether pictures are samples, because there is no gateway key.
    pub sandbox: bool,
}

/// A one-tap start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// The word on the wall.
    pub label: String,
    /// The prompt that it stands for.
    pub prompt: String,
}

/// A challenge as the browser needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// `turnstile`.
    pub provider: String,
    /// The public key of the widget.
    pub site_key: String,
    /// Where the widget's own script lies. No page loads it before its visitor acts.
    pub script: String,
}

/// What a picture of this size and quality has taken and cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// Its size.
    pub size: Size,
    /// Its quality.
    pub quality: Quality,
    /// The median time that this site has seen; nothing before the first picture.
    pub expected_ms: Option<u64>,
    /// The price by the model's own table; nothing where the site hides cost.
    pub usd: Option<Nano>,
}

/// A link that is offered when a limit is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallToAction {
    /// Its words.
    pub label: String,
    /// Where it leads: https.
    pub url: String,
}

words! {
    /// What the visitor's browser may keep.
    History {
        /// Nothing at all.
        Off = "off",
        /// The token and the jobs' ids, until the tab is closed.
        Session = "session",
        /// Pictures too, after the visitor agreed.
        Device = "device",
    }
}
