//! Sizes that both sides keep, each with its reason.
//!
//! Owns numbers that hold for every site. Must not hold what a site configures.

/// Bytes of a JSON body, unless the site's prompts need more ([`json_body_bytes`]).
pub const JSON_BODY_BYTES: u64 = 16 * 1024;
/// Characters of an `Idempotency-Key`: what the field's best-known payment interface takes.
pub const IDEMPOTENCY_KEY_CHARS: usize = 255;
/// The longest prompt that the model's maker takes, in Unicode scalar values.
pub const PROMPT_CHARS: u32 = 32_000;
/// Pictures of one job: the most that the model's maker takes in one request.
pub const PICTURES_PER_JOB: u32 = 10;
/// Bytes of one picture from upstream; the largest PNG seen has a tenth of it.
pub const PICTURE_BYTES: u64 = 32 * 1024 * 1024;

/// Bytes that a JSON body may have on a site with prompts of `max_chars`: one scalar value takes at most
/// 12 bytes of JSON (a surrogate pair, escaped), all else fits 4 KB.
pub const fn json_body_bytes(max_chars: u32) -> u64 {
    let wanted = 4 * 1024 + 12 * max_chars as u64;
    if wanted > JSON_BODY_BYTES { wanted } else { JSON_BODY_BYTES }
}
