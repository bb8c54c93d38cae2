//! Faults on demand, as a client sees them.

use crate::client::{Reply, ask, body, sandbox, sandbox_with};
use contract::money::Nano;
use sandbox::{Fault, Sandbox, Settings};
use serde_json::json;
use std::{io, time::Duration};
use tokio::time::{Instant, timeout};

async fn fault(sandbox: &Sandbox, name: &str) -> Reply {
    ask(sandbox, json!({ "prompt": format!("a fox sandbox:{name}") })).await
}

#[tokio::test]
async fn g22_a_busy_gateway_says_when_to_come_back() {
    let sandbox = sandbox().await;
    let reply = fault(&sandbox, "busy").await;
    assert_eq!(
        reply.error(429),
        json!({ "message": "Rate limit exceeded", "type": "rate_limit_exceeded" })
    );
    assert_eq!(reply.header("retry-after"), Some("1"));
    assert_eq!(sandbox.books().charged(), Nano::ZERO);
}

#[tokio::test]
async fn g23_a_refused_prompt_has_three_shapes_and_costs_nothing() {
    let sandbox = sandbox().await;
    let newest = fault(&sandbox, "refuse").await.error(400);
    assert_eq!(newest["type"], "image_generation_user_error");
    assert_eq!(newest["code"], "moderation_blocked");
    assert_eq!(
        newest["moderation_details"],
        json!({ "moderation_stage": "input", "categories": ["sexual"] })
    );
    let older = fault(&sandbox, "refuse-older").await.error(400);
    assert_eq!(
        (&older["type"], &older["code"]),
        (&json!("invalid_request_error"), &json!("moderation_blocked"))
    );
    let message = fault(&sandbox, "refuse-message").await.error(400);
    assert_eq!((&message["type"], message.get("code")), (&json!("invalid_request_error"), None));
    for error in [newest, older, message] {
        assert!(error["message"].as_str().unwrap().contains("safety system"), "{error}");
    }
    let calls = sandbox.books().calls();
    assert_eq!(sandbox.books().charged(), Nano::ZERO);
    assert_eq!(calls[1].fault, Fault::named("refuse-older"));
}

#[tokio::test]
async fn g24_a_slow_answer_shows_nothing_and_then_comes() {
    let slow = Duration::from_millis(300);
    let sandbox = sandbox_with(Settings { slow, ..Settings::for_tests() }).await;
    let began = Instant::now();
    assert_eq!(fault(&sandbox, "slow").await.status, 200);
    assert!(began.elapsed() >= slow);
}

#[tokio::test]
async fn f14_a_slow_refusal_says_nothing_and_then_refuses_for_nothing() {
    let slow = Duration::from_millis(300);
    let sandbox = sandbox_with(Settings { slow, ..Settings::for_tests() }).await;
    let began = Instant::now();
    let error = fault(&sandbox, "refuse-slow").await.error(400);
    assert!(began.elapsed() >= slow);
    assert_eq!(error["code"], "moderation_blocked");
    assert_eq!(sandbox.books().charged(), Nano::ZERO);
}

#[tokio::test]
async fn g24_a_client_that_leaves_is_noticed_within_a_second_and_charged() {
    let sandbox = sandbox().await;
    let body = body(&json!({ "prompt": "a fox sandbox:slow" }));
    let headers = [("authorization", "Bearer vck_test")];
    let path = "/v1/images/generations";
    let stream = crate::client::send_request(sandbox.address(), "POST", path, &headers, &body)
        .await
        .unwrap();
    let books = sandbox.books();
    // The client leaves after the painting, while the sandbox delays the response on purpose.
    books.until(|calls| calls.first().is_some_and(|call| !call.pictures.is_empty())).await;
    let left = Instant::now();
    drop(stream);
    let gone = books.until(|calls| calls[0].closed_after.is_some());
    let calls = timeout(Duration::from_secs(1), gone).await.expect("noticed within a second");
    assert!(left.elapsed() < Duration::from_secs(1));
    assert_eq!((calls[0].completed_after, calls[0].status), (None, None));
    assert_ne!(books.charged(), Nano::ZERO, "the maker has worked");
}

#[tokio::test]
async fn g25_a_page_and_a_plain_text_are_no_json() {
    let sandbox = sandbox().await;
    let page = fault(&sandbox, "html").await;
    assert_eq!((page.status, page.header("content-type")), (502, Some("text/html; charset=utf-8")));
    assert!(page.body.starts_with(b"<!DOCTYPE html>"));
    assert_eq!(sandbox.books().charged(), Nano::ZERO, "it struck before any work");
    let text = fault(&sandbox, "plain").await;
    assert_eq!(
        (text.status, text.header("content-type")),
        (504, Some("text/plain; charset=utf-8"))
    );
    assert_ne!(sandbox.books().charged(), Nano::ZERO, "it struck after the work");
}

#[tokio::test]
async fn g25_a_truncated_answer_ends_cleanly_inside_the_base64() {
    let sandbox = sandbox().await;
    let reply = fault(&sandbox, "truncated").await;
    assert_eq!(reply.status, 200);
    assert!(reply.body.len() > 100_000);
    assert!(serde_json::from_slice::<serde_json::Value>(&reply.body).is_err());
    assert!(
        reply.body.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte))
    );
    assert_eq!(sandbox.books().calls()[0].pictures.len(), 0, "none arrived whole");
}

#[tokio::test]
async fn g25_a_cut_connection_is_reset_in_the_middle_of_the_body() {
    let sandbox = sandbox().await;
    let body = body(&json!({ "prompt": "a fox sandbox:cut" }));
    let headers = [("authorization", "Bearer vck_test")];
    let path = "/v1/images/generations";
    let mut stream = crate::client::send_request(sandbox.address(), "POST", path, &headers, &body)
        .await
        .unwrap();
    let mut bytes = Vec::new();
    let error = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut bytes).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert!(bytes.starts_with(b"HTTP/1.1 200 OK\r\n"));
    assert!(bytes.len() > 100_000, "{} bytes", bytes.len());
    let call = sandbox.books().calls().remove(0);
    assert_eq!(
        (call.closed_after, call.pictures.len()),
        (None, 0),
        "the sandbox did it, not the client"
    );
    assert_ne!(call.charged, Nano::ZERO);
}
