//! The edge's paths: one table that reads them and writes them.
//!
//! Owns every path of the public interface. Must not do anything with a request.

use alloc::{format, string::String};

/// What a path names. Segments are as they stand in the path: nothing is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route<'a> {
    /// `/`.
    Root,
    /// `/studio/{site}`.
    Studio(&'a str),
    /// `/healthz`.
    Health,
    /// `/v1/sites/{site}`.
    Site(&'a str),
    /// `/v1/sessions`.
    Sessions,
    /// `/v1/allowance`.
    Allowance,
    /// `/v1/jobs`.
    Jobs,
    /// `/v1/jobs/{id}`.
    Job(&'a str),
    /// `/v1/jobs/{id}/events`.
    Events(&'a str),
    /// `/v1/jobs/{id}/pictures/{n}`.
    Picture(&'a str, &'a str),
    /// `/v1/jobs/{id}/pictures/{n}/preview`.
    Preview(&'a str, &'a str),
    /// `/statements.html` and `/demo/{name}`: a page of the build, by its path.
    Page(&'a str),
    /// A file of the build, by its path: `/assets/{name}`, whose name holds its content's hash, `/easel.js`, the loader,
    /// `/v/{version}/easel.js`, a loader that never changes, `/easel.d.ts` and `/custom-elements.json`, which describe it.
    File(&'a str),
    /// `/v1/operator/ledger`.
    OperatorLedger,
    /// `/v1/operator/switch`.
    OperatorSwitch,
    /// `/metrics`.
    Metrics,
}

/// A method that some path answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Also HEAD.
    Get,
    /// Creates.
    Post,
    /// Cancels or forgets.
    Delete,
    /// Replaces.
    Put,
}

impl<'a> Route<'a> {
    /// What a path names, without its query; nothing if it is no path of the edge's.
    pub fn read(path: &'a str) -> Option<Self> {
        let mut segments = path.strip_prefix('/')?.split('/');
        let mut next = || segments.next();
        let parts = [next(), next(), next(), next(), next(), next()];
        if segments.next().is_some() || parts.iter().skip(1).flatten().any(|part| part.is_empty()) {
            return None;
        }
        Some(match parts {
            [Some(""), None, ..] => Self::Root,
            [Some("healthz"), None, ..] => Self::Health,
            [Some("metrics"), None, ..] => Self::Metrics,
            [Some("studio"), Some(site), None, ..] => Self::Studio(site),
            [Some("statements.html"), None, ..] | [Some("demo"), Some(_), None, ..] => {
                Self::Page(path)
            }
            [Some("easel.js" | "easel.d.ts" | "custom-elements.json"), None, ..]
            | [Some("assets"), Some(_), None, ..]
            | [Some("v"), Some(_), Some("easel.js"), None, ..] => Self::File(path),
            [Some("v1"), Some("sites"), Some(site), None, ..] => Self::Site(site),
            [Some("v1"), Some("sessions"), None, ..] => Self::Sessions,
            [Some("v1"), Some("allowance"), None, ..] => Self::Allowance,
            [Some("v1"), Some("operator"), Some("ledger"), None, ..] => Self::OperatorLedger,
            [Some("v1"), Some("operator"), Some("switch"), None, ..] => Self::OperatorSwitch,
            [Some("v1"), Some("jobs"), None, ..] => Self::Jobs,
            [Some("v1"), Some("jobs"), Some(id), None, ..] => Self::Job(id),
            [Some("v1"), Some("jobs"), Some(id), Some("events"), None, ..] => Self::Events(id),
            [Some("v1"), Some("jobs"), Some(id), Some("pictures"), Some(n), None] => {
                Self::Picture(id, n)
            }
            [Some("v1"), Some("jobs"), Some(id), Some("pictures"), Some(n), Some("preview")] => {
                Self::Preview(id, n)
            }
            _ => return None,
        })
    }

    /// The methods that it answers.
    pub const fn methods(self) -> &'static [Method] {
        match self {
            Self::Sessions | Self::Jobs => &[Method::Post],
            Self::Job(_) => &[Method::Get, Method::Delete],
            Self::OperatorSwitch => &[Method::Put],
            _ => &[Method::Get],
        }
    }

    /// What stands in `Allow` where another method was used.
    pub const fn allow(self) -> &'static str {
        match self {
            Self::Sessions | Self::Jobs => "POST",
            Self::Job(_) => "GET, HEAD, DELETE",
            Self::OperatorSwitch => "PUT",
            _ => "GET, HEAD",
        }
    }
}

/// The path that opens sessions.
pub const SESSIONS: &str = "/v1/sessions";
/// The path that tells an allowance.
pub const ALLOWANCE: &str = "/v1/allowance";
/// The path that creates jobs.
pub const JOBS: &str = "/v1/jobs";

/// The path of a site's frame.
pub fn studio(site: &str) -> String {
    format!("/studio/{site}")
}

/// The path of a job.
pub fn job(id: &str) -> String {
    format!("{JOBS}/{id}")
}

/// The path of a job's events.
pub fn events(id: &str) -> String {
    format!("{JOBS}/{id}/events")
}

/// The path of a picture's original bytes.
pub fn picture(id: &str, index: u32) -> String {
    format!("{JOBS}/{id}/pictures/{index}")
}

/// The path of a picture's newest preview.
pub fn preview(id: &str, index: u32) -> String {
    format!("{}/preview", picture(id, index))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        assert_eq!(Route::read(&studio("acme")), Some(Route::Studio("acme")));
        assert_eq!(Route::read(SESSIONS), Some(Route::Sessions));
        assert_eq!(Route::read(ALLOWANCE), Some(Route::Allowance));
        assert_eq!(Route::read(JOBS), Some(Route::Jobs));
        assert_eq!(Route::read(&job("ab")), Some(Route::Job("ab")));
        assert_eq!(Route::read(&events("ab")), Some(Route::Events("ab")));
        assert_eq!(Route::read(&picture("ab", 3)), Some(Route::Picture("ab", "3")));
        assert_eq!(Route::read(&preview("ab", 0)), Some(Route::Preview("ab", "0")));
        assert_eq!(Route::read("/"), Some(Route::Root));
        for path in ["/statements.html", "/demo/form.html"] {
            assert_eq!(Route::read(path), Some(Route::Page(path)));
        }
        for path in ["/assets/a.js", "/easel.js", "/v/1.0.0/easel.js", "/easel.d.ts"] {
            assert_eq!(Route::read(path), Some(Route::File(path)));
        }
    }

    #[test]
    fn other_paths_name_nothing() {
        for path in [
            "",
            "//",
            "/v1",
            "/v1/",
            "/v1/jobs/",
            "/v1/jobs//events",
            "/v1/jobs/a/b",
            "/studio",
            "/studio/",
            "/studio/a/",
            "/index.html",
            "/statements",
            "/demo",
            "/demo/a/b.html",
            "/v/1.0.0",
            "/v/1.0.0/other.js",
            "/easel.js/",
            "/v1/jobs/a/pictures/0/preview/x",
        ] {
            assert_eq!(Route::read(path), None, "{path}");
        }
    }
}
