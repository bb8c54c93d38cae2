//! The bytes that the gallery downloads are those that the gateway sent.

use contract::{
    options::{Format, MediaType, Size},
    route,
};
use engine::picture::{Inspector, PictureFacts};
use painter::{Subject, encode, paint};
use reqwest::Method;
use serde_json::json;
use tests::{run, studio::Studio, visitor::header};

#[track_caller]
fn check(format: &'static str, media_type: MediaType) {
    run(async move {
        let studio = Studio::shared().await?;
        let visitor = studio.visitor().await?;
        let prompt = format!("the original of a {format}");
        let job = visitor.make(&json!({ "prompt": prompt, "format": format })).await?;
        let picture = &job.pictures[0];
        let calls = studio.sandbox.books().calls();
        let sent = &calls
            .iter()
            .find(|call| {
                call.json().is_some_and(|body| {
                    body["prompt"].as_str().is_some_and(|p| p.contains(&prompt))
                })
            })
            .expect("a call")
            .pictures[0];
        let response = visitor.get(picture.url.as_deref().expect("a URL")).await?;
        let header = |name: &str| header(&response, name);
        assert_eq!(header("content-type"), media_type.word());
        assert_eq!(header("content-length"), sent.len().to_string());
        assert_eq!(header("accept-ranges"), "none");
        assert_eq!(
            header("content-disposition"),
            format!(
                "inline; filename=\"the-original-of-a-{format}-ai-generated-1.{}\"",
                media_type.extension()
            )
        );
        let age: u32 = header("cache-control")
            .strip_prefix("private, max-age=")
            .and_then(|rest| rest.strip_suffix(", immutable"))
            .expect("cacheable")
            .parse()?;
        assert!((3_590..=3_600).contains(&age), "{age}");
        assert_eq!(header("content-encoding"), "");
        let bytes = response.bytes().await?;
        assert!(
            bytes == sent,
            "{} bytes came, {} were sent, or they differ",
            bytes.len(),
            sent.len()
        );
        assert_eq!(
            (picture.media_type, picture.width, picture.height, picture.bytes),
            (Some(media_type), Some(1024), Some(1024), Some(sent.len() as u64))
        );
        assert!(picture.credentials, "the sandbox's pictures carry credentials");
        Ok(())
    });
}

#[test]
fn a_png_arrives_as_it_was_sent() {
    check("png", MediaType::Png);
}

#[test]
fn a_webp_arrives_as_it_was_sent() {
    check("webp", MediaType::Webp);
}

#[test]
fn a_jpeg_arrives_as_it_was_sent() {
    check("jpeg", MediaType::Jpeg);
}

#[test]
fn a_download_is_an_attachment_and_a_head_has_no_body() {
    run(async {
        let visitor = Studio::shared().await?.visitor().await?;
        let job = visitor.make(&json!({ "prompt": "A cat, asleep" })).await?;
        let url = job.pictures[0].url.clone().expect("a URL");
        let response = visitor.get(&format!("{url}?download")).await?;
        assert_eq!(
            response.headers()["content-disposition"],
            "attachment; filename=\"a-cat-asleep-ai-generated-1.webp\""
        );
        let length = response.bytes().await?.len();
        let response = visitor.request(Method::HEAD, &url).send().await?;
        assert_eq!(
            (response.status().as_u16(), response.headers()["content-type"].to_str()?),
            (200, "image/webp")
        );
        assert_eq!(response.headers()["content-length"].to_str()?, length.to_string());
        assert_eq!(response.bytes().await?.len(), 0);
        Ok(())
    });
}

#[test]
fn pictures_of_a_job_are_told_apart_and_no_others_are_there() {
    run(async {
        let visitor = Studio::shared().await?.visitor().await?;
        let job = visitor
            .make(&json!({ "prompt": "two of them", "count": 2, "size": "1536x1024" }))
            .await?;
        let first = visitor.get(&route::picture(&job.id, 0)).await?.bytes().await?;
        let second = visitor.get(&route::picture(&job.id, 1)).await?.bytes().await?;
        assert!(first.len() > 1000 && second.len() > 1000);
        assert_eq!(
            job.pictures.iter().map(|p| (p.width, p.height)).collect::<Vec<_>>(),
            [(Some(1536), Some(1024)); 2]
        );
        for index in ["2", "00", "-1", "a", "100"] {
            let problem =
                visitor.problem(&format!("{}/pictures/{index}", route::job(&job.id))).await?;
            assert_eq!(problem.kind.word(), "not-found", "{index}");
        }
        let preview =
            visitor.problem(&format!("{}/pictures/0/preview", route::job(&job.id))).await?;
        assert_eq!(preview.kind.word(), "not-found");
        Ok(())
    });
}

#[test]
fn deleted_bytes_are_gone_and_the_job_stays() {
    run(async {
        let studio = Studio::shared().await?;
        let visitor = studio.visitor().await?;
        let job = visitor.make(&json!({ "prompt": "short-lived" })).await?;
        let path = route::job(&job.id);
        let kept: contract::job::Job = visitor.cancel(&job.id).await?;
        assert_eq!(kept, visitor.job(&job.id).await?, "if=running changes nothing on a final job");
        let deleted: contract::job::Job =
            visitor.request(Method::DELETE, &path).send().await?.json().await?;
        assert_eq!(
            (deleted.state.word(), deleted.pictures[0].state.word(), &deleted.pictures[0].url),
            ("succeeded", "gone", &None)
        );
        assert_eq!(visitor.problem(&route::picture(&job.id, 0)).await?.kind.word(), "picture-gone");
        studio.edge.evict("Job", &job.id).await?;
        assert_eq!(visitor.job(&job.id).await?.pictures[0].state.word(), "gone");
        Ok(())
    });
}

#[test]
fn pictures_outlive_the_memory_of_their_object() {
    run(async {
        let studio = Studio::shared().await?;
        let visitor = studio.visitor().await?;
        let job = visitor.make(&json!({ "prompt": "kept" })).await?;
        let before = visitor.get(&route::picture(&job.id, 0)).await?.bytes().await?;
        studio.edge.evict("Job", &job.id).await?;
        assert!(before == visitor.get(&route::picture(&job.id, 0)).await?.bytes().await?);
        Ok(())
    });
}

#[test]
fn what_the_sandbox_encodes_is_whole_for_the_inspector_at_every_compression() {
    let size = Size { width: 160, height: 96 };
    for transparent in [false, true] {
        let picture = paint(&Subject { size, transparent, ..Subject::default() });
        for (format, media_type) in [
            (Format::Webp, MediaType::Webp),
            (Format::Jpeg, MediaType::Jpeg),
            (Format::Png, MediaType::Png),
        ] {
            for compression in [0, 31, 85, 100] {
                let file = encode(&picture, format, compression).expect("a picture");
                let mut inspector = Inspector::default();
                // In pieces, as it streams by.
                for piece in file.chunks(61) {
                    assert_eq!(inspector.feed(piece), Ok(()), "{format} {compression}");
                }
                let (width, height, bytes) = (160, 96, file.len() as u64);
                let facts = PictureFacts { media_type, width, height, bytes, credentials: true };
                assert_eq!(inspector.finish(), Ok(facts), "{format} {compression}");
            }
        }
    }
}
