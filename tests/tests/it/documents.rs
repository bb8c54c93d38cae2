//! The frame's document and its assets: what a browser is told about them.

use anyhow::Context;
use serde_json::Value;
use tests::{
    run,
    studio::Studio,
    visitor::{client, header},
};
use xtask::{
    build::{released, shell},
    repo, setup,
};

/// The policy of a frame whose document has these inline parts.
fn policy(style: &str, script: &str) -> String {
    let (style, script) = (shell::source(style), shell::source(script));
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' '{script}'; style-src 'self' '{style}'; \
         img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'self' https://acme.example"
    )
}

/// What stands in the document's elements of this name that have no attribute.
fn inline<'html>(html: &'html str, name: &str) -> Vec<&'html str> {
    let [start, end] = [format!("<{name}>"), format!("</{name}>")];
    let after = html.split(&start).skip(1);
    after.filter_map(|rest| Some(rest.split_once(&end)?.0)).collect()
}

#[test]
fn the_frame_paints_its_form_before_any_program() {
    run(async {
        let (base, http) = (Studio::shared().await?.edge.url(), client()?);
        let response = http.get(format!("{base}/studio/demo")).send().await?;
        let allowed = header(&response, "content-security-policy").to_owned();
        assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
        // What is rewritten on its way cannot be hydrated.
        assert_eq!(response.headers()["cache-control"], "no-store, no-transform");
        assert!(!response.headers().contains_key("set-cookie"));
        // A page that is cross-origin isolated may show it.
        assert_eq!(header(&response, "cross-origin-embedder-policy"), "require-corp");
        assert_eq!(header(&response, "cross-origin-resource-policy"), "cross-origin");
        let html = response.text().await?;
        let (styles, scripts) = (inline(&html, "style"), inline(&html, "script"));
        assert_eq!((styles.len(), scripts.len()), (1, 1));
        assert_eq!(allowed, policy(styles[0], scripts[0]), "by its hash and by nothing else");
        for part in [
            "<textarea",
            "Square",
            "Wide",
            "Tall",
            "Draft",
            "Standard",
            "Fine",
            "Paper craft",
            "Sample pictures",
            "\"id\":\"demo\"",
        ] {
            assert!(html.contains(part), "{part} is missing");
        }
        for mark in ["{{", "%asset:", "PREFIX", "SUFFIX"] {
            assert!(!html.contains(mark), "{mark} was left");
        }
        Ok(())
    });
}

#[test]
fn only_listed_pages_may_show_the_frame() {
    run(async {
        let (base, http) = (Studio::shared().await?.edge.url(), client()?);
        let ask = |destination: &str, referer: &str| {
            http.get(format!("{base}/studio/demo"))
                .header("sec-fetch-dest", destination)
                .header("referer", referer)
                .send()
        };
        assert_eq!(ask("iframe", "https://acme.example/page").await?.status(), 200);
        assert_eq!(ask("document", "https://evil.example/").await?.status(), 200);
        let refused = ask("iframe", "https://evil.example/").await?;
        assert_eq!(refused.status(), 403);
        let unknown = http.get(format!("{base}/studio/nobody")).header("sec-fetch-dest", "iframe");
        let unknown = unknown.header("accept-language", "de").send().await?;
        assert_eq!(unknown.status(), 404);
        for (response, words) in [
            (
                refused,
                "<code>https://evil.example</code> to <code>origins</code> of <code>demo</code>",
            ),
            (unknown, "Ein Studio <code>nobody</code> gibt es hier nicht"),
        ] {
            let allowed = header(&response, "content-security-policy").to_owned();
            assert_eq!(header(&response, "cross-origin-embedder-policy"), "require-corp");
            assert_eq!(header(&response, "cross-origin-resource-policy"), "cross-origin");
            let html = response.text().await?;
            let [style, script] =
                ["style", "script"].map(|name| shell::source(inline(&html, name)[0]));
            let policy = format!(
                "default-src 'none'; script-src '{script}'; style-src '{style}'; base-uri 'none'; form-action 'none'; frame-ancestors *"
            );
            assert_eq!(allowed, policy, "it may be framed by all, and nothing else runs in it");
            assert!(html.contains(words), "{html}");
        }
        // What no browser can have sent is not repeated.
        for referer in ["https://<b>/", "nonsense", "https://a;b/"] {
            let html = ask("iframe", referer).await?.text().await?;
            assert!(html.contains("Add the page’s origin to"), "{html}");
        }
        let strange = http.get(format!("{base}/studio/<b>")).header("sec-fetch-dest", "iframe");
        assert!(!strange.send().await?.text().await?.contains("<b>"));
        Ok(())
    });
}

/// What our own pages run under: what they tell owners to allow, and their own style.
const PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What the owner's page needs beside that: it asks for a site's facts.
const OWNERS_PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file of the build, its type, and where it is found; nothing for what is not served.
fn place(file: &str) -> Option<(String, &'static str)> {
    let media_type = match file.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "ts" => "text/plain; charset=utf-8",
        "webp" => "image/webp",
        _ => return None,
    };
    match file {
        // The Worker alone reads it.
        "shell.json" | "sites.json" => None,
        "index.html" => Some(("/".to_owned(), media_type)),
        _ => Some((format!("/{file}"), media_type)),
    }
}

#[test]
fn every_file_of_the_build_is_served_with_its_headers() {
    run(async {
        let (base, http) = (Studio::shared().await?.edge.url(), client()?);
        let mut served = 0;
        for file in repo::files_under("dist") {
            let file = file.strip_prefix("dist")?.to_string_lossy().into_owned();
            let Some((path, media_type)) = place(&file) else { continue };
            let page = media_type.starts_with("text/html");
            let loader = file.ends_with("easel.js");
            let picture = media_type.starts_with("image/webp");
            let cache = match file.split('/').next() {
                _ if page => "no-store",
                Some("assets" | "sites" | "v") => "public, max-age=31536000, immutable",
                _ => "public, max-age=300, stale-while-revalidate=86400",
            };
            // The last is Chromium's.
            for (accepted, encoding) in [
                ("br, gzip", "br"),
                ("identity", ""),
                ("br;q=0", ""),
                ("gzip, deflate, br, zstd", "br"),
            ] {
                // A picture is compressed already.
                let encoding = if picture { "" } else { encoding };
                let url = format!("{base}{path}");
                let response = http.get(&url).header("accept-encoding", accepted).send().await?;
                let header = |name: &str| header(&response, name);
                assert_eq!(response.status(), 200, "{path}");
                assert_eq!(header("content-type"), media_type, "{path}");
                assert_eq!(header("cache-control"), cache, "{path}");
                assert_eq!(header("x-content-type-options"), "nosniff");
                assert_eq!(header("referrer-policy"), "same-origin");
                assert_eq!(header("cross-origin-opener-policy"), "same-origin");
                let (shared, cors) =
                    if loader { ("cross-origin", "*") } else { ("same-origin", "") };
                assert_eq!(header("cross-origin-resource-policy"), shared, "{path}");
                assert_eq!(header("access-control-allow-origin"), cors, "{path}");
                // A worker must be as isolated as the studio, which an isolated page may show.
                let worker = file.starts_with("assets/image_worker-");
                let isolated = if worker { "require-corp" } else { "" };
                assert_eq!(header("cross-origin-embedder-policy"), isolated, "{path}");
                let policy = header("content-security-policy");
                if page {
                    // The platform compresses what the Worker does not.
                    assert_eq!(policy, if path == "/" { OWNERS_PAGE } else { PAGE }, "{path}");
                    assert!(encoding == "br" || !response.text().await?.contains("{{"), "{path}");
                } else {
                    assert_eq!(header("content-encoding"), encoding, "{path}, {accepted}");
                    assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'; sandbox");
                    assert_eq!(header("vary"), if picture { "" } else { "accept-encoding" });
                    let stored =
                        if encoding.is_empty() { file.clone() } else { format!("{file}.br") };
                    let stored = std::fs::read(repo::path("dist").join(stored))?;
                    assert!(response.bytes().await? == stored, "{path}, {accepted}");
                }
            }
            served += 1;
        }
        assert!(served > 25, "only {served} files are served");
        for path in [
            "/shell.json",
            "/sites.json",
            "/sites/demo/poster.webp",
            "/sites/demo/poster-0000000000000000.webp",
            "/sites/other/poster.webp",
            "/assets/poster.webp",
            "/studio.en.html",
            "/index.html",
            "/easel.js.br",
            "/v/0.0.0/easel.js",
            "/demo/nothing.html",
        ] {
            let response = http.get(format!("{base}{path}")).send().await?;
            assert_eq!(response.status(), 404, "{path}");
        }
        Ok(())
    });
}

#[test]
fn the_owners_page_pins_the_newest_released_loader_and_only_that_never_changes() {
    run(async {
        let (base, http) = (Studio::shared().await?.edge.url(), client()?);
        let released = released::all()?;
        let (version, bytes) = released::newest(&released).context("no loader is released")?;
        let page = http.get(format!("{base}/")).send().await?.text().await?;
        for part in [version, &released::integrity(bytes)] {
            assert!(page.contains(part), "{part} is not on the page");
        }
        let plain = |path: &str| {
            http.get(format!("{base}{path}")).header("accept-encoding", "identity").send()
        };
        let pinned = plain(&format!("/v/{version}/easel.js")).await?;
        assert!(header(&pinned, "cache-control").contains("immutable"));
        assert!(pinned.bytes().await? == bytes, "other bytes than were released");
        assert!(contract::is_development() || version == contract::VERSION);
        let rolling = plain("/easel.js").await?;
        assert!(!header(&rolling, "cache-control").contains("immutable"));
        let found = plain(&format!("/v/{}/easel.js", contract::VERSION)).await?.status();
        assert_eq!(found, if contract::is_development() { 404 } else { 200 });
        Ok(())
    });
}

/// What `csp_evaluator` holds against policies, one JSON list each: 10 is high, 20 a syntax error, 30 medium; what it only supposes
/// stands above.
const EVALUATE: &str = "
const { CspEvaluator } = require('csp_evaluator/dist/evaluator.js');
const { CspParser } = require('csp_evaluator/dist/parser.js');
const found = process.argv.slice(1).map((policy) => new CspEvaluator(new CspParser(policy).csp).evaluate());
console.log(JSON.stringify(found.map((list) => list.filter(({ severity }) => severity <= 30).map(({ description }) => description))));";

#[test]
fn csp_evaluator_finds_nothing_high_or_medium() {
    run(async {
        let (base, http) = (Studio::shared().await?.edge.url(), client()?);
        let mut policies = Vec::new();
        for path in ["/studio/demo", "/studio/none", "/", "/demo/form.html", "/easel.js"] {
            let response = http.get(format!("{base}{path}")).send().await?;
            policies.push(header(&response, "content-security-policy").to_owned());
        }
        // One that it must object to: else it says nothing of the others.
        policies.push("script-src * 'unsafe-inline'".to_owned());
        let node = setup::find_node().await?;
        let mut command = std::process::Command::new(node);
        command.current_dir(repo::root()).args(["-e", EVALUATE, "--"]).args(&policies);
        let said = command.output()?;
        let found: Value = serde_json::from_slice(&said.stdout)
            .with_context(|| String::from_utf8_lossy(&said.stderr).into_owned())?;
        let found = found.as_array().context("no list")?;
        assert_eq!(found.len(), policies.len());
        for (policy, found) in policies.iter().zip(found) {
            let fine = found.as_array().is_some_and(Vec::is_empty);
            assert_eq!(fine, !policy.contains("unsafe-inline"), "{policy}: {found}");
        }
        Ok(())
    });
}
