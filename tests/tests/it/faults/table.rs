//! What each fault that the sandbox plays comes to.
//!
//! Owns the table, as data. Must not play them.

use contract::{job::Job, money::Nano, problem::ProblemKind};

/// What a job with a fault comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Ends {
    /// A picture, at the price that upstream told.
    Priced,
    /// A picture, at its reservation: the price is not known.
    Reserved,
    /// No picture, and nothing is charged.
    Refunded(ProblemKind),
    /// No picture, and the reservation is spent.
    Spent(ProblemKind),
}

use Ends::{Priced, Refunded, Reserved, Spent};
use ProblemKind::{Busy, GatewayFailed, GatewayRefused, Interrupted, Misconfigured, PromptRefused};

/// What each fault comes to, for the visitor and for the books. Where two ends stand, whichever comes first is right.
const TABLE: &[(&[Ends], &[&str])] = &[
    (&[Refunded(PromptRefused)], &["refuse", "refuse-older", "refuse-message", "refuse-output"]),
    // The same in the words of other makers, and a 403 that is about the description or about nothing that is known
    // while the key is alive.
    (
        &[Refunded(PromptRefused)],
        &[
            "azure",
            "azure-attempt",
            "azure-policy",
            "azure-violation",
            "bfl",
            "bfl-content",
            "google",
            "google-safety",
            "html403",
            "refuse-attempt",
            "terms",
            "vertex",
            "vertex-blocked",
            "xai",
            "xai-image",
        ],
    ),
    (
        &[Refunded(Busy)],
        &[
            "busy",
            "busy-bare",
            "busy-zero",
            "busy-long",
            "busy-date",
            "busy-past",
            "busy-garbage",
            "busy-negative",
            "busy-huge",
            "busy-maker",
            "503",
            "503-bare",
            "503-date",
        ],
    ),
    (
        &[Refunded(GatewayRefused)],
        &[
            "401",
            "402",
            "402-quota",
            "403",
            "403-flat",
            "400-billing",
            "400-quota",
            "429-billing",
            "429-quota",
            "echo",
        ],
    ),
    (&[Refunded(GatewayFailed)], &["400", "400-issues", "405", "413", "415", "422"]),
    (&[Refunded(Misconfigured)], &["404", "404-flat", "404-html", "404-other"]),
    (
        &[Spent(GatewayFailed)],
        &[
            "204",
            "301",
            "302",
            "307",
            "308",
            "408",
            "418",
            "424",
            "500",
            "599",
            "b64-char",
            "b64-data",
            "b64-empty",
            "b64-inside",
            "b64-lines",
            "b64-padding",
            "b64-short",
            "b64-space",
            "b64-unicode",
            "b64-url",
            "bom",
            "bomb",
            "chunks",
            "cut",
            "deep",
            "early",
            "empty",
            "error-200",
            "gif",
            "gzip-cut",
            "gzip-lie",
            "hangup",
            "hangup-head",
            "html",
            "length-short",
            "length-two",
            "list",
            "no-data",
            "no-end",
            "no-http",
            "no-text",
            "null-data",
            "number-text",
            "object",
            "page",
            "page-json",
            "plain",
            "polyglot",
            "reset",
            "svg",
            "tail",
            "text",
            "truncated",
            "twice",
            "url",
        ],
    ),
    (&[Spent(Interrupted)], &["refuse-slow", "silent", "slow", "stall", "stall-late", "trickle"]),
    // Too much, or too late.
    (&[Spent(GatewayFailed), Spent(Interrupted)], &["endless", "huge", "spaces"]),
    // What fails behind a picture does not touch it, but its price is not known.
    (
        &[Reserved],
        &[
            "late-fault",
            "late-garbage",
            "length-long",
            "no-close",
            "stall-after",
            "tokens-huge",
            "untold",
        ],
    ),
    // A reset may throw away what came before it.
    (&[Reserved, Spent(GatewayFailed)], &["late-reset"]),
    (
        &[Priced],
        &[
            "503-once",
            "b64-escaped",
            "busy-once",
            "cost-exponent",
            "cost-garbage",
            "cost-huge",
            "cost-negative",
            "cost-null",
            "cost-number",
            "dear",
            "echo-picture",
            "free",
            "gzip",
            "jpeg",
            "length-none",
            "mistyped",
            "more",
            "no-cost",
            "no-usage",
            "numbers",
            "untyped",
        ],
    ),
    (
        &[Priced],
        &[
            "sse-big",
            "sse-comments",
            "sse-cr",
            "sse-crlf",
            "sse-done",
            "sse-early",
            "sse-error-late",
            "sse-garbage",
            "sse-lines",
            "sse-mix",
            "sse-split",
            "sse-tight",
            "sse-twice",
            "sse-untyped",
        ],
    ),
    (&[Reserved], &["sse-no-blank"]),
    (&[Spent(GatewayFailed)], &["sse-error", "sse-error-between", "sse-no-end"]),
    (&[Spent(Interrupted)], &["sse-stall"]),
    (&[Refunded(PromptRefused)], &["sse-refuse", "sse-refuse-flat"]),
    // Previews had come: work was done, and nobody says that it was free.
    (&[Spent(PromptRefused)], &["sse-refuse-output"]),
    // A picture without its padding is whole in every byte but to a reader that is strict; this one is.
    (&[Spent(GatewayFailed)], &["b64-bare"]),
];

/// What this fault may come to.
pub(in super::super) fn expected(name: &str) -> &'static [Ends] {
    TABLE.iter().find(|(_, names)| names.contains(&name)).map_or(&[], |(ends, _)| ends)
}

/// What upstream said in one fault or another: none of it may be told on.
pub(super) const TOLD: &[&str] = &[
    "safety system",
    "help.openai.com",
    "sexual",
    "BAD_GATEWAY",
    "FUNCTION_INVOCATION",
    "Rate limit",
    "PREFIX",
    "SUFFIX",
    "Incorrect API key",
    "Billing hard limit",
    "overloaded",
    "Terms Of Service",
    "security rule",
    "Azure",
    "content filters",
    "Vertex",
    "violate our policies",
    "Responsible AI",
    "IMAGE_SAFETY",
    "usage guidelines",
    "content moderation",
    "Moderated",
    "invalid_value",
    "DOCTYPE",
    "CANARY",
    "Bearer",
];

/// What became of a job.
pub(super) fn ended(job: &Job) -> Option<Ends> {
    let cost = job.cost?;
    let charged = cost.charged_usd?;
    let picture = job.pictures.first()?;
    Some(match (&picture.problem, charged) {
        (None, charged) if charged == cost.reserved_usd => Reserved,
        (None, _) => Priced,
        (Some(problem), Nano::ZERO) => Refunded(problem.kind),
        (Some(problem), _) => Spent(problem.kind),
    })
}
