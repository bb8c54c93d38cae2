//! The errors that cost nothing: requests that an edge must refuse, each with its kind of problem.
//!
//! Owns the list. Must not contain a request that could be granted.

use super::{
    answer::Answer,
    headers::{self, Kind},
};
use contract::{
    problem::{Problem, ProblemKind},
    route,
};

/// A request that must be refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The method.
    pub method: &'static str,
    /// The path.
    pub path: String,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body, if it has one.
    pub body: Option<String>,
    /// The kind of the problem.
    pub kind: ProblemKind,
}

/// The requests, for a site. None of them carries a valid token.
pub fn all(site: &str) -> Vec<Refused> {
    let refused = |method, path: String, body: Option<&str>, kind| Refused {
        method,
        path,
        headers: Vec::new(),
        body: body.map(str::to_owned),
        kind,
    };
    let with = |mut request: Refused, name, value: &str| {
        request.headers.push((name, value.to_owned()));
        request
    };
    let session = format!("{{\"site\":\"{site}\"}}");
    // More than a request in JSON may have.
    let large = format!("{{\"site\":\"{}\"}}", "x".repeat(20_000));
    let nobody = "0".repeat(64);
    let order = "{\"prompt\":\"a request without a session\"}";
    let forged = "Bearer forged.forged.forged";
    vec![
        refused("GET", "/nothing".into(), None, ProblemKind::NotFound),
        refused("GET", route::site("no-such-site"), None, ProblemKind::UnknownSite),
        refused("GET", route::job(&nobody), None, ProblemKind::UnknownJob),
        refused("GET", route::picture(&nobody, 0), None, ProblemKind::UnknownJob),
        refused("GET", route::ALLOWANCE.into(), None, ProblemKind::SessionRequired),
        refused("GET", route::JOBS.into(), None, ProblemKind::MethodNotAllowed),
        refused("POST", route::JOBS.into(), Some(order), ProblemKind::SessionRequired),
        refused("POST", route::SESSIONS.into(), Some("{"), ProblemKind::InvalidRequest),
        refused("POST", route::SESSIONS.into(), Some(&large), ProblemKind::TooLarge),
        with(
            refused("POST", route::SESSIONS.into(), Some(&session), ProblemKind::OriginNotAllowed),
            "origin",
            super::embedding::UNLISTED,
        ),
        with(
            refused("POST", route::SESSIONS.into(), Some(&session), ProblemKind::SessionRequired),
            "authorization",
            forged,
        ),
        refused("GET", "/v1/operator/ledger".into(), None, ProblemKind::OperatorOnly),
        with(
            refused("GET", "/metrics".into(), None, ProblemKind::OperatorOnly),
            "authorization",
            forged,
        ),
    ]
}

/// What is wrong with the response to one of them.
pub fn judge(request: &Refused, secure: bool, answer: &Answer) -> Vec<String> {
    let kind = request.kind;
    let Some(problem) = answer.json::<Problem>() else {
        return vec![format!("status {} and no problem document, not {kind}", answer.status)];
    };
    let mut found = headers::judge(Kind::Problem, secure, answer);
    if problem.kind != kind || answer.status != kind.status() || problem.status != answer.status {
        found.push(format!("{}, and not {} {kind}", answer.describe(), kind.status()));
    }
    if problem.request_id.is_empty() {
        found.push("the problem has no request_id".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{super::answer::answer, *};
    use contract::route::Route;

    #[test]
    fn no_request_could_order_anything() {
        for request in all("demo") {
            let orders = request.method == "POST" && request.path == route::JOBS;
            assert!(!orders || request.headers.is_empty(), "{request:?}");
            let known = Route::read(&request.path).is_some();
            assert_eq!(known, request.kind != ProblemKind::NotFound, "{request:?}");
        }
    }

    #[test]
    fn another_kind_another_status_and_what_is_no_problem_are_found() {
        let all = all("demo");
        let request = &all[0];
        let document = |kind| serde_json::to_string(&Problem::new(kind, "r")).unwrap();
        let judged =
            |status, body: &str| judge(request, false, &answer(status, &[], body)).join("\n");
        assert!(!judged(404, &document(ProblemKind::NotFound)).contains("and not"));
        assert!(judged(404, &document(ProblemKind::UnknownJob)).contains("and not 404 not-found"));
        assert!(judged(200, &document(ProblemKind::NotFound)).contains("and not 404 not-found"));
        assert!(judged(404, "<html>").contains("no problem document"));
        let nameless = serde_json::to_string(&Problem::new(ProblemKind::NotFound, "")).unwrap();
        assert!(judged(404, &nameless).contains("request_id"));
    }
}
