//! Lies about documents, files, errors and secrets, and how every lie is told.
//!
//! Owns the case: a lie, the check that must find it, and words of the finding.

use super::found;
use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use preflight::smoke::Check;
use serde_json::json;
use tests::{
    liar::{Asked, Changed, Lie, Told},
    run,
    studio::{KEY, OPERATOR},
};

/// A lie with its name, the check that must find it, and words of the finding.
pub(super) struct Case {
    name: &'static str,
    check: Check,
    words: &'static str,
    lie: Box<dyn Lie>,
}

pub(super) fn case(name: &'static str, check: Check, words: &'static str, lie: impl Lie) -> Case {
    Case { name, check, words, lie: Box::new(lie) }
}

/// A lie that changes one response.
pub(super) fn changed(
    name: &'static str,
    check: Check,
    words: &'static str,
    change: impl Fn(&Asked, &mut Told) + Send + Sync + 'static,
) -> Case {
    case(name, check, words, Changed(change))
}

/// Tells each lie, a few at a time.
pub(super) async fn each_is_found(cases: Vec<Case>) -> Result<()> {
    stream::iter(cases)
        .map(|Case { name, check, words, lie }| async move {
            let outcome = found(lie).await.context(name)?;
            let said = outcome.findings(check);
            ensure!(said.contains(words), "{name}: {check:?} says `{said}`: {outcome:?}");
            let all = format!("{outcome:?}");
            ensure!(!all.contains(KEY) && !all.contains(OPERATOR), "{name}: a secret is printed");
            anyhow::Ok(())
        })
        .buffer_unordered(6)
        .try_collect()
        .await
}

#[test]
fn a_header_that_is_dropped_is_found_by_the_check_of_its_document() {
    run(each_is_found(vec![
        changed(
            "the studio without nosniff",
            Check::Documents,
            "/studio/demo: x-content-type-options is missing",
            |asked, told| {
                if asked.path == "/studio/demo" {
                    told.headers.remove("x-content-type-options");
                }
            },
        ),
        changed(
            "the owner's page without a policy",
            Check::Documents,
            "/: content-security-policy is missing",
            |asked, told| {
                if asked.path == "/" {
                    told.headers.remove("content-security-policy");
                }
            },
        ),
        changed(
            "a zone that injects a script",
            Check::Documents,
            "script-src of the policy lacks",
            |asked, told| {
                if asked.path == "/studio/demo" {
                    told.text(|html| html.replace("</body>", "<script>beacon()</script></body>"));
                }
            },
        ),
        changed(
            "a zone that sets a cookie",
            Check::Documents,
            "set-cookie must not be there",
            |_, told| {
                told.header("set-cookie", "__cf_bm=1; HttpOnly");
            },
        ),
        changed(
            "a program for every origin",
            Check::Files,
            "cross-origin-resource-policy is `cross-origin`",
            |asked, told| {
                if asked.path.contains(".wasm") {
                    told.header("cross-origin-resource-policy", "cross-origin");
                }
            },
        ),
        changed(
            "pictures in shared caches",
            Check::Unwatched,
            "the picture: cache-control",
            |asked, told| {
                if asked.is_picture() {
                    told.header("cache-control", "public, max-age=3600");
                }
            },
        ),
        changed(
            "errors that are kept",
            Check::Errors,
            "GET /nothing: cache-control",
            |asked, told| {
                if asked.path == "/nothing" {
                    told.header("cache-control", "public, max-age=60");
                }
            },
        ),
    ]));
}

/// Frames are shown on every page: what names the page is removed from the request.
struct Everywhere;

impl Lie for Everywhere {
    fn before(&self, asked: &mut Asked) -> Option<Told> {
        asked.headers.remove("referer");
        None
    }
}

#[test]
fn an_edge_that_serves_something_else_is_found() {
    run(each_is_found(vec![
        case("every page may embed", Check::Embedding, "and not 403", Everywhere),
        changed("a policy for every page", Check::Embedding, "frame-ancestors", |asked, told| {
            if asked.path == "/studio/demo" {
                told.header("content-security-policy", "default-src 'none'; frame-ancestors *");
            }
        }),
        changed("a file that is missing", Check::Files, "names: status 404", |asked, told| {
            if asked.path.contains(".wasm") {
                told.status = 404;
                told.body.clear();
            }
        }),
        changed(
            "a compressed copy of another build",
            Check::Files,
            "compressed copy",
            |_, told| {
                if told.headers.contains_key("content-encoding") {
                    told.body.truncate(told.body.len() / 2);
                }
            },
        ),
        changed(
            "a firewall's page in place of errors",
            Check::Errors,
            "no problem document",
            |asked, told| {
                if told.status == 401 {
                    told.text(|_| "<html>Access denied</html>".to_owned());
                }
                let _ = asked;
            },
        ),
        changed("another service", Check::Edge, "not as Easel does", |asked, told| {
            if asked.path == "/healthz" {
                told.body = b"OK".to_vec();
            }
        }),
    ]));
}

#[test]
fn a_secret_in_any_response_is_found_and_not_printed() {
    let leak = |name, path: &'static str, words| {
        changed(name, Check::Secrets, words, move |asked: &Asked, told: &mut Told| {
            if asked.path.contains(path) && !told.headers.contains_key("content-encoding") {
                told.body.extend_from_slice(format!("/* {KEY} */").as_bytes());
            }
        })
    };
    run(each_is_found(vec![
        leak(
            "in a script",
            "/assets/studio-",
            "AI_GATEWAY_API_KEY is in the response to GET /assets/studio-",
        ),
        leak("in a program", ".wasm", ".wasm"),
        leak("in a document", "/studio/demo", "GET /studio/demo"),
        leak("in an error", "/nothing", "GET /nothing"),
        leak("in a job", "/events", "/events"),
        leak("in a picture", "/pictures/", "/pictures/0"),
        changed("in a header", Check::Secrets, "GET /v1/sites/demo", |asked, told| {
            if asked.path == "/v1/sites/demo" {
                told.header("x-debug", concat!("Bearer ", "operator-operator-operator-operator"));
            }
        }),
        changed("in base64", Check::Secrets, "GET /healthz", |asked, told| {
            if asked.path == "/healthz" {
                let encoded = "dmNrX0NBTkFSWV8wMTIzNDU2Nzg5YWJjZGVmX0NBTkFSWQ==";
                told.json(|health| health["warnings"] = json!([encoded]));
            }
        }),
    ]));
}
