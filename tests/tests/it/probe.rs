//! `probe`: the real sandbox is found the same, a gateway that lies is found out, and the sum is not passed.

use super::release::Unpacked;
use anyhow::{Context, Result};
use contract::money::Nano;
use sandbox::{Sandbox, Settings};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::PathBuf};
use tests::{
    liar::{Asked, CLOSED, Changed, Liar, Told},
    run,
};
use xtask::{
    deploy,
    probe::{Line, Outcome, compare},
    repo, settings,
};

const KEY: &str = "vck_a_key_that_nobody_gave_out";

/// A comparison that has ended.
struct Ended {
    outcome: Outcome,
    lines: Vec<Line>,
    /// The fixture's text.
    kept: String,
    /// Each step's outcome and differences, by its name.
    steps: BTreeMap<String, (String, Vec<String>)>,
}

fn folder(name: &str) -> PathBuf {
    let folder = repo::path("target/xtask/test-probe").join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// Compares the gateway at that URL, as the committed configuration would be, or for OpenAI.
async fn probe(name: &str, gateway: &str, provider: &str, most: &str) -> Result<Ended> {
    let file =
        deploy::file()?.replace(r#""provider": "vercel""#, &format!(r#""provider": "{provider}""#));
    let mut settings = settings::Settings::from_wrangler(&file)?;
    settings.set_gateway(gateway);
    let most: Nano = most.parse().ok().context("no sum")?;
    let mut lines = Vec::new();
    let say = |line: &Line| lines.push(line.clone());
    let outcome = compare(&settings.check()?, KEY, most, &folder(name), say).await?;
    let kept = fs::read_to_string(&outcome.file)?;
    let fixture: Value = serde_json::from_str(&kept)?;
    let mut steps = BTreeMap::new();
    for step in fixture["steps"].as_array().context("no steps")? {
        let word = |value: &Value| value.as_str().map(str::to_owned).context("no text");
        let found = step["differences"].as_array().into_iter().flatten().map(word);
        let found = found.collect::<Result<Vec<_>>>()?;
        steps.insert(word(&step["name"])?, (word(&step["outcome"])?, found));
    }
    assert!(!kept.contains(KEY), "the key is in the fixture");
    assert!(lines.iter().all(|line| !line.text.contains(KEY)), "the key was printed");
    Ok(Ended { outcome, lines, kept, steps })
}

impl Ended {
    fn with(&self, outcome: &str) -> Vec<&str> {
        let named = self.steps.iter().filter(|(_, (is, _))| is == outcome);
        named.map(|(name, _)| name.as_str()).collect()
    }
}

#[test]
fn the_sandbox_is_the_same_as_itself_and_each_cent_is_counted() {
    run(async {
        for provider in ["vercel", "openai"] {
            let sandbox = Sandbox::start(Settings::for_tests()).await?;
            let url = if provider == "openai" { sandbox.openai_url() } else { sandbox.url() };
            let ended = probe(provider, &url, provider, "0.20").await?;
            assert_eq!(ended.outcome.failure, None, "{:?}", ended.lines);
            assert_eq!(ended.with("skipped"), [""; 0], "{provider}");
            let same = ended.lines.iter().filter(|line| line.label == "same").count();
            assert_eq!((same, ended.with("differs")), (ended.steps.len(), vec![]));
            let (books, spent) = (sandbox.books(), ended.outcome.spent);
            assert!(spent > Nano::ZERO && spent <= Nano(200_000_000), "{spent}");
            assert_eq!(books.charged(), spent, "{provider}");
            // Each step was sent once, and a picture is kept as its facts.
            assert_eq!(books.count(), ended.steps.len() as u64);
            let longest = ended.kept.lines().map(str::len).max().unwrap_or_default();
            assert!(longest < 2_000 && ended.kept.contains("\"width\": 1024"), "{longest}");
        }
        Ok(())
    });
}

#[test]
fn a_probe_stops_at_its_sum() {
    run(async {
        for most in ["0", "0.009", "0.03"] {
            let sandbox = Sandbox::start(Settings::for_tests()).await?;
            let ended = probe("sum", &sandbox.url(), "vercel", most).await?;
            let bound: Nano = most.parse().ok().context("no sum")?;
            let (charged, spent) = (sandbox.books().charged(), ended.outcome.spent);
            assert!(charged <= spent && spent <= bound, "{most}: {charged}, {spent}");
            assert_eq!(charged == Nano::ZERO, most == "0", "{most}");
            assert!(ended.with("skipped").contains(&"more than ten pictures"), "{most}");
            assert_eq!(ended.outcome.failure, None, "what is left out is no difference");
            let last = ended.lines.last().context("no line")?;
            assert!(last.label == "spent" && last.text.contains(most), "{last:?}");
        }
        Ok(())
    });
}

/// Where a lying gateway is found.
fn gateway(liar: &Liar) -> String {
    [liar.url(), "/v1"].concat()
}

/// The lies about what is free.
fn about_refusals(asked: &Asked, told: &mut Told) {
    let images = asked.is("POST", "/v1/images/");
    let authorization = asked.headers.get("authorization").map_or(&b""[..], |it| it.as_bytes());
    let body = String::from_utf8_lossy(&asked.body);
    match () {
        () if images && authorization == b"Bearer invalid" => told.status = 403,
        () if images && authorization.is_empty() => {
            told.json(|body| body["error"] = "Unauthorized".into());
        }
        () if body == r#"{"model": "# => {
            told.header("content-type", "text/html");
            told.body = b"<html>".to_vec();
        }
        () if images && body.contains("gpt-image-0-nobody") => told.json(|body| {
            body["error"]["code"] = "model_not_found".into();
            body["error"]["type"] = "invalid_request_error".into();
        }),
        () if images && body.contains(r#""n":0"#) => {
            told.json(|body| body["error"]["param"][0]["code"] = "invalid_value".into());
        }
        () if asked.is("GET", "/v1/credits") && told.status == 200 => {
            told.json(|body| body["balance"] = 95.5.into());
        }
        () if asked.method == "GET" && asked.path == "/v1/models" => told.json(|body| {
            body["data"].as_array_mut().into_iter().flatten().for_each(|entry| {
                entry["pricing"]["input"] = "0.9".into();
            });
        }),
        () if asked.is("GET", "/v1/nothing") => {
            told.body = json!({ "error": KEY }).to_string().into_bytes();
        }
        () if asked.is("GET", "/v1/images/generations") => told.status = CLOSED,
        () => {}
    }
}

#[test]
fn a_gateway_that_lies_about_what_is_free_is_found_out() {
    run(async {
        let sandbox = Sandbox::start(Settings::for_tests()).await?;
        let liar = Liar::start(&sandbox.origin(), Changed(about_refusals)).await?;
        let ended = probe("refusals", &gateway(&liar), "vercel", "0").await?;
        let expected = [
            ("a wrong key", "status is 403; the sandbox sends 401"),
            ("no key", "error is a text; the sandbox sends an object"),
            (
                "malformed JSON",
                r#"content-type is "text/html"; the sandbox sends "application/json""#,
            ),
            ("a model that does not exist", "error.code is there; the sandbox has none"),
            (
                "a model that does not exist",
                r#"error.type is "invalid_request_error"; the sandbox sends "model_not_found""#,
            ),
            (
                "no picture at all",
                r#"error.param[0].code is "invalid_value"; the sandbox sends "too_small""#,
            ),
            ("the credits", "balance is a number; the sandbox sends a text"),
            ("a path that does not exist", "it repeats the key"),
            ("the wrong method", "no whole answer came, so that it counts as spent at its worst"),
        ];
        for (name, sentence) in expected {
            let found = &ended.steps.get(name).context(name)?.1;
            assert!(found.iter().any(|it| it == sentence), "{name}: {found:?}");
        }
        let prices = &ended.steps["the list of models"].1;
        assert!(
            prices.iter().all(|it| it.contains(r#".pricing.input is "0.9"; the sandbox sends"#))
        );
        assert!(prices.len() >= 4, "{prices:?}");
        // Nothing else is reported.
        let mut lied: Vec<&str> = expected.iter().map(|(name, _)| *name).collect();
        lied.push("the list of models");
        lied.sort_unstable();
        lied.dedup();
        assert_eq!(ended.with("differs"), lied);
        assert!(ended.outcome.failure.context("it did not fail")?.starts_with("9 answers differ"));
        Ok(())
    });
}

/// The lies about pictures.
fn about_pictures(asked: &Asked, told: &mut Told) {
    if told.status != 200 || asked.method != "POST" {
        return;
    }
    let order: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
    let is_edit = asked.path.ends_with("/edits");
    match () {
        () if order["n"] == 2 => told.json(|body| {
            body["data"].as_array_mut().and_then(Vec::pop);
        }),
        () if order["output_format"] == "jpeg" => told.json(|body| {
            body["provider_metadata"] = body["providerMetadata"].take();
            body.as_object_mut().and_then(|body| body.remove("providerMetadata"));
        }),
        () if order["quality"] == "medium" => told.json(|body| {
            body["providerMetadata"]["gateway"].as_object_mut().and_then(|it| it.remove("cost"));
            body.as_object_mut().and_then(|body| body.remove("usage"));
        }),
        () if is_edit && order.is_object() => told.status = CLOSED,
        () if is_edit => told.json(|body| body["data"][0]["b64_json"] = "iVBORw0KGgo=".into()),
        () => {}
    }
}

#[test]
fn a_gateway_that_lies_about_pictures_is_found_out_and_never_believed_to_be_free() {
    run(async {
        let sandbox = Sandbox::start(Settings::for_tests()).await?;
        let liar = Liar::start(&sandbox.origin(), Changed(about_pictures)).await?;
        let ended = probe("pictures", &gateway(&liar), "vercel", "0.20").await?;
        let expected = [
            ("two pictures", "data is 1 long; the sandbox sends 2 long"),
            ("a picture with options at top level", "providerMetadata is missing"),
            (
                "a picture with options at top level",
                "provider_metadata is there; the sandbox has none",
            ),
            ("a picture of medium quality", "providerMetadata.gateway.cost is missing"),
            ("an edit", "no whole answer came, so that it counts as spent at its worst"),
            (
                "an edit as a form",
                r#"data[0].b64_json.picture.media_type is "none: not a whole picture"; the sandbox sends "image/png""#,
            ),
        ];
        for (name, sentence) in expected {
            let found = &ended.steps.get(name).context(name)?.1;
            assert!(found.iter().any(|it| it == sentence), "{name}: {found:?}");
        }
        assert_eq!(ended.with("differs").len(), 5, "{:?}", ended.with("differs"));
        let fixture: Value = serde_json::from_str(&ended.kept)?;
        for name in ["an edit", "a picture of medium quality"] {
            let step =
                fixture["steps"].as_array().into_iter().flatten().find(|it| it["name"] == name);
            let step = step.context(name)?;
            assert_eq!(step["counted_usd"], step["worst_usd"], "{name}");
        }
        assert!(sandbox.books().charged() <= ended.outcome.spent);
        assert!(ended.outcome.spent <= Nano(200_000_000), "{}", ended.outcome.spent);
        Ok(())
    });
}

#[test]
fn the_archive_probes_a_gateway_by_the_same_rules() {
    run(async {
        let release = Unpacked::without_packages("probe").await?;
        let sandbox = Sandbox::start(Settings::for_tests()).await?;
        let key = [("AI_GATEWAY_API_KEY", KEY.to_owned())];
        let url = sandbox.url();
        let words = ["probe", "--max-usd", "0.06", "--gateway", &url];
        let (good, said) = release.ends(&words, &key).await?;
        assert!(good && said.contains("0 different"), "{said}");
        let charged = sandbox.books().charged();
        assert!(charged > Nano::ZERO && charged <= Nano(60_000_000), "{charged}");
        let calls = sandbox.books().calls();
        assert!(calls.iter().any(|call| call.path == "/v1/images/edits"), "{said}");
        // A second one keeps the first one's fixture, and neither has the key.
        let words = ["probe", "--max-usd", "0", "--gateway", &url];
        assert!(release.ends(&words, &key).await?.0);
        let home = release.folder.join("home");
        let mut names = Vec::new();
        for file in fs::read_dir(&home)? {
            let file = file?;
            names.push(file.file_name().to_string_lossy().into_owned());
            assert!(!fs::read_to_string(file.path())?.contains(KEY), "{names:?}");
        }
        names.sort_unstable();
        assert_eq!(names.len(), 2, "{names:?}");
        assert!(names[0].ends_with("-gateway-2.json") && names[1].ends_with("-gateway.json"));
        assert!(!said.contains(KEY));

        let liar = Liar::start(&sandbox.origin(), Changed(about_refusals)).await?;
        let url = gateway(&liar);
        let words = ["probe", "--max-usd", "0", "--gateway", &url, "--out", "lies"];
        let (good, said) = release.ends(&words, &key).await?;
        assert!(!good && said.contains("status is 403; the sandbox sends 401"), "{said}");
        assert!(said.contains("9 answers differ") && !said.contains(KEY), "{said}");

        for (words, environment, reason) in [
            (&["probe"][..], &key[..], "--max-usd"),
            (&["probe", "--max-usd", "x"], &key, "no sum"),
            (&["probe", "--max-usd", "0"], &[], "AI_GATEWAY_API_KEY"),
            (&["probe", "--max-usd", "0", "--gateway", "http://gateway.example/v1"], &key, "https"),
        ] {
            let (good, said) = release.ends(words, environment).await?;
            assert!(!good && said.contains(reason), "{words:?}: {said}");
        }
        let (good, said) = release.ends(&["probe", "--help"], &[]).await?;
        assert!(good && said.contains("easel probe --max-usd USD"), "{said}");
        Ok(())
    });
}
