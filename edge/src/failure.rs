//! Failures of a request: a client problem, which the response describes, or an internal failure, which only the log
//! describes.
//!
//! Owns the conversion of a failure to a response. Must not let an internal message, or one of upstream, reach a client.

use crate::reply::Reply;
use contract::{
    problem::{Limit, Problem, ProblemKind},
    time::Timestamp,
};
use engine::{
    json::{self, JsonError},
    ledger::Refused,
};
use wasm_bindgen::JsValue;
use web_sys::Response;
use worker::console_error;

/// Why a request failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A problem that the response describes.
    Client(ClientProblem),
    /// An internal failure: the response says `busy`, and the log contains the reason.
    Internal(String),
}

/// The problem that the response describes.
#[derive(Debug)]
pub(crate) struct ClientProblem {
    kind: ProblemKind,
    detail: Option<&'static str>,
    limit: Option<Limit>,
    resets_at: Option<Timestamp>,
    retry_after_seconds: Option<u64>,
    allow: Option<&'static str>,
}

impl ClientProblem {
    /// A problem with its standard texts.
    const fn of(kind: ProblemKind) -> Self {
        Self {
            kind,
            detail: None,
            limit: None,
            resets_at: None,
            retry_after_seconds: None,
            allow: None,
        }
    }
}

impl Failure {
    /// A problem with its standard texts.
    pub(crate) fn of(kind: ProblemKind) -> Self {
        Self::Client(ClientProblem::of(kind))
    }

    /// A request that does not match the interface, and the reason.
    pub(crate) fn invalid(detail: &'static str) -> Self {
        Self::Client(ClientProblem {
            detail: Some(detail),
            ..ClientProblem::of(ProblemKind::InvalidRequest)
        })
    }

    /// A limit that was reached, and when it resets, if that is known.
    pub(crate) fn limited(refused: Refused) -> Self {
        let Refused { kind, limit, resets_at } = refused;
        Self::Client(ClientProblem { limit, resets_at, ..ClientProblem::of(kind) })
    }

    /// Too many requests within a minute. It says nothing about an earlier request with the same key.
    pub(crate) fn rate_limited() -> Self {
        Self::Client(ClientProblem {
            limit: Some(Limit::Rate),
            retry_after_seconds: Some(60),
            ..ClientProblem::of(ProblemKind::VisitorLimit)
        })
    }

    /// This instance reads as many pictures as it can hold.
    pub(crate) fn too_many_uploads() -> Self {
        Self::Client(ClientProblem {
            retry_after_seconds: Some(3),
            ..ClientProblem::of(ProblemKind::Busy)
        })
    }

    /// The request's body did not arrive, or too slowly. The connection of the client did that, so it is not logged. The
    /// same request may succeed a moment later, and nothing is said about an earlier one with the same key.
    pub(crate) fn body_did_not_arrive() -> Self {
        Self::Client(ClientProblem {
            detail: Some("The body of the request did not arrive in time. Send it again."),
            ..ClientProblem::of(ProblemKind::Busy)
        })
    }

    /// A method that the path does not accept.
    pub(crate) fn method(allow: &'static str) -> Self {
        Self::Client(ClientProblem {
            allow: Some(allow),
            ..ClientProblem::of(ProblemKind::MethodNotAllowed)
        })
    }

    /// The response. An internal failure is logged here, once, and nowhere else.
    pub(crate) fn into_response(
        self,
        request_id: &str,
        secure: bool,
        now: Timestamp,
    ) -> Result<Response, JsValue> {
        let client = match self {
            Self::Client(client) => client,
            Self::Internal(reason) => {
                console_error!("request.failed request_id={request_id} reason={reason}");
                ClientProblem::of(ProblemKind::Busy)
            }
        };
        let mut problem = Problem::new(client.kind, request_id);
        if let Some(detail) = client.detail {
            detail.clone_into(&mut problem.detail);
        }
        problem.limit = client.limit;
        problem.resets_at = client.resets_at;
        problem.retry_after_seconds = client.retry_after_seconds.or_else(|| match client.kind {
            ProblemKind::Busy => Some(2),
            _ => client.resets_at.map(|at| at.since(now).div_ceil(1000).max(1)),
        });
        let mut reply = Reply::new(problem.status, secure)?
            .header("content-type", "application/problem+json")?;
        if let Some(seconds) = problem.retry_after_seconds {
            reply = reply.header("retry-after", &seconds.to_string())?;
        }
        if let Some(allow) = client.allow {
            reply = reply.header("allow", allow)?;
        }
        reply.text(&json::text(&problem))
    }
}

impl From<worker::Error> for Failure {
    fn from(error: worker::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<JsValue> for Failure {
    fn from(error: JsValue) -> Self {
        Self::from(worker::Error::from(error))
    }
}

impl From<JsonError> for Failure {
    fn from(error: JsonError) -> Self {
        Self::Internal(error.to_string())
    }
}
