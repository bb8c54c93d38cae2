//! Problems: the closed list of errors of the interface, and their JSON form (RFC 9457).
//!
//! Owns each kind's status and English texts. Must not carry anything that upstream sent.

use crate::{text::wire_enum, time::Timestamp};
use alloc::string::{String, ToString};
use serde::{Deserialize, Serialize};

wire_enum! {
    /// The kind of a problem. Clients decide by it, never by the texts.
    ProblemKind {
        /// The request does not match the interface.
        InvalidRequest = "invalid-request",
        /// No session, or an expired one.
        SessionRequired = "session-required",
        /// The path needs the operator's token.
        OperatorOnly = "operator-only",
        /// The challenge was not passed.
        ChallengeFailed = "challenge-failed",
        /// The request came from an origin that the site does not list.
        OriginNotAllowed = "origin-not-allowed",
        /// No site has this id.
        UnknownSite = "unknown-site",
        /// No job has this id, or its record was deleted after the retention time.
        UnknownJob = "unknown-job",
        /// No resource has this path.
        NotFound = "not-found",
        /// The path does not accept this method.
        MethodNotAllowed = "method-not-allowed",
        /// The picture's bytes were deleted.
        PictureGone = "picture-gone",
        /// More bytes or pixels than are accepted.
        TooLarge = "too-large",
        /// The `Idempotency-Key` was used for another request.
        IdempotencyMismatch = "idempotency-mismatch",
        /// Moderation refused the prompt or the picture.
        PromptRefused = "prompt-refused",
        /// A limit on this visitor is reached.
        VisitorLimit = "visitor-limit",
        /// The picture service failed.
        GatewayFailed = "gateway-failed",
        /// The picture service refused the operator's key or account.
        GatewayRefused = "gateway-refused",
        /// The edge or the picture service is overloaded.
        Busy = "busy",
        /// The operator closed the site.
        SiteClosed = "site-closed",
        /// The site's budget is used up.
        BudgetSpent = "budget-spent",
        /// The edge's configuration is wrong.
        Misconfigured = "misconfigured",
        /// The work was interrupted before it was complete.
        Interrupted = "interrupted",
    }
}

impl ProblemKind {
    /// Its HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidRequest => 400,
            Self::SessionRequired | Self::OperatorOnly => 401,
            Self::ChallengeFailed | Self::OriginNotAllowed => 403,
            Self::UnknownSite | Self::UnknownJob | Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::PictureGone => 410,
            Self::TooLarge => 413,
            Self::IdempotencyMismatch | Self::PromptRefused => 422,
            Self::VisitorLimit => 429,
            Self::GatewayFailed | Self::GatewayRefused => 502,
            Self::Busy | Self::SiteClosed | Self::BudgetSpent | Self::Misconfigured => 503,
            Self::Interrupted => 504,
        }
    }

    /// A short English text that says what happened, and on whose side.
    pub const fn title(self) -> &'static str {
        match self {
            Self::InvalidRequest => "This request cannot be read",
            Self::SessionRequired => "A session is needed",
            Self::OperatorOnly => "This is for the operator",
            Self::ChallengeFailed => "The check was not passed",
            Self::OriginNotAllowed => "This page may not use the studio",
            Self::UnknownSite => "There is no such site",
            Self::UnknownJob => "There is no such job",
            Self::NotFound => "There is nothing here",
            Self::MethodNotAllowed => "This path does not do that",
            Self::PictureGone => "This picture is no longer kept here",
            Self::TooLarge => "This is too large",
            Self::IdempotencyMismatch => "This key belongs to another request",
            Self::PromptRefused => "The picture service refused this description",
            Self::VisitorLimit => "You have reached your limit here",
            Self::GatewayFailed => "The picture service did not deliver",
            Self::GatewayRefused => "The picture service turned this site away",
            Self::Busy => "The picture service is busy",
            Self::SiteClosed => "This site is closed for now",
            Self::BudgetSpent => "This site has made all its pictures for now",
            Self::Misconfigured => "This site is not set up correctly",
            Self::Interrupted => "This was cut off",
        }
    }

    /// An English text that says what to do.
    pub const fn next_step(self) -> &'static str {
        match self {
            Self::InvalidRequest => "Check the request against the interface.",
            Self::SessionRequired => "Open a session and send its token.",
            Self::OperatorOnly => "Send the operator's token.",
            Self::ChallengeFailed => "Take the check again.",
            Self::OriginNotAllowed => "Its owner can ask the studio's operator to list it.",
            Self::UnknownSite => "Check the site's id.",
            Self::UnknownJob => "Jobs are kept for 24 hours. Start a new one.",
            Self::NotFound => "Check the path.",
            Self::MethodNotAllowed => "Use a method that the Allow header names.",
            Self::PictureGone => "Make it again with the same description.",
            Self::TooLarge => "Send less.",
            Self::IdempotencyMismatch => "Use a new key for a new request.",
            Self::PromptRefused => "Try other words. Nothing was charged.",
            Self::VisitorLimit => "Come back when it resets.",
            Self::GatewayFailed => "The fault is not yours, and nothing was counted. Try again.",
            Self::GatewayRefused => "The site's operator has to act. Nothing was counted.",
            Self::Busy => "Try again in a moment. Nothing was counted.",
            Self::SiteClosed => "Come back later.",
            Self::BudgetSpent => "Come back when it resets.",
            Self::Misconfigured => "The site's operator has to act.",
            Self::Interrupted => "The fault is not yours, and nothing was counted. Try again.",
        }
    }
}

wire_enum! {
    /// The limit that an order or a session met, in a problem of the kind `visitor-limit` or `budget-spent`.
    Limit {
        /// The visitor's pictures of the last 60 minutes.
        VisitorHour = "visitor-hour",
        /// The visitor's pictures of the UTC day.
        VisitorDay = "visitor-day",
        /// The visitor's jobs at the same time.
        Concurrent = "concurrent",
        /// The network's pictures of the UTC day.
        NetworkDay = "network-day",
        /// The network's share of the site's money of the UTC day.
        NetworkMoney = "network-money",
        /// The network's new sessions of the UTC day.
        NetworkSessions = "network-sessions",
        /// Refused descriptions, of the visitor or the network.
        Refusals = "refusals",
        /// The part of the site's money that is for networks without a picture that day.
        Spare = "spare",
        /// The requests of a minute.
        Rate = "rate",
        /// The site's money of the last 60 minutes.
        SiteHour = "site-hour",
        /// The site's money of the UTC day.
        SiteDay = "site-day",
        /// The site's money of the UTC month.
        SiteMonth = "site-month",
    }
}

/// A problem document: `application/problem+json`, and the `problem` of a job or a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "crate::lenient::AnyProblem")]
pub struct Problem {
    /// The URN of the kind.
    #[serde(rename = "type")]
    pub uri: String,
    /// The kind.
    pub kind: ProblemKind,
    /// What happened, in English.
    pub title: String,
    /// The kind's HTTP status.
    pub status: u16,
    /// What to do, in English.
    pub detail: String,
    /// Seconds after which the same request may succeed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u64>,
    /// When at least one more picture becomes possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resets_at: Option<Timestamp>,
    /// The limit that was reached, if the kind is `visitor-limit` or `budget-spent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// The id by which the operator finds the request in the log.
    pub request_id: String,
}

impl Problem {
    /// The problem of this kind with its standard texts.
    pub fn new(kind: ProblemKind, request_id: &str) -> Self {
        Self {
            uri: ["urn:easel:problem:", kind.word()].concat(),
            kind,
            title: kind.title().to_string(),
            status: kind.status(),
            detail: kind.next_step().to_string(),
            retry_after_seconds: None,
            resets_at: None,
            limit: None,
            request_id: request_id.to_string(),
        }
    }
}
