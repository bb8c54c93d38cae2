//! The moments at which a job's answers change: its last millisecond, its end, its first put-off.

use super::*;

/// A job of which the only picture is over.
fn over() -> Record {
    let mut job = job(1);
    assert!(job.start(0, NOW));
    job.ready(0, FACTS, NOW);
    job.over(0, Outcome::Ready(None));
    job
}

#[test]
fn a_job_can_be_read_for_a_day() {
    let job = job(1);
    assert!(!job.has_expired(NOW.plus(DAY_MS - 1)));
    assert!(job.has_expired(NOW.plus(DAY_MS)));
}

#[test]
fn no_picture_starts_in_the_moment_in_which_the_time_is_over() {
    let record = job(1);
    assert!(record.clone().start(0, NOW.plus(299_999)));
    assert!(!record.clone().start(0, NOW.plus(300_000)), "the total time is over");
    let mut short = record;
    short.new.lease_ends = NOW.plus(10);
    assert!(short.clone().start(0, NOW.plus(9)));
    assert!(!short.start(0, NOW.plus(10)), "the lease is over");
}

#[test]
fn put_offs_are_counted_from_none_and_an_unknown_picture_has_too_many() {
    let mut job = job(1);
    assert_eq!(job.put_off_before(0), 0);
    assert!(job.start(0, NOW));
    job.put_off(0, NOW.plus(5_000));
    assert_eq!(job.put_off_before(0), 1);
    assert_eq!(job.put_off_before(1), u8::MAX);
}

#[test]
fn the_ledgers_answer_is_taken_once_and_only_after_the_end() {
    let mut job = over();
    assert!(!job.is_final());
    job.confirm(booked());
    assert_eq!(job.view(NOW).allowance, None, "before the end it is no answer");
    job.end(None, NOW);
    assert!(job.is_final());
    job.confirm(booked());
    let other = Booked { charged: Nano(2), ..booked() };
    job.confirm(other);
    assert_eq!(job.view(NOW).cost.unwrap().charged_usd, Some(Nano(1)), "the first one stays");
}

#[test]
fn the_bytes_are_kept_for_the_retention_time_from_the_end() {
    let mut job = over();
    assert_eq!(job.retention_left(NOW.plus(9)), 3_600_000, "not over: the full time");
    job.end(None, NOW);
    assert_eq!(job.retention_left(NOW.plus(10)), 3_599_990);
    assert_eq!(job.retention_left(NOW.plus(3_600_000)), 0);
}
