//! A job's life, as specified.

mod bytes;
mod model;
mod moments;

use super::*;
use crate::{
    gateway::{
        cause::Cause,
        refusal::{Blame, Reason},
    },
    json,
    ledger::{Bill, Booked},
    picture::PictureFacts,
};
use contract::{
    job::{Job, JobState, Order, PictureState},
    money::Nano,
    options::{Background, Format, MediaType, Quality},
    problem::ProblemKind,
    session::Allowance,
    time::{DAY_MS, Timestamp},
};

const NOW: Timestamp = Timestamp(1_795_343_999_000);
const EACH: Nano = Nano(5_000_000);
const FACTS: PictureFacts = PictureFacts {
    media_type: MediaType::Png,
    width: 1024,
    height: 1024,
    bytes: 9,
    credentials: true,
};
const FAILED: Outcome = Outcome::fault(ProblemKind::GatewayFailed, Cause::Cut);

fn job(count: u32) -> Record {
    let size = "1024x1024".parse().unwrap();
    let (quality, background, format) = (Quality::Low, Background::Auto, Format::Png);
    let order = Order {
        prompt: "a cat".to_owned(),
        count,
        size,
        quality,
        background,
        format,
        compression: None,
    };
    let new = NewJob {
        id: "ab".repeat(32),
        site: "demo".to_owned(),
        request_id: "r1".to_owned(),
        order,
        upstream_prompt: "SECRET PREFIX a cat".to_owned(),
        uploads: vec![],
        visitor: [7; 32],
        model: "openai/gpt-image-1-mini".to_owned(),
        worst_each: EACH,
        configured_each: None,
        show_cost: true,
        lease_ends: NOW.plus(360_000),
        total_ms: 300_000,
        retention_ms: 3_600_000,
        expected_ms: Some(30_000),
    };
    Record::new(new, NOW)
}

fn booked() -> Booked {
    Booked { charged: Nano(1), allowance: Allowance { remaining: 1, limit: 2, resets_at: NOW } }
}

/// Ends a job whose pictures are over.
fn ended(mut job: Record) -> (Job, Bill) {
    assert!(job.is_closing(), "{job:?}");
    let bill = job.bill(1_000);
    job.end(Some(booked()), NOW.plus(1_000));
    (job.view(NOW.plus(9_000)), bill)
}

#[test]
fn a_job_starts_by_its_alarm_and_ends_with_its_last_picture() {
    let mut job = job(2);
    assert_eq!(job.alarm(NOW, false), NOW);
    assert_eq!(job.wake(NOW, false), Wake::Start);
    assert_eq!(job.view(NOW).state, JobState::Queued);
    assert!(job.start(0, NOW) && job.start(1, NOW));
    assert_eq!(job.alarm(NOW, true), NOW.plus(15_000));
    job.ready(0, FACTS, NOW.plus(900));
    let view = job.view(NOW.plus(4_000));
    assert_eq!(
        (view.state, view.pictures[0].state, view.elapsed_ms),
        (JobState::Running, PictureState::Ready, 4_000)
    );
    job.over(0, Outcome::Ready(Some(Nano(2_210_000))));
    assert!(!job.is_closing());
    job.ready(1, FACTS, NOW.plus(900));
    job.over(1, Outcome::Ready(None));
    let (view, bill) = ended(job);
    assert_eq!((view.state, view.elapsed_ms, view.problem), (JobState::Succeeded, 1_000, None));
    assert_eq!(view.cost.unwrap().charged_usd, Some(Nano(1)));
    let id = "ab".repeat(32);
    assert_eq!(view.pictures[1].url, Some(format!("/v1/jobs/{id}/pictures/1")));
    assert_eq!(
        bill,
        Bill {
            job: id,
            charged: Nano(7_210_000),
            unknown: EACH,
            pictures: vec![900, 900],
            failed: vec![],
            faults: 0,
            cause: None,
            cancelled: 0,
            model: "openai/gpt-image-1-mini".to_owned(),
            other_model: false,
            strike: false,
            counted: 2,
            took_ms: Some(1_000),
            overrun: None,
        }
    );
}

#[test]
fn a_job_without_a_picture_fails_and_says_why() {
    let mut job = job(2);
    job.start(0, NOW);
    job.start(1, NOW);
    job.over(
        0,
        Outcome::Failed {
            kind: ProblemKind::PromptRefused,
            refund: true,
            blame: Blame::Description,
            cause: Some(Cause::Answer { status: 400, reason: Reason::Moderation }),
        },
    );
    job.over(1, FAILED);
    let (view, bill) = ended(job);
    assert_eq!(
        (view.state, view.problem.unwrap().kind),
        (JobState::Failed, ProblemKind::PromptRefused)
    );
    assert_eq!((bill.charged, bill.unknown, bill.counted, bill.took_ms), (EACH, EACH, 0, None));
    assert_eq!(
        (bill.faults, bill.cause, bill.failed, bill.strike),
        (
            1,
            Some(Cause::Cut),
            vec![(ProblemKind::PromptRefused, 1), (ProblemKind::GatewayFailed, 1)],
            true
        )
    );
}

#[test]
fn a_bill_names_the_cause_of_the_first_failure_that_concerns_the_breaker() {
    let refused = |status, reason, kind| Outcome::Failed {
        kind,
        refund: true,
        blame: Blame::Nobody,
        cause: Some(Cause::Answer { status, reason }),
    };
    let mut key = job(2);
    (0..2).for_each(|index| assert!(key.start(index, NOW)));
    key.over(0, refused(404, Reason::NotFound, ProblemKind::Misconfigured));
    key.over(1, refused(401, Reason::Key, ProblemKind::GatewayRefused));
    let cause = Some(Cause::Answer { status: 401, reason: Reason::Key });
    assert_eq!(ended(key).1.cause, cause);

    let mut late = job(1);
    late.start(0, NOW);
    assert!(late.end_if_lost(NOW.plus(300_000), true));
    assert_eq!(ended(late).1.cause, Some(Cause::Late));
    let mut lost = job(1);
    lost.start(0, NOW);
    assert!(lost.end_if_lost(NOW, false));
    assert_eq!(ended(lost).1.cause, None, "a restart says nothing about upstream");
}

#[test]
fn pictures_succeed_and_fail_each_for_itself() {
    let mut job = job(2);
    job.start(0, NOW);
    job.start(1, NOW);
    job.over(0, FAILED);
    job.ready(1, FACTS, NOW.plus(900));
    job.over(1, Outcome::Ready(Some(Nano(7))));
    let (view, bill) = ended(job);
    assert_eq!((view.state, view.problem), (JobState::Succeeded, None));
    assert_eq!(view.pictures[0].problem.as_ref().unwrap().kind, ProblemKind::GatewayFailed);
    assert_eq!((bill.charged, bill.came(), bill.took_ms), (Nano(5_000_007), 1, None));
}

#[test]
fn only_what_upstream_took_too_long_for_is_its_fault() {
    let late = NOW.plus(300_000);
    for (now, working, faults) in [(late, true, 1), (late, false, 0), (NOW, false, 0)] {
        let mut job = job(2);
        job.start(0, NOW);
        job.wake(now, working);
        assert_eq!(ended(job).1.faults, faults, "of two pictures one had started");
    }
}

#[test]
fn what_fails_after_a_picture_is_ready_does_not_touch_it() {
    let mut job = job(1);
    job.start(0, NOW);
    job.ready(0, FACTS, NOW.plus(900));
    job.over(0, FAILED);
    let (view, bill) = ended(job);
    assert_eq!((view.state, bill.charged, bill.unknown), (JobState::Succeeded, EACH, EACH));
}

#[test]
fn cancelling_refunds_what_waits_and_spends_what_started() {
    let mut job = job(4);
    for index in 0..3 {
        job.start(index, NOW);
    }
    job.ready(0, FACTS, NOW.plus(900));
    job.put_off(1, NOW.plus(5_000));
    assert!(job.cancel());
    assert!(!job.cancel(), "once is enough");
    job.ready(2, FACTS, NOW.plus(900));
    job.over(2, Outcome::Ready(Some(Nano(1))));
    let (view, bill) = ended(job);
    assert_eq!((view.state, view.problem), (JobState::Cancelled, None));
    let states: Vec<_> = view.pictures.iter().map(|p| p.state).collect();
    assert_eq!(
        states,
        [PictureState::Ready, PictureState::Failed, PictureState::Failed, PictureState::Failed]
    );
    assert_eq!(
        (bill.charged.0, bill.came(), bill.counted),
        (2 * EACH.0, 1, 2),
        "0 is ready, 2 had started"
    );
}

#[test]
fn a_job_that_lost_its_work_is_interrupted() {
    let mut job = job(3);
    job.start(0, NOW);
    job.start(1, NOW);
    job.ready(0, FACTS, NOW.plus(900));
    assert_eq!(job.wake(NOW.plus(20_000), false), Wake::Settle);
    let (view, bill) = ended(job);
    assert_eq!(view.state, JobState::Succeeded, "a ready picture is not lost");
    assert_eq!(view.pictures[1].problem.as_ref().unwrap().kind, ProblemKind::Interrupted);
    assert_eq!((bill.charged.0, bill.counted), (2 * EACH.0, 1), "2 had not started");
}

#[test]
fn a_job_never_outlives_its_time() {
    let mut late = job(1);
    late.start(0, NOW);
    assert_eq!(late.alarm(NOW.plus(290_000), true), NOW.plus(300_000));
    assert_eq!(late.wake(NOW.plus(299_999), true), Wake::Watch);
    assert_eq!(late.wake(NOW.plus(300_000), true), Wake::Settle);
    assert_eq!(ended(late).0.problem.unwrap().kind, ProblemKind::Interrupted);
    let mut unstarted = job(1);
    assert!(!unstarted.start(0, NOW.plus(300_000)));
    assert_eq!(unstarted.wake(NOW.plus(360_000), false), Wake::Settle);
    assert_eq!(ended(unstarted).1.charged, Nano::ZERO);
}

#[test]
fn nothing_starts_twice() {
    let mut job = job(1);
    assert!(job.start(0, NOW));
    assert!(!job.start(0, NOW));
    assert!(!job.start(7, NOW));
}

#[test]
fn while_upstream_asks_for_patience_the_visitor_sees_until_when() {
    let mut job = job(2);
    job.start(0, NOW);
    job.start(1, NOW);
    job.put_off(0, NOW.plus(5_000));
    assert_eq!(job.view(NOW).waiting_until, None, "another one runs");
    job.put_off(1, NOW.plus(7_000));
    assert_eq!(job.view(NOW).waiting_until, Some(NOW.plus(5_000)));
    assert_eq!(job.put_off_before(0), 1);
    assert!(job.start(0, NOW.plus(5_000)));
    assert_eq!(job.view(NOW).waiting_until, None);
}

#[test]
fn a_job_is_settled_until_it_is_confirmed_then_kept_then_forgotten_then_gone() {
    let mut job = job(1);
    job.start(0, NOW);
    job.ready(0, FACTS, NOW.plus(900));
    job.over(0, Outcome::Ready(Some(Nano(1))));
    assert_eq!(job.wake(NOW, true), Wake::Watch, "its work is telling the ledger");
    assert_eq!(job.wake(NOW, false), Wake::Settle);
    job.end(None, NOW);
    assert_eq!(job.view(NOW).cost.unwrap().charged_usd, None);
    assert_eq!(job.wake(NOW, false), Wake::Settle);
    job.confirm(booked());
    assert_eq!(job.view(NOW).cost.unwrap().charged_usd, Some(Nano(1)));
    assert_eq!(job.alarm(NOW, false), NOW.plus(3_600_000));
    assert_eq!(job.wake(NOW.plus(3_599_999), false), Wake::Watch);
    assert_eq!(job.retention_left(NOW.plus(3_599_999)), 1);
    assert_eq!(job.wake(NOW.plus(3_600_000), false), Wake::DeleteBytes);
    assert!(job.original(0).is_some());
    assert!(job.forget() && !job.forget());
    assert!(job.original(0).is_none() && job.is_gone(0));
    assert_eq!(
        job.view(NOW).state,
        JobState::Succeeded,
        "deleting does not change a finished job's state"
    );
    assert_eq!(job.alarm(NOW, false), NOW.plus(DAY_MS + 3_600_000));
    assert!(job.has_expired(NOW.plus(DAY_MS)));
    assert_eq!(job.wake(NOW.plus(DAY_MS + 3_600_000), false), Wake::DeleteAll);
}

#[test]
fn every_change_that_can_be_seen_raises_the_revision() {
    let mut job = job(1);
    let mut seen = vec![job.revision];
    job.start(0, NOW);
    seen.push(job.revision);
    job.ready(0, FACTS, NOW.plus(900));
    seen.push(job.revision);
    job.over(0, Outcome::Ready(None));
    assert_eq!(Some(&job.revision), seen.last(), "what is only booked is not seen");
    job.end(None, NOW);
    seen.push(job.revision);
    job.forget();
    seen.push(job.revision);
    assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");
}

#[test]
fn a_record_reads_back_and_shows_nothing_of_the_sites_prefix() {
    let mut job = job(1);
    job.start(0, NOW);
    job.ready(0, FACTS, NOW.plus(900));
    let stored = json::text(&job);
    assert_eq!(json::read::<Record>(&stored), Ok(job.clone()));
    assert!(!json::text(&job.view(NOW)).contains("SECRET"));
}

#[test]
fn a_files_name_says_what_it_shows_and_who_made_it() {
    let mut named = job(1);
    for (prompt, name) in [
        ("A cat, \"asleep\"!", r#"filename="a-cat-asleep-ai-generated-1.png""#),
        (
            "猫",
            r#"filename="picture-ai-generated-1.png"; filename*=UTF-8''%E7%8C%AB-ai-generated-1.png"#,
        ),
        ("../../etc/passwd\r\nX: y", r#"filename="etc-passwd-x-y-ai-generated-1.png""#),
    ] {
        named.new.order.prompt = prompt.to_owned();
        assert_eq!(named.file_name(0, "png"), name);
    }
}

#[test]
fn a_lease_that_ends_closes_the_job_in_that_turn() {
    let mut queued = job(2);
    queued.lapse();
    assert_eq!(queued.bill(0).charged, Nano::ZERO);
    let mut running = job(2);
    running.start(0, NOW);
    running.lapse();
    assert_eq!((running.bill(0).charged, running.bill(0).counted), (EACH, 0));
    assert!(!running.start(1, NOW), "nothing starts after it");
    let mut done = job(1);
    done.start(0, NOW);
    done.ready(0, FACTS, NOW.plus(900));
    done.over(0, Outcome::Ready(Some(Nano(7))));
    done.end(None, NOW);
    let before = done.clone();
    done.lapse();
    assert_eq!((&done, done.bill(0).charged), (&before, Nano(7)));
}

#[test]
fn a_job_that_comes_after_its_lease_was_closed_is_a_tombstone() {
    let mut late = Record::tombstone(job(2).new, booked().allowance, NOW);
    let view = late.view(NOW);
    assert_eq!(
        (view.state, view.problem.unwrap().kind),
        (JobState::Failed, ProblemKind::Interrupted)
    );
    assert_eq!(view.cost.unwrap().charged_usd, Some(Nano::ZERO));
    assert!(!late.start(0, NOW) && !late.cancel());
    assert_eq!(late.wake(NOW, false), Wake::Watch, "there is nothing to do");
}
