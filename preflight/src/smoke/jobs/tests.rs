//! The judgement of a job's responses, each promise broken once.

use super::{super::answer::answer, *};
use contract::problem::{Problem, ProblemKind};
use serde_json::{Value, json};

const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
/// A WebP of one pixel, lossless.
const PIXEL: [u8; 34] =
    *b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0";

/// A job in JSON with these members changed.
fn job(changes: &Value) -> Value {
    let mut job: Value =
        serde_json::from_str(include_str!("../../../../contract/tests/golden/job.json")).unwrap();
    job["id"] = json!(ID);
    job["pictures"] = json!([job["pictures"][0]]);
    for (name, value) in changes.as_object().unwrap() {
        job[name] = value.clone();
    }
    job
}

fn ok(changes: &Value) -> Answer {
    answer(200, &[], &job(changes).to_string())
}

fn problem(kind: ProblemKind) -> Answer {
    let body = serde_json::to_string(&Problem::new(kind, "r")).unwrap();
    answer(kind.status(), &[], &body)
}

fn read_job(changes: &Value) -> Job {
    ok(changes).json().unwrap()
}

#[test]
fn an_order_is_a_201_with_its_place() {
    let place = route::job(ID);
    let body = job(&json!({ "state": "queued" })).to_string();
    assert!(ordered(&answer(201, &[("location", &place)], &body)).is_ok());
    for (answer, words) in [
        (answer(200, &[("location", &place)], &body), "status 200"),
        (answer(201, &[], &body), "Location"),
        (answer(201, &[("location", "/v1/jobs/other")], &body), "Location"),
        (answer(201, &[], "{}"), "without a job"),
        (answer(201, &[], &job(&json!({ "id": "../x" })).to_string()), "64"),
        (problem(ProblemKind::BudgetSpent), "503 budget-spent"),
    ] {
        let reason = ordered(&answer).unwrap_err();
        assert!(reason.contains(words), "{reason}");
    }
}

#[test]
fn a_job_ends_without_a_viewer() {
    let look = |after, answer: &Answer| looked(ID, after, answer);
    assert!(look(5_000, &ok(&json!({}))).unwrap().is_some());
    assert!(look(5_000, &ok(&json!({ "state": "running" }))).unwrap().is_none());
    // The gateway asked to wait.
    let waits = json!({ "state": "queued", "waiting_until": "2026-11-30T00:00:00Z" });
    assert!(look(5_000, &ok(&waits)).unwrap().is_none());
    let failed = json!({ "state": "failed", "problem": Problem::new(ProblemKind::Busy, "r") });
    for (after, answer, words) in [
        (5_000, ok(&json!({ "state": "queued" })), "nothing has started it"),
        (LAST_LOOK_MS, ok(&json!({ "state": "running" })), "still runs"),
        (5_000, ok(&json!({ "state": "cancelled" })), "nobody cancelled"),
        (5_000, ok(&failed), "busy"),
        (5_000, ok(&json!({ "id": "other" })), "another job"),
        (5_000, problem(ProblemKind::UnknownJob), "404 unknown-job"),
    ] {
        let reason = look(after, &answer).unwrap_err();
        assert!(reason.contains(words), "{reason}");
    }
}

#[test]
fn a_job_is_looked_at_later_than_it_usually_takes() {
    assert_eq!(first_look_ms(false, Some(12_000)), 18_000);
    assert_eq!(first_look_ms(false, Some(1)), SAMPLE_MS);
    assert_eq!(first_look_ms(false, None), UNKNOWN_MS);
    assert_eq!(first_look_ms(true, Some(12_000)), SAMPLE_MS);
    assert!(second_look_ms(10_000) > 10_000);
}

fn pixel() -> Value {
    json!([{ "index": 0, "state": "ready", "url": null, "preview_url": null, "media_type": "image/webp",
        "width": 1, "height": 1, "bytes": PIXEL.len(), "credentials": false, "problem": null }])
}

#[test]
fn the_bytes_are_the_picture_that_the_job_describes() {
    let bytes = |body: &[u8]| Answer { status: 200, body: body.to_vec(), ..Answer::default() };
    let described = read_job(&json!({ "pictures": pixel() }));
    assert_eq!(picture(&described, &bytes(&PIXEL)), Vec::<String>::new());
    let mut larger = pixel();
    larger[0]["width"] = json!(2);
    let mut pending = pixel();
    pending[0]["state"] = json!("pending");
    for (pictures, answer, words) in [
        (pixel(), bytes(&PIXEL[..30]), "no whole picture"),
        (pixel(), bytes(b"<html>"), "no whole picture"),
        (larger, bytes(&PIXEL), "not those that the job describes"),
        (pending, bytes(&PIXEL), "not ready"),
        (pixel(), problem(ProblemKind::PictureGone), "410 picture-gone"),
    ] {
        let found = picture(&read_job(&json!({ "pictures": pictures })), &answer);
        assert!(found.len() == 1 && found[0].contains(words), "{found:?}");
    }
}

fn session(expires: &str) -> Value {
    json!({ "token": "hush", "expires_at": expires,
        "allowance": { "remaining": 7, "limit": 10, "resets_at": "2026-11-30T00:00:00Z" } })
}

#[test]
fn a_renewed_session_is_a_later_one() {
    let before: Session = serde_json::from_value(session("2026-11-30T01:00:00Z")).unwrap();
    let judged = |status, body: &Value| renewed(&before, &answer(status, &[], &body.to_string()));
    assert!(judged(201, &session("2026-11-30T01:00:05Z")).is_ok());
    for (status, body, words) in [
        (201, session("2026-11-30T00:59:00Z"), "ends before"),
        (200, session("2026-11-30T01:00:05Z"), "no session"),
        (201, json!({}), "no session"),
    ] {
        let reason = judged(status, &body).err().unwrap();
        assert!(reason.contains(words) && !reason.contains("hush"), "{reason}");
    }
}

#[test]
fn an_order_that_is_sent_again_is_the_same_job() {
    let first = read_job(&json!({}));
    assert_eq!(repeated(&first, &ok(&json!({}))), Vec::<String>::new());
    let anew = answer(201, &[], &job(&json!({ "id": "other" })).to_string());
    for (answer, words) in [
        (anew, "another visitor"),
        (ok(&json!({ "id": "other" })), "status 200"),
        (problem(ProblemKind::IdempotencyMismatch), "422 idempotency-mismatch"),
    ] {
        let found = repeated(&first, &answer);
        assert!(found.len() == 1 && found[0].contains(words), "{found:?}");
    }
}

#[test]
fn after_a_reload_the_job_and_its_bytes_are_the_same() {
    let before = read_job(&json!({}));
    assert_eq!(same(&before, &ok(&json!({ "elapsed_ms": 9999 }))), Vec::<String>::new());
    for (answer, words) in [
        (problem(ProblemKind::UnknownJob), "404 unknown-job"),
        (ok(&json!({ "state": "failed" })), "is failed, and was succeeded"),
        (ok(&json!({ "pictures": pixel() })), "other pictures"),
        (ok(&json!({ "model": "other" })), "another order"),
        (ok(&json!({ "revision": 1 })), "revision"),
    ] {
        let found = same(&before, &answer);
        assert!(found.len() == 1 && found[0].contains(words), "{found:?}");
    }
    let (one, other) = (answer(200, &[], "one"), answer(200, &[], "two"));
    assert!(same_bytes(&one, &one).is_empty());
    assert!(same_bytes(&one, &other)[0].contains("other bytes"));
    assert!(same_bytes(&one, &problem(ProblemKind::PictureGone))[0].contains("410"));
}

#[test]
fn a_cancel_is_confirmed_and_stays() {
    let is_cancelled = json!({ "state": "cancelled", "pictures": [], "cost": null });
    let done = cancelled(ID, &ok(&is_cancelled)).unwrap();
    let none = problem(ProblemKind::NotFound);
    assert_eq!(stays_cancelled(&done, &ok(&is_cancelled), &none), Vec::<String>::new());
    for (answer, words) in [
        (ok(&json!({})), "the job is succeeded"),
        (ok(&json!({ "state": "running" })), "the job is running"),
        (
            ok(&json!({ "state": "cancelled", "problem": Problem::new(ProblemKind::Busy, "r") })),
            "problem",
        ),
        (problem(ProblemKind::UnknownJob), "404 unknown-job"),
    ] {
        let reason = cancelled(ID, &answer).err().unwrap();
        assert!(reason.contains(words), "{reason}");
    }
    let later = |changes: Value, bytes: &Answer| {
        let mut all = is_cancelled.clone();
        all.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        stays_cancelled(&done, &ok(&all), bytes).join("\n")
    };
    assert!(later(json!({ "state": "succeeded" }), &none).contains("it ran on"));
    assert!(later(json!({ "pictures": pixel() }), &none).contains("there is a picture"));
    assert!(later(json!({}), &answer(200, &[], "bytes")).contains("there is a picture"));
    let cost =
        |charged: Value| json!({ "cost": { "reserved_usd": "0.005", "charged_usd": charged } });
    for fine in [json!("0"), json!("0.005"), Value::Null] {
        assert_eq!(later(cost(fine.clone()), &none), "", "{fine}");
    }
    assert!(later(cost(json!("0.0021")), &none).contains("charged 0.0021"));
    let gone = stays_cancelled(&done, &problem(ProblemKind::UnknownJob), &none);
    assert!(gone[0].contains("404 unknown-job"), "{gone:?}");
}
