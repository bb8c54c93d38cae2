//! What the comparison promises: it stays below the sum, finds each lie, and keeps no secret.

use super::*;
use crate::settings::Settings;
use base64::{Engine, prelude::BASE64_STANDARD};

const KEY: &str = "vck_a_key_of_a_test";
const TODAY: &str = "2026-11-30";

fn config(from: &str, to: &str) -> Config {
    assert!(crate::COMMITTED.contains(from), "{from}");
    let file = crate::COMMITTED.replace(from, to);
    Settings::from_wrangler(&file).unwrap().check().unwrap()
}

fn vercel() -> Config {
    config("demo", "demo")
}

fn openai() -> Config {
    config(
        r#""provider": "vercel", "base_url": "https://ai-gateway.vercel.sh/v1""#,
        r#""provider": "openai", "base_url": "https://api.openai.com/v1""#,
    )
}

fn probe(config: &Config, most: &str) -> Probe {
    Probe::new(config, TODAY.parse().unwrap(), dollars(most).unwrap(), KEY).unwrap()
}

fn answer(status: u16, body: &Value) -> Answer {
    let headers = vec![("Content-Type".to_owned(), "application/json; charset=utf-8".to_owned())];
    Answer { status, headers, body: body.to_string().into_bytes() }
}

/// Walks through all steps with the answer that a function gives to each; what was sent, and each line.
fn walk(
    probe: &mut Probe,
    mut reply: impl FnMut(&Step) -> Option<Answer>,
) -> (Vec<Step>, Vec<Line>) {
    let (mut sent, mut lines) = (Vec::new(), Vec::new());
    loop {
        match probe.turn() {
            Turn::Over => return (sent, lines),
            Turn::Say(line) => lines.push(line),
            Turn::Send(step) => {
                let step = step.clone();
                let seen = reply(&step);
                let sandbox = answer(200, &json!({}));
                lines.extend(probe.answered(&sandbox, seen.as_ref()));
                sent.push(step);
            }
        }
    }
}

/// What is found in the second answer.
fn found(expected: &Answer, seen: &Answer) -> Vec<String> {
    let scrubber = Scrubber::new(KEY).unwrap();
    let read = |answer: &Answer| Reading::of(answer, &scrubber);
    difference::all(&read(expected), &read(seen), &["a/b".to_owned(), "a/new".to_owned()])
}

fn finds(expected: &Value, seen: &Value, sentences: &[&str]) {
    assert_eq!(found(&answer(200, expected), &answer(200, seen)), sentences, "{seen}");
}

#[test]
fn without_money_only_what_can_make_no_picture_is_sent() {
    for config in [vercel(), openai()] {
        let mut probe = probe(&config, "0");
        let (sent, lines) = walk(&mut probe, |_| Some(answer(200, &json!({}))));
        assert!(sent.len() > 12, "{}", sent.len());
        assert_eq!((probe.spent(), probe.failure()), (Nano::ZERO, None));
        let skipped = lines.iter().filter(|line| line.label == "skipped").count();
        assert!(skipped > 10, "{lines:?}");
        for step in sent.iter().filter(|step| step.method == "POST" && step.needs_key()) {
            let body = String::from_utf8(step.body().unwrap()).unwrap();
            let Ok(body) = serde_json::from_str::<Value>(&body) else { continue };
            let lacks = |name: &str| body.get(name).is_none_or(|value| !value.is_string());
            let doomed = lacks("model")
                || lacks("prompt")
                || body["n"] == 0
                || body["model"].as_str().unwrap().ends_with("nobody")
                || body["images"][0]["file_id"].is_string()
                || body["images"][0]["image_url"].as_str().is_some_and(|it| it.starts_with("ftp:"));
            assert!(doomed, "{} could make a picture: {body}", step.name);
        }
    }
}

/// What a gateway answers to a step; nothing if no whole answer comes.
type Reply = dyn Fn(&Step) -> Option<Answer>;

#[test]
fn the_sum_is_never_passed_whatever_comes_back() {
    let lost = |_: &Step| None;
    let silent = |_: &Step| Some(answer(200, &json!({})));
    let failed = |_: &Step| Some(answer(500, &json!({})));
    let replies: [&Reply; 3] = [&lost, &silent, &failed];
    for config in [vercel(), openai()] {
        for most in ["0", "0.004", "0.01", "0.05", "0.2", "1"] {
            for reply in replies {
                let mut probe = probe(&config, most);
                let (sent, _) = walk(&mut probe, reply);
                let worst: u64 = sent.iter().map(|step| step.worst.0).sum();
                assert!(worst <= probe.most.0, "{most}: {worst}");
                assert_eq!(probe.spent().0, worst, "what is unknown counts at its worst");
            }
        }
    }
}

#[test]
fn a_refusal_is_free_and_a_stated_cost_is_counted() {
    let paid = json!({ "providerMetadata": { "gateway": { "cost": "0.00221" } } });
    let snake = json!({ "provider_metadata": { "gateway": { "cost": "0.00221" } } });
    let tokens = json!({ "usage": { "input_tokens": 10, "output_tokens": 200 } });
    let zero = json!({ "providerMetadata": { "gateway": { "cost": "0" } } });
    let mut probe = probe(&vercel(), "5");
    let step = loop {
        let step = match probe.turn() {
            Turn::Send(step) => step.clone(),
            _ => panic!("no picture"),
        };
        if step.name.starts_with("a picture by openai/gpt-image-1-mini") {
            break step;
        }
        probe.answered(&Answer::default(), Some(&Answer::default()));
    };
    let cost = |answer: Option<&Answer>| {
        let reading = answer.map(|answer| Reading::of(answer, &probe.scrubber));
        cost::of(&step, answer, reading.as_ref())
    };
    assert!(step.worst > Nano(5_000_000) && step.worst < Nano(6_000_000), "{}", step.worst);
    for (status, body, expected) in [
        (200, &paid, 2_210_000),
        (200, &snake, 2_210_000),
        (200, &tokens, 1_620_000),
        (200, &zero, step.worst.0),
        (200, &json!({}), step.worst.0),
        (302, &json!({}), step.worst.0),
        (400, &json!({}), 0),
        (401, &json!({}), 0),
        (402, &json!({}), 0),
        (404, &json!({}), 0),
        (429, &json!({}), 0),
        (500, &json!({}), step.worst.0),
        (504, &paid, step.worst.0),
    ] {
        assert_eq!(cost(Some(&answer(status, body))), Nano(expected), "{status} {body}");
    }
    assert_eq!(cost(None), step.worst);
    let dear = json!({ "usage": { "cost": 0.9 } });
    let lines = probe.answered(&answer(200, &dear), Some(&answer(200, &dear)));
    assert!(lines[1].text.contains("it cost 0.9 USD, and its worst case"), "{lines:?}");
    assert!(probe.failure().is_some());
}

#[test]
fn pictures_come_last_and_the_cheapest_first() {
    for config in [vercel(), openai()] {
        let all = probe(&config, "0").steps;
        let first = all.iter().position(|step| step.name.starts_with("a picture by")).unwrap();
        let paid: Vec<Nano> = all[first..].iter().map(|step| step.worst).collect();
        assert!(paid.len() >= 9 && paid.is_sorted(), "{paid:?}");
        let free = all.iter().rposition(|step| step.worst == Nano::ZERO).unwrap();
        assert!(all[free + 1..first].iter().all(|step| step.worst > Nano::ZERO));
        let (names, count) = (all.iter().map(|step| &step.name), all.len());
        assert_eq!(names.collect::<std::collections::BTreeSet<_>>().len(), count);
        let models = all.iter().filter(|step| step.name.starts_with("a picture by")).count();
        assert_eq!(models, 4, "each model that is alive");
    }
    let dead = Probe::new(&vercel(), "2026-12-01".parse().unwrap(), Nano::ZERO, KEY).unwrap();
    assert!(dead.steps.iter().all(|step| !step.model.contains("image-1-mini")));
}

#[test]
fn an_edit_sends_the_picture_in_both_forms() {
    let all = probe(&vercel(), "0").steps;
    let of = |name: &str| all.iter().find(|step| step.name == name).unwrap();
    let body: Value = serde_json::from_slice(&of("an edit").body().unwrap()).unwrap();
    let url = body["images"][0]["image_url"].as_str().unwrap();
    let sent = url.strip_prefix("data:image/png;base64,").unwrap();
    assert_eq!(BASE64_STANDARD.decode(sent).unwrap(), plan::PICTURE);
    let form = of("an edit as a form").body().unwrap();
    assert!(form.windows(plan::PICTURE.len()).any(|part| part == plan::PICTURE));
    let text = String::from_utf8_lossy(&form);
    assert!(text.contains("name=\"model\"\r\n\r\nopenai/gpt-image-1-mini\r\n"), "{text}");
}

#[test]
fn each_difference_is_a_sentence_with_its_path() {
    let error = json!({ "error": { "message": "a", "type": "t", "param": [{ "code": "c", "message": "m" }] } });
    finds(&error, &error, &[]);
    let mut seen = error.clone();
    seen["error"]["message"] = json!("quite another text");
    seen["error"]["param"][0]["message"] = json!("too");
    finds(&error, &seen, &[]);
    seen["error"]["type"] = json!("u");
    seen["error"]["param"][0]["code"] = json!("d");
    seen["error"]["message"] = json!(null);
    finds(
        &error,
        &seen,
        &[
            "error.message is null; the sandbox sends a text",
            r#"error.type is "u"; the sandbox sends "t""#,
            r#"error.param[0].code is "d"; the sandbox sends "c""#,
        ],
    );
    finds(
        &json!({ "a": 1 }),
        &json!({ "b": 1 }),
        &["a is missing", "b is there; the sandbox has none"],
    );
    finds(&json!({ "a": [] }), &json!([]), &["body is a list; the sandbox sends an object"]);
    finds(&json!({ "created": 1, "id": "x" }), &json!({ "created": 2, "id": "y" }), &[]);
    finds(
        &json!({ "data": [{}, {}] }),
        &json!({ "data": [{}] }),
        &["data is 1 long; the sandbox sends 2 long"],
    );
    finds(&json!({ "tags": ["a", "b"] }), &json!({ "tags": ["c"] }), &[]);
}

#[test]
fn a_list_of_models_is_compared_by_id() {
    let entry =
        |id: &str, price: &str| json!({ "id": id, "pricing": { "input": price }, "name": id });
    let expected = json!({ "data": [entry("a/b", "1"), entry("a/old", "1")] });
    let seen = json!({ "data": [entry("x/y", "9"), entry("a/new", "1"), entry("a/b", "2")] });
    let sentence = r#"data[a/b].pricing.input is "2"; the sandbox sends "1""#;
    finds(&expected, &seen, &[sentence]);
    let gone = json!({ "data": [entry("x/y", "9")] });
    finds(&expected, &gone, &["data[a/b] is missing", "data[a/new] is missing"]);
}

#[test]
fn statuses_media_types_and_kinds_of_bodies_are_compared() {
    let good = answer(400, &json!({}));
    let page = Answer {
        status: 404,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: b"<!doctype html>".to_vec(),
    };
    assert_eq!(
        found(&good, &page),
        [
            "status is 404; the sandbox sends 400",
            r#"content-type is "text/html"; the sandbox sends "application/json""#,
            "body is a text that is not JSON; the sandbox sends JSON",
        ]
    );
    assert_eq!(found(&page, &page), [""; 0]);
    let empty = Answer { body: Vec::new(), ..good.clone() };
    assert_eq!(found(&good, &empty), ["body is empty; the sandbox sends JSON"]);
}

#[test]
fn a_stream_is_compared_by_its_kinds_of_events() {
    let stream = |events: &[Value]| {
        let line = |text: String, event| text + &format!("data: {event}\r\n\r\n");
        let text = events.iter().fold(String::new(), line);
        let headers = vec![("content-type".to_owned(), "text/event-stream".to_owned())];
        Answer { status: 200, headers, body: (text + "data: [DONE]\r\n\r\n").into_bytes() }
    };
    let partial = json!({ "type": "g.partial_image", "partial_image_index": 0 });
    let whole = json!({ "type": "g.completed", "usage": { "output_tokens": 5 } });
    let expected = stream(&[partial.clone(), whole.clone()]);
    assert_eq!(found(&expected, &stream(&[partial.clone(), partial, whole.clone()])), [""; 0]);
    assert_eq!(found(&expected, &stream(&[whole])), [""; 0], "a model may send no partial picture");
    let cheap = json!({ "type": "g.completed", "usage": null });
    let sentence = "events.g.completed.usage is null; the sandbox sends an object";
    assert_eq!(found(&expected, &stream(&[cheap])), [sentence]);
    assert_eq!(found(&expected, &stream(&[])), ["events.g.completed is missing"]);
}

#[test]
fn a_picture_is_compared_by_its_facts() {
    let picture = |bytes: &[u8]| json!({ "data": [{ "b64_json": BASE64_STANDARD.encode(bytes) }] });
    let whole = picture(plan::PICTURE);
    finds(&whole, &whole, &[]);
    let half = picture(&plan::PICTURE[..400]);
    let sentence = "data[0].b64_json.picture.media_type is \"none: not a whole picture\"; the sandbox sends \"image/png\"";
    let gone = [
        sentence,
        "data[0].b64_json.picture.width is missing",
        "data[0].b64_json.picture.height is missing",
    ];
    finds(&whole, &half, &gone);
}

#[test]
fn nothing_of_the_key_the_pictures_or_the_account_is_kept() {
    let body = json!({
        "error": { "message": format!("no access for {KEY} in org-abc, proj_def.") },
        "escaped": "vck_a\u{5f}key_of_a_test",
        "balance": "95.50", "total_used": 43.75,
        "data": [{ "b64_json": BASE64_STANDARD.encode(plan::PICTURE) }],
        "url": format!("data:image/png;base64,{}", BASE64_STANDARD.encode(plan::PICTURE)),
    });
    let text =
        body.to_string().replacen("vck_a_key_of_a_test\"", r#"\u0076ck_a_key_of_a_test""#, 1);
    let mut probe = probe(&vercel(), "0");
    let headers =
        vec![("Server".to_owned(), format!("of {KEY}")), ("x-own".to_owned(), "a".to_owned())];
    let seen = Answer { status: 200, headers, body: text.into_bytes() };
    let (_, lines) = walk(&mut probe, |_| Some(seen.clone()));
    let said: String = lines.iter().map(|line| line.text.clone() + "\n").collect();
    let kept = probe.fixture().unwrap();
    for secret in [KEY, "org-abc", "proj_def", "95.50", "43.75", "x-own"] {
        assert!(!kept.contains(secret) && !said.contains(secret), "{secret}: {kept}");
    }
    assert!(said.contains("it repeats the key"), "{said}");
    assert!(kept.contains("[key]") && kept.contains("[account]") && kept.contains("\"00.00\""));
    let longest = kept.lines().map(str::len).max().unwrap();
    assert!(longest < 400, "pictures are facts, those that were sent too: {longest}");
    assert!(kept.contains("\"media_type\": \"image/png\"") && kept.contains("\"width\": 256"));
}

#[test]
fn a_fixture_that_would_hold_the_key_is_not_written() {
    let mut probe = probe(&vercel(), "0");
    probe.facts.insert("gateway".to_owned(), json!(format!("https://gateway.example/{KEY}")));
    assert!(probe.fixture().is_err());
}

#[test]
fn a_key_that_could_not_be_found_again_is_refused() {
    for key in ["", "short", "with a space in it", "with\"quotes-in-it", "größer-als-zwölf"] {
        let probe = Probe::new(&vercel(), TODAY.parse().unwrap(), Nano::ZERO, key);
        assert!(probe.is_err(), "{key}");
    }
}

#[test]
fn what_a_terminal_would_obey_is_not_printed() {
    let (good, bad) = (json!({ "type": "a" }), json!({ "type": "\u{1b}[2J\u{9b}\u{202e}" }));
    for (expected, seen) in
        [(good, bad.clone()), (json!({}), json!({ "\u{1b}]0;x\u{7}\u{9b}": 1 }))]
    {
        let sentences = found(&answer(200, &expected), &answer(200, &seen));
        assert_eq!(sentences.len(), 1);
        assert!(sentences[0].chars().all(|c| c == ' ' || c.is_ascii_graphic()), "{sentences:?}");
    }
    let long = json!({ "type": "x".repeat(500) });
    let sentences = found(&answer(200, &json!({ "type": "y" })), &answer(200, &long));
    assert!(sentences[0].len() < 150, "{sentences:?}");
}

#[test]
fn a_days_fixtures_have_names_of_their_own() {
    let today: Day = TODAY.parse().unwrap();
    assert_eq!(file_name(today, 1), "2026-11-30-gateway.json");
    assert_eq!(file_name(today, 2), "2026-11-30-gateway-2.json");
    assert_eq!(dollars("0.20"), Ok(Nano(200_000_000)));
    assert!(dollars("").is_err() && dollars("-1").is_err() && dollars("a").is_err());
}
