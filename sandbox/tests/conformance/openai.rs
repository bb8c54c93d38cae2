//! OpenAI's own API: strict where the gateway is lenient, and streaming where the gateway does not.

use crate::{
    client::{PROMPT, Reply, get, png_size, sandbox, sandbox_with, send},
    events::{Event, events},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use contract::{
    money::Nano,
    options::{Format, Size},
};
use painter::{Bitmap, encode};
use sandbox::{Fault, Pace, Sandbox, Settings};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{join, time::Instant};

const GENERATIONS: &str = "/openai/v1/images/generations";
const EDITS: &str = "/openai/v1/images/edits";

/// Requests the usual picture with these members added or replaced; null removes a member.
pub(crate) async fn ask(sandbox: &Sandbox, more: Value) -> Reply {
    at(sandbox, GENERATIONS, more).await
}

pub(crate) async fn at(sandbox: &Sandbox, path: &str, more: Value) -> Reply {
    let mut body = json!({ "model": "gpt-image-1-mini", "prompt": PROMPT, "quality": "low" });
    let members = body.as_object_mut().unwrap();
    for (key, value) in more.as_object().unwrap().clone() {
        members.remove(&key);
        if !value.is_null() {
            members.insert(key, value);
        }
    }
    let headers = [("authorization", "Bearer sk-test"), ("content-type", "application/json")];
    let body = body.to_string();
    send(sandbox.address(), "POST", path, &headers, body.as_bytes()).await.expect("a whole answer")
}

fn stream(partials: u8) -> Value {
    json!({ "stream": true, "partial_images": partials })
}

fn data_url() -> Value {
    let size = Size { width: 64, height: 64 };
    let picture = Bitmap { size, transparent: false, pixels: [200, 30, 30, 255].repeat(64 * 64) };
    let file = encode(&picture, Format::Png, 100).unwrap();
    json!([{ "image_url": format!("data:image/png;base64,{}", STANDARD.encode(file)) }])
}

#[tokio::test]
async fn g1_an_answer_in_one_piece_echoes_what_was_chosen() {
    let sandbox = sandbox().await;
    let reply =
        ask(&sandbox, json!({ "quality": null, "size": "1024x1536", "background": "auto" })).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")));
    assert!(reply.header("x-request-id").is_some_and(|id| id.starts_with("req_")));
    assert_eq!(reply.header("x-vercel-id"), None);
    assert_eq!(png_size(&reply.pictures()[0]), Size { width: 1024, height: 1536 });
    let json = reply.json();
    let told = ["size", "quality", "background", "output_format"].map(|key| json[key].clone());
    assert_eq!(told, ["1024x1536", "high", "opaque", "png"].map(Value::from));
    assert_eq!(
        json["usage"],
        json!({ "total_tokens": 6257, "input_tokens": 17, "output_tokens": 6240,
                "input_tokens_details": { "text_tokens": 17, "image_tokens": 0 } })
    );
    assert_eq!(json.get("providerMetadata"), None);
    assert_eq!(sandbox.books().charged(), Nano(6240 * 8_000 + 17 * 2_000));
}

#[tokio::test]
async fn g7_what_it_does_not_know_it_refuses() {
    let sandbox = sandbox().await;
    let literal = json!({ "message": "Unknown parameter: 'response_format'.", "type": "invalid_request_error",
                          "param": "response_format", "code": "unknown_parameter" });
    assert_eq!(ask(&sandbox, json!({ "response_format": "b64_json" })).await.error(400), literal);
    for key in ["providerOptions", "style", "seed", "input_fidelity"] {
        let error = ask(&sandbox, json!({ key: {} })).await.error(400);
        assert_eq!((&error["code"], &error["param"]), (&json!("unknown_parameter"), &json!(key)));
    }
    assert_eq!(sandbox.books().charged(), Nano::ZERO);
}

#[tokio::test]
async fn g3_g5_g6_g12_g13_wrong_values_are_400_in_its_own_shape() {
    let sandbox = sandbox().await;
    for (more, param, code) in [
        (json!({ "n": 0 }), "n", "integer_below_min_value"),
        (json!({ "n": 11 }), "n", "integer_above_max_value"),
        (json!({ "n": "2" }), "n", "invalid_type"),
        (json!({ "size": "512x512" }), "size", "invalid_value"),
        (json!({ "quality": "standard" }), "quality", "invalid_value"),
        (json!({ "output_format": "gif" }), "output_format", "invalid_value"),
        (json!({ "moderation": "none" }), "moderation", "invalid_value"),
        (
            json!({ "output_format": "jpeg", "background": "transparent" }),
            "background",
            "invalid_value",
        ),
        (json!({ "output_compression": 101 }), "output_compression", "integer_above_max_value"),
        (
            json!({ "partial_images": 4, "stream": true }),
            "partial_images",
            "integer_above_max_value",
        ),
        (json!({ "stream": "yes" }), "stream", "invalid_type"),
        (json!({ "stream": true, "n": 2 }), "n", "invalid_value"),
        (
            json!({ "safety_identifier": "x".repeat(129) }),
            "safety_identifier",
            "string_above_max_length",
        ),
        (json!({ "prompt": null }), "prompt", "missing_required_parameter"),
        (json!({ "model": null }), "model", "missing_required_parameter"),
        (json!({ "prompt": "x".repeat(32_001) }), "prompt", "string_above_max_length"),
    ] {
        let error = ask(&sandbox, more.clone()).await.error(400);
        assert_eq!((&error["param"], &error["code"]), (&json!(param), &json!(code)), "{error}");
        assert_eq!(error["type"], "invalid_request_error");
    }
    let headers = [("authorization", "Bearer sk-test")];
    let reply = send(sandbox.address(), "POST", GENERATIONS, &headers, b"{").await.unwrap();
    assert!(reply.error(400)["message"].as_str().unwrap().contains("could not parse"));
}

#[tokio::test]
async fn g14_g15_it_wants_a_key_and_a_model_without_its_maker() {
    let gone = vec!["openai/gpt-image-1.5".to_owned()];
    let sandbox = sandbox_with(Settings { gone, ..Settings::for_tests() }).await;
    let reply = send(sandbox.address(), "POST", GENERATIONS, &[], b"{}").await.unwrap();
    assert_eq!(reply.error(401)["code"], "invalid_api_key");
    for model in ["openai/gpt-image-1-mini", "gpt-image-1.5", "gpt-image-1", "nope"] {
        let error = ask(&sandbox, json!({ "model": model })).await.error(404);
        assert_eq!(
            (&error["code"], error.get("param")),
            (&json!("model_not_found"), Some(&Value::Null))
        );
    }
    assert_eq!(get(&sandbox, "/openai/v1/models").await.error(401)["code"], "invalid_api_key");
    let headers = [("authorization", "Bearer sk-test")];
    let path = "/openai/v1/models";
    let listing = send(sandbox.address(), "GET", path, &headers, b"").await.unwrap().json();
    let ids: Vec<_> =
        listing["data"].as_array().unwrap().iter().map(|entry| &entry["id"]).collect();
    let names = ["1-mini", "2", "2.5-flare", "2.5-sunburst", "2.6-flare", "2.6-sunburst"];
    assert_eq!(ids, names.map(|name| json!(format!("gpt-image-{name}"))).each_ref());
}

#[tokio::test]
async fn g20_g21_g26_money_paths_and_methods() {
    let poor = sandbox_with(Settings { credits: Nano::ZERO, ..Settings::for_tests() }).await;
    assert_eq!(ask(&poor, json!({})).await.error(429)["code"], "insufficient_quota");
    let limited =
        sandbox_with(Settings { budget: Some(Nano::ZERO), ..Settings::for_tests() }).await;
    let error = ask(&limited, json!({})).await.error(400);
    assert_eq!(error["code"], "billing_hard_limit_reached");
    assert_eq!(get(&poor, GENERATIONS).await.error(405)["code"], "method_not_supported");
    let error = get(&poor, "/openai/v1/credits").await.error(404);
    assert_eq!(error["message"], "Invalid URL (GET /v1/credits)");
}

#[tokio::test]
async fn g11_partial_pictures_come_first_and_sharpen() {
    let sandbox = sandbox().await;
    let whole = ask(&sandbox, json!({})).await.pictures().remove(0);
    for partials in 0..=3_u8 {
        let before = sandbox.books().charged();
        let reply = ask(&sandbox, stream(partials)).await;
        assert_eq!(reply.header("content-type"), Some("text/event-stream; charset=utf-8"));
        let events = events(&reply.body);
        let (last, first) = events.split_last().unwrap();
        assert_eq!(first.len(), usize::from(partials));
        let mut sizes = Vec::new();
        for (index, Event { name, data }) in first.iter().enumerate() {
            assert_eq!(name, "image_generation.partial_image");
            assert_eq!(
                (&data["type"], &data["partial_image_index"]),
                (&json!(name), &json!(index))
            );
            assert_eq!(data.get("usage"), None);
            let picture = STANDARD.decode(data["b64_json"].as_str().unwrap()).unwrap();
            assert_eq!(png_size(&picture), Size { width: 1024, height: 1024 });
            sizes.push(picture.len());
        }
        // A sharper picture has more bytes.
        assert!(sizes.is_sorted() && sizes.iter().all(|size| *size < whole.len()), "{sizes:?}");
        assert_eq!(last.name, "image_generation.completed");
        assert_eq!(STANDARD.decode(last.data["b64_json"].as_str().unwrap()).unwrap(), whole);
        let out = 272 + 100 * u64::from(partials);
        let mut data = last.data.clone();
        data.as_object_mut()
            .unwrap()
            .retain(|key, _| !["b64_json", "created_at"].contains(&key.as_str()));
        let expected = json!({
            "type": "image_generation.completed", "size": "1024x1024", "quality": "low",
            "background": "opaque", "output_format": "png",
            "usage": { "total_tokens": 17 + out, "input_tokens": 17, "output_tokens": out,
                       "input_tokens_details": { "text_tokens": 17, "image_tokens": 0 } },
        });
        assert_eq!(data, expected);
        assert_eq!(sandbox.books().charged().0 - before.0, out * 8_000 + 17 * 2_000);
        assert_eq!(sandbox.books().calls().last().unwrap().pictures, vec![whole.clone()]);
    }
    let text = String::from_utf8(ask(&sandbox, stream(0)).await.body).unwrap();
    assert!(text.starts_with("event: image_generation.completed\ndata: {\"type\":\"image_generation.completed\",\"b64_json\":\""));
    assert!(text.ends_with("}\n\n"));
}

#[tokio::test]
async fn g11_events_are_paced() {
    let sandbox = sandbox_with(Settings { pace: Pace::Human, ..Settings::for_tests() }).await;
    let began = Instant::now();
    let reply = ask(&sandbox, stream(1)).await;
    assert_eq!(events(&reply.body).len(), 2);
    assert!(began.elapsed() >= Duration::from_secs(2));
}

#[tokio::test]
async fn edits_stream_under_their_own_names() {
    let sandbox = sandbox().await;
    let images = data_url();
    let more =
        json!({ "images": images, "stream": true, "partial_images": 1, "input_fidelity": "low" });
    let reply = at(&sandbox, EDITS, more).await;
    let events = events(&reply.body);
    let names: Vec<_> = events.iter().map(|event| &*event.name).collect();
    assert_eq!(names, ["image_edit.partial_image", "image_edit.completed"]);
    let usage = &events[1].data["usage"];
    assert_eq!(usage["input_tokens_details"], json!({ "text_tokens": 17, "image_tokens": 194 }));
    assert_eq!(usage["output_tokens"], 372);
    let charged = 17 * 2_000 + 194 * 2_500 + 372 * 8_000;
    assert_eq!(sandbox.books().charged(), Nano(charged));
    assert_eq!(at(&sandbox, EDITS, json!({ "images": images })).await.pictures().len(), 1);
    let high = json!({ "images": images, "input_fidelity": "high" });
    assert_eq!(at(&sandbox, EDITS, high).await.error(400)["param"], "input_fidelity");
    let error = at(&sandbox, EDITS, json!({})).await.error(400);
    assert_eq!(error["code"], "missing_required_parameter");
    at(&sandbox, EDITS, json!({ "images": [{ "file_id": "file-x" }] })).await.error(400);
}

#[tokio::test]
async fn g22_g23_refusals_are_in_its_own_shape() {
    let sandbox = sandbox().await;
    for (name, status, r#type, code) in [
        ("busy", 429, "requests", "rate_limit_exceeded"),
        ("refuse", 400, "image_generation_user_error", "moderation_blocked"),
        ("refuse-older", 400, "invalid_request_error", "moderation_blocked"),
        ("401", 401, "invalid_request_error", "invalid_api_key"),
        ("400", 400, "invalid_request_error", "invalid_value"),
        ("404", 404, "invalid_request_error", "model_not_found"),
        ("429-quota", 429, "insufficient_quota", "insufficient_quota"),
        ("500", 500, "server_error", "server_error"),
    ] {
        for streams in [false, true] {
            let prompt = format!("a fox sandbox:{name}");
            let reply = ask(&sandbox, json!({ "prompt": prompt, "stream": streams })).await;
            let error = reply.error(status);
            assert_eq!((&error["type"], &error["code"]), (&json!(r#type), &json!(code)), "{name}");
            assert!(error.get("param").is_some(), "{name}: OpenAI always names it, or null");
        }
    }
    assert_eq!(sandbox.books().charged(), Nano::ZERO);
    let reply = ask(&sandbox, json!({ "prompt": "sandbox:busy" })).await;
    assert_eq!(reply.header("retry-after"), Some("1"));
}

#[tokio::test]
async fn g24_a_slow_stream_shows_its_partial_pictures_first() {
    let slow = Duration::from_millis(400);
    let sandbox = sandbox_with(Settings { slow, ..Settings::for_tests() }).await;
    sandbox.fail(Fault::named("slow"));
    let books = sandbox.books();
    let watch = async {
        let answered =
            |calls: &[sandbox::Call]| calls.first().is_some_and(|call| call.status.is_some());
        books.until(answered).await;
        Instant::now()
    };
    let (reply, answered) = join!(ask(&sandbox, stream(2)), watch);
    assert!(answered.elapsed() >= slow, "the head came before the wait");
    assert_eq!(events(&reply.body).len(), 3);
}

#[tokio::test]
async fn f29_only_tokens_tell_what_it_cost() {
    let sandbox = sandbox().await;
    for (name, tokens) in [("dear", 2720), ("free", 0)] {
        sandbox.fail(Fault::named(name));
        let before = sandbox.books().charged().0;
        let events = events(&ask(&sandbox, stream(0)).await.body);
        assert_eq!(events[0].data["usage"]["output_tokens"], tokens, "{name}");
        assert_eq!(sandbox.books().charged().0 - before, tokens / 272 * 2_210_000);
    }
    sandbox.fail(Fault::named("no-usage"));
    assert_eq!(events(&ask(&sandbox, stream(0)).await.body)[0].data.get("usage"), None);
}
