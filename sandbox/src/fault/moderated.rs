//! Prompts refused by moderation in the words of makers other than OpenAI, before any work is done. They cost nothing.
//!
//! Owns their bodies. The comment of each row says where it was seen and how certain its shape is. None was recorded
//! behind the gateway's images endpoint: the makers' own errors are known better than how the gateway passes them on.
//! Must not charge.

use super::{
    Fault, FaultEffect,
    context::{FaultContext, status_of},
};
use crate::scripted_response::ScriptedResponse;
use hyper::StatusCode;
use serde_json::{Value, json};

const fn row(
    name: &'static str,
    does: &'static str,
    response: fn(&FaultContext) -> ScriptedResponse,
) -> Fault {
    Fault::new(name, &[14], does, FaultEffect::Refuse(response))
}

#[rustfmt::skip]
pub(super) const TABLE: &[Fault] = &[
    // Type and message were seen live from the gateway, for one prompt among others that were accepted.
    row("terms", "403 `permission_error`: the provider's terms of service", |context| context.error(403, "permission_error",
        None, "The request is prohibited due to a violation of provider Terms Of Service.")),
    // A web filter in front of a provider responds with a page of its own. That this happens is known; the page is
    // invented.
    row("html403", "403 with the page of a filter", |_| ScriptedResponse::new(StatusCode::FORBIDDEN, "text/html; charset=utf-8",
        "<!DOCTYPE html><html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center>\
         <p>Your request was blocked by a security rule.</p></body></html>")),

    // Azure OpenAI's own body: documented, and seen word for word.
    row("azure", "400 `content_filter`, as Azure filters a description", |_| json_of(400, &json!({ "error": {
        "message": AZURE, "type": null, "param": "prompt", "code": "content_filter", "status": 400 } }))),
    // Azure's newer shape: only the inner error names the reason. Seen word for word.
    row("azure-policy", "400 whose inner error is Azure's `ResponsibleAIPolicyViolation`", |_| json_of(400, &json!({
        "error": { "code": "invalid_request_error", "message": "This request has been blocked by our content filters.",
            "innererror": { "code": "ResponsibleAIPolicyViolation" } } }))),
    // Azure's older code beside the same inner error: documented.
    row("azure-violation", "400 `contentFilter` with Azure's inner error and its categories", |_| json_of(400, &json!({
        "error": { "code": "contentFilter", "message": AZURE, "type": "invalid_request_error", "param": null,
            "inner_error": { "code": "ResponsibleAIPolicyViolation", "content_filter_results": {
                "sexual": { "filtered": true, "severity": "high" }, "hate": { "filtered": false, "severity": "safe" } } } } }))),
    // The gateway's list of attempts was seen to hold a provider's body as a string. That the gateway's own message
    // then names no reason is the worst case, and invented.
    row("azure-attempt", "400 that says nothing, with Azure's body as text in the list of attempts", |context| {
        let body = json!({ "error": { "message": AZURE, "code": "content_filter", "status": 400 } }).to_string();
        attempted(context, "azure", &body)
    }),
    row("refuse-attempt", "400 that says nothing, with OpenAI's body as text in the list of attempts", |context| {
        let body = json!({ "error": { "message": "Your request was rejected by the safety system.",
            "type": "image_generation_user_error", "param": null, "code": "moderation_blocked" } }).to_string();
        attempted(context, "openai", &body)
    }),

    // The shape of Google's errors is documented; the message was seen from Vertex for a prompt.
    row("vertex", "400 `INVALID_ARGUMENT`: words that violate Vertex AI's usage guidelines", |_| json_of(400, &json!({
        "error": { "code": 400, "status": "INVALID_ARGUMENT", "message": "The prompt could not be submitted. This prompt \
            contains words that violate Vertex AI's usage guidelines. Try rephrasing the prompt. If you think this was an \
            error, send feedback. Support codes: 29310472" } }))),
    // The older message, seen from Imagen, in the gateway's shape. The combination is invented.
    row("vertex-blocked", "400: Vertex blocked the response", |context| context.error(400, "invalid_request_error", None,
        "Image generation failed with the following error: The response is blocked, as it may violate our policies. If \
         you believe this is an error, please send feedback to your account team. Error Code: 58061214")),
    // `finishReason` and `finishMessage` were seen from Gemini in a response with status 200. The error with that
    // reason as its code is invented.
    row("google", "400: Gemini ended with `IMAGE_PROHIBITED_CONTENT`", |_| json_of(400, &json!({ "error": {
        "message": "The model output could not be generated. This output contains sensitive words that violate Google's \
            Responsible AI practices. If you think this was an error, send feedback. Support code: 42876398.",
        "type": "invalid_request_error", "code": "IMAGE_PROHIBITED_CONTENT" } }))),
    row("google-safety", "400: Gemini ended with `IMAGE_SAFETY`", |context| context.error(400, "invalid_request_error", None,
        "Gemini image generation blocked [IMAGE_SAFETY]: The generated image was blocked due to safety policy violation, \
         please modify your prompt and try again")),

    // xAI's flat shape, whose code is a sentence, was seen from its language models, with 403.
    row("xai", "403 with xAI's flat body: content violates usage guidelines", |_| json_of(403, &json!({
        "code": "The caller does not have permission to execute the specified operation",
        "error": "Content violates usage guidelines. Team: sandbox, API key ID: sandbox, Model: grok-imagine-image, \
            Failed check: SAFETY_CHECK_TYPE_SEXUAL" }))),
    // xAI's flat shape and the message of its image models: each was seen, but not both together.
    row("xai-image", "400 with xAI's flat body: the picture was rejected by content moderation", |_| json_of(400, &json!({
        "code": "Client specified an invalid argument", "error": "Generated image rejected by content moderation." }))),

    // Black Forest Labs documents both words as statuses of polling. The body of a 400 that holds them is invented.
    row("bfl", "400 with the status `Request Moderated`", |_| json_of(400, &json!({ "id": "sandbox",
        "status": "Request Moderated", "result": null, "details": { "Moderation Reasons": ["Safety Filter"] } }))),
    row("bfl-content", "400 in the gateway's words with the status `Content Moderated`",
        |context| context.error(400, "invalid_request_error", None, "Black Forest Labs generation failed: Content Moderated")),
];

/// Azure OpenAI's message for a refused prompt.
const AZURE: &str = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. \
    Please modify your prompt and retry.";

fn json_of(status: u16, body: &Value) -> ScriptedResponse {
    ScriptedResponse::json(status_of(status), body)
}

/// The gateway's error without a reason in its message: only the list of attempts holds the provider's error.
fn attempted(context: &FaultContext, provider: &str, error: &str) -> ScriptedResponse {
    json_of(
        400,
        &json!({
            "error": { "message": "Bad Request", "type": "invalid_request_error" },
            "generationId": context.generation,
            "providerMetadata": { "gateway": { "routing": { "modelAttempts": [{ "success": false, "providerAttempts": [{
                "provider": provider, "credentialType": "system", "success": false, "error": error, "statusCode": 400,
            }] }] }, "generationId": context.generation } },
        }),
    )
}
