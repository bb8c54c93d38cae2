//! The table of faults: each has the effect that its description states, and the books contain its cost.

use crate::{
    client::{PROMPT, Reply, ask, body, get, sandbox, sandbox_with},
    faulty::{ConnectionEnd, PATH, read_raw, request_with_fault, sandbox_with_picture},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use contract::money::Nano;
use sandbox::{Fault, Settings};
use serde_json::{Value, json};
use std::{io, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

#[tokio::test]
async fn refusals_have_their_status_and_cost_nothing() {
    let sandbox = sandbox().await;
    let table = [
        ("busy", 429, Some("1"), "rate_limit_exceeded"),
        ("busy-bare", 429, None, "rate_limit_exceeded"),
        ("busy-zero", 429, Some("0"), ""),
        ("busy-long", 429, Some("3600"), ""),
        ("busy-garbage", 429, Some("soon; maybe"), ""),
        ("busy-negative", 429, Some("-5"), ""),
        ("busy-huge", 429, Some("1000000000"), ""),
        ("busy-maker", 429, Some("1"), "images per min"),
        ("503", 503, Some("1"), "overloaded"),
        ("503-bare", 503, None, "overloaded"),
        ("408", 408, None, "timeout_error"),
        ("424", 424, None, "failed_dependency"),
        ("500", 500, None, "internal_server_error"),
        ("401", 401, None, "authentication_error"),
        ("403", 403, None, "no_providers_available"),
        ("403-flat", 403, None, r#"{"error":"Free"#),
        ("402", 402, None, "insufficient_funds"),
        ("402-quota", 402, None, "quota_for_entity_exceeded"),
        ("400-billing", 400, None, "billing_hard_limit_reached"),
        ("429-billing", 429, None, "billing_hard_limit_reached"),
        ("400-quota", 400, None, "insufficient_quota"),
        ("429-quota", 429, None, "insufficient_quota"),
        ("400", 400, None, "Invalid value: 'sandbox'"),
        ("400-issues", 400, None, r#""param":[{"#),
        ("405", 405, None, ""),
        ("413", 413, None, "Too Large"),
        ("415", 415, None, ""),
        ("422", 422, None, ""),
        ("404", 404, None, "model_not_found"),
        ("404-other", 404, None, "'openai/gpt-image-1' not found"),
        ("404-flat", 404, None, r#"{"error":"Not found""#),
        ("404-html", 404, None, "<!DOCTYPE html>"),
        ("204", 204, None, ""),
        ("418", 418, None, ""),
        ("599", 599, None, ""),
        ("refuse-output", 400, None, r#""moderation_stage":"output""#),
    ];
    for (name, status, retry_after, says) in table {
        let reply = request_with_fault(&sandbox, name).await.unwrap();
        let text = String::from_utf8_lossy(&reply.body);
        let what = (reply.status, reply.header("retry-after"), text.contains(says));
        assert_eq!(what, (status, retry_after, true), "{name}: {text}");
    }
    let books = sandbox.books();
    assert_eq!(books.charged(), Nano::ZERO);
    let met: Vec<&str> = books.calls().iter().map(|call| call.fault.unwrap().name).collect();
    assert_eq!(met, table.map(|row| row.0));
}

#[tokio::test]
async fn f14_every_maker_refuses_in_its_own_words_and_for_nothing() {
    let sandbox = sandbox().await;
    let table = [
        ("terms", 403, r#""type":"permission_error""#, "violation of provider Terms Of Service"),
        ("html403", 403, "<!DOCTYPE html>", "403 Forbidden"),
        ("azure", 400, r#""code":"content_filter""#, "Azure OpenAI's content management policy"),
        ("azure-policy", 400, "blocked by our content filters", "ResponsibleAIPolicyViolation"),
        ("azure-violation", 400, r#""code":"contentFilter""#, "ResponsibleAIPolicyViolation"),
        ("azure-attempt", 400, r#""message":"Bad Request""#, r#"\"code\":\"content_filter\""#),
        ("refuse-attempt", 400, r#""message":"Bad Request""#, r#"\"code\":\"moderation_blocked\""#),
        ("vertex", 400, r#""status":"INVALID_ARGUMENT""#, "violate Vertex AI's usage guidelines"),
        ("vertex-blocked", 400, "The response is blocked", "may violate our policies"),
        ("google", 400, "IMAGE_PROHIBITED_CONTENT", "Google's Responsible AI practices"),
        ("google-safety", 400, "[IMAGE_SAFETY]", "safety policy violation"),
        (
            "xai",
            403,
            r#""code":"The caller does not"#,
            r#""error":"Content violates usage guidelines"#,
        ),
        ("xai-image", 400, r#""code":"Client specified"#, "rejected by content moderation"),
        ("bfl", 400, r#""status":"Request Moderated""#, "Moderation Reasons"),
        ("bfl-content", 400, "Black Forest Labs", "Content Moderated"),
    ];
    for (name, status, first, second) in table {
        let reply = request_with_fault(&sandbox, name).await.unwrap();
        let text = String::from_utf8_lossy(&reply.body);
        assert_eq!(reply.status, status, "{name}");
        assert!(text.contains(first) && text.contains(second), "{name}: {text}");
        let html = reply.header("content-type").is_some_and(|media| media.starts_with("text/html"));
        assert!(html || serde_json::from_slice::<Value>(&reply.body).is_ok(), "{name}: {text}");
    }
    assert_eq!(sandbox.books().charged(), Nano::ZERO);
}

#[tokio::test]
async fn f8_a_date_to_come_back_is_an_http_date() {
    let sandbox = sandbox().await;
    for (name, ahead) in [("busy-date", 2), ("503-date", 2), ("busy-past", -3600)] {
        let reply = request_with_fault(&sandbox, name).await.unwrap();
        let date = reply.header("retry-after").unwrap();
        let date = httpdate::parse_http_date(date).unwrap();
        let date = date.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() * 1000;
        let called = sandbox.books().calls().last().unwrap().at;
        let expected = i64::try_from(called.0).unwrap() + ahead * 1000;
        let off = i64::try_from(date).unwrap() - expected;
        assert!((0..2000).contains(&off), "{name} is {off} ms off");
    }
}

#[tokio::test]
async fn f7_f9_a_prompt_is_busy_once() {
    let sandbox = sandbox().await;
    for (name, status) in [("busy-once", 429), ("503-once", 503)] {
        let more = json!({ "prompt": format!("sandbox:{name}") });
        assert_eq!(ask(&sandbox, more.clone()).await.status, status);
        assert_eq!(ask(&sandbox, more).await.status, 200);
        let other = json!({ "prompt": format!("another sandbox:{name}") });
        assert_eq!(ask(&sandbox, other).await.status, status);
    }
}

#[tokio::test]
async fn f10_a_storm_lasts_for_ten_calls_of_any_kind() {
    let sandbox = sandbox().await;
    let first = ask(&sandbox, json!({ "prompt": "sandbox:storm" })).await.status;
    let mut seen = vec![first];
    for _ in 0..4 {
        seen.push(ask(&sandbox, json!({})).await.status);
        seen.push(get(&sandbox, "/v1/models").await.status);
    }
    seen.push(ask(&sandbox, json!({})).await.status);
    assert_eq!(seen.len(), 10);
    assert!(seen.iter().all(|status| [500, 502, 504].contains(status)), "{seen:?}");
    assert!([500, 502, 504].iter().all(|status| seen.contains(status)), "{seen:?}");
    assert_eq!(get(&sandbox, "/v1/models").await.status, 200);
    assert_eq!(ask(&sandbox, json!({})).await.status, 200);
}

#[tokio::test]
async fn f16_a_redirect_leads_to_an_address_that_has_books() {
    let sandbox = sandbox().await;
    for name in ["301", "302", "307", "308"] {
        let reply = request_with_fault(&sandbox, name).await.unwrap();
        assert_eq!(reply.status.to_string(), name);
        assert_eq!(reply.header("location"), Some(&*format!("{}/trap/moved", sandbox.origin())));
    }
    let seen = sandbox.books().count();
    assert_eq!(sandbox.trap_books().count(), 0);
    get(&sandbox, "/trap/moved").await;
    assert_eq!((sandbox.trap_books().count(), sandbox.books().count()), (1, seen));
}

#[tokio::test]
async fn f17_f18_a_200_may_hold_anything() {
    let (sandbox, picture) = sandbox_with_picture().await;
    for name in ["page", "page-json"] {
        let page = request_with_fault(&sandbox, name).await.unwrap();
        assert_eq!((page.status, page.body.starts_with(b"<!DOCTYPE html>")), (200, true));
    }
    assert_eq!(request_with_fault(&sandbox, "untyped").await.unwrap().header("content-type"), None);
    let mistyped = request_with_fault(&sandbox, "mistyped").await.unwrap();
    assert_eq!(mistyped.header("content-type"), Some("text/plain"));
    assert_eq!(mistyped.pictures(), [picture]);
    let body = |name| {
        let sandbox = &sandbox;
        async move { String::from_utf8(request_with_fault(sandbox, name).await.unwrap().body).unwrap() }
    };
    assert_eq!(body("empty").await, "");
    assert_eq!((body("object").await, body("list").await), ("{}".into(), "[]".into()));
    assert!(body("error-200").await.starts_with(r#"{"error":{"#));
    for (name, data) in [
        ("no-data", json!([])),
        ("null-data", Value::Null),
        ("no-text", json!([{}])),
        ("number-text", json!([{ "b64_json": 7 }])),
        ("url", json!([{ "url": format!("{}/trap/picture.png", sandbox.origin()) }])),
    ] {
        let reply = request_with_fault(&sandbox, name).await.unwrap().json();
        assert_eq!(reply["data"], data, "{name}");
        assert!(reply["providerMetadata"]["gateway"]["cost"].is_string());
    }
}

#[tokio::test]
async fn f19_an_answer_ends_where_it_says() {
    let (sandbox, picture) = sandbox_with_picture().await;
    let whole = ask(&sandbox, json!({})).await.body;
    let text = STANDARD.encode(&picture);
    let closed = format!("{text}\"");
    for (name, ends) in
        [("truncated", None), ("no-close", Some("}")), ("late-fault", Some(&*closed))]
    {
        let body = request_with_fault(&sandbox, name).await.unwrap().body;
        assert!(serde_json::from_slice::<Value>(&body).is_err(), "{name}");
        assert!(body.len() < whole.len());
        let ends = ends.unwrap_or(&text[text.len() / 2 - 2000..text.len() / 2 - 1900]);
        let body = String::from_utf8(body).unwrap();
        assert!(body.ends_with(ends) || name == "truncated" && body.contains(ends), "{name}");
    }
    let garbage = request_with_fault(&sandbox, "late-garbage").await.unwrap().body;
    assert!(garbage.windows(closed.len()).any(|window| window == closed.as_bytes()));
    assert!(garbage.ends_with(b"]]}}\0\xFF,,{{"));
}

#[tokio::test]
async fn f20_base64_is_wrong_in_every_way() {
    let (sandbox, picture) = sandbox_with_picture().await;
    let right = STANDARD.encode(&picture);
    for fault in Fault::all().filter(|fault| fault.rows.contains(&20)) {
        let reply = request_with_fault(&sandbox, fault.name).await.unwrap().json();
        let text = reply["data"][0]["b64_json"].as_str().unwrap();
        let decoded = STANDARD.decode(text);
        match fault.name {
            "b64-empty" => assert_eq!(text, ""),
            "b64-escaped" => assert_eq!(text, right),
            "b64-bare" => assert_eq!(text, right.trim_end_matches('=')),
            name => assert!(decoded.is_err(), "{name}"),
        }
        let whole = sandbox.books().calls().last().unwrap().pictures.len();
        assert_eq!(whole, usize::from(fault.whole), "{}", fault.name);
    }
    let escaped = request_with_fault(&sandbox, "b64-escaped").await.unwrap().body;
    assert!(escaped.windows(2).any(|window| window == b"\\/"));
}

#[tokio::test]
async fn f21_json_may_be_legal_and_hostile() {
    let (sandbox, picture) = sandbox_with_picture().await;
    let text = |reply: &Reply| String::from_utf8_lossy(&reply.body).into_owned();
    let twice = text(&request_with_fault(&sandbox, "twice").await.unwrap());
    assert_eq!(twice.matches("\"b64_json\":").count(), 2);
    assert!(twice.contains(r#""b64_json":"AAAA","b64_json":"iVBOR"#));
    let deep = text(&request_with_fault(&sandbox, "deep").await.unwrap());
    assert!(deep.starts_with(r#"{"deep":[[["#) && deep.contains(r#"]]],"created""#));
    assert_eq!(deep.matches('[').count(), 10_000 + twice.matches('[').count());
    let numbers = text(&request_with_fault(&sandbox, "numbers").await.unwrap());
    assert!(numbers.starts_with(r#"{"large":1e999999,"long":999"#));
    let bom = request_with_fault(&sandbox, "bom").await.unwrap().body;
    assert_eq!(&bom[..4], b"\xEF\xBB\xBF{");
    for (name, byte) in [("spaces", b' '), ("endless", b'A')] {
        let (bytes, end) = read_raw(&sandbox, name, Duration::from_secs(20)).await;
        assert_eq!(end, ConnectionEnd::Open, "{name}");
        let other: Vec<_> =
            bytes[bytes.len() - 10_000..].iter().filter(|found| **found != byte).collect();
        assert!(other.len() < 100, "{name}: {other:?}");
    }
    let books = sandbox.books();
    let gone =
        books.until(|calls| calls.iter().filter(|call| call.closed_after.is_some()).count() == 2);
    timeout(Duration::from_secs(2), gone).await.expect("it stops when the client leaves");
    assert!(!picture.is_empty());
}

#[tokio::test]
async fn f22_f23_f24_a_picture_may_be_something_else() {
    let (sandbox, png) = sandbox_with_picture().await;
    let mut pictures = Vec::new();
    for name in ["svg", "text", "polyglot", "tail", "no-end", "gif", "jpeg", "bomb", "huge"] {
        pictures.push(request_with_fault(&sandbox, name).await.unwrap().pictures().remove(0));
    }
    let [svg, text, polyglot, tail, no_end, gif, jpeg, bomb, huge] = &pictures[..] else {
        panic!()
    };
    assert!(svg.starts_with(b"<svg") && text.starts_with(b"This"));
    assert!(polyglot.starts_with(b"<!DOCTYPE html>") && polyglot.ends_with(&png));
    assert!(tail.starts_with(&png) && tail.ends_with(b"</script>"));
    assert!(png.starts_with(no_end) && png.len() == no_end.len() + 12);
    assert!(gif.starts_with(b"GIF89a") && jpeg.starts_with(b"\xFF\xD8\xFF"));
    let told = request_with_fault(&sandbox, "jpeg").await.unwrap().json();
    assert_eq!(told["providerMetadata"]["openai"]["images"][0]["outputFormat"], "png");
    let info = png::Decoder::new(io::Cursor::new(bomb)).read_header_info().unwrap().size();
    assert_eq!((info, bomb.len() < 100), ((65_535, 65_535), true));
    assert!(huge.len() > 32 << 20 && huge.starts_with(&png[..33]) && huge.ends_with(&png[33..]));
    let more = request_with_fault(&sandbox, "more").await.unwrap().pictures();
    assert_eq!(more, [png.clone(), png.clone(), png]);
}

#[tokio::test]
async fn f27_f28_a_key_may_come_back_and_an_answer_may_come_early() {
    let (sandbox, picture) = sandbox_with_picture().await;
    let echo = request_with_fault(&sandbox, "echo").await.unwrap();
    assert_eq!(
        (echo.status, echo.header("x-debug-authorization")),
        (401, Some("Bearer vck_canary"))
    );
    assert!(String::from_utf8_lossy(&echo.body).contains("Bearer vck_canary"));
    let echo = request_with_fault(&sandbox, "echo-picture").await.unwrap();
    assert_eq!(
        (echo.pictures().remove(0) == picture, echo.header("x-debug-authorization")),
        (true, Some("Bearer vck_canary"))
    );

    let body = body(&json!({ "prompt": "sandbox:early" }));
    let length = (body.len() + 1_000_000).to_string();
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer a\r\ncontent-length: {length}\r\n\r\n"
    );
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    stream.write_all(&[head.as_bytes(), &body].concat()).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 500", "the rest of the request was never sent");
    let call = sandbox.books().calls().pop().unwrap();
    assert_eq!((call.fault.unwrap().name, call.body.to_vec()), ("early", body));
}

#[tokio::test]
async fn f29_money_is_told_in_every_way() {
    let (sandbox, _) = sandbox_with_picture().await;
    let cost = |reply: &Value| reply["providerMetadata"]["gateway"]["cost"].clone();
    let mut charged = sandbox.books().charged();
    assert_eq!(charged, Nano(2_210_000));
    for (name, told, price) in [
        ("dear", json!("0.0221"), 22_100_000),
        ("free", json!("0"), 0),
        ("no-cost", Value::Null, 2_210_000),
        ("no-usage", json!("0.00221"), 2_210_000),
        ("untold", Value::Null, 2_210_000),
        ("cost-number", json!(0.00221), 2_210_000),
        ("cost-exponent", json!("2210000e-9"), 2_210_000),
        ("cost-garbage", json!("about a cent"), 2_210_000),
        ("cost-negative", json!("-0.00221"), 2_210_000),
        ("cost-null", Value::Null, 2_210_000),
        ("cost-huge", json!("1e30"), 2_210_000),
        ("tokens-huge", Value::Null, 2_210_000),
    ] {
        let reply = request_with_fault(&sandbox, name).await.unwrap().json();
        assert_eq!(cost(&reply), told, "{name}");
        assert_eq!(reply.get("usage").is_none(), ["no-usage", "untold"].contains(&name), "{name}");
        let now = sandbox.books().charged();
        assert_eq!(now.0 - charged.0, price, "{name}");
        charged = now;
    }
    let tokens = request_with_fault(&sandbox, "tokens-huge").await.unwrap().json();
    assert_eq!(tokens["usage"]["output_tokens"], u64::MAX);
    let free = request_with_fault(&sandbox, "free").await.unwrap().json();
    assert_eq!(free["usage"]["output_tokens"], 272);
}

#[tokio::test]
async fn every_fault_ends_as_its_row_says_and_the_next_call_is_well() {
    let slow = Duration::from_millis(50);
    let sandbox = sandbox_with(Settings { slow, ..Settings::for_tests() }).await;
    ask(&sandbox, json!({})).await;
    // Faults that never end are read below, for a shorter time.
    for fault in
        Fault::all().filter(|fault| !fault.never_ends && !["spaces", "storm"].contains(&fault.name))
    {
        let (_, end) = read_raw(&sandbox, fault.name, Duration::from_secs(20)).await;
        let open = fault.name == "huge";
        assert_eq!(end == ConnectionEnd::Open, open, "{}: {end:?}", fault.name);
        sandbox.fail(None);
        let call = sandbox.books().calls().pop().unwrap();
        assert_eq!(call.fault, Some(fault));
        if call.charged != Nano::ZERO {
            // Faults of events do not change this response, which is one JSON document.
            let whole = fault.whole || fault.name.starts_with("sse-");
            assert_eq!(call.pictures.len(), usize::from(whole), "{}", fault.name);
        }
    }
    for fault in Fault::all().filter(|fault| fault.never_ends && fault.name != "sse-stall") {
        let (_, end) = read_raw(&sandbox, fault.name, Duration::from_millis(300)).await;
        assert_eq!(end, ConnectionEnd::Open, "{}", fault.name);
    }
    sandbox.fail(None);
    assert_eq!(ask(&sandbox, json!({ "prompt": PROMPT })).await.status, 200);
}
