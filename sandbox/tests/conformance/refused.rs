//! Requests that the gateway refuses, with the exact error.

use crate::client::{MINI, ask, body, get, post, sandbox, sandbox_with, send};
use contract::money::Nano;
use sandbox::{Quirks, Settings, UpstreamErrors};
use serde_json::{Value, json};

const PATH: &str = "/v1/images/generations";

/// A refusal that costs nothing: its status and error.
#[track_caller]
fn refusal(reply: &crate::client::Reply, status: u16, kind: &str) -> Value {
    let error = reply.error(status);
    assert_eq!(error["type"], kind, "{error}");
    error
}

#[tokio::test]
async fn g3_a_count_that_is_none_is_400() {
    let sandbox = sandbox().await;
    for count in [json!(0), json!(11), json!("x"), json!(1.5), json!(-1)] {
        let reply = ask(&sandbox, json!({ "n": count })).await;
        refusal(&reply, 400, "invalid_request_error");
    }
    let wrong = ask(&sandbox, json!({ "n": "x" })).await.error(400);
    assert_eq!(
        (&wrong["message"], &wrong["param"][0]["path"]),
        (&json!("Invalid input"), &json!(["n"]))
    );
    assert_eq!(ask(&sandbox, json!({ "n": 2.0 })).await.status, 200, "2.0 is whole");
    assert_eq!(sandbox.books().calls().iter().filter(|call| call.charged != Nano::ZERO).count(), 1);
}

#[tokio::test]
async fn g5_a_size_it_does_not_know_is_400() {
    let reply = ask(&sandbox().await, json!({ "size": "512x512" })).await;
    let error = refusal(&reply, 400, "invalid_request_error");
    assert_eq!(
        error["message"],
        "Invalid value: '512x512'. Supported values are: '1024x1024', '1024x1536', '1536x1024', and 'auto'."
    );
    assert!(reply.json()["generationId"].as_str().is_some_and(|id| id.starts_with("gen_")));
}

#[tokio::test]
async fn g6_a_quality_it_does_not_know_is_400_in_the_makers_words() {
    let literal = json!({
        "message": "Invalid value: 'standard'. Supported values are: 'low', 'medium', 'high', and 'auto'.",
        "type": "invalid_request_error", "param": "quality", "code": "invalid_value",
    });
    let error = ask(&sandbox().await, json!({ "quality": "standard" })).await.error(400);
    assert_eq!((&error["message"], &error["type"]), (&literal["message"], &literal["type"]));
    let quirks = Quirks { upstream_errors: UpstreamErrors::Verbatim, ..Quirks::default() };
    let verbatim = sandbox_with(Settings { quirks, ..Settings::for_tests() }).await;
    assert_eq!(ask(&verbatim, json!({ "quality": "standard" })).await.error(400), literal);
}

#[tokio::test]
async fn g6_a_wrong_value_of_a_known_option_is_400() {
    let sandbox = sandbox().await;
    for openai in [
        json!({ "quality": "best" }),
        json!({ "quality": "hd" }),
        json!({ "outputFormat": "bmp" }),
        json!({ "outputFormat": "gif" }),
        json!({ "background": 1 }),
        json!({ "outputCompression": 101, "outputFormat": "webp" }),
        json!({ "outputCompression": 50 }),
        json!({ "moderation": "none" }),
    ] {
        let reply = ask(&sandbox, json!({ "providerOptions": { "openai": openai } })).await;
        refusal(&reply, 400, "invalid_request_error");
    }
}

#[tokio::test]
async fn g10_a_transparent_jpeg_is_400() {
    let openai = json!({ "background": "transparent", "outputFormat": "jpeg" });
    let reply = ask(&sandbox().await, json!({ "providerOptions": { "openai": openai } })).await;
    refusal(&reply, 400, "invalid_request_error");
}

#[tokio::test]
async fn g12_a_prompt_that_is_too_long_is_400() {
    let sandbox = sandbox().await;
    let reply = ask(&sandbox, json!({ "prompt": "é".repeat(32_001) })).await;
    refusal(&reply, 400, "invalid_request_error");
    assert_eq!(ask(&sandbox, json!({ "prompt": "é".repeat(32_000) })).await.status, 200);
}

#[tokio::test]
async fn g13_what_is_missing_is_named_and_what_is_no_json_is_400() {
    let sandbox = sandbox().await;
    for missing in ["prompt", "model"] {
        let reply = ask(&sandbox, json!({ missing: null })).await;
        let error = refusal(&reply, 400, "invalid_request_error");
        assert_eq!(
            error["param"],
            json!([{
                "code": "invalid_type", "expected": "string", "path": [missing],
                "message": "Invalid input: expected string, received undefined",
            }])
        );
    }
    for bytes in [&b"{\"model\":"[..], b"", b"[]", b"\xFF"] {
        refusal(&post(&sandbox, PATH, bytes).await, 400, "invalid_request_error");
    }
}

#[tokio::test]
async fn g14_no_key_or_a_bad_one_is_401() {
    let sandbox = sandbox().await;
    for header in ["", "Bearer vck_invalid", "Bearer ", "Basic vck_test", "vck_test"] {
        for path in [PATH, "/v1/chat/completions"] {
            let headers = [("authorization", header)];
            let headers = if header.is_empty() { &[][..] } else { &headers };
            let reply =
                send(sandbox.address(), "POST", path, headers, &body(&json!({}))).await.unwrap();
            refusal(&reply, 401, "authentication_error");
        }
    }
}

#[tokio::test]
async fn g15_a_model_that_there_is_not_is_404_with_its_id() {
    let gone = vec![MINI.to_owned()];
    let sandbox = sandbox_with(Settings { gone, ..Settings::for_tests() }).await;
    for model in ["openai/nope", "gpt-image-1-mini", "openai/gpt-image-1", MINI] {
        let error = ask(&sandbox, json!({ "model": model })).await.error(404);
        assert_eq!(
            error,
            json!({
                "message": format!("Model '{model}' not found"), "type": "model_not_found", "param": { "modelId": model },
            })
        );
    }
}

#[tokio::test]
async fn g16_a_model_that_talks_is_400() {
    let model = "google/gemini-3-pro-image";
    let error = ask(&sandbox().await, json!({ "model": model })).await.error(400);
    assert_eq!(
        error,
        json!({
            "message": "Model 'google/gemini-3-pro-image' is a language model, not an image model. Use the language \
                        generation API instead.",
            "type": "invalid_request_error",
        })
    );
}

#[tokio::test]
async fn g17_a_model_that_paints_cannot_talk() {
    let sandbox = sandbox().await;
    for path in ["/v1/chat/completions", "/v1/responses"] {
        let reply = post(&sandbox, path, &body(&json!({}))).await;
        let error = refusal(&reply, 400, "invalid_request_error");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("is an image model, not a language model"), "{message}");
    }
}

#[tokio::test]
async fn g18_zero_data_retention_leaves_no_provider() {
    let gateway = json!({ "zeroDataRetention": true });
    let reply = ask(&sandbox().await, json!({ "providerOptions": { "gateway": gateway } })).await;
    refusal(&reply, 403, "no_providers_available");
}

#[tokio::test]
async fn g19_only_a_provider_that_does_not_have_it_names_those_that_do() {
    let sandbox = sandbox().await;
    let only = |only: Value| json!({ "providerOptions": { "gateway": { "only": only } } });
    let reply = ask(&sandbox, only(json!(["azure"]))).await;
    let error = refusal(&reply, 403, "no_providers_available");
    assert!(error["message"].as_str().unwrap().contains("openai"), "{error}");
    assert_eq!(ask(&sandbox, only(json!(["azure", "openai"]))).await.status, 200);
    refusal(&ask(&sandbox, only(json!("azure"))).await, 400, "invalid_request_error");
}

#[tokio::test]
async fn g20_without_credits_it_is_402_after_the_schema_and_before_the_model() {
    let sandbox = sandbox_with(Settings { credits: Nano::ZERO, ..Settings::for_tests() }).await;
    refusal(&ask(&sandbox, json!({})).await, 402, "insufficient_funds");
    refusal(&ask(&sandbox, json!({ "model": "openai/nope" })).await, 402, "insufficient_funds");
    refusal(&ask(&sandbox, json!({ "prompt": null })).await, 400, "invalid_request_error");
}

#[tokio::test]
async fn g20_the_last_credit_is_spent_whole() {
    let sandbox = sandbox_with(Settings { credits: Nano(1), ..Settings::for_tests() }).await;
    assert_eq!(ask(&sandbox, json!({})).await.status, 200, "any positive balance will do");
    refusal(&ask(&sandbox, json!({})).await, 402, "insufficient_funds");
    assert_eq!(sandbox.books().balance(), Nano::ZERO);
}

#[tokio::test]
async fn g21_over_budget_it_is_402_in_the_literal_words() {
    let charge = |_, _, _| Nano(200 * Nano::USD.0);
    let settings = Settings {
        credits: Nano(1000 * Nano::USD.0),
        budget: Some(Nano(200 * Nano::USD.0)),
        charge: Some(charge),
        ..Settings::for_tests()
    };
    let sandbox = sandbox_with(settings).await;
    assert_eq!(ask(&sandbox, json!({})).await.status, 200);
    assert_eq!(
        ask(&sandbox, json!({})).await.error(402),
        json!({
            "message": "Project budget exceeded. Current spend: $200.00, limit: $200.00. Please contact your administrator \
                        to increase the budget.",
            "type": "quota_for_entity_exceeded",
        })
    );
}

#[tokio::test]
async fn g26_a_wrong_method_is_405_and_a_wrong_path_is_a_page() {
    let sandbox = sandbox().await;
    for path in [PATH, "/v1/chat/completions"] {
        let reply = get(&sandbox, path).await;
        assert_eq!((reply.status, reply.body.len()), (405, 0), "{path}");
    }
    assert_eq!(post(&sandbox, "/v1/models", b"{}").await.status, 405);
    for path in ["/images/generations", "/v1/files", "/"] {
        let reply = post(&sandbox, path, &body(&json!({}))).await;
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(reply.body.starts_with(b"<!DOCTYPE html>"));
    }
}
