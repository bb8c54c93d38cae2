//! The frame's document and its assets: what a browser is told about them.

use tests::{
    run,
    studio::Studio,
    visitor::{client, header},
};
use xtask::repo;

const FRAME: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self' https://acme.example";

#[test]
fn the_frame_paints_its_form_before_any_program() {
    run(async {
        let (base, http) = (Studio::shared().await?.edge.url(), client()?);
        let response = http.get(format!("{base}/studio/demo")).send().await?;
        assert_eq!(response.headers()["content-security-policy"], FRAME);
        assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(!response.headers().contains_key("set-cookie"));
        let html = response.text().await?;
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
        for mark in ["{{", "<!--each", "<!--if", "<!--end", "%asset:", "PREFIX", "SUFFIX"] {
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
        assert_eq!(
            refused.headers()["content-security-policy"],
            "default-src 'none'; frame-ancestors *"
        );
        assert!(refused.text().await?.contains("may not show the studio"));
        Ok(())
    });
}

#[test]
fn every_file_of_the_build_is_served_for_ever_and_compressed() {
    run(async {
        let (base, http) = (Studio::shared().await?.edge.url(), client()?);
        let mut served = 0;
        for file in std::fs::read_dir(repo::path("dist/assets"))? {
            let name = file?.file_name().into_string().expect("a plain name");
            if name.strip_suffix(".br").is_some() {
                continue;
            }
            let media_type = match name.rsplit_once('.').map(|(_, extension)| extension) {
                Some("css") => "text/css; charset=utf-8",
                Some("js") => "text/javascript; charset=utf-8",
                Some("wasm") => "application/wasm",
                _ => panic!("{name} has no known type"),
            };
            let url = format!("{base}/assets/{name}");
            for (accepted, encoding, stored) in [
                ("br, gzip", "br", format!("{name}.br")),
                ("identity", "", name.clone()),
                ("br;q=0", "", name.clone()),
            ] {
                let response = http.get(&url).header("accept-encoding", accepted).send().await?;
                let header = |name: &str| header(&response, name);
                assert_eq!(response.status(), 200, "{name}");
                assert_eq!(header("content-type"), media_type);
                assert_eq!(header("content-encoding"), encoding, "{accepted}");
                assert_eq!(header("cache-control"), "public, max-age=31536000, immutable");
                assert_eq!(header("vary"), "accept-encoding");
                assert_eq!(header("x-content-type-options"), "nosniff");
                assert_eq!(header("cross-origin-resource-policy"), "same-origin");
                assert!(header("access-control-allow-origin").is_empty());
                assert!(
                    response.bytes().await?
                        == std::fs::read(repo::path("dist/assets").join(stored))?
                );
            }
            served += 1;
        }
        assert_eq!(served, 5, "style, boot, shrink, glue, wasm");
        Ok(())
    });
}
