//! The bodies that the two providers expect.

use super::{
    super::dialect::{OPENAI, VERCEL},
    *,
};
use crate::{config::tests_support::site, order};
use contract::options::MediaType;

const MODEL: &str = "openai/gpt-image-1-mini";

fn order() -> Order {
    let json = r#"{"prompt":"a \"cat\"","format":"webp","compression":80,"quality":"high"}"#;
    order::read(json, &site()).unwrap()
}

fn upload(media_type: MediaType, bytes: u64) -> Upload {
    Upload { media_type, width: 1, height: 1, bytes }
}

/// The body, with the pictures' base64 inserted.
fn whole(request: &Request, pictures: &[&str]) -> String {
    let mut body = String::new();
    for part in &request.parts {
        body.push_str(match part {
            Part::Text(text) => text,
            Part::Picture(index) => pictures[*index],
        });
    }
    assert_eq!(body.len() as u64, request.length);
    body
}

#[test]
fn the_body_is_what_the_gateway_is_known_to_honour() {
    let (dialect, order, prompt) = (&VERCEL, &order(), "In ink: a \"cat\"");
    let ask = Ask { dialect, model: MODEL, prompt, order, pictures: &[], visitor: None };
    assert_eq!(
        whole(&write(&ask), &[]),
        r#"{"model":"openai/gpt-image-1-mini","prompt":"In ink: a \"cat\"","n":1,"size":"1024x1024","quality":"high","providerOptions":{"openai":{"quality":"high","background":"auto","outputFormat":"webp","outputCompression":80}}}"#
    );
}

#[test]
fn the_gateway_learns_a_hash_of_the_visitor_and_nothing_else() {
    let (dialect, order) = (&VERCEL, &order());
    let visitor = Some([0xAB; 32]);
    let ask = Ask { dialect, model: MODEL, prompt: "a cat", order, pictures: &[], visitor };
    let request = write(&ask);
    assert_eq!((request.path, request.accept), ("/images/generations", "application/json"));
    assert_eq!(
        whole(&request, &[]),
        format!(
            r#"{{"model":"openai/gpt-image-1-mini","prompt":"a cat","n":1,"size":"1024x1024","quality":"high","providerOptions":{{"openai":{{"quality":"high","background":"auto","outputFormat":"webp","outputCompression":80,"safetyIdentifier":"{}"}}}}}}"#,
            "ab".repeat(32)
        )
    );
}

#[test]
fn openai_gets_its_own_names_and_streams() {
    let (dialect, order) = (&OPENAI, &order());
    let visitor = Some([1; 32]);
    let ask = Ask { dialect, model: MODEL, prompt: "a cat", order, pictures: &[], visitor };
    let request = write(&ask);
    assert_eq!(request.path, "/images/generations");
    assert!(request.accept.starts_with("text/event-stream"));
    assert_eq!(
        whole(&request, &[]),
        format!(
            r#"{{"model":"gpt-image-1-mini","prompt":"a cat","n":1,"size":"1024x1024","quality":"high","background":"auto","output_format":"webp","output_compression":80,"safety_identifier":"{}","stream":true,"partial_images":2}}"#,
            "01".repeat(32)
        )
    );
    assert_eq!((OPENAI.preview_tokens(), VERCEL.preview_tokens()), (200, 0));
}

#[test]
fn pictures_to_change_travel_as_data_urls() {
    let order = &order();
    let pictures = &[upload(MediaType::Png, 4), upload(MediaType::Jpeg, 3)];
    let bytes = ["Zm9vYg==", "YmFy"];
    let images = r#""images":[{"image_url":"data:image/png;base64,Zm9vYg=="},{"image_url":"data:image/jpeg;base64,YmFy"}]}"#;
    for dialect in [&VERCEL, &OPENAI] {
        let ask = Ask { dialect, model: MODEL, prompt: "blue", order, pictures, visitor: None };
        let request = write(&ask);
        assert_eq!((request.path, request.parts.len()), ("/images/edits", 5));
        let body = whole(&request, &bytes);
        assert!(body.ends_with(images), "{body}");
        let without = write(&Ask { pictures: &[], ..ask });
        let mut json: serde_json::Value = serde_json::from_str(&body).unwrap();
        json.as_object_mut().unwrap().remove("images");
        assert_eq!(json, serde_json::from_str::<serde_json::Value>(&whole(&without, &[])).unwrap());
    }
}

#[test]
fn four_pictures_of_four_megabytes_have_a_length_before_they_are_read() {
    use crate::picture::upload::{BYTES, MOST};
    let pictures = &vec![upload(MediaType::Webp, BYTES); MOST as usize];
    let (dialect, order) = (&VERCEL, &order());
    let request =
        write(&Ask { dialect, model: MODEL, prompt: "x", order, pictures, visitor: None });
    let texts: u64 = request
        .parts
        .iter()
        .map(|part| if let Part::Text(text) = part { text.len() as u64 } else { 0 })
        .sum();
    assert_eq!(request.length, texts + 4 * BYTES.div_ceil(3) * 4);
}
