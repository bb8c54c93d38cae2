//! A job's life in real workerd: it needs no watcher, and it ends.

use anyhow::Context;
use contract::{job::JobState, money::Nano, problem::ProblemKind, route};
use futures_util::future::join_all;
use sandbox::{Call, Settings};
use serde_json::json;
use std::time::Duration;
use tests::{money::settled, run, studio::Setup, studio::Studio};
use tokio::time::{sleep, timeout};

/// The call whose prompt holds this text.
fn call<'a>(calls: &'a [Call], text: &str) -> Option<&'a Call> {
    calls.iter().find(|call| {
        call.json()
            .is_some_and(|body| body["prompt"].as_str().is_some_and(|prompt| prompt.contains(text)))
    })
}

fn calls_of(calls: &[Call], text: &str) -> usize {
    calls.iter().filter(|one| call(std::slice::from_ref(one), text).is_some()).count()
}

#[test]
fn every_state_is_told_whole_and_in_order() {
    run(async {
        let visitor = Studio::shared().await?.visitor().await?;
        let job = visitor
            .create(&json!({ "prompt": "watched", "count": 2, "quality": "medium" }))
            .await?;
        assert_eq!(job.state, JobState::Queued);
        assert!(job.allowance.is_some());
        let states = visitor.watch(&job.id).await?;
        assert!(states.is_sorted_by(|a, b| a.revision < b.revision));
        let (last, before) = states.split_last().expect("states");
        assert_eq!((last.state, last.pictures.len()), (JobState::Succeeded, 2));
        assert!(last.allowance.is_some() && before.iter().all(|state| state.allowance.is_none()));
        // 1,056 tokens out and the prompt's: the books of the two sides agree to the nano-dollar.
        let charged = last.cost.and_then(|cost| cost.charged_usd).expect("settled");
        let calls = Studio::shared().await?.sandbox.books().calls();
        let booked: u64 = calls
            .iter()
            .filter(|one| call(std::slice::from_ref(one), "watched").is_some())
            .map(|call| call.charged.0)
            .sum();
        assert_eq!(charged.0, booked);
        assert_eq!(
            visitor.watch(&job.id).await?.len(),
            1,
            "a late viewer is told the last state and nothing else"
        );
        Ok(())
    });
}

#[test]
fn a_job_needs_no_watcher_for_a_minute() {
    run(async {
        // Longer than the runtime keeps an object that nobody speaks to. The rest of the minute passes by the edge's clock.
        let slow = Duration::from_secs(12);
        let sandbox = Settings { slow, ..Settings::for_tests() };
        let setup = Setup { sandbox, ..Setup::default() };
        let studio = setup.with_clock().await?.start().await?;
        let (visitor, books) = (studio.visitor().await?, studio.sandbox.books());
        let id = visitor.create(&json!({ "prompt": "alone sandbox:slow" })).await?.id;
        books.until(|calls| call(calls, "alone").is_some()).await;
        studio.pass(Duration::from_secs(50)).await?;
        books
            .until(|calls| call(calls, "alone").is_some_and(|call| call.completed_after.is_some()))
            .await;
        // What has come is stored and booked; whoever looks first finds it, also in an object that is new in memory.
        assert_eq!(
            settled(&studio, "demo", Duration::from_secs(10)).await?.reserved_usd,
            Nano::ZERO
        );
        studio.edge.evict("Job", &id).await?;
        let job = visitor.job(&id).await?;
        assert_eq!(job.state, JobState::Succeeded, "{job:?}");
        assert!((62_000..72_000).contains(&job.elapsed_ms), "it took {} ms", job.elapsed_ms);
        assert!(!visitor.get(&route::picture(&job.id, 0)).await?.bytes().await?.is_empty());
        studio.stop().await
    });
}

#[test]
fn cancelling_closes_the_connection_upstream_long_before_an_answer_would_have_come() {
    run(async {
        let studio = Studio::shared().await?;
        let (visitor, books) = (studio.visitor().await?, studio.sandbox.books());
        let job = visitor.create(&json!({ "prompt": "cancelled sandbox:slow" })).await?;
        books.until(|calls| call(calls, "cancelled").is_some()).await;
        sleep(Duration::from_millis(300)).await;
        let cancelled = visitor.cancel(&job.id).await?;
        let closed = |calls: &[Call]| {
            call(calls, "cancelled").is_some_and(|call| call.closed_after.is_some())
        };
        // The answer would come half a minute after the request. Only hanging is excluded by the time.
        let calls = timeout(Duration::from_secs(10), books.until(closed)).await?;
        let upstream = call(&calls, "cancelled").expect("it was asked for");
        assert_eq!((upstream.completed_after, upstream.status), (None, None), "it was answered");
        assert_eq!((cancelled.state, cancelled.problem), (JobState::Cancelled, None));
        // What had started is spent, at its reservation: 0.005 $ and 2,000 nano-dollars for each byte of the prompt.
        let bytes = "PREFIX cancelled sandbox:slow SUFFIX".len() as u64;
        assert_eq!(
            cancelled.cost.and_then(|cost| cost.charged_usd).map(|usd| usd.0),
            Some(5_000_000 + bytes * 2_000)
        );
        assert_eq!(visitor.watch(&job.id).await?.len(), 1);
        Ok(())
    });
}

#[test]
fn one_key_makes_one_job() {
    run(async {
        let studio = Studio::shared().await?;
        let visitor = studio.visitor().await?;
        let body = json!({ "prompt": "only once" });
        let first = visitor.ask_under("one-key", &body).await?;
        assert_eq!(first.status(), 201);
        let location = first.headers()["location"].to_str()?.to_owned();
        let job: contract::job::Job = first.json().await?;
        assert_eq!(location, route::job(&job.id));
        visitor.watch(&job.id).await?;
        for body in [body, json!({ "count": 1, "prompt": " only once " })] {
            let again = visitor.ask_under("one-key", &body).await?;
            assert_eq!(again.status(), 200);
            assert_eq!(again.json::<contract::job::Job>().await?.id, job.id);
        }
        let other = visitor.ask_under("one-key", &json!({ "prompt": "another" })).await?;
        assert_eq!(tests::visitor::problem(other).await?.kind, ProblemKind::IdempotencyMismatch);
        let stranger =
            studio.visitor().await?.ask_under("one-key", &json!({ "prompt": "stranger" })).await?;
        assert_eq!(stranger.status(), 201, "a key belongs to its session");
        assert_eq!(calls_of(&studio.sandbox.books().calls(), "only once"), 1);
        Ok(())
    });
}

#[test]
fn a_hundred_at_once_and_a_hundred_later_under_one_key_are_one_job() {
    run(async {
        let mut studio = Setup::default().start().await?;
        let visitor = studio.visitor().await?;
        let body = json!({ "prompt": "all at once", "count": 2 });
        let ask = async |visitor: &tests::visitor::Visitor| {
            let asked = (0..100).map(|_| visitor.ask_under("race", &body));
            let mut ids = Vec::new();
            for response in join_all(asked).await {
                let response = response?;
                assert!(matches!(response.status().as_u16(), 200 | 201), "{}", response.status());
                ids.push(response.json::<contract::job::Job>().await?.id);
            }
            ids.dedup();
            assert_eq!(ids.len(), 1);
            anyhow::Ok(ids.remove(0))
        };
        let job = ask(&visitor).await?;
        studio.edge.evict("Job", &job).await?;
        studio.edge.evict_named("Ledger", "demo").await?;
        assert_eq!(ask(&visitor).await?, job, "both objects were put out of memory");
        let token = visitor.session.token.clone();
        studio = studio.restart().await?;
        let mut visitor = studio.visitor().await?;
        visitor.session.token = token;
        assert_eq!(ask(&visitor).await?, job, "the machine was lost");
        visitor.watch(&job).await?;
        assert_eq!(ask(&visitor).await?, job);
        assert_eq!(studio.sandbox.books().asked(), 2, "one call for each picture");
        studio.stop().await
    });
}

#[test]
fn a_job_that_loses_its_machine_ends_as_interrupted() {
    run(async {
        let studio = Setup::default().start().await?;
        let visitor = studio.visitor().await?;
        let job = visitor.create(&json!({ "prompt": "cut off sandbox:slow" })).await?;
        studio.sandbox.books().until(|calls| call(calls, "cut off").is_some()).await;
        sleep(Duration::from_millis(500)).await;
        let studio = studio.restart().await?;
        let visitor = studio.visitor().await?;
        let job = visitor.watch(&job.id).await?.pop().expect("a last state");
        assert_eq!(
            (job.state, job.problem.map(|problem| problem.kind)),
            (JobState::Failed, Some(ProblemKind::Interrupted))
        );
        assert_eq!(
            job.cost.map(|cost| cost.charged_usd),
            job.cost.map(|cost| Some(cost.reserved_usd)),
            "unknown is spent"
        );
        assert_eq!(studio.sandbox.books().asked(), 1, "nothing is asked for twice");
        studio.stop().await
    });
}

#[test]
fn a_job_never_outlives_its_time() {
    run(async {
        let studio = Setup::default().gateway("total_seconds", json!(10)).start().await?;
        let visitor = studio.visitor().await?;
        let job = visitor.make(&json!({ "prompt": "too late sandbox:slow" })).await?;
        assert_eq!(job.problem.map(|problem| problem.kind), Some(ProblemKind::Interrupted));
        assert!((10_000..15_000).contains(&job.elapsed_ms), "it took {} ms", job.elapsed_ms);
        let calls = studio
            .sandbox
            .books()
            .until(|calls| calls.iter().all(|call| call.closed_after.is_some()))
            .await;
        assert_eq!(calls.len(), 1);
        studio.stop().await
    });
}

#[test]
fn an_expectation_is_what_the_site_has_seen() {
    run(async {
        let studio = Studio::shared().await?;
        let visitor = studio.visitor().await?;
        let body = json!({ "prompt": "timed", "size": "1024x1536", "quality": "high" });
        assert_eq!(visitor.create(&body).await?.expected_ms, None);
        let took = visitor.make(&body).await?.elapsed_ms;
        let expected = visitor.create(&body).await?.expected_ms.expect("something was seen");
        assert!(expected > 0 && expected < took + 10_000, "{expected} after {took}");
        Ok(())
    });
}

/// The commands of `docs/api.md`, as they stand there.
#[test]
fn the_order_of_the_documents_makes_a_picture() {
    run(async {
        let text = std::fs::read_to_string(xtask::repo::path("docs/api.md"))?;
        let (_, rest) = text.split_once("```sh\n").context("the document has no order")?;
        let (commands, _) = rest.split_once("```").context("the block does not end")?;
        let studio = Setup::default().start().await?;
        let commands = commands.replace("http://127.0.0.1:8787", studio.edge.url());
        let folder = std::env::temp_dir().join(format!("easel-order-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let output = tokio::process::Command::new("bash")
            .args(["-euo", "pipefail", "-c", &commands])
            .current_dir(&folder)
            .output()
            .await?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{commands}\n{said}");
        let events = std::fs::read_to_string(folder.join("events.txt"))?;
        assert!(events.contains(r#""state":"succeeded""#), "{events}");
        let picture = std::fs::read(folder.join("fox.webp"))?;
        assert_eq!(picture.get(..4), Some(&b"RIFF"[..]));
        std::fs::remove_dir_all(&folder)?;
        studio.stop().await
    });
}
