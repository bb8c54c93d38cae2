//! Limits that both sides enforce, each with its reason.
//!
//! Owns the limits that hold for every site. Must not hold those that a site configures.

/// The most bytes of a JSON body, unless the site's prompts need more ([`json_body_bytes`]).
pub const JSON_BODY_BYTES: u64 = 16 * 1024;
/// The most characters of an `Idempotency-Key`: the limit of the best-known payment API with this header.
pub const IDEMPOTENCY_KEY_CHARS: usize = 255;
/// The longest prompt that the model's maker accepts, in Unicode scalar values.
pub const PROMPT_CHARS: u32 = 32_000;
/// The most pictures of one job: the model's maker accepts no more in one request.
pub const PICTURES_PER_JOB: u32 = 10;
/// The most bytes of one picture from upstream: ten times the largest PNG seen.
pub const PICTURE_BYTES: u64 = 32 * 1024 * 1024;

/// The most bytes of a JSON body on a site whose prompts may have `max_chars` scalar values. One value needs at most 12
/// bytes of JSON (an escaped surrogate pair); all other members fit into 4 KB.
pub const fn json_body_bytes(max_chars: u32) -> u64 {
    let wanted = 4 * 1024 + 12 * max_chars as u64;
    if wanted > JSON_BODY_BYTES { wanted } else { JSON_BODY_BYTES }
}
