//! Faults that strike before any work is done, and so cost nothing.
//!
//! Owns statuses, wording and headers of those. Must not charge.

use super::{
    Act, Fault,
    scene::{Scene, Side, status_of},
};
use crate::{
    answer::Answer,
    clock,
    errors::{self, Upstream},
    models,
    settings::UpstreamErrors,
};
use hyper::{
    StatusCode,
    header::{HeaderName, HeaderValue, LOCATION, RETRY_AFTER},
};
use serde_json::json;
use std::time::{Duration, UNIX_EPOCH};

const fn row(
    name: &'static str,
    plays: &'static [u8],
    does: &'static str,
    answer: fn(&Scene) -> Answer,
) -> Fault {
    Fault::new(name, plays, does, Act::Refuse(answer))
}

const fn once(
    name: &'static str,
    plays: &'static [u8],
    does: &'static str,
    answer: fn(&Scene) -> Answer,
) -> Fault {
    Fault::new(name, plays, does, Act::RefuseOnce(answer))
}

#[rustfmt::skip]
pub(super) const TABLE: &[Fault] = &[
    row("refuse", &[14], "400, the prompt is refused, in the newest shape: its own type and code, and details",
        |scene| moderated("image_generation_user_error", "input", UpstreamErrors::Verbatim, scene)),
    row("refuse-older", &[14], "400, the same in the older shape: the code under `invalid_request_error`",
        |scene| moderated("invalid_request_error", "", UpstreamErrors::Verbatim, scene)),
    row("refuse-message", &[14], "400, the same, told by the message alone",
        |scene| moderated("image_generation_user_error", "input", UpstreamErrors::Wrapped, scene)),
    row("refuse-output", &[14], "400, the picture is refused, not the prompt",
        |scene| moderated("image_generation_user_error", "output", UpstreamErrors::Verbatim, scene)),

    row("busy", &[7], "429 with `Retry-After: 1`", |scene| later(busy(scene), "1")),
    row("busy-bare", &[7], "429 without `Retry-After`", busy),
    row("busy-zero", &[7], "429 with `Retry-After: 0`", |scene| later(busy(scene), "0")),
    row("busy-long", &[7], "429 with `Retry-After: 3600`: beyond any job's time", |scene| later(busy(scene), "3600")),
    row("busy-date", &[8], "429 with `Retry-After` as a date two seconds from now", |scene| at(busy(scene), 2)),
    row("busy-past", &[8], "429 with `Retry-After` as a date in the past", |scene| at(busy(scene), -3600)),
    row("busy-garbage", &[8], "429 with `Retry-After: soon; maybe`", |scene| later(busy(scene), "soon; maybe")),
    row("busy-negative", &[8], "429 with `Retry-After: -5`", |scene| later(busy(scene), "-5")),
    row("busy-huge", &[8], "429 with `Retry-After: 1000000000`", |scene| later(busy(scene), "1000000000")),
    row("busy-maker", &[7], "429 in the maker's own words, with `Retry-After: 1`", |scene| later(scene.error(429,
        "requests", Some("rate_limit_exceeded"), "Rate limit reached for gpt-image-1-mini in organization \
         org-sandbox on images per min. Limit: 5, Used: 5, Requested: 1."), "1")),
    once("busy-once", &[7], "429 with `Retry-After: 1` for the first call with this prompt, then all is well",
        |scene| later(busy(scene), "1")),
    row("503", &[9], "503 with `Retry-After: 1`", |scene| later(down(scene), "1")),
    row("503-bare", &[9], "503 without `Retry-After`", down),
    row("503-date", &[8, 9], "503 with `Retry-After` as a date two seconds from now", |scene| at(down(scene), 2)),
    once("503-once", &[9], "503 with `Retry-After: 1` for the first call with this prompt, then all is well",
        |scene| later(down(scene), "1")),

    row("408", &[9], "408, the maker gave up waiting",
        |scene| scene.error(408, "timeout_error", None, "The request timed out upstream.")),
    row("424", &[9], "424, something that the gateway needs has failed",
        |scene| scene.error(424, "failed_dependency", None, "A dependency failed.")),
    row("500", &[9], "500, in JSON", |scene| scene.error(500, internal(scene), Some("server_error"),
        "The server had an error while processing your request. Sorry about that!")),
    row("html", &[9], "502 with a page of HTML", |_| Answer::of(StatusCode::BAD_GATEWAY, "text/html; charset=utf-8",
        "<!DOCTYPE html><html><head><title>502: BAD_GATEWAY</title></head><body>An error occurred with this \
         application. <code>ROUTER_EXTERNAL_TARGET_ERROR</code></body></html>")),
    Fault::new("storm", &[10], "500, 502 and 504 in turn, for this call and the nine next ones of any kind",
        Act::Storm(10)),

    row("401", &[11], "401, the key is not valid", |scene| match scene.side {
        Side::Gateway => errors::unauthenticated(),
        Side::OpenAi => scene.error(401, "invalid_request_error", Some("invalid_api_key"),
            "Incorrect API key provided: sk-sandb***. You can find your API key at https://platform.openai.com."),
    }),
    row("403", &[11], "403, the account may not use this model", |scene| scene.error(403, "no_providers_available", None,
        "Free tier users do not have access to this model. Upgrade to paid credits.")),
    row("403-flat", &[11], "403 with a flat body: `error` is a text", |_| Answer::json(StatusCode::FORBIDDEN, &json!({
        "error": "Free tier users do not have access to this model.", "type": "no_providers_available" }))),
    row("402", &[12], "402, no credits are left", |_| errors::insufficient_funds()),
    row("402-quota", &[12], "402, the key's quota is used up", |scene| scene.error(402, "quota_for_entity_exceeded", None,
        "Quota limit exceeded for \"api_key_id_sandbox\". Current spend: $10.00, limit: $10.00. Please contact your \
         administrator to increase the quota.")),
    row("400-billing", &[12], "400 `billing_hard_limit_reached`", |scene| billing(400, scene)),
    row("429-billing", &[12], "429 `billing_hard_limit_reached`", |scene| billing(429, scene)),
    row("400-quota", &[12], "400 `insufficient_quota`", |scene| quota(400, scene)),
    row("429-quota", &[12], "429 `insufficient_quota`", |scene| quota(429, scene)),

    row("400", &[13], "400, a parameter has a value that the maker does not know", |scene| {
        let message = "Invalid value: 'sandbox'. Supported values are: 'low', 'medium', 'high', and 'auto'.";
        scene.maker(&Upstream::invalid("quality", "invalid_value", message.to_owned()))
    }),
    row("400-issues", &[13], "400 whose `param` is a list of issues", |_| errors::schema(vec![json!({
        "code": "invalid_type", "expected": "string", "path": ["prompt"],
        "message": "Invalid input: expected string, received undefined" })])),
    row("405", &[13], "405 without a body", |_| Answer::empty(StatusCode::METHOD_NOT_ALLOWED)),
    row("413", &[13], "413, the request is too large",
        |scene| scene.error(413, "invalid_request_error", None, "Request Entity Too Large")),
    row("415", &[13], "415, the media type is not known",
        |scene| scene.error(415, "invalid_request_error", None, "Unsupported Media Type")),
    row("422", &[13], "422, the request cannot be carried out",
        |scene| scene.error(422, "invalid_request_error", None, "Unprocessable Entity")),

    row("404", &[15], "404 `model_not_found`", |scene| not_found(scene.model, scene)),
    row("404-other", &[15], "404 `model_not_found` that names another model than was asked for",
        |scene| not_found("openai/gpt-image-1", scene)),
    row("404-flat", &[15], "404 with a flat body: `error` is a text",
        |_| Answer::json(StatusCode::NOT_FOUND, &json!({ "error": "Not found", "message": "There is nothing here" }))),
    row("404-html", &[15], "404 with a page of HTML", |_| errors::no_such_path()),

    row("301", &[16], "301 to an address whose books must stay empty", |scene| moved(301, scene)),
    row("302", &[16], "302 to an address whose books must stay empty", |scene| moved(302, scene)),
    row("307", &[16], "307 to an address whose books must stay empty", |scene| moved(307, scene)),
    row("308", &[16], "308 to an address whose books must stay empty", |scene| moved(308, scene)),

    row("204", &[18], "204: all is well, and nothing comes", |_| Answer::empty(StatusCode::NO_CONTENT)),
    row("418", &[9], "418, a status that nobody expects", |_| plain(418)),
    row("599", &[9], "599, a status that nobody knows", |_| plain(599)),
    row("echo", &[11, 27], "401 that repeats the client's `Authorization` in a header and in the body", |scene| {
        let sent = scene.authorization();
        let message = format!("Incorrect API key provided: {sent}");
        echoed(scene.error(401, "authentication_error", Some("invalid_api_key"), &message), sent)
    }),
    row("early", &[28], "500 as soon as this word is read, before the rest of the request is", |scene| scene.error(500,
        internal(scene), Some("server_error"), "The server had an error before it had read your request.")),
];

/// The maker's refusal; without a `stage` it has no details.
fn moderated(
    r#type: &'static str,
    stage: &'static str,
    style: UpstreamErrors,
    scene: &Scene,
) -> Answer {
    let error = Upstream::moderated(r#type, stage);
    match scene.side {
        Side::Gateway => error.answer(style, scene.generation),
        Side::OpenAi => error.answer_directly(StatusCode::BAD_REQUEST),
    }
}

fn busy(scene: &Scene) -> Answer {
    match scene.side {
        Side::Gateway => errors::rate_limited(),
        Side::OpenAi => {
            scene.error(429, "requests", Some("rate_limit_exceeded"), "Rate limit reached")
        }
    }
}

fn down(scene: &Scene) -> Answer {
    let message = "The engine is currently overloaded, please try again later";
    scene.error(503, "server_error", None, message)
}

fn not_found(model: &str, scene: &Scene) -> Answer {
    // A call that names no model is told of one all the same.
    let model = if model.is_empty() { "openai/gpt-image-1-mini" } else { model };
    match scene.side {
        Side::Gateway => errors::model_not_found(model),
        Side::OpenAi => {
            errors::no_such_model(models::bare(model)).answer_directly(StatusCode::NOT_FOUND)
        }
    }
}

fn billing(status: u16, scene: &Scene) -> Answer {
    let code = Some("billing_hard_limit_reached");
    scene.error(status, "billing_limit_user_error", code, "Billing hard limit has been reached.")
}

fn quota(status: u16, scene: &Scene) -> Answer {
    let code = Some("insufficient_quota");
    let message = "You exceeded your current quota, please check your plan and billing details.";
    scene.error(status, "insufficient_quota", code, message)
}

const fn internal(scene: &Scene) -> &'static str {
    match scene.side {
        Side::Gateway => "internal_server_error",
        Side::OpenAi => "server_error",
    }
}

fn later(answer: Answer, when: &'static str) -> Answer {
    answer.with(RETRY_AFTER, HeaderValue::from_static(when))
}

/// `Retry-After` as a date, so many seconds from now. A date has whole seconds: this one is rounded up.
fn at(answer: Answer, seconds: i64) -> Answer {
    let now = clock::now().0.div_ceil(1000);
    let when = UNIX_EPOCH + Duration::from_secs(now.saturating_add_signed(seconds));
    let date = HeaderValue::try_from(httpdate::fmt_http_date(when));
    date.map_or_else(
        |_| Answer::empty(StatusCode::INTERNAL_SERVER_ERROR),
        |date| answer.with(RETRY_AFTER, date),
    )
}

fn moved(status: u16, scene: &Scene) -> Answer {
    let answer = Answer::of(status_of(status), "text/plain", "Redirecting...\n");
    match HeaderValue::try_from(scene.trap("moved")) {
        Ok(target) => answer.with(LOCATION, target),
        Err(_) => answer,
    }
}

fn plain(status: u16) -> Answer {
    Answer::of(status_of(status), "text/plain; charset=utf-8", "What now?\n")
}

/// The same with a header that gives away what the client sent.
pub(super) fn echoed(answer: Answer, sent: &str) -> Answer {
    match HeaderValue::from_str(sent) {
        Ok(value) => answer.with(HeaderName::from_static("x-debug-authorization"), value),
        Err(_) => answer,
    }
}
