//! Pictures to edit: what is taken, what reaches the gateway, and what becomes of them.

use anyhow::Result;
use base64::{Engine, prelude::BASE64_STANDARD};
use contract::{
    job::{Job, JobState},
    money::Nano,
    options::Format,
    problem::ProblemKind,
};
use futures_util::stream;
use painter::{Subject, encode, paint};
use reqwest::{Body, Method};
use sandbox::Settings;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{
    run,
    studio::{Setup, Studio},
    visitor::{Visitor, problem},
};

/// Where bytes of jobs lie.
const SLOTS: &str = "SELECT DISTINCT id >> 20 FROM chunk";

/// A picture of the sandbox's, as large as a phone's camera makes them once they are scaled.
fn picture(format: Format, word: &str) -> Vec<u8> {
    let size = "1024x1536".parse().expect("a size");
    let subject = Subject { prompt: word.to_owned(), size, ..Subject::default() };
    encode(&paint(&subject), format, 90).expect("a picture")
}

async fn made(visitor: &Visitor, body: &Value, pictures: &[Vec<u8>]) -> Result<Job> {
    let response = visitor.edit(body, pictures).await?;
    anyhow::ensure!(response.status() == 201, "refused: {}", response.text().await?);
    let job: Job = response.json().await?;
    Ok(visitor.watch(&job.id).await?.pop().expect("a state"))
}

/// What the gateway was sent for a prompt.
fn sent(studio: &Studio, prompt: &str) -> Vec<Value> {
    let asks = |body: &Value| body["prompt"].as_str().is_some_and(|text| text.contains(prompt));
    studio.sandbox.books().calls().iter().filter_map(sandbox::Call::json).filter(asks).collect()
}

fn data_url(media_type: &str, bytes: &[u8]) -> String {
    format!("data:{media_type};base64,{}", BASE64_STANDARD.encode(bytes))
}

#[test]
fn pictures_to_edit_reach_the_gateway_byte_by_byte_and_their_worst_case_is_reserved() {
    run(async {
        let studio = Setup::default().start().await?;
        let visitor = studio.visitor().await?;
        let pictures = [
            picture(Format::Jpeg, "a cat"),
            picture(Format::Png, "a dog"),
            picture(Format::Webp, "a fox"),
        ];
        let job = made(&visitor, &json!({ "prompt": "all in one", "count": 2 }), &pictures).await?;
        assert_eq!(job.state, JobState::Succeeded, "{job:?}");
        let calls = sent(&studio, "all in one");
        assert_eq!(calls.len(), 2);
        let types = ["image/jpeg", "image/png", "image/webp"];
        for call in &calls {
            let images = call["images"].as_array().expect("pictures");
            for (image, (media_type, bytes)) in images.iter().zip(types.iter().zip(&pictures)) {
                assert!(image["image_url"] == data_url(media_type, bytes), "a {media_type}");
            }
            assert_eq!(images.len(), 3);
            assert_eq!(call["providerOptions"]["openai"]["background"], "auto");
        }
        let paths = studio.sandbox.books().calls().into_iter().map(|call| call.path);
        assert!(paths.filter(|path| path == "/v1/images/edits").count() == 2);
        // Two pictures, each: low 1024x1024, the prompt's bytes, three pictures of at most 2,000 tokens.
        let prompt = "PREFIX all in one SUFFIX".len() as u64;
        let each = 5_000_000 + prompt * 2_000 + 3 * 2_000 * 2_500;
        assert_eq!(job.cost.expect("shown").reserved_usd, Nano(2 * each));
        studio.stop().await
    });
}

#[test]
fn a_form_that_is_not_taken_costs_nothing_and_says_why() {
    run(async {
        let studio = Setup::default().start().await?;
        let visitor = studio.visitor().await?;
        let good = picture(Format::Png, "a cat");
        let mut wide = good.clone();
        wide[16..20].copy_from_slice(&4_097u32.to_be_bytes());
        let mut long = good.clone();
        long.resize(4 * 1024 * 1024 + 1, 0);
        let body = json!({ "prompt": "not taken" });
        let (invalid, large) = (ProblemKind::InvalidRequest, ProblemKind::TooLarge);
        for (what, pictures, kind) in [
            ("five pictures", vec![good.clone(); 5], invalid),
            ("no picture", vec![b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec()], invalid),
            ("an animation", vec![b"GIF89a".to_vec()], invalid),
            ("nothing", vec![Vec::new()], invalid),
            ("a wide picture", vec![good.clone(), wide], large),
            ("a long picture", vec![long], large),
        ] {
            assert_eq!(problem(visitor.edit(&body, &pictures).await?).await?.kind, kind, "{what}");
        }
        let form = |parts: &[(&str, &str)]| {
            let part = |(name, text): &(&str, &str)| {
                format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
            };
            parts.iter().map(part).collect::<String>() + "--b--\r\n"
        };
        let json = body.to_string();
        let request = ("request", json.as_str());
        let wrong = [
            ("no request", form(&[]), invalid),
            ("two requests", form(&[request, request]), invalid),
            ("another part", form(&[request, ("mask", "x")]), invalid),
            ("a picture that is no file", form(&[request, ("picture", "x")]), invalid),
            ("a request that is no JSON", form(&[("request", "{")]), invalid),
            ("no form at all", "x".to_owned(), invalid),
        ]
        .map(|(what, form, kind)| (what, Body::from(form), kind));
        let streamed = stream::iter([Ok::<_, String>(form(&[request]))]);
        let endless = ("no length", Body::wrap_stream(streamed), invalid);
        for (what, body, kind) in wrong.into_iter().chain([endless]) {
            let sent = visitor.request(Method::POST, "/v1/jobs").header("idempotency-key", "key");
            let sent = sent.header("content-type", "multipart/form-data; boundary=b").body(body);
            assert_eq!(problem(sent.send().await?).await?.kind, kind, "{what}");
        }
        assert_eq!(studio.sandbox.books().asked(), 0);
        let days = tests::money::books(studio.edge.url(), "demo").await?.days;
        assert!(days.is_empty(), "nothing was ever reserved: {days:?}");
        // The smallest form that is one: what was wrong with the others is not the key.
        let sent = visitor.request(Method::POST, "/v1/jobs").header("idempotency-key", "key");
        let sent = sent.header("content-type", "multipart/form-data; boundary=b");
        assert_eq!(sent.body(form(&[request])).send().await?.status(), 201);
        studio.stop().await
    });
}

#[test]
fn the_same_key_is_the_same_edit_only_with_the_same_pictures() {
    run(async {
        let studio = Setup::default().start().await?;
        let visitor = studio.visitor().await?;
        let body = json!({ "prompt": "once" });
        let (cat, dog) = ([picture(Format::Png, "a cat")], [picture(Format::Png, "a dog")]);
        let first: Job = visitor.edit_under("k", &body, &cat).await?.json().await?;
        let again = visitor.edit_under("k", &body, &cat).await?;
        assert_eq!(again.status(), 200);
        assert_eq!(again.json::<Job>().await?.id, first.id);
        for other in
            [visitor.edit_under("k", &body, &dog).await?, visitor.ask_under("k", &body).await?]
        {
            assert_eq!(problem(other).await?.kind, ProblemKind::IdempotencyMismatch);
        }
        visitor.watch(&first.id).await?;
        assert_eq!(sent(&studio, "once").len(), 1);
        studio.stop().await
    });
}

#[test]
fn a_picture_to_edit_is_sent_with_every_attempt_and_then_deleted() {
    run(async {
        let gone = "openai/gpt-image-1-mini";
        let sandbox = Settings { gone: vec![gone.to_owned()], ..Settings::for_tests() };
        let mut setup = Setup { sandbox, ..Setup::default() };
        setup.models.push(tests::models::model("openai/gpt-image-2", "0.01"));
        let studio = setup.start().await?;
        let visitor = studio.visitor().await?;
        let bytes = picture(Format::Jpeg, "a cat");
        let body = json!({ "prompt": "again sandbox:busy-once" });
        let job = made(&visitor, &body, std::slice::from_ref(&bytes)).await?;
        assert_eq!(job.state, JobState::Succeeded, "{job:?}");
        let calls = sent(&studio, "again");
        // The model that is gone, the one that is busy, and the one that is not.
        assert_eq!(calls.len(), 3);
        for call in calls {
            assert!(call["images"][0]["image_url"] == data_url("image/jpeg", &bytes));
        }
        let kept = studio.edge.stored("Job", SLOTS).await?;
        assert_eq!(kept, [json!([0])], "of all bytes only the picture's are left");
        studio.stop().await
    });
}

#[test]
fn an_edit_that_is_cut_off_is_interrupted_and_leaves_nothing() {
    run(async {
        let sandbox = Settings { slow: Duration::from_mins(2), ..Settings::for_tests() };
        let studio = Setup { sandbox, ..Setup::default() }.start().await?;
        let visitor = studio.visitor().await?;
        let body = json!({ "prompt": "cut off sandbox:slow" });
        let job: Job = visitor.edit(&body, &[picture(Format::Png, "a cat")]).await?.json().await?;
        studio.sandbox.books().until(|calls| calls.iter().any(|call| !call.body.is_empty())).await;
        assert!(!studio.edge.stored("Job", SLOTS).await?.is_empty(), "while it runs it is there");
        let studio = studio.restart().await?;
        let visitor = studio.visitor().await?;
        let last = visitor.watch(&job.id).await?.pop().expect("a state");
        assert_eq!(last.problem.map(|problem| problem.kind), Some(ProblemKind::Interrupted));
        assert!(studio.edge.stored("Job", SLOTS).await?.is_empty(), "nothing is left");
        studio.stop().await
    });
}
