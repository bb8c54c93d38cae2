//! The literal bodies of all errors.
//!
//! Owns their statuses, messages and shapes. Must not decide when an error is sent.

use crate::{
    fault::ApiKind,
    models::{self, Gone},
    scripted_response::ScriptedResponse,
    settings::UpstreamErrors,
};
use contract::money::Nano;
use hyper::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};
use std::borrow::Cow;

/// The page that Next.js sends for an unknown path.
const NOT_FOUND_PAGE: &str = "<!DOCTYPE html><html lang=\"en\"><head><meta charSet=\"utf-8\"/><title>404: This page could \
    not be found.</title></head><body><h1>404</h1><h2>This page could not be found.</h2></body></html>";

/// The gateway's own error: `{"error": {"message", "param"?, "type"}}`.
#[derive(Serialize)]
struct GatewayErrorBody<'a> {
    error: GatewayErrorFields<'a>,
}

#[derive(Serialize)]
struct GatewayErrorFields<'a> {
    message: &'a str,
    r#type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    param: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
}

/// An error of the model's maker: `{"error": {"message", "type", "param", "code"}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct MakerError {
    pub(crate) message: String,
    pub(crate) r#type: &'static str,
    pub(crate) param: Option<Cow<'static, str>>,
    pub(crate) code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) moderation_details: Option<Value>,
}

impl MakerError {
    /// An `invalid_request_error` about one parameter.
    pub(crate) fn invalid(
        param: impl Into<Cow<'static, str>>,
        code: &'static str,
        message: String,
    ) -> Self {
        Self {
            message,
            r#type: "invalid_request_error",
            param: Some(param.into()),
            code: Some(code),
            moderation_details: None,
        }
    }

    /// The maker's moderation of a prompt or, at the stage `output`, of a picture. Without a stage it has no details.
    pub(crate) fn moderated(r#type: &'static str, stage: &'static str) -> Self {
        Self {
            message: "Your request was rejected by the safety system. If you believe this is an error, contact us at \
                      help.openai.com and include the request ID 6b0e1c9a-4d0f-4a53-9c55-2f3a1f6f0d11. \
                      safety_violations=[sexual]."
                .to_owned(),
            r#type,
            param: None,
            code: Some("moderation_blocked"),
            moderation_details: (!stage.is_empty())
                .then(|| json!({ "moderation_stage": stage, "categories": ["sexual"] })),
        }
    }

    /// The error as OpenAI's own API sends it.
    pub(crate) fn to_openai_response(&self, status: StatusCode) -> ScriptedResponse {
        ScriptedResponse::json(status, &json!({ "error": self }))
    }

    /// The error as the gateway passes it on: always 400, and with a generation's id, since an attempt was made.
    pub(crate) fn to_gateway_response(
        &self,
        style: UpstreamErrors,
        generation: &str,
    ) -> ScriptedResponse {
        let body = match style {
            UpstreamErrors::Verbatim => json!({ "error": self, "generationId": generation }),
            UpstreamErrors::Wrapped => json!({
                "error": { "message": self.message, "type": "invalid_request_error" },
                "generationId": generation,
                "providerMetadata": { "gateway": { "routing": { "modelAttempts": [{ "success": false, "providerAttempts": [{
                    "provider": "openai", "credentialType": "system", "success": false,
                    "error": self.message, "statusCode": 400,
                }] }] }, "generationId": generation } },
            }),
        };
        ScriptedResponse::json(StatusCode::BAD_REQUEST, &body)
    }
}

/// 400: the request does not match the gateway's schema. `issues` are in zod's format.
pub(crate) fn schema(issues: Vec<Value>) -> ScriptedResponse {
    refuse("Invalid input", Some(Value::Array(issues)))
}

/// 400: the body is not JSON.
pub(crate) fn not_json() -> ScriptedResponse {
    refuse("Invalid JSON", None)
}

/// 400: `providerOptions` holds a value that the provider's schema does not allow.
pub(crate) fn provider_options(issues: Vec<Value>) -> ScriptedResponse {
    refuse("invalid openai provider options", Some(Value::Array(issues)))
}

/// 400: a language model was asked for a picture.
pub(crate) fn language_model(model: &str) -> ScriptedResponse {
    let message = format!(
        "Model '{model}' is a language model, not an image model. Use the language generation API instead."
    );
    refuse(&message, None)
}

/// 400: an image model was asked for a chat.
pub(crate) fn image_model(model: &str) -> ScriptedResponse {
    let message = format!(
        "Model '{model}' is an image model, not a language model. Use the image generation API instead."
    );
    refuse(&message, None)
}

/// 401: no key, or an invalid one.
pub(crate) fn unauthenticated() -> ScriptedResponse {
    gateway(StatusCode::UNAUTHORIZED, "authentication_error", None, "Invalid API key", None)
}

/// 402: no positive balance.
pub(crate) fn insufficient_funds() -> ScriptedResponse {
    let message = "Insufficient credits/funds. Please add credits to your account to continue.";
    gateway(StatusCode::PAYMENT_REQUIRED, "insufficient_funds", None, message, None)
}

/// 402: the project's budget is used up.
pub(crate) fn over_budget(spent: Nano, limit: Nano) -> ScriptedResponse {
    let message = format!(
        "Project budget exceeded. Current spend: {}, limit: {}. Please contact your administrator to increase the budget.",
        dollars(spent),
        dollars(limit)
    );
    gateway(StatusCode::PAYMENT_REQUIRED, "quota_for_entity_exceeded", None, &message, None)
}

/// 403: no provider passes the request's own filters.
pub(crate) fn no_providers(why: &str) -> ScriptedResponse {
    gateway(StatusCode::FORBIDDEN, "no_providers_available", None, why, None)
}

/// The error for a removed model, in the chosen form. `model` is written as in the request.
pub(crate) fn gone(model: &str, gone: Gone, api: ApiKind, generation: &str) -> ScriptedResponse {
    let bare = models::without_maker(model);
    let not_there = format!("The model '{bare}' does not exist.");
    match (gone, api) {
        (Gone::NotFound, ApiKind::Gateway) => model_not_found(model),
        (Gone::NotFound, ApiKind::OpenAi) => {
            no_such_model(model).to_openai_response(StatusCode::NOT_FOUND)
        }
        (Gone::Told, _) => {
            let message = format!("Model {model} not found");
            gateway(StatusCode::NOT_FOUND, "invalid_request_error", None, &message, None)
        }
        (Gone::UserError, _) => MakerError {
            message: not_there,
            r#type: "image_generation_user_error",
            param: Some("tools".into()),
            code: Some("invalid_value"),
            moderation_details: None,
        }
        .to_openai_response(StatusCode::BAD_REQUEST),
        (Gone::Wrapped, ApiKind::Gateway) => {
            MakerError::invalid("model", "invalid_value", not_there)
                .to_gateway_response(UpstreamErrors::Wrapped, generation)
        }
        (Gone::Wrapped, ApiKind::OpenAi) => {
            MakerError::invalid("model", "invalid_value", not_there)
                .to_openai_response(StatusCode::BAD_REQUEST)
        }
        (Gone::NoAccess, _) => MakerError {
            message: format!("Project `proj_sandbox` does not have access to model `{bare}`"),
            ..no_such_model(bare)
        }
        .to_openai_response(StatusCode::FORBIDDEN),
        (Gone::Unprocessable, _) => MakerError::invalid("model", "invalid_value", not_there)
            .to_openai_response(StatusCode::UNPROCESSABLE_ENTITY),
    }
}

/// 404: no such model.
pub(crate) fn model_not_found(model: &str) -> ScriptedResponse {
    let message = format!("Model '{model}' not found");
    gateway(
        StatusCode::NOT_FOUND,
        "model_not_found",
        None,
        &message,
        Some(json!({ "modelId": model })),
    )
}

/// The maker's error for a model that does not exist, or no longer.
pub(crate) fn no_such_model(model: &str) -> MakerError {
    MakerError {
        message: format!("The model '{model}' does not exist or you do not have access to it."),
        r#type: "invalid_request_error",
        param: None,
        code: Some("model_not_found"),
        moderation_details: None,
    }
}

/// 404: no such path. The body is a page of HTML.
pub(crate) fn no_such_path() -> ScriptedResponse {
    ScriptedResponse::new(StatusCode::NOT_FOUND, "text/html; charset=utf-8", NOT_FOUND_PAGE)
}

/// 429: too many requests.
pub(crate) fn rate_limited() -> ScriptedResponse {
    gateway(StatusCode::TOO_MANY_REQUESTS, "rate_limit_exceeded", None, "Rate limit exceeded", None)
}

/// 400: the gateway does not support what was asked.
pub(crate) fn invalid_request(message: &str) -> ScriptedResponse {
    refuse(message, None)
}

fn refuse(message: &str, param: Option<Value>) -> ScriptedResponse {
    gateway(StatusCode::BAD_REQUEST, "invalid_request_error", None, message, param)
}

/// An error in the gateway's own shape.
pub(crate) fn gateway(
    status: StatusCode,
    r#type: &str,
    code: Option<&str>,
    message: &str,
    param: Option<Value>,
) -> ScriptedResponse {
    ScriptedResponse::json(
        status,
        &GatewayErrorBody { error: GatewayErrorFields { message, r#type, param, code } },
    )
}

/// Dollars with two decimals, as in the gateway's message about budgets: `$200.00`.
fn dollars(amount: Nano) -> String {
    let cents = amount.0 / (Nano::USD.0 / 100);
    format!("${}.{:02}", cents / 100, cents % 100)
}
