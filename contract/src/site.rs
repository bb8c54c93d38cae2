//! A site's public configuration: the options that it offers, and what the studio shows.
//!
//! Owns the JSON type of `/v1/sites/{site}`. Must never hold budgets or the prefix and suffix of prompts: they must not
//! reach a browser.

use crate::{
    money::Nano,
    options::{Background, Format, Quality, Size},
    text::wire_enum,
};
use alloc::{collections::BTreeMap, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// The response of `GET /v1/sites/{site}`, which the studio's document also embeds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The site's id.
    pub id: String,
    /// The offered sizes.
    pub sizes: Vec<Size>,
    /// The size of a request that names none.
    pub default_size: Size,
    /// The offered qualities.
    pub qualities: Vec<Quality>,
    /// The quality of a request that names none.
    pub default_quality: Quality,
    /// The most pictures to edit in one request; 0 if the site offers no edits.
    pub max_inputs: u32,
    /// The longest side of a picture to edit in pixels, which every configured model accepts.
    pub max_input_side: u32,
    /// The most jobs of one visitor that are made at the same time.
    pub concurrent: u32,
    /// The offered formats; the first is the default.
    pub formats: Vec<Format>,
    /// The offered backgrounds.
    pub backgrounds: Vec<Background>,
    /// The most pictures of one job.
    pub max_count: u32,
    /// The longest prompt after trimming, in Unicode scalar values.
    pub max_prompt_chars: u32,
    /// Suggested prompts.
    pub presets: Vec<Preset>,
    /// The owner's replacements of the studio's texts, by key.
    pub texts: BTreeMap<String, String>,
    /// The challenge that opens a session, if there is one.
    pub challenge: Option<Challenge>,
    /// What the browser may store.
    pub history: History,
    /// Whether the button "Use this picture" sends the bytes to the embedding page.
    pub choose: bool,
    /// Whether visitors see what a picture costs.
    pub show_cost: bool,
    /// Times and prices by size and quality, if the response contains them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimates: Option<Vec<Estimate>>,
    /// A link to what the owner offers beyond the free pictures.
    pub call_to_action: Option<CallToAction>,
    /// The URL of the owner's privacy statement.
    pub privacy_url: Option<String>,
    /// The URL at which a picture can be reported.
    pub report_url: Option<String>,
    /// How long the edge keeps a picture's bytes, in minutes.
    pub retention_minutes: u32,
    /// Whether pictures are samples, because there is no gateway key.
    pub sandbox: bool,
}

/// The response of `GET /v1/sites/{site}?origin=ORIGIN`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteForOrigin {
    /// The site.
    #[serde(flatten)]
    pub site: Site,
    /// Whether a page of that origin may embed the studio.
    pub origin_listed: bool,
}

/// A suggested prompt, which one tap selects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preset {
    /// The text of its button.
    pub label: String,
    /// The prompt that it fills in.
    pub prompt: String,
    /// The path of a picture that this prompt made, for the wall while it is empty.
    pub picture: Option<String>,
}

/// The public part of a site's challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// `turnstile`.
    pub provider: String,
    /// The public key of the widget.
    pub site_key: String,
    /// The URL of the widget's script. The studio loads it only after the visitor acted.
    pub script: String,
}

/// The usual time and the price of a picture of one size and quality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// Its size.
    pub size: Size,
    /// Its quality.
    pub quality: Quality,
    /// The median time on this site in milliseconds; `None` before the first picture.
    pub expected_ms: Option<u64>,
    /// The price by the model's table, in US dollars; `None` if the site hides costs.
    pub usd: Option<Nano>,
}

/// A link to what the owner offers beyond the free pictures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallToAction {
    /// The link's text.
    pub label: String,
    /// Its URL, which is `https:`.
    pub url: String,
    /// When the studio shows it.
    pub when: CallToActionWhen,
}

wire_enum! {
    /// When the studio shows the owner's link.
    CallToActionWhen {
        /// When a limit is reached.
        Limit = "limit",
        /// Once the visitor has a picture, and when a limit is reached.
        Picture = "picture",
        /// At all times.
        Always = "always",
    }
}

wire_enum! {
    /// What the visitor's browser may store.
    History {
        /// Nothing.
        Off = "off",
        /// The session's token and the jobs' ids, until the tab is closed.
        Session = "session",
        /// The pictures too, after the visitor agreed.
        Device = "device",
    }
}
