//! A provider that streams: previews as they come, the picture as it was sent, and what both cost.

use contract::{
    job::{Job, PictureState},
    money::Nano,
    problem::ProblemKind,
};
use serde_json::json;
use std::time::Duration;
use tests::{
    run,
    studio::{KEY, Setup},
    visitor::{header, problem},
};
use tokio::time::sleep;

#[test]
fn a_picture_of_openais_own_interface_arrives_as_it_was_sent_and_pays_for_its_previews() {
    run(async {
        let studio = Setup::default().openai().start().await?;
        let visitor = studio.visitor().await?;
        let job = visitor.make(&json!({ "prompt": "streamed", "format": "webp" })).await?;
        let call = studio.sandbox.books().calls().pop().expect("a call");
        assert_eq!(call.path, "/openai/v1/images/generations");
        let body = call.json().expect("JSON");
        assert_eq!(body["model"], "gpt-image-1-mini", "the maker's own name");
        assert_eq!((&body["stream"], &body["partial_images"]), (&json!(true), &json!(2)));
        assert_eq!(body["output_format"], "webp");
        assert!(body.get("response_format").is_none() && body.get("providerOptions").is_none());
        let key = call.headers.iter().find(|(name, _)| name == "authorization");
        assert_eq!(key.map(|(_, value)| value.clone()), Some(format!("Bearer {KEY}")));
        let picture = &job.pictures[0];
        assert_eq!((picture.state, &picture.preview_url), (PictureState::Ready, &None));
        let bytes = visitor.get(picture.url.as_deref().expect("a URL")).await?.bytes().await?;
        assert!(Some(&bytes) == call.pictures.last(), "not the bytes that were sent");
        let cost = job.cost.expect("shown");
        let prompt = "PREFIX streamed SUFFIX".len() as u64;
        assert_eq!(cost.reserved_usd, Nano(5_000_000 + prompt * 2_000 + 200 * 8_000));
        // It tells no price: tokens are multiplied, and the previews' are among them.
        assert_eq!(cost.charged_usd, Some(call.charged), "{cost:?}");
        assert!(call.charged > Nano(200 * 8_000));
        // The previews are not kept.
        assert_eq!(
            studio.edge.stored("Job", "SELECT DISTINCT id >> 20 FROM chunk").await?.len(),
            1
        );
        studio.stop().await
    });
}

#[test]
fn a_preview_can_be_seen_until_the_job_is_over() {
    run(async {
        let studio = Setup::default().openai().gateway("stall_seconds", json!(60)).start().await?;
        let visitor = studio.visitor().await?;
        let job = visitor.create(&json!({ "prompt": "sharpens sandbox:sse-stall" })).await?;
        let path = format!("/v1/jobs/{}/pictures/0/preview", job.id);
        let shown = loop {
            let job = visitor.job(&job.id).await?;
            let url = job.pictures[0].preview_url.clone();
            if url.as_deref().is_some_and(|url| url.ends_with("?2")) {
                break job;
            }
            sleep(Duration::from_millis(50)).await;
        };
        let picture = &shown.pictures[0];
        assert_eq!((picture.state, &picture.url), (PictureState::Preview, &None));
        assert_eq!((picture.width, picture.height), (Some(1024), Some(1024)));
        let url = picture.preview_url.as_deref().expect("a URL");
        assert!(url.starts_with(&path), "{url}");
        let preview = visitor.get(url).await?;
        assert_eq!(header(&preview, "content-type"), "image/webp");
        assert_eq!(header(&preview, "cache-control"), "no-store");
        let bytes = preview.bytes().await?;
        assert_eq!(Some(bytes.len() as u64), picture.bytes);
        assert!(bytes.starts_with(b"RIFF"));
        let cancelled: Job = visitor.cancel(&job.id).await?;
        assert_eq!(cancelled.pictures[0].preview_url, None);
        assert_eq!(problem(visitor.get(&path).await?).await?.kind, ProblemKind::NotFound);
        let slots = studio.edge.stored("Job", "SELECT id >> 20 FROM chunk").await?;
        assert!(slots.is_empty(), "{slots:?}");
        studio.stop().await
    });
}

#[test]
fn the_breakers_probe_of_openai_is_free_and_carries_its_key() {
    run(async {
        let studio = Setup::default().openai().with_clock().await?.start().await?;
        let visitor = studio.visitor().await?;
        let refused = visitor.make(&json!({ "prompt": "no money sandbox:429-quota" })).await?;
        assert_eq!(refused.problem.map(|problem| problem.kind), Some(ProblemKind::GatewayRefused));
        studio.pass(Duration::from_secs(31)).await?;
        visitor.make(&json!({ "prompt": "a cat" })).await?;
        let calls = studio.sandbox.books().calls();
        let paths: Vec<_> = calls.iter().map(|call| call.path.as_str()).collect();
        let pictures = "/openai/v1/images/generations";
        assert_eq!(paths, [pictures, "/openai/v1/models", pictures]);
        assert!(calls[1].headers.iter().any(|(name, _)| name == "authorization"));
        studio.stop().await
    });
}
