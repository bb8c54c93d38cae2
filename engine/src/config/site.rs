//! A site: whose pages may show the studio, what visitors may choose there, and what it may cost.
//!
//! Owns a site's checks and defaults. Must not decide which of its settings are public: `public` does.
//!
//! Decision: docs/decisions/2026-11-29-webp-at-85-by-default.md.

mod checks;
mod public;

pub use self::public::Preset;
use self::{
    checks::{can_be_made, each_once, ensure, is_picture_name, normal_origins, one_of, within},
    public::CallToActionJson,
};
use super::{
    ConfigError,
    address::{self, Form},
    challenge::{Challenge, ChallengeJson},
    model::Model,
};
use crate::json::UniqueMap;
use contract::{
    limits,
    money::Nano,
    options::{Background, Format, Quality, Size},
    site::{CallToAction, History},
    text_keys,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A site, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Lower-case letters, digits, - and _.
    pub id: String,
    /// Origins whose pages may show the frame, in their normal form.
    pub origins: Vec<String>,
    /// Caps in money.
    pub budget: Budget,
    /// Limits on one visitor.
    pub visitor: Visitor,
    /// Limits on one network.
    pub network: Network,
    /// The challenge before a session, if there is one.
    pub challenge: Option<Challenge>,
    /// The prefix and suffix of the visitor's prompt, and its maximum length.
    pub prompt: Prompt,
    /// The sizes on offer, at least one; the first is the default unless `default_size` is configured.
    pub sizes: Vec<Size>,
    /// The size of a request that names none; one of `sizes`.
    pub default_size: Size,
    /// The quality of a request that names none; one of `qualities`.
    pub default_quality: Quality,
    /// 0–100, for webp and jpeg if a request names no value; `None` sends none.
    pub compression: Option<u8>,
    /// The qualities on offer, at least one; the first is the default unless `default_quality` is configured.
    pub qualities: Vec<Quality>,
    /// The formats on offer, at least one; the first is the default.
    pub formats: Vec<Format>,
    /// The backgrounds on offer, at least one; the first is the default.
    pub backgrounds: Vec<Background>,
    /// The most pictures in one order, 1–10.
    pub max_count: u32,
    /// Prompts that a visitor starts with one tap.
    pub presets: Vec<Preset>,
    /// The owner's own texts, by their keys.
    pub texts: BTreeMap<String, String>,
    /// Where the browser may keep pictures.
    pub history: History,
    /// Whether a visitor may hand a picture to the page.
    pub choose: bool,
    /// Whether visitors see what a picture costs.
    pub show_cost: bool,
    /// A link to what the owner offers beyond the free pictures.
    pub call_to_action: Option<CallToAction>,
    /// The owner's privacy statement.
    pub privacy_url: Option<String>,
    /// The URL at which a picture can be reported.
    pub report_url: Option<String>,
    /// Minutes for which the edge keeps pictures, 1–1,440.
    pub retention_minutes: u32,
}

/// Caps in money; days and months are UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct Budget {
    /// The cap of a day.
    pub day_usd: Nano,
    /// The cap of a month.
    pub month_usd: Nano,
    /// Per cent of `day_usd` that may be granted within 60 minutes, 1–100.
    #[serde(default = "default_hour_percent")]
    pub hour_percent: u8,
    /// Per cent of the day's and the hour's cap that only networks may use that had nothing on that day, 0–90.
    #[serde(default = "default_spare_percent")]
    pub spare_percent: u8,
}

const fn default_hour_percent() -> u8 {
    50
}

const fn default_spare_percent() -> u8 {
    20
}

/// Limits on one visitor, 1–1,000,000 each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "an object")]
pub struct Visitor {
    /// Pictures in the last 60 minutes.
    pub per_hour: u32,
    /// Pictures of a UTC day.
    pub per_day: u32,
    /// Jobs at the same time.
    pub concurrent: u32,
    /// Refused descriptions in the last 60 minutes before a pause.
    pub refusals_per_hour: u32,
}

impl Default for Visitor {
    fn default() -> Self {
        Self { per_hour: 10, per_day: 30, concurrent: 2, refusals_per_hour: 3 }
    }
}

/// Limits on one network (an IPv4 address or an IPv6 /56); the numbers are 1–1,000,000 each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "an object")]
pub struct Network {
    /// Pictures per UTC day.
    pub per_day: u32,
    /// New sessions per UTC day.
    pub sessions_per_day: u32,
    /// Per cent of the budget's `day_usd` that it may reserve and spend of a day, 1–100; an IPv6 /48 twice that.
    pub share_percent: u8,
    /// Pictures per UTC day whose description may be refused, before the network is challenged or paused.
    pub refusals_per_day: u32,
    /// Whether the platform's rate limit stands before the Ledger.
    pub rate_limit: bool,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            per_day: 60,
            sessions_per_day: 200,
            share_percent: 25,
            refusals_per_day: 20,
            rate_limit: true,
        }
    }
}

/// The prefix and suffix of the visitor's prompt. They never reach a browser.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "an object")]
pub struct Prompt {
    /// The most Unicode scalar values of the trimmed prompt.
    pub max_chars: u32,
    /// Text before the prompt, used without change.
    pub prefix: String,
    /// Text after the prompt, used without change.
    pub suffix: String,
}

impl Default for Prompt {
    fn default() -> Self {
        Self { max_chars: 1000, prefix: String::new(), suffix: String::new() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct SiteJson {
    id: String,
    origins: Vec<String>,
    budget: Budget,
    #[serde(default)]
    visitor: Visitor,
    #[serde(default)]
    network: Network,
    #[serde(default)]
    prompt: Prompt,
    #[serde(default = "default_sizes")]
    sizes: Vec<Size>,
    #[serde(default = "default_qualities")]
    qualities: Vec<Quality>,
    #[serde(default = "default_formats")]
    formats: Vec<Format>,
    #[serde(default = "default_compression")]
    compression: Option<u8>,
    #[serde(default = "default_backgrounds")]
    backgrounds: Vec<Background>,
    default_size: Option<Size>,
    default_quality: Option<Quality>,
    #[serde(default = "default_max_count")]
    max_count: u32,
    #[serde(default)]
    presets: Vec<Preset>,
    #[serde(default)]
    texts: UniqueMap<String, String>,
    challenge: Option<ChallengeJson>,
    #[serde(default = "default_history")]
    history: History,
    #[serde(default)]
    choose: bool,
    #[serde(default)]
    show_cost: bool,
    call_to_action: Option<CallToActionJson>,
    privacy_url: Option<String>,
    report_url: Option<String>,
    #[serde(default = "default_retention_minutes")]
    retention_minutes: u32,
}

/// Square, wide, tall: the sizes that every GPT image model supports.
fn default_sizes() -> Vec<Size> {
    [(1024, 1024), (1536, 1024), (1024, 1536)]
        .map(|(width, height)| Size { width, height })
        .to_vec()
}

fn default_qualities() -> Vec<Quality> {
    Quality::ALL.to_vec()
}

/// WebP first: a PNG has about six times the bytes.
fn default_formats() -> Vec<Format> {
    vec![Format::Webp, Format::Png, Format::Jpeg]
}

/// For webp and jpeg. Above 85 the files grow more than the visible quality. `null` in the configuration sends no
/// value.
#[expect(clippy::unnecessary_wraps, reason = "it is the default of a member that may be null")]
const fn default_compression() -> Option<u8> {
    Some(85)
}

fn default_backgrounds() -> Vec<Background> {
    Background::ALL.to_vec()
}

const fn default_max_count() -> u32 {
    4
}

const fn default_history() -> History {
    History::Session
}

const fn default_retention_minutes() -> u32 {
    60
}

/// Each key is one of the studio's, each text one line.
fn check_texts(texts: &BTreeMap<String, String>) -> Result<(), ConfigError> {
    for (key, text) in texts {
        let known = text_keys::KEYS.split(' ').any(|known| known == key && !key.is_empty());
        let fits = (1..=500).contains(&text.chars().count()) && text.bytes().all(|b| b >= b' ');
        ensure(
            known && fits,
            format!(
                "texts: {key} must be 1 to 500 characters in one line, by one of these names:{}",
                text_keys::KEYS
            ),
        )?;
    }
    Ok(())
}

/// Each picture of a preset is the name of a file.
fn check_presets(site: &str, presets: &[Preset]) -> Result<(), ConfigError> {
    for (at, preset) in presets.iter().enumerate() {
        ensure(
            preset.picture.as_deref().is_none_or(is_picture_name),
            format!(
                "presets[{at}].picture must be the name of a file in public/sites/{site}: small letters, digits, -, _ \
                 and ., with .webp, .png, .jpg or .jpeg at its end"
            ),
        )?;
    }
    Ok(())
}

impl Site {
    pub(super) fn check(json: SiteJson, models: &[Model]) -> Result<Self, ConfigError> {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
        ensure(
            (1..=32).contains(&json.id.len()) && json.id.bytes().all(fits),
            "id has 1 to 32 small letters, digits, - and _",
        )?;
        let origins = normal_origins(&json.origins)?;
        check_texts(&json.texts.0)?;
        let visitor = json.visitor;
        for (name, value) in [
            ("visitor.per_hour", visitor.per_hour),
            ("visitor.per_day", visitor.per_day),
            ("visitor.concurrent", visitor.concurrent),
            ("visitor.refusals_per_hour", visitor.refusals_per_hour),
            ("network.per_day", json.network.per_day),
            ("network.sessions_per_day", json.network.sessions_per_day),
            ("network.refusals_per_day", json.network.refusals_per_day),
        ] {
            within(name, value, 1, 1_000_000)?;
        }
        let (budget, share) = (json.budget, json.network.share_percent);
        within("budget.hour_percent", u32::from(budget.hour_percent), 1, 100)?;
        within("budget.spare_percent", u32::from(budget.spare_percent), 0, 90)?;
        within("network.share_percent", u32::from(share), 1, 100)?;
        within("max_count", json.max_count, 1, limits::PICTURES_PER_JOB)?;
        within("retention_minutes", json.retention_minutes, 1, 1440)?;
        within("prompt.max_chars", json.prompt.max_chars, 1, limits::PROMPT_CHARS)?;
        let round = json.prompt.prefix.chars().chain(json.prompt.suffix.chars()).count();
        let longest = round.saturating_add(json.prompt.max_chars as usize);
        ensure(
            longest <= limits::PROMPT_CHARS as usize,
            format!(
                "prompt: prefix, max_chars and suffix add up to more than {}",
                limits::PROMPT_CHARS
            ),
        )?;
        each_once("sizes", &json.sizes)?;
        each_once("qualities", &json.qualities)?;
        each_once("formats", &json.formats)?;
        each_once("backgrounds", &json.backgrounds)?;
        let (default_size, default_quality) = (
            one_of("default_size", json.default_size, &json.sizes)?,
            one_of("default_quality", json.default_quality, &json.qualities)?,
        );
        ensure(
            json.compression.is_none_or(|percent| percent <= 100),
            "compression must lie between 0 and 100, or be null",
        )?;
        can_be_made(&json, models)?;
        check_presets(&json.id, &json.presets)?;
        let challenge = json.challenge.map(Challenge::check).transpose()?;
        for (name, link) in [
            ("privacy_url", json.privacy_url.as_ref()),
            ("report_url", json.report_url.as_ref()),
            ("call_to_action.url", json.call_to_action.as_ref().map(|offer| &offer.url)),
        ] {
            link.map_or(Ok(()), |link| address::check(name, link, Form::Whole))?;
        }
        Ok(Self {
            id: json.id,
            origins,
            budget: json.budget,
            visitor,
            network: json.network,
            challenge,
            prompt: json.prompt,
            sizes: json.sizes,
            qualities: json.qualities,
            formats: json.formats,
            compression: json.compression,
            backgrounds: json.backgrounds,
            default_size,
            default_quality,
            max_count: json.max_count,
            presets: json.presets,
            texts: json.texts.0,
            history: json.history,
            choose: json.choose,
            show_cost: json.show_cost,
            call_to_action: json.call_to_action.map(CallToActionJson::public),
            privacy_url: json.privacy_url,
            report_url: json.report_url,
            retention_minutes: json.retention_minutes,
        })
    }
}
