//! What each kind of response must say in its headers.
//!
//! Owns the expected values, written independently of the Worker that sends them. Must not judge a body, but for the
//! inline parts that a policy names.

use super::{
    answer::{Answer, shown},
    policy,
};

/// What our own pages run under.
const PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; frame-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// What the owner's page runs under: it also asks for a site's facts.
const OWNERS_PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
    connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// What everything runs under that is no document.
const INERT: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";
const HTML: &str = "text/html; charset=utf-8";

/// A kind of response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// `/`.
    OwnersPage,
    /// Another page of our own.
    Page,
    /// A site's studio, with the origin of its challenge.
    Frame(Option<&'a str>),
    /// The page in place of a studio that cannot be shown.
    Refusal,
    /// A file of the build, by its path.
    File(&'a str),
    /// JSON of the interface.
    Json,
    /// A problem document.
    Problem,
    /// A job's events.
    Events,
    /// A picture's original bytes, of this media type.
    Picture(&'a str),
}

/// What is wrong with the headers of a response of this kind. `secure`: it came over https.
pub fn judge(kind: Kind<'_>, secure: bool, answer: &Answer) -> Vec<String> {
    let loader = matches!(kind, Kind::File(path) if path.ends_with("/easel.js"));
    let mut found = Vec::new();
    let mut expect = |name: &str, expected: Option<&str>| {
        let sent = answer.header(name);
        found.extend(match (expected, sent.as_deref()) {
            (Some(expected), None) => Some(format!("{name} is missing; it must be `{expected}`")),
            (Some(expected), Some(sent)) if sent != expected => {
                Some(format!("{name} is {} and must be `{expected}`", shown(sent)))
            }
            (None, Some(sent)) => Some(format!("{name} must not be there, and is {}", shown(sent))),
            _ => None,
        });
    };
    expect("x-content-type-options", Some("nosniff"));
    expect("referrer-policy", Some("same-origin"));
    expect("cross-origin-opener-policy", Some("same-origin"));
    // A page that is cross-origin isolated shows a document only if that is isolated and lets others load it.
    let framed = matches!(kind, Kind::Frame(None) | Kind::Refusal);
    let shared = if loader || framed { "cross-origin" } else { "same-origin" };
    expect("cross-origin-resource-policy", Some(shared));
    let worker = matches!(kind, Kind::File(path) if path.starts_with("/assets/image_worker-"));
    expect("cross-origin-embedder-policy", (framed || worker).then_some("require-corp"));
    expect(
        "permissions-policy",
        Some("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    );
    expect("access-control-allow-origin", loader.then_some("*"));
    // A cookie of the zone breaks the promise that nothing is stored before the visitor acts.
    expect("set-cookie", None);
    if secure {
        expect("strict-transport-security", Some("max-age=63072000; includeSubDomains"));
    }
    expect("content-type", media_type(kind));
    if let Some(cache) = cache(kind) {
        expect("cache-control", Some(cache));
    }
    if let Kind::Picture(_) = kind {
        found.extend(private(answer));
    }
    match answer.header("content-security-policy") {
        None => found.push("content-security-policy is missing".to_owned()),
        Some(sent) => found.extend(policy_of(kind, &sent, &answer.text())),
    }
    found
}

fn policy_of(kind: Kind<'_>, sent: &str, html: &str) -> Vec<String> {
    match kind {
        Kind::OwnersPage => policy::differences(OWNERS_PAGE, sent, None),
        Kind::Page => policy::differences(PAGE, sent, None),
        Kind::Refusal => policy::differences(&policy::refusal(html), sent, None),
        Kind::Frame(challenge) => {
            let expected = policy::frame(html, challenge);
            let mut found = policy::differences(&expected, sent, Some(policy::ANCESTORS));
            let allowed = policy::ancestors(sent).unwrap_or_default();
            // The listed origins are the operator's; a pattern is none.
            let wide = allowed.iter().find(|it| *it != "'self'" && !is_origin(it));
            found.extend(
                wide.map(|it| format!("{} of the policy is {}", policy::ANCESTORS, shown(it))),
            );
            found
        }
        _ => policy::differences(INERT, sent, None),
    }
}

/// Whether it is an origin that a browser compares letter by letter.
fn is_origin(source: &str) -> bool {
    engine::origin::normal(source).is_ok_and(|normal| normal == source)
}

fn media_type(kind: Kind<'_>) -> Option<&str> {
    Some(match kind {
        Kind::OwnersPage | Kind::Page | Kind::Frame(_) | Kind::Refusal => HTML,
        Kind::Json => "application/json",
        Kind::Problem => "application/problem+json",
        Kind::Events => "text/event-stream; charset=utf-8",
        Kind::Picture(media_type) => media_type,
        Kind::File(path) => match path.rsplit_once('.')?.1 {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "wasm" => "application/wasm",
            "svg" => "image/svg+xml",
            "json" => "application/json",
            "ts" => "text/plain; charset=utf-8",
            "webp" => "image/webp",
            "png" => "image/png",
            "jpg" | "jpeg" => "image/jpeg",
            _ => return None,
        },
    })
}

fn cache(kind: Kind<'_>) -> Option<&'static str> {
    let named_by_content =
        |path: &str| ["/assets/", "/v/", "/sites/"].iter().any(|it| path.starts_with(it));
    match kind {
        Kind::Frame(_) => Some("no-store, no-transform"),
        Kind::File(path) if named_by_content(path) => Some("public, max-age=31536000, immutable"),
        Kind::File(_) => Some("public, max-age=300, stale-while-revalidate=86400"),
        Kind::Picture(_) => None,
        _ => Some("no-store"),
    }
}

/// A picture may lie in its visitor's browser for the rest of its retention, and nowhere else.
fn private(answer: &Answer) -> Option<String> {
    let sent = answer.header("cache-control").unwrap_or_default();
    let seconds =
        sent.strip_prefix("private, max-age=").and_then(|it| it.strip_suffix(", immutable"));
    let is_right = seconds.is_some_and(|it| it.parse::<u32>().is_ok());
    (!is_right).then(|| {
        format!(
            "cache-control is {} and must be `private, max-age=SECONDS, immutable`",
            shown(&sent)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALWAYS: [(&str, &str); 5] = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ];

    fn with(own: &[(&str, &str)], body: &str) -> Answer {
        let all: Vec<_> = ALWAYS.iter().chain(own).copied().collect();
        super::super::answer::answer(200, &all, body)
    }

    fn json() -> Answer {
        let own = [
            ("content-type", "application/json"),
            ("cache-control", "no-store"),
            ("content-security-policy", INERT),
        ];
        with(&own, "{}")
    }

    #[test]
    fn a_right_response_has_no_finding() {
        assert_eq!(judge(Kind::Json, false, &json()), Vec::<String>::new());
    }

    #[test]
    fn each_header_that_is_dropped_or_changed_is_one_finding_that_names_it() {
        for at in 0..json().headers.len() {
            let name = json().headers[at].0.clone();
            let mut dropped = json();
            dropped.headers.remove(at);
            let mut changed = json();
            changed.headers[at].1 = "other".to_owned();
            for answer in [dropped, changed] {
                let found = judge(Kind::Json, false, &answer);
                assert!(!found.is_empty(), "{name}");
                let named = if name == "content-security-policy" { "policy" } else { &name };
                assert!(found.iter().all(|it| it.contains(named)), "{name}: {found:?}");
            }
        }
    }

    #[test]
    fn https_needs_hsts_and_nothing_sets_a_cookie_or_opens_itself_to_other_origins() {
        let found = judge(Kind::Json, true, &json());
        assert!(found.len() == 1 && found[0].contains("strict-transport-security"), "{found:?}");
        for name in ["set-cookie", "access-control-allow-origin"] {
            let mut answer = json();
            answer.headers.push((name.to_owned(), "*".to_owned()));
            let found = judge(Kind::Json, false, &answer);
            assert!(found.len() == 1 && found[0].contains(name), "{found:?}");
        }
    }

    #[test]
    fn a_frame_is_judged_by_its_own_inline_parts_and_by_who_may_embed_it() {
        let html = "<style>a{}</style><script>b()</script>";
        let judged = |html: &str, ancestors: &str| {
            let policy = policy::frame("<style>a{}</style><script>b()</script>", None);
            let policy = policy.replace("frame-ancestors 'self'", ancestors);
            let own = [
                ("content-type", HTML),
                ("cache-control", "no-store, no-transform"),
                ("content-security-policy", policy.as_str()),
            ];
            let mut answer = with(&own, html);
            let found = judge(Kind::Frame(None), false, &answer);
            let own = found.iter().filter(|it| {
                it.contains("cross-origin-resource-policy")
                    || it.contains("cross-origin-embedder-policy")
            });
            assert_eq!(own.count(), 2, "an isolated page does not show it: {found:?}");
            answer.headers.retain(|(name, _)| name != "cross-origin-resource-policy");
            for (name, value) in [
                ("cross-origin-resource-policy", "cross-origin"),
                ("cross-origin-embedder-policy", "require-corp"),
            ] {
                answer.headers.push((name.to_owned(), value.to_owned()));
            }
            judge(Kind::Frame(None), false, &answer).join("\n")
        };
        assert_eq!(judged(html, "frame-ancestors 'self' https://acme.example"), "");
        for wide in ["*", "https:", "https://*.example", "HTTPS://A.example"] {
            let said = judged(html, &format!("frame-ancestors 'self' {wide}"));
            assert!(said.contains(wide), "{said}");
        }
        assert!(judged(html, "frame-ancestors").contains("lacks `'self'`"));
        assert!(judged(html, "").contains("no frame-ancestors"));
        let injected = html.replace("b()", "evil()");
        assert!(judged(&injected, "frame-ancestors 'self'").contains("script-src"));
    }

    #[test]
    fn a_picture_stays_in_its_visitors_browser() {
        for (cache, right) in [
            ("private, max-age=3600, immutable", true),
            ("public, max-age=3600, immutable", false),
            ("private, max-age=-1, immutable", false),
            ("", false),
        ] {
            let own = [
                ("content-type", "image/webp"),
                ("cache-control", cache),
                ("content-security-policy", INERT),
            ];
            let found = judge(Kind::Picture("image/webp"), false, &with(&own, ""));
            assert_eq!(found.is_empty(), right, "{found:?}");
        }
    }

    #[test]
    fn only_a_loader_is_for_other_origins_and_only_what_is_named_by_its_content_stays() {
        let file = |path: &'static str, cache: &str, own: &[(&str, &str)]| {
            let mut answer = with(
                &[
                    ("content-type", media_type(Kind::File(path)).unwrap_or_default()),
                    ("cache-control", cache),
                    ("content-security-policy", INERT),
                ],
                "",
            );
            answer.headers.extend(own.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())));
            if path.ends_with("/easel.js") {
                answer.headers.retain(|(_, value)| value != "same-origin");
                for name in ["referrer-policy", "cross-origin-opener-policy"] {
                    answer.headers.push((name.to_owned(), "same-origin".to_owned()));
                }
                let shared = ("cross-origin-resource-policy".to_owned(), "cross-origin".to_owned());
                answer.headers.push(shared);
            }
            judge(Kind::File(path), false, &answer).join("\n")
        };
        let (soon, forever) = (
            "public, max-age=300, stale-while-revalidate=86400",
            "public, max-age=31536000, immutable",
        );
        let open = [("access-control-allow-origin", "*")];
        assert_eq!(file("/easel.js", soon, &open), "");
        assert_eq!(file("/v/1.0.0/easel.js", forever, &open), "");
        assert_eq!(file("/assets/a-0123456789abcdef.js", forever, &[]), "");
        assert!(file("/easel.js", soon, &[]).contains("access-control-allow-origin is missing"));
        assert!(file("/easel.js", forever, &open).contains("cache-control"));
        assert!(
            file("/assets/a-0123456789abcdef.js", forever, &open).contains("must not be there")
        );
    }
}
