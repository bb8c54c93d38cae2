//! The stand-in for Cloudflare Turnstile: each token is accepted once.

use crate::client::{Reply, get, sandbox, sandbox_with, send};
use sandbox::{ChallengeToken, Sandbox, Settings, SiteverifyFault};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

const SECRET: &str = "0x4AAAAAAA-sandbox";
const PASSES: &str = "1x0000000000000000000000000000000AA";
const FAILS: &str = "2x0000000000000000000000000000000AA";
const SPENT: &str = "3x0000000000000000000000000000000AA";
const DUMMY: &str = "XXXX.DUMMY.TOKEN.XXXX";
const KEY: &str = "f3f1a0c2-77e4-4f0a-9a4b-0a1b2c3d4e5f";
const PATH: &str = "/turnstile/v0/siteverify";

async fn raw(sandbox: &Sandbox, media_type: &str, body: &[u8]) -> Reply {
    let headers = [("content-type", media_type)];
    send(sandbox.address(), "POST", PATH, &headers, body).await.expect("a whole answer")
}

/// Posts JSON; the status is always 200.
async fn verify(sandbox: &Sandbox, fields: Value) -> Value {
    let reply = raw(sandbox, "application/json", fields.to_string().as_bytes()).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")));
    reply.json()
}

async fn check(sandbox: &Sandbox, token: &str) -> Value {
    verify(sandbox, json!({ "secret": SECRET, "response": token })).await
}

fn refused(code: &str) -> Value {
    json!({ "success": false, "error-codes": [code] })
}

fn token(sandbox: &Sandbox) -> String {
    let (hostname, action) = ("studio.example.com".to_owned(), "easel".to_owned());
    sandbox.challenge_token(ChallengeToken { hostname, action, ..ChallengeToken::default() })
}

#[tokio::test]
async fn a_token_is_good_once_and_says_where_it_comes_from() {
    let sandbox = sandbox().await;
    assert_eq!(sandbox.siteverify_url(), format!("{}{PATH}", sandbox.origin()));
    let token = token(&sandbox);
    let mut answer = check(&sandbox, &token).await;
    let solved = answer["challenge_ts"].take();
    let solved: contract::time::Timestamp = solved.as_str().unwrap().parse().unwrap();
    assert!(solved.0 > 1_700_000_000_000);
    let rest = json!({ "success": true, "challenge_ts": null, "hostname": "studio.example.com",
                       "error-codes": [], "action": "easel", "cdata": "" });
    assert_eq!(answer, rest);
    assert_eq!(check(&sandbox, &token).await, refused("timeout-or-duplicate"));
    assert_ne!(token, self::token(&sandbox));
}

#[tokio::test]
async fn a_form_is_read_as_json_is() {
    let sandbox = sandbox().await;
    let body = format!("secret={SECRET}&response={}&remoteip=2001%3Adb8%3A%3A1", token(&sandbox));
    let form = "application/x-www-form-urlencoded; charset=utf-8";
    let reply = raw(&sandbox, form, body.as_bytes()).await;
    assert_eq!(reply.json()["success"], true);
    let call = sandbox.siteverify_books().calls().remove(0);
    assert_eq!(call.field("remoteip").as_deref(), Some("2001:db8::1"));
    assert_eq!((call.field("secret").as_deref(), call.field("nothing")), (Some(SECRET), None));
}

#[tokio::test]
async fn the_same_validation_may_be_repeated_another_may_not() {
    let sandbox = sandbox().await;
    let token = token(&sandbox);
    let ask = |key| json!({ "secret": SECRET, "response": token, "idempotency_key": key });
    let first = verify(&sandbox, ask(KEY)).await;
    assert_eq!(first["success"], true);
    assert_eq!(verify(&sandbox, ask(KEY)).await, first);
    let other = "00000000-0000-4000-8000-000000000000";
    assert_eq!(verify(&sandbox, ask(other)).await, refused("timeout-or-duplicate"));
    assert_eq!(check(&sandbox, &token).await, refused("timeout-or-duplicate"));
    assert_eq!(verify(&sandbox, ask("not-a-uuid")).await, refused("bad-request"));
    let third = self::token(&sandbox);
    check(&sandbox, &third).await;
    let late = json!({ "secret": SECRET, "response": third, "idempotency_key": KEY });
    assert_eq!(verify(&sandbox, late).await, refused("timeout-or-duplicate"));
}

#[tokio::test]
async fn a_token_is_good_for_five_minutes() {
    let sandbox = sandbox().await;
    let aged = |seconds| {
        let age = Duration::from_secs(seconds);
        sandbox.challenge_token(ChallengeToken { age, ..ChallengeToken::default() })
    };
    assert_eq!(check(&sandbox, &aged(300)).await, refused("timeout-or-duplicate"));
    let answer = check(&sandbox, &aged(290)).await;
    let solved: contract::time::Timestamp =
        answer["challenge_ts"].as_str().unwrap().parse().unwrap();
    let called = sandbox.siteverify_books().calls()[1].at;
    assert!(called.since(solved) >= 290_000, "solved at {solved}");

    let challenge_life = Duration::from_millis(20);
    let hasty = sandbox_with(Settings { challenge_life, ..Settings::for_tests() }).await;
    let token = token(&hasty);
    tokio::time::sleep(challenge_life).await;
    assert_eq!(check(&hasty, &token).await, refused("timeout-or-duplicate"));
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_named() {
    let sandbox = sandbox().await;
    let both = json!(["missing-input-secret", "missing-input-response"]);
    assert_eq!(verify(&sandbox, json!({})).await["error-codes"], both);
    let missing = verify(&sandbox, json!({ "secret": "", "response": "x" })).await;
    assert_eq!(missing, refused("missing-input-secret"));
    let missing = verify(&sandbox, json!({ "secret": SECRET })).await;
    assert_eq!(missing, refused("missing-input-response"));
    assert_eq!(check(&sandbox, "never minted").await, refused("invalid-input-response"));
    let token = token(&sandbox);
    let wrong = verify(&sandbox, json!({ "secret": "invalid", "response": token })).await;
    assert_eq!(wrong, refused("invalid-input-secret"));
    for (media_type, body) in
        [("application/json", "no JSON"), ("application/json", "[]"), ("text/plain", "secret=a")]
    {
        let reply = raw(&sandbox, media_type, body.as_bytes()).await;
        assert_eq!(reply.json(), refused("bad-request"), "{body}");
    }
    assert_eq!(get(&sandbox, PATH).await.status, 405);
    assert_eq!(check(&sandbox, &token).await["success"], true, "none of that has spent it");
}

#[tokio::test]
async fn test_secrets_answer_as_documented() {
    let sandbox = sandbox().await;
    let ask = |secret, response: &str| json!({ "secret": secret, "response": response });
    for _ in 0..2 {
        let passed = verify(&sandbox, ask(PASSES, DUMMY)).await;
        assert_eq!(
            (&passed["success"], &passed["hostname"]),
            (&json!(true), &json!("example.com"))
        );
    }
    assert_eq!(verify(&sandbox, ask(FAILS, DUMMY)).await, refused("invalid-input-response"));
    assert_eq!(verify(&sandbox, ask(SPENT, DUMMY)).await, refused("timeout-or-duplicate"));
    assert_eq!(verify(&sandbox, ask(SECRET, DUMMY)).await, refused("invalid-input-response"));
}

#[tokio::test]
async fn a_fault_spends_the_token_unless_it_is_internal() {
    let sandbox = sandbox().await;
    let ask = |token: &str| json!({ "secret": SECRET, "response": token, "idempotency_key": KEY });
    for (fault, status) in [(SiteverifyFault::ServerError, 500), (SiteverifyFault::Html, 200)] {
        sandbox.fail_siteverify(Some(fault));
        let token = token(&sandbox);
        let body = ask(&token).to_string();
        let reply = raw(&sandbox, "application/json", body.as_bytes()).await;
        assert_eq!(reply.status, status);
        assert!(serde_json::from_slice::<Value>(&reply.body).is_err());
        sandbox.fail_siteverify(None);
        assert_eq!(check(&sandbox, &token).await, refused("timeout-or-duplicate"));
        assert_eq!(verify(&sandbox, ask(&token)).await["success"], true, "the same validation");
    }
    let token = token(&sandbox);
    sandbox.fail_siteverify(Some(SiteverifyFault::InternalErrorOnce));
    assert_eq!(check(&sandbox, &token).await, refused("internal-error"));
    assert_eq!(check(&sandbox, &token).await["success"], true);
    sandbox.fail_siteverify(Some(SiteverifyFault::InternalError));
    for _ in 0..2 {
        assert_eq!(check(&sandbox, &token).await, refused("internal-error"));
    }
}

#[tokio::test]
async fn a_slow_one_is_right_in_the_end() {
    let sandbox = sandbox().await;
    let slow = Duration::from_millis(200);
    sandbox.fail_siteverify(Some(SiteverifyFault::Slow(slow)));
    let began = Instant::now();
    assert_eq!(check(&sandbox, &token(&sandbox)).await["success"], true);
    assert!(began.elapsed() >= slow);
}

#[tokio::test]
async fn the_gateways_books_see_nothing_of_it() {
    let sandbox = sandbox().await;
    check(&sandbox, &token(&sandbox)).await;
    get(&sandbox, "/turnstile/v0/api.js").await;
    get(&sandbox, "/turnstile/v0/token?sitekey=auto").await;
    assert_eq!((sandbox.books().count(), sandbox.books().calls().len()), (0, 0));
    let books = sandbox.siteverify_books();
    assert_eq!(
        (books.count(), books.calls()[0].json().unwrap()["secret"].clone()),
        (1, json!(SECRET))
    );
}

#[tokio::test]
async fn the_widget_fetches_tokens_from_another_origin() {
    let sandbox = sandbox().await;
    let script = get(&sandbox, "/turnstile/v0/api.js?onload=ready&render=explicit").await;
    assert_eq!(
        (script.status, script.header("content-type")),
        (200, Some("application/javascript; charset=utf-8"))
    );
    assert_eq!(script.header("cross-origin-resource-policy"), Some("cross-origin"));
    let path = "/turnstile/v0/token?sitekey=0x4AAA&action=easel&hostname=studio.example.com";
    let reply = get(&sandbox, path).await;
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    let token = reply.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(reply.json()["expires_in_ms"], 300_000);
    let answer = check(&sandbox, &token).await;
    assert_eq!(
        (&answer["hostname"], &answer["action"]),
        (&json!("studio.example.com"), &json!("easel"))
    );
}

#[tokio::test]
async fn test_site_keys_hand_out_what_is_documented() {
    let sandbox = sandbox().await;
    for (key, status) in [
        ("1x00000000000000000000AA", 200),
        ("2x00000000000000000000AB", 403),
        ("1x00000000000000000000BB", 200),
        ("2x00000000000000000000BB", 403),
        ("3x00000000000000000000FF", 200),
    ] {
        let reply = get(&sandbox, &format!("/turnstile/v0/token?sitekey={key}")).await;
        assert_eq!(reply.status, status, "{key}");
        assert_eq!(reply.json()["token"] == json!(DUMMY), status == 200, "{key}");
    }
    assert_eq!(get(&sandbox, "/turnstile/v0/token").await.status, 400);
}
