//! Differences between models, and models that do not exist.

use crate::client::{MINI, Reply, ask, get, png_size, post, sandbox, sandbox_with, send};
use crate::{events::events, openai};
use base64::{Engine, engine::general_purpose::STANDARD};
use contract::{
    money::Nano,
    options::{Format, Size},
    time::Timestamp,
};
use painter::{Bitmap, encode};
use sandbox::{Credits, Gone, Sandbox, Settings};
use serde_json::{Value, json};

const FLARE: &str = "openai/gpt-image-2.5-flare";
const SUNBURST: &str = "openai/gpt-image-2.5-sunburst";
const LATEST: &str = "openai/gpt-image-2.6-flare";
const TWO: &str = "openai/gpt-image-2";

/// Every model that makes pictures, in the order of the list.
const PAINTERS: [&str; 7] =
    [MINI, "openai/gpt-image-1.5", TWO, FLARE, SUNBURST, LATEST, "openai/gpt-image-2.6-sunburst"];

fn bare(id: &str) -> &str {
    id.strip_prefix("openai/").unwrap()
}

/// Gets a path of the stand-in for OpenAI's API.
async fn openai_get(sandbox: &Sandbox, path: &str) -> Reply {
    let headers = [("authorization", "Bearer sk-test")];
    send(sandbox.address(), "GET", &format!("/openai/v1/{path}"), &headers, b"").await.unwrap()
}

fn ids(listing: &Reply) -> Vec<String> {
    let listing = listing.json();
    let entries = listing["data"].as_array().unwrap();
    entries.iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_model_charges_its_own_tokens_at_its_own_price() {
    let sandbox = sandbox().await;
    for (model, quality, size, tokens) in [
        (MINI, "medium", "1536x1024", 1568),
        (TWO, "low", "1024x1024", 196),
        (TWO, "medium", "1024x1536", 1372),
        (TWO, "high", "1024x1024", 7024),
        (FLARE, "low", "1024x1024", 196),
        (FLARE, "medium", "1536x1024", 343),
        (FLARE, "high", "1024x1024", 1756),
        (FLARE, "xhigh", "1024x1024", 3122),
        (SUNBURST, "max", "1024x1536", 5488),
        (FLARE, "low", "1536x864", 120),
        (LATEST, "low", "1024x1024", 784),
        (LATEST, "medium", "1024x1536", 1372),
        (LATEST, "high", "1536x1024", 1372),
    ] {
        let options = json!({ "openai": { "quality": quality } });
        let more = json!({ "model": model, "size": size, "providerOptions": options });
        let reply = ask(&sandbox, more).await;
        let told = reply.json();
        assert_eq!(told["usage"]["output_tokens"], tokens, "{model} {quality} {size}");
        let image = &told["providerMetadata"]["openai"]["images"][0];
        assert_eq!((&image["quality"], &image["size"]), (&json!(quality), &json!(size)));
        assert_eq!(png_size(&reply.pictures()[0]).to_string(), size);
        let (text, out) = if model == MINI { (2_000, 8_000) } else { (5_000, 30_000) };
        let cost = Nano(17 * text + tokens * out);
        assert_eq!(told["providerMetadata"]["gateway"]["cost"], cost.to_string());
        assert_eq!(sandbox.books().calls().last().unwrap().charged, cost);
    }
}

#[tokio::test]
async fn each_model_takes_its_own_sizes_and_qualities() {
    let sandbox = sandbox().await;
    let takes = async |model: &str, more: Value| {
        let mut more = more;
        more["model"] = json!(bare(model));
        let reply = openai::ask(&sandbox, more).await;
        match reply.status {
            200 => Ok(()),
            _ => Err(reply.error(400)),
        }
    };
    for model in PAINTERS {
        let new = model.starts_with(TWO);
        let free = new && model != LATEST && model != PAINTERS[6];
        let finer = free && model != TWO;
        assert_eq!(takes(model, json!({ "size": "1280x720" })).await.is_ok(), free, "{model}");
        for quality in ["xhigh", "max"] {
            assert_eq!(takes(model, json!({ "quality": quality })).await.is_ok(), finer, "{model}");
        }
        for good in [json!({ "size": "auto" }), json!({ "quality": "auto", "size": "1024x1536" })] {
            assert_eq!(takes(model, good).await, Ok(()), "{model}");
        }
        for bad in [json!({ "quality": "standard" }), json!({ "output_format": "gif" })] {
            let error = takes(model, bad).await.unwrap_err();
            assert_eq!(error["code"], "invalid_value", "{model}");
        }
        let clear = json!({ "background": "transparent", "output_format": "webp" });
        assert_eq!(takes(model, clear).await, Ok(()), "{model}");
    }
    for (size, says) in [
        ("1792x936", "Width and height must both be divisible by 16."),
        ("512x512", "number of pixels"),
        ("3856x2048", "longest edge"),
        ("3840x2176", "number of pixels"),
        ("2048x640", "3 times"),
        ("wide", "a width and a height"),
        ("70000x16", "a width and a height"),
    ] {
        let error = takes(FLARE, json!({ "size": size })).await.unwrap_err();
        let message = error["message"].as_str().unwrap();
        let begins = format!("Invalid size '{size}'. ");
        assert!(message.starts_with(&begins) && message.contains(says), "{message}");
        assert_eq!((&error["param"], &error["code"]), (&json!("size"), &json!("invalid_value")));
    }
    let error = takes(LATEST, json!({ "quality": "max" })).await.unwrap_err();
    let words = "'low', 'medium', 'high', and 'auto'.";
    assert_eq!(error["message"], format!("Invalid value: 'max'. Supported values are: {words}"));
}

#[tokio::test]
async fn a_model_may_refuse_a_transparent_background() {
    let opaque = vec![LATEST.to_owned()];
    let sandbox = sandbox_with(Settings { opaque, ..Settings::for_tests() }).await;
    let clear = |model| {
        let openai = json!({ "background": "transparent", "outputFormat": "webp" });
        json!({ "model": model, "providerOptions": { "openai": openai } })
    };
    let error = ask(&sandbox, clear(LATEST)).await.error(400);
    assert_eq!(error["message"], "Transparent background is not supported for this model.");
    assert_eq!(ask(&sandbox, clear(FLARE)).await.status, 200);
}

#[tokio::test]
async fn pictures_that_are_given_cost_by_their_pixels_since_2() {
    let sandbox = sandbox().await;
    let picture = |width: u16, height: u16| {
        let size = Size { width, height };
        let pixels = [9, 99, 9, 255].repeat(usize::from(width) * usize::from(height));
        let file = encode(&Bitmap { size, transparent: false, pixels }, Format::Png, 100).unwrap();
        json!({ "image_url": format!("data:image/png;base64,{}", STANDARD.encode(file)) })
    };
    for (model, tokens) in [(MINI, 194 + 323), (TWO, 1024 + 20), (FLARE, 1044), (LATEST, 1044)] {
        let body = json!({ "model": model, "prompt": "at night", "quality": "low",
                           "images": [picture(1024, 1024), picture(200, 100)] });
        let reply = post(&sandbox, "/v1/images/edits", body.to_string().as_bytes()).await.json();
        assert_eq!(reply["usage"]["input_tokens_details"]["image_tokens"], tokens, "{model}");
        let (text, input, out) = match model {
            MINI => (2_000, 2_500, 272 * 8_000),
            LATEST => (5_000, 8_000, 784 * 30_000),
            _ => (5_000, 8_000, 196 * 30_000),
        };
        let cost = Nano(11 * text + tokens * input + out);
        assert_eq!(sandbox.books().calls().last().unwrap().charged, cost, "{model}");
    }
}

#[tokio::test]
async fn only_older_models_want_to_hear_of_fidelity() {
    let sandbox = sandbox().await;
    let ask = async |model: &str, fidelity: &str| {
        let images = json!([{ "image_url": "https://example.org/a.png" }]);
        let more = json!({ "model": bare(model), "images": images, "input_fidelity": fidelity });
        openai::at(&sandbox, "/openai/v1/images/edits", more).await
    };
    for (model, low, high) in [
        (MINI, 200, 400),
        (PAINTERS[1], 200, 200),
        (TWO, 400, 400),
        (FLARE, 400, 400),
        (LATEST, 400, 400),
    ] {
        let replies = [ask(model, "low").await, ask(model, "high").await];
        assert_eq!(replies.each_ref().map(|reply| reply.status), [low, high], "{model}");
        if high == 400 {
            let error = replies[1].error(400);
            assert_eq!(
                (&error["param"], &error["code"]),
                (&json!("input_fidelity"), &json!("invalid_value"))
            );
        }
    }
    assert_eq!(
        ask(TWO, "high").await.error(400)["message"],
        "The model 'gpt-image-2' does not support the 'input_fidelity' parameter."
    );
}

#[tokio::test]
async fn the_flare_of_2_5_sends_no_partial_pictures_and_charges_for_none() {
    let sandbox = sandbox().await;
    for (model, partials, tokens) in
        [(FLARE, 0, 196), (SUNBURST, 2, 396), (LATEST, 2, 984), (TWO, 2, 396), (MINI, 2, 472)]
    {
        let more = json!({ "model": bare(model), "stream": true, "partial_images": 2 });
        let events = events(&openai::ask(&sandbox, more).await.body);
        assert_eq!(events.len(), partials + 1, "{model}");
        let last = &events[partials];
        assert_eq!(last.name, "image_generation.completed");
        assert_eq!(last.data["usage"]["output_tokens"], tokens, "{model}");
    }
}

#[tokio::test]
async fn one_model_is_told_as_the_list_tells_it() {
    let sandbox = sandbox().await;
    let listing = get(&sandbox, "/v1/models").await.json();
    for model in PAINTERS {
        let entry = listing["data"].as_array().unwrap().iter().find(|entry| entry["id"] == model);
        let escaped = model.replace('/', "%2F");
        for path in [model, &escaped, &escaped.to_lowercase()] {
            let reply = get(&sandbox, &format!("/v1/models/{path}")).await;
            assert_eq!((reply.status, Some(&reply.json())), (200, entry), "{path}");
        }
        let entry = openai_get(&sandbox, &format!("models/{}", bare(model))).await;
        assert_eq!((entry.status, &entry.json()["id"]), (200, &json!(bare(model))));
    }
    for model in ["openai/nope", "openai/gpt-image-2/endpoints", "%", "100%2", "%zz"] {
        let error = get(&sandbox, &format!("/v1/models/{model}")).await.error(404);
        assert_eq!(
            error,
            json!({ "message": format!("Model '{model}' not found"), "type": "model_not_found",
                    "param": { "modelId": model } })
        );
    }
    let error = openai_get(&sandbox, "models/openai%2Fgpt-image-2").await.error(404);
    assert_eq!(
        (&error["code"], &error["type"]),
        (&json!("model_not_found"), &json!("invalid_request_error"))
    );
    assert_eq!(get(&sandbox, "/openai/v1/models/gpt-image-2").await.status, 401, "it wants a key");
    assert_eq!(post(&sandbox, "/v1/models/openai/gpt-image-2", b"{}").await.status, 405);
    let head = send(sandbox.address(), "HEAD", "/v1/models/openai/nope", &[], b"").await.unwrap();
    assert_eq!((head.status, head.body.len()), (404, 0));
}

#[tokio::test]
async fn the_end_of_a_model_is_a_day_for_openai() {
    let deprecated = vec![(MINI.to_owned(), Timestamp(1_796_083_200_000))];
    let sandbox = sandbox_with(Settings { deprecated, ..Settings::for_tests() }).await;
    let entry = get(&sandbox, &format!("/v1/models/{MINI}")).await.json();
    assert_eq!(entry["deprecated_at"], 1_796_083_200_000_u64);
    let entry = openai_get(&sandbox, &format!("models/{}", bare(MINI))).await.json();
    assert_eq!(entry["shutdown_date"], "2026-12-01");
    let other = openai_get(&sandbox, "models/gpt-image-2").await.json();
    assert_eq!(other.get("shutdown_date"), None);
}

#[tokio::test]
async fn a_model_that_is_removed_is_refused_and_told_nowhere() {
    let sandbox = sandbox().await;
    let all = ids(&get(&sandbox, "/v1/models").await);
    for (gone, status, names, code) in [
        (Gone::NotFound, 404, TWO, None),
        (Gone::MessageOnly, 404, TWO, None),
        (Gone::UserError, 400, "'gpt-image-2'", Some("invalid_value")),
        (Gone::Wrapped, 400, "'gpt-image-2'", None),
        (Gone::NoAccess, 403, "`gpt-image-2`", Some("model_not_found")),
        (Gone::Unprocessable, 422, "'gpt-image-2'", Some("invalid_value")),
    ] {
        sandbox.remove_model(TWO, gone);
        let error = ask(&sandbox, json!({ "model": TWO })).await.error(status);
        assert!(error["message"].as_str().unwrap().contains(names), "{gone:?}: {error}");
        assert_eq!(error.get("code").and_then(Value::as_str), code, "{gone:?}");
        let error = openai::ask(&sandbox, json!({ "model": bare(TWO) })).await.error(status);
        assert!(error["message"].as_str().unwrap().contains(bare(TWO)), "{gone:?}: {error}");

        let without: Vec<String> = all.iter().filter(|id| *id != TWO).cloned().collect();
        assert_eq!(ids(&get(&sandbox, "/v1/models").await), without);
        assert_eq!(get(&sandbox, "/v1/models/openai/gpt-image-2").await.status, 404);
        assert!(!ids(&openai_get(&sandbox, "models").await).contains(&bare(TWO).to_owned()));
        assert_eq!(openai_get(&sandbox, "models/gpt-image-2").await.status, 404);

        sandbox.refuse_model(TWO, gone);
        assert_eq!(ask(&sandbox, json!({ "model": TWO })).await.status, status);
        assert_eq!(ids(&get(&sandbox, "/v1/models").await), all, "the list still has it");
        assert_eq!(get(&sandbox, "/v1/models/openai/gpt-image-2").await.status, 200);
        assert_eq!(openai_get(&sandbox, "models/gpt-image-2").await.status, 200);

        sandbox.restore_model(TWO);
        assert_eq!(ask(&sandbox, json!({ "model": TWO })).await.status, 200);
    }
    assert_eq!(
        {
            sandbox.remove_model(TWO, Gone::UserError);
            ask(&sandbox, json!({ "model": TWO })).await.error(400)
        },
        json!({ "message": "The model 'gpt-image-2' does not exist.", "type": "image_generation_user_error",
                "param": "tools", "code": "invalid_value" })
    );
    sandbox.remove_model(TWO, Gone::Wrapped);
    let reply = ask(&sandbox, json!({ "model": TWO })).await;
    assert_eq!(reply.error(400)["type"], "invalid_request_error");
    let attempt = "/providerMetadata/gateway/routing/modelAttempts/0/providerAttempts/0/error";
    let told = reply.json();
    assert_eq!(told.pointer(attempt), Some(&json!("The model 'gpt-image-2' does not exist.")));
    assert_eq!(ask(&sandbox, json!({})).await.status, 200, "the others are there");
}

#[tokio::test]
async fn a_model_may_be_gone_before_the_start() {
    let gone = vec![MINI.to_owned()];
    let sandbox =
        sandbox_with(Settings { gone, gone_as: Gone::UserError, ..Settings::for_tests() }).await;
    let error = ask(&sandbox, json!({})).await.error(400);
    assert_eq!(error["message"], "The model 'gpt-image-1-mini' does not exist.");
    assert!(!ids(&get(&sandbox, "/v1/models").await).contains(&MINI.to_owned()));
    sandbox.restore_model(MINI);
    assert_eq!(ask(&sandbox, json!({})).await.status, 200);
}

#[tokio::test]
async fn a_fault_names_the_model_that_was_asked_or_another() {
    let sandbox = sandbox().await;
    for (name, model, other) in [("404", FLARE, FLARE), ("404-other", FLARE, "openai/gpt-image-1")]
    {
        let more = json!({ "model": model, "prompt": format!("sandbox:{name}") });
        assert_eq!(ask(&sandbox, more).await.error(404)["param"]["modelId"], other);
        let more = json!({ "model": bare(model), "prompt": format!("sandbox:{name}") });
        let error = openai::ask(&sandbox, more).await.error(404);
        assert!(
            error["message"].as_str().unwrap().contains(&format!("'{}'", bare(other))),
            "{error}"
        );
    }
}

#[tokio::test]
async fn what_is_said_of_the_credits_can_be_chosen() {
    let sandbox = sandbox().await;
    let headers = [("authorization", "Bearer vck_test")];
    let credits =
        async || send(sandbox.address(), "GET", "/v1/credits", &headers, b"").await.unwrap();
    assert_eq!(credits().await.json(), json!({ "balance": "100", "total_used": "0" }));
    sandbox.answer_credits(Credits::None);
    assert_eq!(credits().await.json(), json!({ "balance": "0", "total_used": "0" }));
    assert_eq!(ask(&sandbox, json!({})).await.status, 200, "pictures are made by the books");
    sandbox.answer_credits(Credits::Refused);
    assert_eq!(credits().await.error(401)["type"], "authentication_error");
    sandbox.answer_credits(Credits::Down);
    assert_eq!(credits().await.status, 503);
    sandbox.answer_credits(Credits::Books);
    assert_eq!(credits().await.json()["balance"], "99.99779");
}
