//! The table of all shapes of errors that were seen or are documented, with their outcomes.

use super::*;
use Blame::{Description, Nobody, Upstream};
use ProblemKind::{Busy, GatewayFailed, GatewayRefused, Misconfigured, PromptRefused};

/// The model's name in a request to the gateway.
const MODEL: &str = "openai/gpt-image-2";

/// An outcome: kind, refund, again, blame, model gone, undecided.
type Becomes = (ProblemKind, bool, bool, Blame, bool, bool);

const REFUSED: Becomes = (PromptRefused, true, false, Description, false, false);
const ACCOUNT: Becomes = (GatewayRefused, true, false, Nobody, false, false);
const GONE: Becomes = (Misconfigured, true, false, Nobody, true, false);
const UNDECIDED: Becomes = (GatewayFailed, true, false, Nobody, false, true);
const UNREADABLE: Becomes = (GatewayFailed, true, false, Description, false, false);
const METHOD: Becomes = (GatewayFailed, true, false, Nobody, false, false);
const MISPLACED: Becomes = (Misconfigured, true, false, Nobody, false, false);
const LATER: Becomes = (Busy, true, true, Nobody, false, false);
const DOWN: Becomes = (Busy, true, true, Upstream, false, false);
const FAULT: Becomes = (GatewayFailed, false, false, Upstream, false, false);
const LOST: Becomes = (GatewayFailed, false, false, Nobody, false, false);

#[rustfmt::skip]
const TABLE: &[(&[u16], &str, Becomes)] = &[
    // Moderation: OpenAI's own words, new and old.
    (&[400, 403, 422], r#"{"error":{"message":"Your request was rejected by the safety system. If you believe this is an error, contact us at help.openai.com and include the request ID 1. safety_violations=[sexual].","type":"image_generation_user_error","param":null,"code":"moderation_blocked","moderation_details":{"moderation_stage":"input","categories":["sexual"]}}}"#, REFUSED),
    (&[400, 403, 422], r#"{"error":{"message":"…","type":"invalid_request_error","code":"content_policy_violation"}}"#, REFUSED),
    (&[400, 403, 422], r#"{"error":{"message":"…","type":"image_generation_user_error"}}"#, REFUSED),
    (&[400, 403, 422], r#"{"error":{"message":"…","type":"image_generation_user_error","code":null}}"#, REFUSED),
    (&[400, 403, 422], r#"{"error":{"message":"…","type":"image_generation_user_error","code":""}}"#, REFUSED),
    (&[400, 403, 422], r#"{"error":{"message":"…","type":"image_generation_user_error","code":400}}"#, REFUSED),
    (&[400, 403, 422], r#"{"error":{"message":"…","code":"image_generation_user_error"}}"#, REFUSED),
    (&[400, 403, 422], r#"{"error":{"message":"Your request was rejected by the safety system.","type":"invalid_request_error","param":[{"code":"x"}]},"generationId":"gen_1"}"#, REFUSED),
    (&[400], r#"{"error":{"message":"Rejected by our safety system.","type":"image_generation_user_error","code":"invalid_value"}}"#, REFUSED),
    (&[400, 403, 422], r#"{"error":"rejected by our safety system"}"#, REFUSED),
    (&[400, 403, 422], r#"{"error":{"message":"rejected by our safety\u0020system"}}"#, REFUSED),
    (&[400, 403, 422], r#""Rejected by the safety system.""#, REFUSED),
    (&[400, 403, 422], "Rejected by the Safety\nSystem.", REFUSED),
    (&[400, 403, 422], "<p>Rejected by the safety system.</p>", REFUSED),
    (&[400, 403, 422], r#"{"error":{"code":"moderation_blocked","message":"cut in the mid"#, REFUSED),
    (&[400, 403, 422], r#"{"error":{"message":"cut","type":"image_generation_user_error","param":"x"#, REFUSED),
    (&[400, 403, 422], r#"{"error":{"message":"Your request was rejected by the safety system. If you"#, REFUSED),
    // The type has no meaning if the error also has another code.
    (&[400, 422], r#"{"error":{"message":"Invalid value: 'x'.","type":"image_generation_user_error","param":"size","code":"invalid_value"}}"#, UNREADABLE),
    (&[400, 422], r#"{"error":{"message":"cut","type":"image_generation_user_error","code":"invalid_value","param":"x"#, UNREADABLE),
    (&[400], r#"{"error":{"message":"…","type":"image_generation_user_error","param":[{"code":"invalid_type","path":["size"]}]}}"#, UNREADABLE),
    (&[403], r#"{"error":{"message":"…","type":"image_generation_user_error","code":"invalid_value"}}"#, UNDECIDED),
    // Azure.
    (&[400, 403], r#"{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.","type":null,"param":"prompt","code":"content_filter","status":400}}"#, REFUSED),
    (&[400], r#"{"error":{"code":"invalid_request_error","message":"This request has been blocked by our content filters.","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#, REFUSED),
    (&[400], r#"{"error":{"code":"invalid_request_error","message":"This request has been blocked by our content filters."}}"#, REFUSED),
    (&[400], r#"{"error":{"code":"BadRequest","message":"x","inner_error":{"code":"ResponsibleAIPolicyViolation","content_filter_results":{"sexual":{"filtered":true,"severity":"high"}}}}}"#, REFUSED),
    (&[400], r#"{"error":{"code":"contentFilter","message":"Your task failed as a result of our safety system."}}"#, REFUSED),
    // Google and Vertex.
    (&[400], r#"{"error":{"code":400,"message":"Image generation failed with the following error: The prompt could not be submitted. This prompt contains sensitive words that violate Google's Responsible AI practices.","status":"INVALID_ARGUMENT"}}"#, REFUSED),
    (&[400], r#"{"error":{"message":"Unable to show generated images. All images were filtered out because they violated Vertex AI's usage guidelines.","status":"INVALID_ARGUMENT"}}"#, REFUSED),
    (&[400], r#"{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"The prompt could not be submitted. This prompt contains words that violate Vertex AI's usage guidelines. Try rephrasing the prompt. Support codes: 29310472"}}"#, REFUSED),
    (&[400], r#"{"error":{"message":"Image generation failed with the following error: The response is blocked, as it may violate our policies. Error Code: 58061214","type":"invalid_request_error"}}"#, REFUSED),
    (&[400], r#"{"error":{"message":"Gemini image generation blocked [IMAGE_SAFETY]","type":"invalid_request_error"}}"#, REFUSED),
    (&[400], r#"{"error":{"message":"x","type":"invalid_request_error","code":"IMAGE_PROHIBITED_CONTENT"}}"#, REFUSED),
    (&[400, 422], r#"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}}"#, REFUSED),
    (&[400, 422], r#"{"promptFeedback":{"blockReason":"OTHER"}}"#, REFUSED),
    (&[400, 422], r#"{"prompt_feedback":{"block_reason":"SAFETY"}}"#, REFUSED),
    (&[400, 422], r#"{"candidates":[{"finishReason":"IMAGE_SAFETY"}]}"#, REFUSED),
    (&[400, 422], r#"{"candidates":[{"finishReason":"SAFETY"}]}"#, REFUSED),
    (&[400], r#"{"predictions":[{"raiFilteredReason":"Your current safety filter threshold filtered out 2 generated images."}]}"#, REFUSED),
    // xAI.
    (&[400], r#"{"code":"Client specified an invalid argument","error":"Generated image rejected by content moderation."}"#, REFUSED),
    (&[403], r#"{"code":"The caller does not have permission to execute the specified operation","error":"Content violates usage guidelines. Team: 1, API key ID: 2, Model: grok-imagine-image, Failed check: SAFETY_CHECK_TYPE_CSAM"}"#, REFUSED),
    // BFL.
    (&[400, 422], r#"{"id":"1","status":"Request Moderated","result":null,"details":{"Moderation Reasons":["Safety Filter"]}}"#, REFUSED),
    (&[400, 422], r#"{"id":"1","status":"Content Moderated","result":null}"#, REFUSED),
    (&[400], r#"{"error":{"message":"Black Forest Labs generation failed: Content Moderated","type":"invalid_request_error"}}"#, REFUSED),
    // ByteDance.
    (&[400], r#"{"error":{"code":"InputTextSensitiveContentDetected","message":"The request failed because the input text may contain sensitive information."}}"#, REFUSED),
    // In the gateway's list of attempts: as an object, as a string, as JSON in a string, as a string after some words.
    (&[400, 403, 422], r#"{"error":{"message":"Upstream refused","type":"invalid_request_error"},"providerMetadata":{"gateway":{"routing":{"modelAttempts":[{"providerAttempts":[{"error":{"code":"moderation_blocked"},"statusCode":400}]}]}}}}"#, REFUSED),
    (&[400], r#"{"error":{"message":"x","type":"invalid_request_error"},"providerMetadata":{"gateway":{"routing":{"modelAttempts":[{"providerAttempts":[{"error":"Your request was rejected by the safety system.","statusCode":400}]}]}}}}"#, REFUSED),
    (&[400], r#"{"error":{"message":"x"},"providerMetadata":{"gateway":{"routing":{"modelAttempts":[{"providerAttempts":[{"error":"{\"error\":{\"code\":\"content_filter\",\"message\":\"x\"}}"}]}]}}}}"#, REFUSED),
    (&[400], r#"{"error":{"message":"x"},"providerMetadata":{"gateway":{"routing":{"modelAttempts":[{"providerAttempts":[{"error":"400 {\"error\":{\"code\":\"content_filter\"}}"}]}]}}}}"#, REFUSED),
    (&[400], r#"{"error":{"message":"x"},"providerMetadata":{"gateway":{"routing":{"modelAttempts":[{"providerAttempts":[{"error":"moderation_blocked: see the documentation"}]}]}}}}"#, REFUSED),
    (&[400], r#"{"error":{"message":"x"},"provider_metadata":{"gateway":{"routing":{"modelAttempts":[{"providerAttempts":[{"error":{"message":"…","type":"image_generation_user_error"}}]}]}}}}"#, REFUSED),
    (&[400], r#"{"error":{"message":"x"},"providerMetadata":{"gateway":{"routing":{"modelAttempts":[{"providerAttempts":[{"error":"{\"error\":{\"code\":\"content_filter\",\"mess"#, REFUSED),
    // Errors about a parameter whose name contains a word of moderation.
    (&[400, 422], r#"{"error":{"message":"Invalid input","type":"invalid_request_error","param":[{"code":"invalid_type","path":["providerOptions","openai","safety_identifier"]}]}}"#, UNREADABLE),
    (&[400], r#"{"error":{"message":"Unknown parameter: 'safety_identifier'.","type":"invalid_request_error","param":"safety_identifier","code":"unknown_parameter"}}"#, UNREADABLE),
    (&[400], r#"{"error":{"message":"Invalid value: 'none'. Supported values are: 'low' and 'auto'.","type":"invalid_request_error","param":"moderation","code":"invalid_value"}}"#, UNREADABLE),
    (&[400], r#"{"error":{"message":"Unknown parameter: 'content_filter'.","type":"invalid_request_error","param":"content_filter","code":"unknown_parameter"}}"#, UNREADABLE),
    (&[400], r#"{"error":{"message":"Invalid input","param":{"code":"too_long","message":"our safety system"},"type":"invalid_request_error"}}"#, UNREADABLE),
    (&[400], r#"{"error":{"message":"Invalid input","requestBodyValues":{"prompt":"x","message":"safety system"}}}"#, UNREADABLE),
    (&[400], r#"{"promptFeedback":{"blockReason":"BLOCK_REASON_UNSPECIFIED"}}"#, UNREADABLE),
    (&[400], r#"{"error":{"message":7,"code":400,"type":null,"param":["safety system"]}}"#, UNREADABLE),
    (&[400], r#"{"error":{"message":"safety","code":" system"}}"#, UNREADABLE),
    (&[400], r#"{"error":"Bad gateway","message":"safety of the system"}"#, UNREADABLE),
    (&[400], r#"{"error":{"message":"Invalid input","type":"invalid_request_error","param":[{"code":"invalid_type","path":["size"]}]}}"#, UNREADABLE),
    (&[400, 413, 415, 422], "", UNREADABLE),
    (&[400, 413, 415, 422], "null", UNREADABLE),
    (&[400], "[]", UNREADABLE),
    (&[400], "{}", UNREADABLE),
    (&[400], r#"{"error":null}"#, UNREADABLE),
    (&[400], "\u{0}\u{1}", UNREADABLE),
    (&[400], "<!doctype html><title>400</title>", UNREADABLE),
    (&[405], "", METHOD),
    // The requested model does not exist, in every shape.
    (&[400, 403, 404, 422], r#"{"error":{"message":"The model 'gpt-image-2' does not exist.","type":"image_generation_user_error","param":"model","code":"invalid_value"}}"#, GONE),
    (&[400, 403, 404, 422], r#"{"error":{"message":"The model 'gpt-image-2' does not exist.","type":"image_generation_user_error","param":null,"code":null}}"#, GONE),
    (&[400, 403, 404, 422], r#"{"error":{"message":"Model 'openai/gpt-image-2' not found","type":"model_not_found","param":{"modelId":"openai/gpt-image-2"}}}"#, GONE),
    (&[400, 403, 404, 422], r#"{"error":{"message":"Model openai/gpt-image-2 not found"}}"#, GONE),
    (&[400, 403, 404, 422], r#"{"error":{"message":"x","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#, GONE),
    (&[400, 403, 404, 422], r#"{"error":"gone","type":"model_not_found"}"#, GONE),
    (&[403], r#"{"error":{"message":"Project `proj_1` does not have access to model `gpt-image-2`","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#, GONE),
    (&[400, 403, 404, 422], r#"{"error":"The model gpt-image-2 has been deprecated"}"#, GONE),
    (&[400, 404], r#"{"error":{"message":"The model `gpt-image-2` has been shut down. Learn more: https://platform.openai.com/docs/deprecations","type":"invalid_request_error"}}"#, GONE),
    (&[400, 404], r#"{"error":{"type":"invalid_request_error"},"providerMetadata":{"gateway":{"routing":{"modelAttempts":[{"providerAttempts":[{"error":{"code":"model_not_found"}}]}]}}}}"#, GONE),
    (&[400, 404], r#"{"error":{"message":"x"},"providerMetadata":{"gateway":{"routing":{"modelAttempts":[{"providerAttempts":[{"error":"The model 'gpt-image-2' does not exist."}]}]}}}}"#, GONE),
    (&[404], "The model gpt-image-2 does not exist", GONE),
    (&[404], r#"{"error":{"message":"The model 'gpt-image-2' does not exist.","type":"image_gen"#, GONE),
    // Another model, or another thing, does not exist.
    (&[400, 422], r#"{"error":{"message":"The model 'gpt-image-2.5-flare' does not exist.","code":"invalid_value"}}"#, UNREADABLE),
    (&[400, 422], r#"{"error":{"message":"The mask for model 'gpt-image-2' does not exist.","code":"invalid_value"}}"#, UNREADABLE),
    (&[404], r#"{"error":{"message":"The model does not exist"}}"#, MISPLACED),
    (&[404], r#"{"error":{"message":"Not found","type":"not_found"}}"#, MISPLACED),
    (&[404], r#"{"error":"Usage event not found","id":"gen_1","message":"No usage event found with ID gen_1"}"#, MISPLACED),
    (&[404], "<!doctype html>", MISPLACED),
    (&[404], "", MISPLACED),
    (&[429], r#"{"error":{"type":"model_not_found"}}"#, LATER),
    (&[500], r#"{"error":{"type":"model_not_found"}}"#, FAULT),
    // Moderation wins over all other facts.
    (&[400], r#"{"error":{"message":"The model 'gpt-image-2' does not exist.","code":"moderation_blocked"}}"#, REFUSED),
    // The key and the account.
    (&[401], r#"{"error":{"message":"Incorrect API key provided: sk-1.","type":"invalid_request_error","code":"invalid_api_key"}}"#, ACCOUNT),
    (&[401, 402], "", ACCOUNT),
    (&[402], r#"{"error":{"message":"Insufficient credits/funds.","type":"insufficient_funds"}}"#, ACCOUNT),
    (&[402], r#"{"error":{"message":"Project budget exceeded.","type":"quota_for_entity_exceeded"}}"#, ACCOUNT),
    (&[400, 403, 429], r#"{"error":{"message":"Billing hard limit has been reached.","type":"billing_limit_user_error","code":"billing_hard_limit_reached"}}"#, ACCOUNT),
    (&[400, 429], r#"{"error":{"message":"Billing hard limit has been reached."}}"#, ACCOUNT),
    (&[400, 429], r#"{"error":{"type":"insufficient_quota"}}"#, ACCOUNT),
    (&[400, 429], r#"{"error":{"code":"insufficient_quota","message":"cut"#, ACCOUNT),
    (&[400, 429], r#"{"error":{"message":"x"},"providerMetadata":{"gateway":{"routing":{"modelAttempts":[{"providerAttempts":[{"error":"{\"error\":{\"code\":\"insufficient_quota\"}}"}]}]}}}}"#, ACCOUNT),
    (&[403], r#"{"error":{"message":"AI Gateway requires a valid credit card on file to service requests.","type":"customer_verification_required"}}"#, ACCOUNT),
    (&[403], r#"{"error":{"message":"Free tier users do not have access to this model.","type":"no_providers_available"}}"#, ACCOUNT),
    (&[403], r#"{"error":"Free tier users do not have access to this model.","type":"no_providers_available"}"#, ACCOUNT),
    (&[403], r#"{"error":{"message":"Request denied by a routing rule.","param":{"ruleId":"rule_123"},"type":"forbidden"}}"#, ACCOUNT),
    (&[403], r#"{"error":{"message":"Your organization must be verified to use the model `gpt-image-2`.","type":"invalid_request_error","code":null}}"#, ACCOUNT),
    (&[403], r#"{"error":{"message":"x","type":"customer_verification_required","cut":"in the m"#, ACCOUNT),
    // A repeated prompt must not close a site.
    (&[400], r#"{"error":{"message":"Invalid prompt: '{\"code\":\"insufficient_quota\"}'","type":"invalid_request_error"}}"#, UNREADABLE),
    (&[429], r#"Too long: "x "code":"insufficient_quota" y""#, LATER),
    (&[400], r#"{"error":{"message":"Invalid prompt: billing hard limit has been reached"}}"#, UNREADABLE),
    (&[403], r#"{"error":{"message":"Forbidden: \"type\":\"no_providers_available\" and so on, cut"#, UNDECIDED),
    // A 403 about the prompt.
    (&[403], r#"{"error":{"message":"The request is prohibited due to a violation of provider Terms Of Service.","type":"permission_error"}}"#, REFUSED),
    (&[403], r#"{"error":{"message":"The request is prohibited due to a violation of provider Terms Of Service."}}"#, REFUSED),
    (&[403], r#"{"error":{"message":"x","type":"permission_error"}}"#, REFUSED),
    (&[403], r#"{"error":{"message":"x","type":"permission_error","cut":"in the m"#, REFUSED),
    (&[403], r#"{"error":{"message":"x"},"providerMetadata":{"gateway":{"routing":{"modelAttempts":[{"providerAttempts":[{"error":{"type":"permission_error"}}]}]}}}}"#, REFUSED),
    (&[403], r#"{"error":{"message":"x","type":"permission_error"},"providerMetadata":{"gateway":{"routing":{"modelAttempts":[{"providerAttempts":[{"error":{"type":"no_providers_available"}}]}]}}}}"#, REFUSED),
    // A 403 that does not say what it is about.
    (&[403], "", UNDECIDED),
    (&[403], "<!doctype html><title>Access denied</title>", UNDECIDED),
    (&[403], r#"{"error":{"message":"Forbidden","type":"forbidden"}}"#, UNDECIDED),
    (&[403], r#"{"error":{"message":"Your API key does not have permission to use the specified resource","type":"permission_error"}}"#, UNDECIDED),
    // Overload, and failures of upstream.
    (&[429], r#"{"error":{"message":"Rate limit exceeded","type":"rate_limit_exceeded"}}"#, LATER),
    (&[429], "<html>", LATER),
    (&[503], "<html>", DOWN),
    (&[503], "", DOWN),
    (&[500, 501, 502, 504, 520, 599], "<html>", FAULT),
    (&[500], r#"{"error":{"code":"moderation_blocked"}}"#, FAULT),
    (&[201, 204, 206, 301, 302, 307, 308, 406, 408, 409, 418, 424, 425], "<html>", LOST),
];

fn becomes(refusal: Refusal) -> Becomes {
    let Refusal { kind, refund, again, blame, model_gone, undecided, reason: _ } = refusal;
    (kind, refund, again, blame, model_gone, undecided)
}

#[test]
fn every_shape_becomes_what_the_table_says() {
    for (statuses, body, expected) in TABLE {
        for &status in *statuses {
            let read = read(status, body.as_bytes(), MODEL);
            assert_eq!(becomes(read), *expected, "{status} {body}");
        }
    }
}

/// A body that is cut after the decisive word has the same outcome as the complete one.
#[test]
fn a_body_that_is_cut_says_the_same() {
    for (statuses, body, expected) in TABLE {
        let ends = body.ends_with('}') && *expected != UNREADABLE && *expected != UNDECIDED;
        // A cut body is read as text: escaped letters are not decoded, and a code about the account is not trusted.
        let is_escaped = body.contains("\\u") || (*expected == ACCOUNT && body.contains('\\'));
        if !ends || is_escaped {
            continue;
        }
        let cut = body.trim_end_matches('}');
        for &status in *statuses {
            let read = read(status, [cut, ",\"more\":\""].concat().as_bytes(), MODEL);
            assert_eq!(becomes(read), *expected, "{status} {cut}");
        }
    }
}

#[test]
fn the_name_without_its_maker_is_the_model_too() {
    let body = r#"{"error":{"message":"The model 'gpt-image-2' does not exist."}}"#;
    for (model, gone) in [(MODEL, true), ("gpt-image-2", true), ("openai/gpt-image-1", false)] {
        assert_eq!(read(400, body.as_bytes(), model).model_gone, gone, "{model}");
    }
}

#[test]
fn depth_and_length_do_no_harm() {
    let nested = [r#"{"error":"#.repeat(10_000), "1".to_owned()].concat();
    assert_eq!(becomes(read(400, nested.as_bytes(), MODEL)), UNREADABLE);
    assert_eq!(becomes(read(400, "x".repeat(BODY_BYTES).as_bytes(), MODEL)), UNREADABLE);
    let names = "gpt-image-2 ".repeat(BODY_BYTES / 12);
    assert_eq!(becomes(read(400, names.as_bytes(), MODEL)), UNREADABLE);
    let mut text = "{}".to_owned();
    for _ in 0..8 {
        text = serde_json::json!({ "error": text }).to_string();
    }
    assert_eq!(becomes(read(400, text.as_bytes(), MODEL)), UNREADABLE);
}

#[test]
fn a_verdict_ends_what_is_undecided_and_nothing_else() {
    let undecided = read(403, b"", MODEL);
    for (verdict, expected) in [
        (Some(ForbiddenCause::Description), REFUSED),
        (Some(ForbiddenCause::Key), ACCOUNT),
        (Some(ForbiddenCause::Nobody), METHOD),
        (None, METHOD),
    ] {
        assert_eq!(becomes(undecided.decided(verdict)), expected, "{verdict:?}");
    }
    let busy = read(429, b"", MODEL);
    assert_eq!(busy.decided(Some(ForbiddenCause::Key)), busy);
}

#[test]
fn an_error_in_a_stream_is_refunded_only_if_moderation_spoke_first() {
    for (code, saw_picture, kind, refund) in [
        ("moderation_blocked", false, PromptRefused, true),
        ("moderation_blocked", true, PromptRefused, false),
        ("image_generation_user_error", false, PromptRefused, true),
        ("insufficient_quota", false, GatewayRefused, false),
        ("server_error", false, GatewayFailed, false),
        ("rate_limit_exceeded", false, GatewayFailed, false),
        ("model_not_found", false, GatewayFailed, false),
    ] {
        let text = format!(r#"{{"type":"error","code":"{code}"}}"#);
        let refusal = in_stream(text.as_bytes(), saw_picture);
        let told = (refusal.kind, refusal.refund, refusal.again, refusal.undecided);
        assert_eq!(told, (kind, refund, false, false), "{code}");
    }
}
