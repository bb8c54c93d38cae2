//! The key is in no byte that a browser can get, and nothing of a visitor reaches the gateway but the prompt.

use anyhow::Result;
use contract::route;
use reqwest::Method;
use serde_json::json;
use std::path::Path;
use tests::{
    run,
    studio::{KEY, Setup, Studio},
};
use xtask::repo;

/// What would betray the key: itself, and the part of it that any encoding but base64 leaves readable.
const CANARY: &str = "CANARY";

/// Answers, with their headers, as one text.
struct Heap(Vec<(String, Vec<u8>)>);

impl Heap {
    async fn keep(&mut self, what: &str, response: reqwest::Response) -> Result<()> {
        let mut bytes = format!("{:?}\n", response.headers()).into_bytes();
        bytes.extend_from_slice(&response.bytes().await?);
        self.0.push((what.to_owned(), bytes));
        Ok(())
    }
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { files(&path, found)? } else { found.push(path) }
    }
    Ok(())
}

#[test]
fn the_key_is_in_no_byte_that_a_browser_can_get() {
    run(async {
        let studio = Setup::default().start().await?;
        let visitor = studio.visitor().await?;
        let mut heap = Heap(Vec::new());
        for prompt in [
            "a picture",
            "sandbox:refuse",
            "sandbox:busy",
            "sandbox:cut",
            "sandbox:html",
            "sandbox:plain",
            "sandbox:truncated",
        ] {
            let response = visitor.ask(&json!({ "prompt": prompt })).await?;
            let id = response.headers()["location"]
                .to_str()?
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned();
            heap.keep(prompt, response).await?;
            heap.keep("events", visitor.get(&route::events(&id)).await?).await?;
            heap.keep("job", visitor.get(&route::job(&id)).await?).await?;
            heap.keep("picture", visitor.get(&route::picture(&id, 0)).await?).await?;
            heap.keep(
                "download",
                visitor.get(&format!("{}?download", route::picture(&id, 0))).await?,
            )
            .await?;
            heap.keep("delete", visitor.request(Method::DELETE, &route::job(&id)).send().await?)
                .await?;
        }
        let mut paths: Vec<String> = [
            "/",
            "/studio/demo",
            "/healthz",
            "/v1/sites/demo",
            route::ALLOWANCE,
            route::JOBS,
            route::SESSIONS,
            "/nothing",
            "/.dev.vars",
            "/metrics",
        ]
        .map(str::to_owned)
        .to_vec();
        for file in std::fs::read_dir(repo::path("dist/assets"))? {
            paths.push(format!("/assets/{}", file?.file_name().to_string_lossy()));
        }
        for path in paths {
            for method in [Method::GET, Method::HEAD, Method::POST, Method::DELETE, Method::OPTIONS]
            {
                let request =
                    visitor.request(method.clone(), &path).header("accept-encoding", "identity");
                heap.keep(&format!("{method} {path}"), request.send().await?).await?;
            }
        }
        let log = studio.edge.log();
        assert!(log.contains("gateway.refused"), "the log is really read");
        heap.0.push(("the log".to_owned(), log.into_bytes()));
        let mut built = Vec::new();
        files(&repo::path("dist"), &mut built)?;
        files(&repo::path("edge/build"), &mut built)?;
        for path in built {
            heap.0.push((path.display().to_string(), std::fs::read(&path)?));
        }
        let sent = studio.sandbox.books().calls();
        // The listing of models needs none.
        let with_key = sent.iter().filter(|call| call.path != "/v1/models");
        let used: Vec<_> = with_key.map(|call| call.header("authorization")).collect();
        let own = format!("Bearer {KEY}");
        assert!(
            !used.is_empty() && used.iter().all(|key| *key == Some(own.as_str())),
            "the key is really used"
        );
        assert!(heap.0.len() > 80, "{} answers and files", heap.0.len());
        for (what, bytes) in &heap.0 {
            assert!(!holds(bytes, CANARY) && !holds(bytes, "vck_"), "{what} holds the key");
        }
        studio.stop().await
    });
}

#[test]
fn a_prompt_is_not_logged() {
    run(async {
        let studio = Studio::shared().await?;
        let visitor = studio.visitor().await?;
        for prompt in ["UNSPEAKABLE", "UNSPEAKABLE sandbox:refuse", "UNSPEAKABLE sandbox:cut"] {
            visitor.make(&json!({ "prompt": prompt })).await?;
        }
        assert!(!studio.edge.log().contains("UNSPEAKABLE"));
        Ok(())
    });
}

#[test]
fn nothing_of_the_visitor_reaches_the_gateway_but_the_prompt() {
    run(async {
        let studio = Studio::shared().await?;
        let visitor = studio.visitor().await?;
        let request = visitor
            .request(Method::POST, route::JOBS)
            .header("idempotency-key", "VISITORKEY")
            .json(&json!({ "prompt": "hygiene" }));
        let request = request
            .header("cookie", "a=VISITOR")
            .header("user-agent", "VISITOR")
            .header("x-forwarded-for", "VISITOR")
            .header("x-canary", "VISITOR")
            .header("accept-language", "VISITOR");
        let job: contract::job::Job = request.send().await?.json().await?;
        visitor.watch(&job.id).await?;
        let calls = studio.sandbox.books().calls();
        let call = calls
            .iter()
            .find(|call| call.json().is_some_and(|body| body["prompt"] == "PREFIX hygiene SUFFIX"))
            .expect("a call");
        let told =
            format!("{:?} {:?} {}", call.headers, call.path, String::from_utf8_lossy(&call.body));
        assert!(!told.contains("VISITOR"), "{told}");
        assert!(!told.contains(&visitor.session.token) && !told.contains(&job.id), "{told}");
        let names: Vec<_> = call.headers.iter().map(|(name, _)| name.as_str()).collect();
        let known = [
            "accept",
            "accept-encoding",
            "authorization",
            "content-length",
            "content-type",
            "host",
            "cf-worker",
            "cf-ew-via",
            "cdn-loop",
            "transfer-encoding",
            "connection",
        ];
        assert!(names.iter().all(|name| known.contains(name)), "{names:?}");
        Ok(())
    });
}
