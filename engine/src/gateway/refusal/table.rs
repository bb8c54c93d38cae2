//! The codes and phrases that decide something, of every provider that was seen or is documented.
//!
//! Owns the lists. Must not know where in a body they stand (`words`).

/// What a code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Moderation refused the description or the picture.
    Moderation,
    /// A type that stands for moderation, unless a code beside it says otherwise.
    UserError,
    /// A provider's terms forbid the description.
    Terms,
    /// The operator's account is at the end of its money.
    Billing,
    /// The operator's account is not allowed to do this.
    Account,
    /// There is no such model (any more).
    ModelGone,
}

use Meaning::{Account, Billing, ModelGone, Moderation, Terms, UserError};

/// Codes, types and states by their letters and digits alone: `content_filter` and `ContentFilter` are one.
const CODES: &[(&str, Meaning)] = &[
    // OpenAI.
    ("moderationblocked", Moderation),
    ("contentpolicyviolation", Moderation),
    ("safetyviolation", Moderation),
    ("imagegenerationusererror", UserError),
    ("billinghardlimitreached", Billing),
    ("billinglimitusererror", Billing),
    ("insufficientquota", Billing),
    ("unsupportedcountryregionterritory", Account),
    ("accountdeactivated", Account),
    ("modelnotfound", ModelGone),
    // Azure.
    ("contentfilter", Moderation),
    ("responsibleaipolicyviolation", Moderation),
    ("deploymentnotfound", ModelGone),
    // Google and Vertex.
    ("prohibitedcontent", Moderation),
    ("imageprohibitedcontent", Moderation),
    ("imagesafety", Moderation),
    // xAI, BFL, ByteDance.
    ("contentmoderation", Moderation),
    ("contentmoderated", Moderation),
    ("requestmoderated", Moderation),
    ("inputtextsensitivecontentdetected", Moderation),
    ("inputimagesensitivecontentdetected", Moderation),
    ("outputimagesensitivecontentdetected", Moderation),
    // The gateway.
    ("permissionerror", Terms),
    ("customerverificationrequired", Account),
    ("noprovidersavailable", Account),
];

/// Words that mean moderation only where a reason is asked for: Google's.
const REASONS: &[&str] =
    &["safety", "blocklist", "spii", "recitation", "imagerecitation", "imageother"];

/// Codes that stand in a sentence for nothing else: a provider's error that was told on as text.
const CODES_IN_TEXT: &[&str] = &[
    "moderation_blocked",
    "content_policy_violation",
    "responsibleaipolicyviolation",
    "prohibited_content",
    "image_safety",
    "safety_check_type",
];

/// By these phrases moderation says that it was it: small letters, one space between words.
const PHRASES: &[&str] = &[
    // OpenAI.
    "safety system",
    "content polic",
    // Azure.
    "content management policy",
    "content filter",
    // Google and Vertex.
    "responsible ai",
    "prohibited content",
    "safety filter",
    "blocked by safety",
    "blocked due to safety",
    "blocked for safety",
    "vertex ai's usage guidelines",
    "may violate our polic",
    // xAI.
    "content moderation",
    "content violates usage guidelines",
    // BFL.
    "request moderated",
    "content moderated",
    // ByteDance.
    "may contain sensitive information",
    // Others.
    "blocked by moderation",
    "rejected by moderation",
    "flagged by moderation",
    "our moderation system",
    // The gateway's own words for a provider's terms.
    "violation of provider terms of service",
];

/// Sentences about the account begin so; within a sentence they may be the visitor's own words, told back.
const ACCOUNT_BEGINNINGS: &[(&str, Meaning)] = &[
    ("billing hard limit has been reached", Billing),
    ("your organization must be verified", Account),
    ("free tier users do not have access", Account),
    ("request denied by a routing rule", Account),
    ("ai gateway requires a valid credit card", Account),
    ("insufficient_quota", Billing),
    ("billing_hard_limit_reached", Billing),
];

/// Who is spoken of where a permission is the key's, and not the description's.
const KEY_PHRASES: &[&str] = &["api key", "your account", "your organization", "your team"];

/// What a code means, by its letters and digits.
pub(super) fn code(letters: &str) -> Option<Meaning> {
    CODES.iter().find(|(own, _)| *own == letters).map(|(_, meaning)| *meaning)
}

/// Whether a reason is moderation's.
pub(super) fn is_reason(letters: &str) -> bool {
    REASONS.contains(&letters)
}

/// Whether moderation speaks in a text of small letters.
pub(super) fn moderates(text: &str) -> bool {
    PHRASES.iter().chain(CODES_IN_TEXT).any(|phrase| text.contains(phrase))
}

/// Whether a text of small letters speaks of the key or its owner.
pub(super) fn is_about_key(text: &str) -> bool {
    KEY_PHRASES.iter().any(|phrase| text.contains(phrase))
}

/// What a text of small letters says of the account.
pub(super) fn account(text: &str) -> Option<Meaning> {
    // A status or the word "error" may stand before it.
    let text = text.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let text = text.strip_prefix("error").unwrap_or(text);
    let text = text.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    ACCOUNT_BEGINNINGS.iter().find(|(own, _)| text.starts_with(own)).map(|(_, meaning)| *meaning)
}
