//! The account's credits, and the announced ends of models.

use crate::client::{MINI, ask, get, sandbox, sandbox_with, send};
use contract::{money::Nano, time::Timestamp};
use sandbox::{Fault, Sandbox, Settings};
use serde_json::{Value, json};

async fn credits(sandbox: &Sandbox) -> Value {
    let headers = [("authorization", "Bearer vck_test")];
    send(sandbox.address(), "GET", "/v1/credits", &headers, b"").await.unwrap().json()
}

#[tokio::test]
async fn a2_credits_are_texts_and_drop_by_what_a_picture_costs() {
    let sandbox =
        sandbox_with(Settings { credits: Nano(5 * Nano::USD.0), ..Settings::for_tests() }).await;
    assert_eq!(credits(&sandbox).await, json!({ "balance": "5", "total_used": "0" }));
    ask(&sandbox, json!({})).await;
    assert_eq!(credits(&sandbox).await, json!({ "balance": "4.99779", "total_used": "0.00221" }));
}

#[tokio::test]
async fn a2_credits_need_a_key() {
    let sandbox = sandbox().await;
    assert_eq!(get(&sandbox, "/v1/credits").await.error(401)["type"], "authentication_error");
    let headers = [("authorization", "Bearer invalid")];
    let reply = send(sandbox.address(), "GET", "/v1/credits", &headers, b"").await.unwrap();
    assert_eq!(reply.status, 401);
}

#[tokio::test]
async fn a1_the_end_of_a_model_is_told_in_milliseconds() {
    let end = Timestamp(1_796_083_200_000);
    let deprecated = vec![(MINI.to_owned(), end)];
    let sandbox = sandbox_with(Settings { deprecated, ..Settings::for_tests() }).await;
    let listing = get(&sandbox, "/v1/models").await.json();
    let entries = listing["data"].as_array().unwrap();
    let told: Vec<_> = entries.iter().filter_map(|entry| entry.get("deprecated_at")).collect();
    assert_eq!(told, [&json!(end.0)]);
    let entry = entries.iter().find(|entry| entry.get("deprecated_at").is_some()).unwrap();
    assert_eq!((&entry["id"], &entry["created"]), (&json!(MINI), &json!(1_755_815_280)));
}

#[tokio::test]
async fn what_strikes_everybody_strikes_these_too() {
    let sandbox = sandbox().await;
    sandbox.fail(Fault::named("503"));
    assert_eq!(get(&sandbox, "/v1/models").await.status, 503);
    sandbox.fail(Fault::named("page"));
    assert!(get(&sandbox, "/v1/models").await.body.starts_with(b"<!DOCTYPE html>"));
    sandbox.fail(None);
    assert_eq!(get(&sandbox, "/v1/models").await.status, 200);
}
