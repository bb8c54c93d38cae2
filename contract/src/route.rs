//! The edge's paths: one table that parses and formats them.
//!
//! Owns every path of the public interface. Must not handle a request.

use alloc::{format, string::String};

/// The resource that a path names. The segments are not percent-decoded.
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
    /// A page of the build, by its path: `/statements.html` or `/demo/{name}`.
    Page(&'a str),
    /// A file of the build, by its path: `/assets/{name}`, whose name contains the hash of its content; the loader
    /// `/easel.js`; the immutable loader of a version `/v/{version}/easel.js`; `/easel.d.ts` and `/custom-elements.json`,
    /// which describe the loader's element; a site's picture `/sites/{id}/{name}`, whose name contains a hash too.
    File(&'a str),
    /// `/v1/operator/ledger`.
    OperatorLedger,
    /// `/v1/operator/switch`.
    OperatorSwitch,
    /// `/v1/operator/learned`.
    OperatorLearned,
    /// `/metrics`.
    Metrics,
}

/// An HTTP method that some path accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads; it includes HEAD.
    Get,
    /// Creates.
    Post,
    /// Cancels or deletes.
    Delete,
    /// Replaces.
    Put,
}

impl<'a> Route<'a> {
    /// Parses a path without its query; `None` if the edge has no such path.
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
            | [Some("sites"), Some(_), Some(_), None, ..]
            | [Some("v"), Some(_), Some("easel.js"), None, ..] => Self::File(path),
            [Some("v1"), Some("sites"), Some(site), None, ..] => Self::Site(site),
            [Some("v1"), Some("sessions"), None, ..] => Self::Sessions,
            [Some("v1"), Some("allowance"), None, ..] => Self::Allowance,
            [Some("v1"), Some("operator"), Some("ledger"), None, ..] => Self::OperatorLedger,
            [Some("v1"), Some("operator"), Some("switch"), None, ..] => Self::OperatorSwitch,
            [Some("v1"), Some("operator"), Some("learned"), None, ..] => Self::OperatorLearned,
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

    /// The methods that this path accepts.
    pub const fn methods(self) -> &'static [Method] {
        match self {
            Self::Sessions | Self::Jobs => &[Method::Post],
            Self::Job(_) => &[Method::Get, Method::Delete],
            Self::OperatorSwitch => &[Method::Put],
            Self::OperatorLearned => &[Method::Delete],
            _ => &[Method::Get],
        }
    }

    /// The value of the header `Allow` in the response to another method.
    pub const fn allow(self) -> &'static str {
        match self {
            Self::Sessions | Self::Jobs => "POST",
            Self::Job(_) => "GET, HEAD, DELETE",
            Self::OperatorSwitch => "PUT",
            Self::OperatorLearned => "DELETE",
            _ => "GET, HEAD",
        }
    }
}

/// The path that opens sessions.
pub const SESSIONS: &str = "/v1/sessions";
/// The path that returns an allowance.
pub const ALLOWANCE: &str = "/v1/allowance";
/// The path that creates jobs.
pub const JOBS: &str = "/v1/jobs";

/// The path of a site's studio, which is shown in a frame.
pub fn studio(site: &str) -> String {
    format!("/studio/{site}")
}

/// The path of a site's public configuration.
pub fn site(site: &str) -> String {
    format!("/v1/sites/{site}")
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
        assert_eq!(Route::read(&site("acme")), Some(Route::Site("acme")));
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
        for path in
            ["/assets/a.js", "/easel.js", "/v/1.0.0/easel.js", "/easel.d.ts", "/sites/a/b.webp"]
        {
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
            "/sites",
            "/sites/a",
            "/sites/a/",
            "/sites/a/b/c.webp",
            "/sites.json",
            "/v1/jobs/a/pictures/0/preview/x",
        ] {
            assert_eq!(Route::read(path), None, "{path}");
        }
    }
}
