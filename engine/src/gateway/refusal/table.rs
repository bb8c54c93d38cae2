//! The known error codes and phrases of every provider, as seen or documented.
//!
//! Owns the lists. Must not know where in a body they occur (`error_body`).

/// The meaning of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Moderation refused the prompt or the picture.
    Moderation,
    /// A type that means moderation, unless the error also has a code with another meaning.
    UserError,
    /// A provider's terms of service forbid the prompt.
    Terms,
    /// The operator's account has no money left.
    Billing,
    /// The operator's account has no permission for this.
    Account,
    /// The model does not exist, or no longer.
    ModelGone,
}

use Meaning::{Account, Billing, ModelGone, Moderation, Terms, UserError};

/// Codes, types and statuses, by their letters and digits only, so that `content_filter` equals `ContentFilter`.
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

/// Google's words for moderation, which have this meaning only in a member that states a reason.
const REASONS: &[&str] =
    &["safety", "blocklist", "spii", "recitation", "imagerecitation", "imageother"];

/// Codes that are also recognised within a sentence, for a provider's error that was passed on as text.
const CODES_IN_TEXT: &[&str] = &[
    "moderation_blocked",
    "content_policy_violation",
    "responsibleaipolicyviolation",
    "prohibited_content",
    "image_safety",
    "safety_check_type",
];

/// Phrases that mean moderation, in lower case with one space between words.
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
    // The gateway's words for a provider's terms of service.
    "violation of provider terms of service",
];

/// The beginnings of sentences about the account. Inside a sentence the same words could be a repeated prompt.
const ACCOUNT_BEGINNINGS: &[(&str, Meaning)] = &[
    ("billing hard limit has been reached", Billing),
    ("your organization must be verified", Account),
    ("free tier users do not have access", Account),
    ("request denied by a routing rule", Account),
    ("ai gateway requires a valid credit card", Account),
    ("insufficient_quota", Billing),
    ("billing_hard_limit_reached", Billing),
];

/// Phrases that show that a missing permission is about the key, and not about the prompt.
const KEY_PHRASES: &[&str] = &["api key", "your account", "your organization", "your team"];

/// The meaning of a code, given its letters and digits.
pub(super) fn code(letters: &str) -> Option<Meaning> {
    CODES.iter().find(|(known, _)| *known == letters).map(|(_, meaning)| *meaning)
}

/// Whether a reason means moderation.
pub(super) fn is_reason(letters: &str) -> bool {
    REASONS.contains(&letters)
}

/// Whether a text in lower case contains a phrase that means moderation.
pub(super) fn is_moderation(text: &str) -> bool {
    PHRASES.iter().chain(CODES_IN_TEXT).any(|phrase| text.contains(phrase))
}

/// Whether a text in lower case is about the key or its owner.
pub(super) fn is_about_key(text: &str) -> bool {
    KEY_PHRASES.iter().any(|phrase| text.contains(phrase))
}

/// What a text in lower case says about the account, if it begins with such a sentence.
pub(super) fn account(text: &str) -> Option<Meaning> {
    // A status or the word "error" may precede the sentence.
    let text = text.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let text = text.strip_prefix("error").unwrap_or(text);
    let text = text.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    ACCOUNT_BEGINNINGS
        .iter()
        .find(|(known, _)| text.starts_with(known))
        .map(|(_, meaning)| *meaning)
}
