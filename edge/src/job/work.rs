//! The work of a job: one request upstream per picture, and the handling of its outcome.
//!
//! Owns the order that keeps the budget safe: "started" is stored before the request is sent. Must not decide what a
//! response means: the engine does.

use super::{
    arrival, fallback,
    inner::{Inner, within},
    settle, uploads,
};
use crate::{
    clock, objects,
    panics::{self, Place},
    setup,
    upstream::UpstreamResponse,
};
use contract::{money::Nano, problem::ProblemKind, time::Timestamp};
use engine::{
    candidates::{self, MadeBy},
    config::Config,
    gateway::{
        cause::Cause,
        dialect::Dialect,
        refusal::{self, Blame, ForbiddenCause, Refusal},
        request::{self, PictureRequest, UpstreamRequest},
        retry,
    },
    job::{Outcome, Record},
    price::{self, Usage},
};
use std::{future::poll_fn, pin::Pin, rc::Rc, task::Poll};
use web_sys::{AbortController, AbortSignal};
use worker::console_error;

/// How many requests of a job run at once: the runtime allows six connections that wait for headers.
const MAX_CONCURRENT: usize = 6;

/// The outcome of a request that failed, before or after its picture arrived: it counts as spent.
pub(super) const fn failed(cause: Cause) -> Outcome {
    Outcome::fault(ProblemKind::GatewayFailed, cause)
}

/// Panics if a test requests a panic at this place.
pub(super) fn panic_at(inner: &Inner, place: Place) {
    let _ = inner.read(|record| panics::at(place, &record.new.upstream_prompt));
}

/// Starts the work in the background, where it continues without a client.
pub(super) fn start(inner: &Rc<Inner>, controller: AbortController) {
    let shared = Rc::clone(inner);
    inner.state.wait_until(async move {
        run(&shared, &controller.signal()).await;
        settle::close(&shared).await;
        shared.end_work();
        let _ = shared.set_alarm();
    });
}

/// Makes all pictures. Each wake-up polls every running picture, which costs less than tracking which one was woken.
async fn run(inner: &Rc<Inner>, signal: &AbortSignal) {
    let count = inner.read(|record| record.new.order.count).unwrap_or(0);
    let mut pictures: Vec<Pin<Box<dyn Future<Output = ()> + '_>>> = Vec::new();
    for index in 0..count as usize {
        pictures.push(Box::pin(picture(inner, index, signal)));
    }
    poll_fn(|context| {
        let mut at = 0;
        // The next picture begins when one ends.
        while at < MAX_CONCURRENT
            && let Some(picture) = pictures.get_mut(at)
        {
            if picture.as_mut().poll(context).is_ready() {
                drop(pictures.remove(at));
            } else {
                at += 1;
            }
        }
        if pictures.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// Makes one picture, with retries if upstream asks to wait, and with the next model if one does not exist.
async fn picture(inner: &Inner, index: usize, signal: &AbortSignal) {
    loop {
        let now = clock::now();
        panic_at(inner, Place::Begun);
        if !change(inner, |record| record.start(index, now)).unwrap_or(false) {
            return;
        }
        panic_at(inner, Place::Started);
        let outcome = match attempt(inner, index, signal).await {
            Attempt::Finished(outcome) => outcome,
            Attempt::Postponed { retry_after, blame, cause } => {
                if let Some(until) = retry_time(inner, index, retry_after.as_deref()) {
                    change(inner, |record| record.put_off(index, until));
                    wait_until(inner, until, signal).await;
                    continue;
                }
                let (kind, cause) = (ProblemKind::Busy, Some(cause));
                Outcome::Failed { kind, refund: true, blame, cause }
            }
            Attempt::ModelGone(model) => match fallback::from(inner, &model).await {
                Ok(()) => {
                    change(inner, |record| record.not_started(index));
                    continue;
                }
                Err(kind) => Outcome::refunded(kind),
            },
        };
        change(inner, |record| record.over(index, outcome));
        return;
    }
}

/// When to retry a postponed picture; `None` after the last retry, or if it would be after the job's deadline.
fn retry_time(inner: &Inner, index: usize, retry_after: Option<&str>) -> Option<Timestamp> {
    let now = clock::now();
    inner.read(|record| {
        retry::retry_at(record.put_off_before(index), retry_after, now, record.deadline())
    })?
}

/// Waits until this time, or until the job is ended.
async fn wait_until(inner: &Inner, until: Timestamp, signal: &AbortSignal) {
    loop {
        let left = until.since(clock::now());
        if left == 0 || signal.aborted() {
            return;
        }
        inner.changed(left).await;
    }
}

/// How one request ended.
enum Attempt {
    Finished(Outcome),
    /// Upstream did no work, and asks to try again later.
    Postponed {
        retry_after: Option<String>,
        blame: Blame,
        cause: Cause,
    },
    /// Upstream has no such model.
    ModelGone(String),
}

async fn attempt(inner: &Inner, index: usize, signal: &AbortSignal) -> Attempt {
    let Some(setup) = setup::get(&inner.env) else {
        return Attempt::Finished(Outcome::refunded(ProblemKind::Misconfigured));
    };
    let gateway = &setup.config.gateway;
    let asked =
        inner.read(|record| (upstream_request(record, gateway.dialect), record.new.model.clone()));
    let Some((request, model)) = asked else {
        return Attempt::Finished(failed(Cause::NotStored));
    };
    let Ok(mut response) = uploads::send(inner, gateway, &request, signal).await else {
        return Attempt::Finished(failed(Cause::NoAnswer));
    };
    if response.status != 200 {
        let body = error_body(&mut response, gateway.stall_ms).await;
        let mut refused = refusal::read(response.status, &body, gateway.dialect.model(&model));
        if refused.undecided {
            refused = refused.decided(verdict(inner).await);
        }
        let (id, status) = (inner.state.id().to_string(), response.status);
        let Refusal { kind, refund, retryable, blame, model_gone, reason, .. } = refused;
        let id = objects::logged(&id);
        console_error!("gateway.refused job={id} status={status} kind={kind} reason={reason}");
        let cause = Cause::Answer { status, reason };
        return match (retryable, model_gone) {
            (true, _) => {
                Attempt::Postponed { retry_after: response.retry_after.take(), blame, cause }
            }
            (_, true) => Attempt::ModelGone(model),
            _ => Attempt::Finished(Outcome::Failed { kind, refund, blame, cause: Some(cause) }),
        };
    }
    let outcome = arrival::read(inner, index, &mut response, gateway).await;
    panic_at(inner, Place::Ready);
    response.cancel();
    Attempt::Finished(match outcome {
        Ok(usage) => Outcome::Ready(charge(inner, &setup.config, &model, usage)),
        Err(outcome) => outcome,
    })
}

/// The charge for a picture, by the prices of the model that made it; `None` if the response states no cost and that model
/// is not configured.
fn charge(inner: &Inner, config: &Config, asked: &str, usage: Usage) -> Option<Nano> {
    let reported = usage.made_by.as_str();
    let made_by = candidates::made_by(&config.models, asked, reported);
    let (name, prices) = match made_by {
        MadeBy::Asked => return price::charge(usage, config.model(asked).map(|it| it.prices)),
        MadeBy::Another(model) => (model.id.as_str(), Some(model.prices)),
        MadeBy::Unknown => (candidates::OTHER, None),
    };
    let id = inner.state.id().to_string();
    console_error!(
        "gateway.other_model job={} asked={asked} reported={reported}",
        objects::logged(&id)
    );
    change(inner, |record| record.made_by(name));
    price::charge(usage, prices)
}

/// The Ledger's decision about a 403 that does not say whether it is about the prompt or about the key; `None` if the
/// Ledger does not respond.
async fn verdict(inner: &Inner) -> Option<ForbiddenCause> {
    let (site, job) = inner.read(|record| (record.new.site.clone(), record.new.id.clone()))?;
    let ledger = objects::ledger(&inner.env, &site).ok()?;
    objects::call_json(&ledger, &["/", &site, "/forbidden"].concat(), &job).await.ok()
}

/// The request upstream for one picture of a job.
fn upstream_request(record: &Record, dialect: &Dialect) -> UpstreamRequest {
    request::write(&PictureRequest {
        dialect,
        model: &record.new.model,
        prompt: &record.new.upstream_prompt,
        order: &record.new.order,
        pictures: &record.new.uploads,
        visitor: Some(record.new.visitor),
    })
}

/// The beginning of an error's body, as far as it arrives without a stall.
async fn error_body(response: &mut UpstreamResponse, stall_ms: u64) -> Vec<u8> {
    let mut head = Vec::new();
    while head.len() < refusal::BODY_BYTES {
        match within(stall_ms, response.next()).await {
            Some(Ok(Some(piece))) => head.extend_from_slice(&piece.to_vec()),
            _ => break,
        }
    }
    response.cancel();
    head
}

/// Changes the record. A failure to store it is logged; the alarm then ends the job as interrupted.
pub(super) fn change<T>(inner: &Inner, change: impl FnOnce(&mut Record) -> T) -> Option<T> {
    match inner.change(change) {
        Ok(outcome) => outcome,
        Err(error) => {
            let id = inner.state.id().to_string();
            console_error!("job.not_stored job={} reason={error}", objects::logged(&id));
            None
        }
    }
}
