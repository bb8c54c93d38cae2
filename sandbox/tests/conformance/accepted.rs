//! Requests that the gateway accepts, and its responses.

use crate::client::{MINI, ask, get, png_size, sandbox, sandbox_with};
use contract::{
    money::Nano,
    options::{Quality, Size},
};
use painter::carries_credentials;
use sandbox::{MetadataCase, Quirks, Settings, Usage};
use serde_json::{Value, json};

const SIZES: [&str; 3] = ["1024x1024", "1024x1536", "1536x1024"];

/// Tokens by quality and size, and the cost with 17 tokens of text.
const TABLE: [(&str, [(u64, &str); 3]); 3] = [
    ("low", [(272, "0.00221"), (408, "0.003298"), (400, "0.003234")]),
    ("medium", [(1056, "0.008482"), (1584, "0.012706"), (1568, "0.012578")]),
    ("high", [(4160, "0.033314"), (6240, "0.049954"), (6208, "0.049698")]),
];

#[tokio::test]
async fn g1_a_minimal_request_is_one_png() {
    let sandbox = sandbox().await;
    let reply = ask(&sandbox, json!({ "quality": null })).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("transfer-encoding"), Some("chunked"));
    assert_eq!(reply.header("content-length"), None);
    assert_eq!(reply.header("server"), Some("Vercel"));
    let pictures = reply.pictures();
    assert_eq!(pictures.len(), 1);
    assert_eq!(png_size(&pictures[0]), Size { width: 1024, height: 1024 });
    assert!(carries_credentials(&pictures[0]));
    assert!(reply.json()["created"].as_u64().is_some_and(|created| created > 1_700_000_000));
}

#[tokio::test]
async fn g1_the_answer_has_the_recorded_shape() {
    let reply = ask(&sandbox().await, json!({ "n": 2 })).await.json();
    let gateway = &reply["providerMetadata"]["gateway"];
    for key in ["marketCost", "gatewayCost", "inferenceCost", "outputInferenceCost"] {
        assert_eq!(gateway[key], gateway["cost"], "{key}");
    }
    assert_eq!(
        (&gateway["surchargeCost"], &gateway["inputInferenceCost"]),
        (&json!("0"), &json!("0"))
    );
    let id = gateway["generationId"].as_str().unwrap();
    assert!(id.starts_with("gen_01") && id.len() == 30, "{id}");
    assert_eq!(gateway["routing"]["originalModelId"], MINI);
    assert_eq!(gateway["routing"]["modelAttempts"][0]["providerAttempts"][0]["statusCode"], 200);
    // 17 tokens of text are divided among the pictures; the remainder is the last one's.
    let images = &reply["providerMetadata"]["openai"]["images"];
    let image = |tokens| {
        json!({ "created": reply["created"], "size": "1024x1024", "quality": "low", "background": "opaque",
                "outputFormat": "png", "imageTokens": 0, "textTokens": tokens })
    };
    assert_eq!(images, &json!([image(8), image(9)]));
    assert_eq!(
        reply["usage"],
        json!({
            "input_tokens": 17, "output_tokens": 544, "total_tokens": 561,
            "input_tokens_details": { "text_tokens": 17, "image_tokens": 0 },
        })
    );
}

#[tokio::test]
async fn g2_three_are_three_different_ones() {
    let pictures = ask(&sandbox().await, json!({ "n": 3 })).await.pictures();
    assert_eq!(pictures.len(), 3);
    assert!(pictures[0] != pictures[1] && pictures[1] != pictures[2]);
}

#[tokio::test]
async fn g4_every_size_and_quality_has_its_tokens_and_pixels() {
    let sandbox = sandbox().await;
    for (quality, columns) in TABLE {
        for (size, (tokens, _)) in SIZES.into_iter().zip(columns) {
            let reply = ask(&sandbox, json!({ "size": size, "quality": quality })).await;
            assert_eq!(reply.json()["usage"]["output_tokens"], tokens, "{quality} {size}");
            assert_eq!(png_size(&reply.pictures()[0]).to_string(), size);
        }
    }
}

#[tokio::test]
async fn g7_response_format_is_accepted() {
    let reply = ask(&sandbox().await, json!({ "response_format": "b64_json" })).await;
    assert_eq!((reply.status, reply.pictures().len()), (200, 1));
}

#[tokio::test]
async fn g8_a_format_at_top_level_is_ignored() {
    let more =
        json!({ "output_format": "jpeg", "background": "transparent", "output_compression": 200 });
    let reply = ask(&sandbox().await, more.clone()).await;
    assert_eq!(reply.json()["providerMetadata"]["openai"]["images"][0]["background"], "opaque");
    assert!(reply.pictures()[0].starts_with(b"\x89PNG"));

    let quirks = Quirks { honour_top_level_format: true, ..Quirks::default() };
    let honouring = sandbox_with(Settings { quirks, ..Settings::for_tests() }).await;
    ask(&honouring, more).await.error(400);
    let reply = ask(&honouring, json!({ "output_format": "jpeg" })).await;
    assert!(reply.pictures()[0].starts_with(b"\xFF\xD8\xFF"));
}

#[tokio::test]
async fn g9_a_format_in_the_options_is_honoured() {
    let sandbox = sandbox().await;
    for (format, start) in [("webp", &b"RIFF"[..]), ("jpeg", b"\xFF\xD8\xFF"), ("png", b"\x89PNG")]
    {
        let openai = json!({ "outputFormat": format, "background": "opaque" });
        let reply = ask(&sandbox, json!({ "providerOptions": { "openai": openai } })).await;
        let picture = reply.pictures().remove(0);
        assert!(picture.starts_with(start), "{format}");
        assert!(carries_credentials(&picture), "{format}");
        assert_eq!(reply.json()["providerMetadata"]["openai"]["images"][0]["outputFormat"], format);
    }
}

#[tokio::test]
async fn g9_webp_decodes_with_its_credentials_in_it() {
    let openai =
        json!({ "outputFormat": "webp", "background": "transparent", "outputCompression": 80 });
    let reply = ask(&sandbox().await, json!({ "providerOptions": { "openai": openai } })).await;
    let picture = reply.pictures().remove(0);
    let mut decoder = image_webp::WebPDecoder::new(std::io::Cursor::new(picture)).unwrap();
    assert_eq!((decoder.dimensions(), decoder.has_alpha()), ((1024, 1024), true));
    let mut pixels = vec![0; decoder.output_buffer_size().unwrap()];
    decoder.read_image(&mut pixels).unwrap();
    assert!(pixels.chunks_exact(4).any(|pixel| pixel[3] == 0), "no transparent pixel");
}

#[tokio::test]
async fn g9_snake_case_in_the_options_has_no_effect_and_quality_there_wins() {
    let openai = json!({ "output_format": "webp", "unheard_of": [1], "quality": "medium" });
    let reply = ask(&sandbox().await, json!({ "providerOptions": { "openai": openai } })).await;
    assert!(reply.pictures()[0].starts_with(b"\x89PNG"));
    assert_eq!(reply.json()["providerMetadata"]["openai"]["images"][0]["quality"], "medium");
}

#[tokio::test]
async fn g11_a_stream_is_one_whole_json_document() {
    let reply = ask(&sandbox().await, json!({ "stream": true, "partial_images": 2 })).await;
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!((reply.pictures().len(), &reply.json()["usage"]["output_tokens"]), (1, &json!(272)));
}

#[tokio::test]
async fn a1_the_listing_needs_no_key_and_is_literal() {
    let reply = get(&sandbox().await, "/v1/models?type=image").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")));
    let listing = reply.json();
    assert_eq!(listing["object"], "list");
    let entry = listing["data"].as_array().unwrap().iter().find(|entry| entry["id"] == MINI);
    let literal: Value = serde_json::from_str(concat!(
        r#"{"id":"openai/gpt-image-1-mini","object":"model","created":1755815280,"released":1759708800,"#,
        r#""owned_by":"openai","name":"GPT Image 1 Mini","description":"A cost-efficient version of GPT Image 1. "#,
        r#"It is a natively multimodal language model that accepts both text and image inputs, and produces image "#,
        r#"outputs.","context_window":0,"max_tokens":0,"type":"image","zdr":"none","no_training":"all","#,
        r#""tags":["image-generation","implicit-caching"],"supported_specifications":["v2","v3","v4"],"#,
        r#""modalities":{"input":["text"],"output":["image"]},"#,
        r#""pricing":{"input":"0.000002","output":"0.000008","input_cache_read":"0.0000002"}}"#,
    ))
    .unwrap();
    assert_eq!(entry, Some(&literal));
}

#[tokio::test]
async fn money_1_the_cost_is_the_formula_for_every_size_and_quality() {
    let sandbox = sandbox().await;
    let mut sum = 0;
    for (quality, columns) in TABLE {
        for (size, (_, cost)) in SIZES.into_iter().zip(columns) {
            let reply = ask(&sandbox, json!({ "size": size, "quality": quality })).await.json();
            assert_eq!(reply["providerMetadata"]["gateway"]["cost"], cost, "{quality} {size}");
            sum += cost.parse::<Nano>().unwrap().0;
        }
    }
    assert_eq!(sandbox.books().charged(), Nano(sum));
    assert_eq!(sandbox.books().balance(), Nano(100 * Nano::USD.0 - sum));
}

#[tokio::test]
async fn money_1_a_charge_can_be_dictated() {
    let charge = |_: Size, quality, count| {
        assert_eq!(quality, Quality::Low);
        Nano(5_000_000 * u64::from(count))
    };
    let sandbox = sandbox_with(Settings { charge: Some(charge), ..Settings::for_tests() }).await;
    let reply = ask(&sandbox, json!({ "n": 2 })).await.json();
    assert_eq!(reply["providerMetadata"]["gateway"]["cost"], "0.01");
    assert_eq!(sandbox.books().charged(), Nano(10_000_000));
}

#[tokio::test]
async fn quirks_change_metadata_and_usage() {
    let quirks = |metadata, usage| Quirks { metadata, usage, ..Quirks::default() };
    let reply = |quirks| async move {
        ask(&sandbox_with(Settings { quirks, ..Settings::for_tests() }).await, json!({}))
            .await
            .json()
    };
    let snake = reply(quirks(MetadataCase::Snake, Usage::TokensAndCost)).await;
    assert_eq!(snake.get("providerMetadata"), None);
    assert_eq!(snake["provider_metadata"]["gateway"]["cost"], "0.00221");
    assert_eq!(snake["usage"]["cost"], json!(0.00221));
    let silent = reply(quirks(MetadataCase::Absent, Usage::Absent)).await;
    assert_eq!(silent.as_object().unwrap().keys().collect::<Vec<_>>(), ["created", "data"]);
}
