//! Errors before any work is done. They cost nothing.
//!
//! Owns their statuses, messages and headers. Must not charge.

use super::{
    Fault, FaultEffect,
    context::{ApiKind, FaultContext, status_of},
};
use crate::{
    clock,
    errors::{self, MakerError},
    models,
    scripted_response::ScriptedResponse,
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
    rows: &'static [u8],
    description: &'static str,
    response: fn(&FaultContext) -> ScriptedResponse,
) -> Fault {
    Fault::new(name, rows, description, FaultEffect::Refuse(response))
}

const fn once(
    name: &'static str,
    rows: &'static [u8],
    description: &'static str,
    response: fn(&FaultContext) -> ScriptedResponse,
) -> Fault {
    Fault::new(name, rows, description, FaultEffect::RefuseOnce(response))
}

#[rustfmt::skip]
pub(super) const TABLE: &[Fault] = &[
    row("refuse", &[14], "400, the prompt is refused, in the newest shape: a type and code of its own, and details",
        |context| moderated("image_generation_user_error", "input", UpstreamErrors::Verbatim, context)),
    row("refuse-older", &[14], "400, the prompt is refused, in the older shape: the code with the type `invalid_request_error`",
        |context| moderated("invalid_request_error", "", UpstreamErrors::Verbatim, context)),
    row("refuse-message", &[14], "400, the prompt is refused, which only the message says",
        |context| moderated("image_generation_user_error", "input", UpstreamErrors::Wrapped, context)),
    row("refuse-output", &[14], "400, the picture is refused, not the prompt",
        |context| moderated("image_generation_user_error", "output", UpstreamErrors::Verbatim, context)),
    row("refuse-slow", &[14, 35], "nothing for `Settings::slow`, then 400: the prompt is refused", |context| ScriptedResponse {
        delay: context.shared.settings.slow,
        ..moderated("image_generation_user_error", "input", UpstreamErrors::Verbatim, context)
    }),

    row("busy", &[7], "429 with `Retry-After: 1`", |context| with_retry_after(busy(context), "1")),
    row("busy-bare", &[7], "429 without `Retry-After`", busy),
    row("busy-zero", &[7], "429 with `Retry-After: 0`", |context| with_retry_after(busy(context), "0")),
    row("busy-long", &[7], "429 with `Retry-After: 3600`, which is longer than any job may take", |context| with_retry_after(busy(context), "3600")),
    row("busy-date", &[8], "429 with `Retry-After` as a date two seconds from now", |context| with_retry_date(busy(context), 2)),
    row("busy-past", &[8], "429 with `Retry-After` as a date in the past", |context| with_retry_date(busy(context), -3600)),
    row("busy-garbage", &[8], "429 with `Retry-After: soon; maybe`", |context| with_retry_after(busy(context), "soon; maybe")),
    row("busy-negative", &[8], "429 with `Retry-After: -5`", |context| with_retry_after(busy(context), "-5")),
    row("busy-huge", &[8], "429 with `Retry-After: 1000000000`", |context| with_retry_after(busy(context), "1000000000")),
    row("busy-maker", &[7], "429 in the maker's own words, with `Retry-After: 1`", |context| with_retry_after(context.error(429,
        "requests", Some("rate_limit_exceeded"), "Rate limit reached for gpt-image-1-mini in organization \
         org-sandbox on images per min. Limit: 5, Used: 5, Requested: 1."), "1")),
    once("busy-once", &[7], "429 with `Retry-After: 1` for the first call with this prompt; later calls succeed",
        |context| with_retry_after(busy(context), "1")),
    row("503", &[9], "503 with `Retry-After: 1`", |context| with_retry_after(down(context), "1")),
    row("503-bare", &[9], "503 without `Retry-After`", down),
    row("503-date", &[8, 9], "503 with `Retry-After` as a date two seconds from now", |context| with_retry_date(down(context), 2)),
    once("503-once", &[9], "503 with `Retry-After: 1` for the first call with this prompt; later calls succeed",
        |context| with_retry_after(down(context), "1")),

    row("408", &[9], "408, a timeout at the maker",
        |context| context.error(408, "timeout_error", None, "The request timed out upstream.")),
    row("424", &[9], "424, a dependency of the gateway failed",
        |context| context.error(424, "failed_dependency", None, "A dependency failed.")),
    row("500", &[9], "500, in JSON", |context| context.error(500, internal(context), Some("server_error"),
        "The server had an error while processing your request. Sorry about that!")),
    row("html", &[9], "502 with a page of HTML", |_| ScriptedResponse::new(StatusCode::BAD_GATEWAY, "text/html; charset=utf-8",
        "<!DOCTYPE html><html><head><title>502: BAD_GATEWAY</title></head><body>An error occurred with this \
         application. <code>ROUTER_EXTERNAL_TARGET_ERROR</code></body></html>")),
    Fault::new("storm", &[10], "500, 502 and 504 in turn, for this call and the nine next ones of any kind",
        FaultEffect::Storm(10)),

    row("401", &[11], "401, the key is invalid", |context| match context.api {
        ApiKind::Gateway => errors::unauthenticated(),
        ApiKind::OpenAi => context.error(401, "invalid_request_error", Some("invalid_api_key"),
            "Incorrect API key provided: sk-sandb***. You can find your API key at https://platform.openai.com."),
    }),
    row("403", &[11], "403, the account may not use this model", |context| context.error(403, "no_providers_available", None,
        "Free tier users do not have access to this model. Upgrade to paid credits.")),
    row("403-flat", &[11], "403 with a flat body: `error` is a string", |_| ScriptedResponse::json(StatusCode::FORBIDDEN, &json!({
        "error": "Free tier users do not have access to this model.", "type": "no_providers_available" }))),
    row("402", &[12], "402, no credits are left", |_| errors::insufficient_funds()),
    row("402-quota", &[12], "402, the key's quota is used up", |context| context.error(402, "quota_for_entity_exceeded", None,
        "Quota limit exceeded for \"api_key_id_sandbox\". Current spend: $10.00, limit: $10.00. Please contact your \
         administrator to increase the quota.")),
    row("400-billing", &[12], "400 `billing_hard_limit_reached`", |context| billing(400, context)),
    row("429-billing", &[12], "429 `billing_hard_limit_reached`", |context| billing(429, context)),
    row("400-quota", &[12], "400 `insufficient_quota`", |context| quota(400, context)),
    row("429-quota", &[12], "429 `insufficient_quota`", |context| quota(429, context)),

    row("400", &[13], "400, the maker does not know the value of a parameter", |context| {
        let message = "Invalid value: 'sandbox'. Supported values are: 'low', 'medium', 'high', and 'auto'.";
        context.maker_error(&MakerError::invalid("quality", "invalid_value", message.to_owned()))
    }),
    row("400-issues", &[13], "400 whose `param` is a list of schema violations", |_| errors::schema(vec![json!({
        "code": "invalid_type", "expected": "string", "path": ["prompt"],
        "message": "Invalid input: expected string, received undefined" })])),
    row("405", &[13], "405 without a body", |_| ScriptedResponse::empty(StatusCode::METHOD_NOT_ALLOWED)),
    row("413", &[13], "413, the request is too large",
        |context| context.error(413, "invalid_request_error", None, "Request Entity Too Large")),
    row("415", &[13], "415, the media type is not known",
        |context| context.error(415, "invalid_request_error", None, "Unsupported Media Type")),
    row("422", &[13], "422, the request cannot be carried out",
        |context| context.error(422, "invalid_request_error", None, "Unprocessable Entity")),

    row("404", &[15], "404 `model_not_found`", |context| not_found(context.model, context)),
    row("404-other", &[15], "404 `model_not_found` that names another model than was asked for",
        |context| not_found("openai/gpt-image-1", context)),
    row("404-flat", &[15], "404 with a flat body: `error` is a string",
        |_| ScriptedResponse::json(StatusCode::NOT_FOUND, &json!({ "error": "Not found", "message": "There is nothing here" }))),
    row("404-html", &[15], "404 with a page of HTML", |_| errors::no_such_path()),

    row("301", &[16], "301 to a URL that must not be fetched", |context| redirect(301, context)),
    row("302", &[16], "302 to a URL that must not be fetched", |context| redirect(302, context)),
    row("307", &[16], "307 to a URL that must not be fetched", |context| redirect(307, context)),
    row("308", &[16], "308 to a URL that must not be fetched", |context| redirect(308, context)),

    row("204", &[18], "204: success without a body", |_| ScriptedResponse::empty(StatusCode::NO_CONTENT)),
    row("418", &[9], "418, an unexpected status", |_| plain(418)),
    row("599", &[9], "599, an unassigned status", |_| plain(599)),
    row("echo", &[11, 27], "401 that repeats the client's `Authorization` in a header and in the body", |context| {
        let sent = context.authorization();
        let message = format!("Incorrect API key provided: {sent}");
        with_echo_header(context.error(401, "authentication_error", Some("invalid_api_key"), &message), sent)
    }),
    row("early", &[28], "500 as soon as this word has arrived, before the rest of the request is read", |context| context.error(500,
        internal(context), Some("server_error"), "The server had an error before it had read your request.")),
];

/// The maker's moderation error; without a `stage` it has no details.
fn moderated(
    r#type: &'static str,
    stage: &'static str,
    style: UpstreamErrors,
    context: &FaultContext,
) -> ScriptedResponse {
    let error = MakerError::moderated(r#type, stage);
    match context.api {
        ApiKind::Gateway => error.to_gateway_response(style, context.generation),
        ApiKind::OpenAi => error.to_openai_response(StatusCode::BAD_REQUEST),
    }
}

fn busy(context: &FaultContext) -> ScriptedResponse {
    match context.api {
        ApiKind::Gateway => errors::rate_limited(),
        ApiKind::OpenAi => {
            context.error(429, "requests", Some("rate_limit_exceeded"), "Rate limit reached")
        }
    }
}

fn down(context: &FaultContext) -> ScriptedResponse {
    let message = "The engine is currently overloaded, please try again later";
    context.error(503, "server_error", None, message)
}

fn not_found(model: &str, context: &FaultContext) -> ScriptedResponse {
    // The error names a model even if the request has none.
    let model = if model.is_empty() { "openai/gpt-image-1-mini" } else { model };
    match context.api {
        ApiKind::Gateway => errors::model_not_found(model),
        ApiKind::OpenAi => errors::no_such_model(models::without_maker(model))
            .to_openai_response(StatusCode::NOT_FOUND),
    }
}

fn billing(status: u16, context: &FaultContext) -> ScriptedResponse {
    let code = Some("billing_hard_limit_reached");
    context.error(status, "billing_limit_user_error", code, "Billing hard limit has been reached.")
}

fn quota(status: u16, context: &FaultContext) -> ScriptedResponse {
    let code = Some("insufficient_quota");
    let message = "You exceeded your current quota, please check your plan and billing details.";
    context.error(status, "insufficient_quota", code, message)
}

const fn internal(context: &FaultContext) -> &'static str {
    match context.api {
        ApiKind::Gateway => "internal_server_error",
        ApiKind::OpenAi => "server_error",
    }
}

fn with_retry_after(response: ScriptedResponse, when: &'static str) -> ScriptedResponse {
    response.with_header(RETRY_AFTER, HeaderValue::from_static(when))
}

/// Adds `Retry-After` as a date this many seconds from now. A date has whole seconds: it is rounded up.
fn with_retry_date(response: ScriptedResponse, seconds: i64) -> ScriptedResponse {
    let now = clock::now().0.div_ceil(1000);
    let when = UNIX_EPOCH + Duration::from_secs(now.saturating_add_signed(seconds));
    let date = HeaderValue::try_from(httpdate::fmt_http_date(when));
    date.map_or_else(
        |_| ScriptedResponse::empty(StatusCode::INTERNAL_SERVER_ERROR),
        |date| response.with_header(RETRY_AFTER, date),
    )
}

fn redirect(status: u16, context: &FaultContext) -> ScriptedResponse {
    let response = ScriptedResponse::new(status_of(status), "text/plain", "Redirecting...\n");
    match HeaderValue::try_from(context.trap("moved")) {
        Ok(target) => response.with_header(LOCATION, target),
        Err(_) => response,
    }
}

fn plain(status: u16) -> ScriptedResponse {
    ScriptedResponse::new(status_of(status), "text/plain; charset=utf-8", "What now?\n")
}

/// Adds a header that repeats the client's `Authorization`.
pub(super) fn with_echo_header(response: ScriptedResponse, sent: &str) -> ScriptedResponse {
    match HeaderValue::from_str(sent) {
        Ok(value) => response.with_header(HeaderName::from_static("x-debug-authorization"), value),
        Err(_) => response,
    }
}
