//! Failures of a request: the client's, which the response describes, and ours, which only the log describes.
//!
//! Owns the conversion of a failure to a response. Must not let an internal message, or one of upstream, reach a client.

use crate::reply::Reply;
use contract::{
    problem::{Problem, ProblemKind},
    time::Timestamp,
};
use engine::json::{self, JsonError};
use wasm_bindgen::JsValue;
use web_sys::Response;
use worker::console_error;

/// Why a request failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A problem that the client is told about.
    Theirs(Theirs),
    /// An internal failure: the client gets `busy`, and the log gets the reason.
    Ours(String),
}

/// The problem that a client is told about.
#[derive(Debug)]
pub(crate) struct Theirs {
    kind: ProblemKind,
    detail: Option<&'static str>,
    resets_at: Option<Timestamp>,
    allow: Option<&'static str>,
}

impl Failure {
    /// A problem with its standard texts.
    pub(crate) fn of(kind: ProblemKind) -> Self {
        Self::Theirs(Theirs { kind, detail: None, resets_at: None, allow: None })
    }

    /// A request that does not match the interface, and the reason.
    pub(crate) fn invalid(detail: &'static str) -> Self {
        Self::Theirs(Theirs {
            kind: ProblemKind::InvalidRequest,
            detail: Some(detail),
            resets_at: None,
            allow: None,
        })
    }

    /// A limit that was reached, and when it resets, if that is known.
    pub(crate) fn limited(kind: ProblemKind, resets_at: Option<Timestamp>) -> Self {
        Self::Theirs(Theirs { kind, detail: None, resets_at, allow: None })
    }

    /// A method that the path does not accept.
    pub(crate) fn method(allow: &'static str) -> Self {
        Self::Theirs(Theirs {
            kind: ProblemKind::MethodNotAllowed,
            detail: None,
            resets_at: None,
            allow: Some(allow),
        })
    }

    /// The response. An internal failure is logged here, once, and nowhere else.
    pub(crate) fn into_response(
        self,
        request_id: &str,
        secure: bool,
        now: Timestamp,
    ) -> Result<Response, JsValue> {
        let theirs = match self {
            Self::Theirs(theirs) => theirs,
            Self::Ours(reason) => {
                console_error!("request.failed request_id={request_id} reason={reason}");
                Theirs { kind: ProblemKind::Busy, detail: None, resets_at: None, allow: None }
            }
        };
        let mut problem = Problem::new(theirs.kind, request_id);
        if let Some(detail) = theirs.detail {
            detail.clone_into(&mut problem.detail);
        }
        problem.resets_at = theirs.resets_at;
        problem.retry_after_seconds = match theirs.kind {
            ProblemKind::Busy => Some(2),
            _ => theirs.resets_at.map(|at| at.since(now).div_ceil(1000).max(1)),
        };
        let mut reply = Reply::new(problem.status, secure)?
            .header("content-type", "application/problem+json")?;
        if let Some(seconds) = problem.retry_after_seconds {
            reply = reply.header("retry-after", &seconds.to_string())?;
        }
        if let Some(allow) = theirs.allow {
            reply = reply.header("allow", allow)?;
        }
        reply.text(&json::text(&problem))
    }
}

impl From<worker::Error> for Failure {
    fn from(error: worker::Error) -> Self {
        Self::Ours(error.to_string())
    }
}

impl From<JsValue> for Failure {
    fn from(error: JsValue) -> Self {
        Self::from(worker::Error::from(error))
    }
}

impl From<JsonError> for Failure {
    fn from(error: JsonError) -> Self {
        Self::Ours(error.to_string())
    }
}
