//! The interface as a stranger meets it: wrong paths, methods, origins, bodies, tokens.

use anyhow::Result;
use contract::{problem::ProblemKind, route};
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use tests::{
    run,
    studio::{Setup, Studio},
    visitor::{client, problem},
};

async fn kind(request: RequestBuilder) -> Result<&'static str> {
    Ok(problem(request.send().await?).await?.kind.word())
}

#[test]
fn every_wrong_path_and_method_is_a_problem_document() {
    run(async {
        let (base, http) = (Studio::shared().await?.edge.url(), client()?);
        for path in [
            "/nothing",
            "/index.html",
            "/studio.html",
            "/dist/studio.html",
            "/v1",
            "/v1/jobs/",
            "/studio",
            "/assets/",
            "/assets/nothing-0123.js",
            "/assets/../studio.html",
            "/assets/%2e%2e/studio.html",
            "/.dev.vars",
            "/healthz/",
        ] {
            assert_eq!(kind(http.get(format!("{base}{path}"))).await?, "not-found", "{path}");
        }
        for (method, path, allow) in [
            (Method::POST, "/healthz", "GET, HEAD"),
            (Method::GET, "/v1/jobs", "POST"),
            (Method::DELETE, "/v1/sessions", "POST"),
            (Method::PUT, "/v1/jobs/x", "GET, HEAD, DELETE"),
            (Method::OPTIONS, "/v1/jobs", "POST"),
            (Method::PATCH, "/", "GET, HEAD"),
        ] {
            let response = http.request(method.clone(), format!("{base}{path}")).send().await?;
            assert_eq!(response.headers()["allow"], allow, "{method} {path}");
            assert!(!response.headers().contains_key("access-control-allow-origin"));
            assert_eq!(problem(response).await?.kind, ProblemKind::MethodNotAllowed);
        }
        assert_eq!(kind(http.get(format!("{base}/v1/sites/nobody"))).await?, "unknown-site");
        assert_eq!(kind(http.get(format!("{base}/studio/nobody"))).await?, "unknown-site");
        let unknown = "0".repeat(64);
        for id in ["x", &unknown, "..", &"f".repeat(63)] {
            for path in [route::job(id), route::events(id), route::picture(id, 0)] {
                let kind = kind(http.get(format!("{base}{path}"))).await?;
                assert!(matches!(kind, "unknown-job" | "not-found"), "{path}: {kind}");
            }
        }
        Ok(())
    });
}

#[test]
fn what_contradicts_our_origin_changes_nothing() {
    run(async {
        let (base, http) = (Studio::shared().await?.edge.url(), client()?);
        let open =
            || http.post(format!("{base}{}", route::SESSIONS)).json(&json!({ "site": "demo" }));
        for (name, value) in [
            ("origin", "https://acme.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            assert_eq!(
                kind(open().header(name, value)).await?,
                "origin-not-allowed",
                "{name}: {value}"
            );
        }
        assert_eq!(
            open()
                .header("origin", base)
                .header("sec-fetch-site", "same-origin")
                .send()
                .await?
                .status(),
            201
        );
        assert_eq!(open().send().await?.status(), 201);
        Ok(())
    });
}

#[test]
fn bodies_are_read_strictly_and_not_beyond_their_limit() {
    run(async {
        let studio = Studio::shared().await?;
        let visitor = studio.visitor().await?;
        let post = |body: String| {
            visitor
                .request(Method::POST, route::JOBS)
                .header("idempotency-key", "k")
                .header("content-type", "application/json")
                .body(body)
        };
        for body in [
            "",
            "{}",
            "[]",
            "{\"prompt\":\"x\",\"colour\":1}",
            "{\"prompt\":\"x\",\"size\":\"auto\"}",
            "{\"prompt\":\" \"}",
            "{\"prompt\":\"x\",\"count\":5}",
            "{\"prompt\":\"x\"}x",
        ] {
            assert_eq!(kind(post(body.to_owned())).await?, "invalid-request", "{body}");
        }
        let long = format!("{{\"prompt\":\"{}\"}}", "x".repeat(17 * 1024));
        assert_eq!(kind(post(long.clone())).await?, "too-large");
        let endless = visitor
            .request(Method::POST, route::JOBS)
            .header("idempotency-key", "k")
            .header("content-type", "application/json");
        assert_eq!(
            kind(endless.body(without_length(long))).await?,
            "too-large",
            "without a length"
        );
        let text = visitor
            .request(Method::POST, route::JOBS)
            .header("idempotency-key", "k")
            .header("content-type", "text/plain")
            .body("{\"prompt\":\"x\"}");
        assert_eq!(kind(text).await?, "invalid-request");
        for key in ["", "a b", &"k".repeat(256)] {
            let request = visitor
                .request(Method::POST, route::JOBS)
                .header("idempotency-key", key)
                .json(&json!({ "prompt": "x" }));
            assert_eq!(kind(request).await?, "invalid-request", "{key}");
        }
        assert_eq!(
            kind(visitor.request(Method::POST, route::JOBS).json(&json!({ "prompt": "x" })))
                .await?,
            "invalid-request",
            "no key"
        );
        let session = |body: serde_json::Value| {
            client().map(|http| {
                http.post(format!("{}{}", studio.edge.url(), route::SESSIONS)).json(&body)
            })
        };
        assert_eq!(kind(session(json!({ "site": "nobody" }))?).await?, "unknown-site");
        assert_eq!(kind(session(json!({ "site": "demo", "x": 1 }))?).await?, "invalid-request");
        Ok(())
    });
}

/// A body that does not say how long it is.
fn without_length(text: String) -> reqwest::Body {
    let pieces: Vec<_> = text
        .into_bytes()
        .chunks(1000)
        .map(|piece| Ok::<_, std::io::Error>(piece.to_vec()))
        .collect();
    reqwest::Body::wrap_stream(futures_util::stream::iter(pieces))
}

#[test]
fn a_token_opens_renews_and_nothing_else_does() {
    run(async {
        let studio = Studio::shared().await?;
        let (base, visitor, http) = (studio.edge.url(), studio.visitor().await?, client()?);
        let allowance = |token: &str| {
            http.get(format!("{base}{}", route::ALLOWANCE))
                .header("authorization", format!("Bearer {token}"))
        };
        assert_eq!(allowance(&visitor.session.token).send().await?.status(), 200);
        let forged = visitor.session.token.replace("demo", "acme");
        for token in ["", "x", &forged] {
            assert_eq!(kind(allowance(token)).await?, "session-required", "{token}");
        }
        assert_eq!(
            kind(http.get(format!("{base}{}", route::ALLOWANCE))).await?,
            "session-required"
        );
        let renew = |token: &str| {
            http.post(format!("{base}{}", route::SESSIONS))
                .json(&json!({ "site": "demo" }))
                .header("authorization", format!("Bearer {token}"))
        };
        let renewed: contract::session::Session =
            renew(&visitor.session.token).send().await?.json().await?;
        let subject = |token: &str| token.split('.').nth(2).map(str::to_owned);
        assert_eq!(subject(&renewed.token), subject(&visitor.session.token));
        assert_eq!(kind(renew(&forged)).await?, "session-required");
        Ok(())
    });
}

#[test]
fn health_and_site_say_what_they_are() {
    run(async {
        let (base, http) = (Studio::shared().await?.edge.url(), client()?);
        let health: contract::health::Health =
            http.get(format!("{base}/healthz")).send().await?.json().await?;
        assert_eq!(
            // The sandbox's credits are less than these caps.
            (health.version.as_str(), health.sandbox, health.warnings.len()),
            (contract::VERSION, true, 1)
        );
        let response = http.get(format!("{base}/v1/sites/demo")).send().await?;
        let text = response.text().await?;
        let site: contract::site::Site = serde_json::from_str(&text)?;
        assert_eq!((site.id.as_str(), site.sandbox, site.sizes.len()), ("demo", true, 3));
        for secret in ["PREFIX", "SUFFIX", "budget", "origins", "acme"] {
            assert!(!text.contains(secret), "{secret} reached the browser");
        }
        let head = http.head(format!("{base}/healthz")).send().await?;
        assert_eq!((head.status().as_u16(), head.text().await?.len()), (200, 0));
        Ok(())
    });
}

#[test]
fn an_invalid_configuration_closes_every_route() {
    run(async {
        for setup in [
            Setup::default().site("origins", json!(["*"])),
            Setup { secrets: vec![], ..Setup::default() },
        ] {
            let studio = setup.start().await?;
            let http = client()?;
            for path in ["/", "/healthz", "/studio/demo", "/v1/sites/demo"] {
                let problem =
                    problem(http.get(format!("{}{path}", studio.edge.url())).send().await?).await?;
                assert_eq!(
                    (problem.kind, problem.status),
                    (ProblemKind::Misconfigured, 503),
                    "{path}"
                );
            }
            assert!(
                studio.edge.log().contains("configuration.invalid"),
                "the reason is in the log"
            );
            studio.stop().await?;
        }
        Ok(())
    });
}
