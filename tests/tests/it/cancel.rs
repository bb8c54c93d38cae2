//! Cancelling in every state that a job can be in: what becomes of it, and the ledger's word.

use anyhow::{Context, Result};
use contract::{
    job::{Job, JobState, PictureState},
    money::Nano,
    options::Format,
};
use futures_util::future::try_join_all;
use painter::{Subject, encode, paint};
use serde_json::json;
use std::time::Duration;
use tests::{
    money::day,
    run,
    studio::{Setup, Studio},
    visitor::{Visitor, client},
};
use tokio::time::{Instant, sleep};
use xtask::repo;

/// What one picture of a job may cost at most.
fn worst_each(job: &Job) -> Result<Nano> {
    let all = job.cost.context("not shown")?.reserved_usd.0;
    Ok(Nano(all / u64::from(job.request.count)))
}

fn charged(job: &Job) -> Option<Nano> {
    job.cost.and_then(|cost| cost.charged_usd)
}

/// Cancels once the job is as it should be, and checks that it is over at once.
async fn cancel_once(visitor: &Visitor, id: &str, is: impl Fn(&Job) -> bool) -> Result<Job> {
    let began = Instant::now();
    loop {
        let job = visitor.job(id).await?;
        if is(&job) {
            break;
        }
        anyhow::ensure!(began.elapsed() < Duration::from_secs(15), "it never is: {job:?}");
        sleep(Duration::from_millis(20)).await;
    }
    let pressed = Instant::now();
    let job = visitor.cancel(id).await?;
    // Only hanging is excluded: upstream would hold the answer for longer.
    anyhow::ensure!(pressed.elapsed() < Duration::from_secs(5), "{:?}", pressed.elapsed());
    anyhow::ensure!(visitor.job(id).await? == job, "it was not the last state");
    Ok(job)
}

/// Whether upstream was asked for a prompt that holds this.
fn was_asked(studio: &Studio, prompt: &str) -> bool {
    let asks = |call: &sandbox::Call| String::from_utf8_lossy(&call.body).contains(prompt);
    studio.sandbox.books().calls().iter().any(asks)
}

#[test]
fn a_cancelled_job_is_refunded_where_nothing_was_started_and_spent_where_something_was() {
    run(async {
        let sites = ["busy", "silent", "stall", "stall-late", "stall-after"];
        let more = sites.iter().map(|site| (*site).to_owned()).collect();
        let studio = Setup { more, ..Setup::default() }.start().await?;
        let http = client()?;
        let played = sites.iter().map(async |fault| {
            let visitor = Visitor::open_on(studio.edge.url(), fault, http.clone()).await?;
            // The gateway asks for three seconds: time to press a button.
            let fault_word = if *fault == "busy" { "busy-bare" } else { fault };
            let prompt = format!("cancelled sandbox:{fault_word}");
            let job = visitor.create(&json!({ "prompt": prompt })).await?;
            let worst = worst_each(&job)?;
            let ended = cancel_once(&visitor, &job.id, |job| match *fault {
                "busy" => job.waiting_until.is_some(),
                "stall-after" => job.pictures[0].state == PictureState::Ready,
                _ => job.state == JobState::Running && was_asked(&studio, &prompt),
            });
            let ended = ended.await.with_context(|| (*fault).to_owned())?;
            assert_eq!((ended.state, &ended.problem), (JobState::Cancelled, &None), "{fault}");
            let refunded = *fault == "busy";
            let word = if refunded { Nano::ZERO } else { worst };
            assert_eq!(charged(&ended), Some(word), "{fault}");
            let booked = day(&studio, fault).await?;
            assert_eq!((booked.reserved_usd, booked.charged_usd), (Nano::ZERO, word), "{fault}");
            let kept = *fault == "stall-after";
            assert_eq!(ended.pictures[0].state == PictureState::Ready, kept, "{fault}: {ended:?}");
            if let Some(url) = &ended.pictures[0].url {
                let bytes = visitor.get(url).await?.error_for_status()?.bytes().await?;
                assert_eq!(Some(bytes.len() as u64), ended.pictures[0].bytes, "it stays");
            }
            anyhow::Ok(())
        });
        try_join_all(played).await?;
        let over = |calls: &[sandbox::Call]| {
            let never_ends =
                |call: &&sandbox::Call| call.fault.is_some_and(|fault| fault.never_ends);
            calls.iter().filter(never_ends).all(|call| call.closed_after.is_some())
        };
        let closed = studio.sandbox.books();
        tokio::time::timeout(Duration::from_secs(10), closed.until(over)).await?;
        studio.stop().await
    });
}

#[test]
fn pictures_that_wait_for_their_turn_are_refunded_and_the_others_are_spent() {
    run(async {
        let studio = Setup::default().site("max_count", json!(10)).start().await?;
        let visitor = studio.visitor().await?;
        let body = json!({ "prompt": "ten sandbox:silent", "count": 10 });
        let job = visitor.create(&body).await?;
        studio.sandbox.books().until(|calls| calls.len() == 6).await;
        let ended = cancel_once(&visitor, &job.id, |job| job.state == JobState::Running).await?;
        assert_eq!(charged(&ended), Some(Nano(6 * worst_each(&job)?.0)), "six run at once");
        assert_eq!(studio.sandbox.books().count(), 6);
        studio.stop().await
    });
}

#[test]
fn a_job_that_is_cancelled_as_soon_as_it_is_there_costs_nothing_or_was_started() {
    run(async {
        let studio = Setup::default().start().await?;
        let visitor = studio.visitor().await?;
        let mut refunded = 0;
        for at in 0..20 {
            let prompt = format!("number {at} sandbox:silent");
            let job = visitor.create(&json!({ "prompt": prompt })).await?;
            let ended = visitor.cancel(&job.id).await?;
            assert_eq!((ended.state, &ended.problem), (JobState::Cancelled, &None));
            let worst = worst_each(&job)?;
            match charged(&ended).context("not settled")? {
                Nano::ZERO => {
                    refunded += 1;
                    assert!(!was_asked(&studio, &prompt), "refunded, and upstream was asked");
                }
                all => assert_eq!(all, worst),
            }
        }
        eprintln!("{refunded} of 20 were cancelled before their alarm");
        let booked = day(&studio, "demo").await?;
        assert_eq!(booked.reserved_usd, Nano::ZERO);
        studio.stop().await
    });
}

#[test]
fn while_the_ledger_is_told_and_after_the_end_there_is_nothing_to_cancel() {
    run(async {
        let site = "settles-never";
        let ledger = Some(repo::path("tests/broken-ledger.mjs"));
        let studio =
            Setup { ledger, more: vec![site.to_owned()], ..Setup::default() }.start().await?;
        let visitor = Visitor::open_on(studio.edge.url(), site, client()?).await?;
        let job = visitor.create(&json!({ "prompt": "a cat" })).await?;
        let closing = cancel_once(&visitor, &job.id, |job| {
            job.state == JobState::Running && job.pictures[0].state == PictureState::Ready
        });
        // Here what the cancel answers need not be the last state: the Ledger is still being asked.
        let _ = closing.await;
        let ended = visitor.watch(&job.id).await?.pop().context("no state")?;
        assert_eq!((ended.state, charged(&ended)), (JobState::Succeeded, None));
        assert_eq!(visitor.cancel(&job.id).await?, ended, "a final job stays as it is");
        assert_eq!(visitor.job(&job.id).await?.pictures[0].state, PictureState::Ready);
        studio.stop().await
    });
}

#[test]
fn a_cancelled_edit_leaves_no_upload_behind() {
    run(async {
        let studio = Setup::default().start().await?;
        let visitor = studio.visitor().await?;
        let picture = encode(&paint(&Subject::default()), Format::Png, 90).context("a picture")?;
        for (fault, refunded) in [("busy-bare", true), ("silent", false)] {
            let body = json!({ "prompt": format!("an edit sandbox:{fault}") });
            let job = visitor.edit(&body, std::slice::from_ref(&picture)).await?;
            let job: Job = job.error_for_status()?.json().await?;
            let ended = cancel_once(&visitor, &job.id, |job| match fault {
                "silent" => job.state == JobState::Running && was_asked(&studio, "sandbox:silent"),
                _ => job.waiting_until.is_some(),
            });
            let ended = ended.await.context(fault)?;
            assert_eq!(ended.state, JobState::Cancelled);
            let word = if refunded { Nano::ZERO } else { worst_each(&job)? };
            assert_eq!(charged(&ended), Some(word), "{fault}");
        }
        let left = studio.edge.stored("Job", "SELECT id FROM chunk").await?;
        assert!(left.is_empty(), "{left:?}");
        studio.stop().await
    });
}
