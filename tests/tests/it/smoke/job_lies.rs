//! Lies about jobs: lost or changed by a reload, never started, cancelled in words alone.

use super::lies::{case, changed, each_is_found};
use contract::problem::{Problem, ProblemKind};
use preflight::smoke::Check;
use serde_json::{Value, json};
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use tests::{
    liar::{Asked, Lie, Told},
    run,
};

fn unknown_job(told: &mut Told) {
    let problem = Problem::new(ProblemKind::UnknownJob, "r");
    told.status = 404;
    told.header("content-type", "application/problem+json");
    told.body = json!(problem).to_string().into_bytes();
}

/// After a session was renewed, `change` is applied to what follows.
struct AfterReload<F> {
    renewed: AtomicBool,
    change: F,
}

fn after_reload<F: Fn(&Asked, &mut Told) + Send + Sync + 'static>(change: F) -> AfterReload<F> {
    AfterReload { renewed: AtomicBool::new(false), change }
}

impl<F: Fn(&Asked, &mut Told) + Send + Sync + 'static> Lie for AfterReload<F> {
    fn after(&self, asked: &Asked, told: &mut Told) {
        if asked.is("POST", "/v1/sessions")
            && asked.headers.contains_key("authorization")
            && told.status == 201
        {
            self.renewed.store(true, Ordering::Relaxed);
        }
        if self.renewed.load(Ordering::Relaxed) {
            (self.change)(asked, told);
        }
    }
}

/// A renewal opens a new session: the token is removed from the request.
struct Forgetful;

impl Lie for Forgetful {
    fn before(&self, asked: &mut Asked) -> Option<Told> {
        let real = asked.headers.get("authorization").is_some_and(|it| it.len() > 60);
        if asked.is("POST", "/v1/sessions") && real {
            asked.headers.remove("authorization");
        }
        None
    }
}

#[test]
fn a_job_that_is_lost_or_changed_by_a_reload_is_found() {
    run(each_is_found(vec![
        case(
            "the job is lost",
            Check::Reload,
            "404 unknown-job",
            after_reload(|asked, told| {
                if asked.is_job() {
                    unknown_job(told);
                }
            }),
        ),
        case(
            "other bytes",
            Check::Reload,
            "other bytes",
            after_reload(|asked, told| {
                if asked.is_picture() {
                    let middle = told.body.len() / 2;
                    told.body[middle] ^= 1;
                }
            }),
        ),
        case(
            "the state of another job",
            Check::Reload,
            "is failed, and was succeeded",
            after_reload(|asked, told| {
                if asked.is_job() {
                    told.json(|job| job["state"] = json!("failed"));
                }
            }),
        ),
        case("a renewal for another visitor", Check::Reload, "another visitor", Forgetful),
        changed(
            "a job that nobody starts",
            Check::Unwatched,
            "nothing has started it",
            |asked, told| {
                if asked.is_job() {
                    told.json(|job| job["state"] = json!("queued"));
                }
            },
        ),
        changed("a job that fails", Check::Unwatched, "gateway-failed", |asked, told| {
            if asked.is_job() {
                told.json(|job| {
                    job["state"] = json!("failed");
                    job["problem"] = json!(Problem::new(ProblemKind::GatewayFailed, "r"));
                });
            }
        }),
        changed("half a picture", Check::Unwatched, "no whole picture", |asked, told| {
            if asked.is_picture() {
                told.body.truncate(told.body.len() / 2);
            }
        }),
    ]));
}

/// A cancel is confirmed without being passed on.
#[derive(Default)]
struct Deaf(Mutex<Option<(Told, Value)>>);

impl Lie for Deaf {
    fn before(&self, asked: &mut Asked) -> Option<Told> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (mut told, mut job) = held.filter(|_| asked.method == "DELETE")?;
        job["state"] = json!("cancelled");
        told.body = job.to_string().into_bytes();
        told.status = 200;
        Some(told)
    }

    fn after(&self, asked: &Asked, told: &mut Told) {
        if asked.is("POST", "/v1/jobs") && told.status == 201 {
            let job = serde_json::from_slice(&told.body).unwrap_or_default();
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((told.clone(), job));
        }
    }
}

#[test]
fn a_cancel_that_is_not_carried_out_is_found() {
    run(each_is_found(vec![
        case("it is confirmed, and the job runs on", Check::Cancel, "it ran on", Deaf::default()),
        changed(
            "the answer says that it succeeded",
            Check::Cancel,
            "says that the job is succeeded",
            |asked, told| {
                if asked.method == "DELETE" {
                    told.json(|job| job["state"] = json!("succeeded"));
                }
            },
        ),
        changed(
            "it is charged as if it had ended",
            Check::Cancel,
            "neither nothing nor its reservation",
            |asked, told| {
                if asked.is_job() {
                    told.json(|job| {
                        if job["state"] == "cancelled" {
                            job["cost"]["charged_usd"] = json!("0.0021");
                        }
                    });
                }
            },
        ),
        changed("it is refused", Check::Cancel, "404 unknown-job", |asked, told| {
            if asked.method == "DELETE" {
                unknown_job(told);
            }
        }),
    ]));
}
