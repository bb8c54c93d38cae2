//! The work of a job: one request upstream per picture, and what follows from its end.
//!
//! Owns the order that money demands: "started" is stored before the request leaves. Must not decide what an answer
//! means: the engine does.

use super::{
    arrival, fallback,
    inner::{Inner, within},
    settle, uploads,
};
use crate::{
    clock, objects,
    panics::{self, Place},
    setup,
    upstream::Answer,
};
use contract::{money::Nano, problem::ProblemKind, time::Timestamp};
use engine::{
    candidates::{self, MadeBy},
    config::Config,
    gateway::{
        dialect::Dialect,
        refusal::{self, Blame, Refusal, Verdict},
        request::{self, Ask, Request},
        retry,
    },
    job::{Outcome, Record},
    price::{self, Usage},
};
use std::{future::poll_fn, pin::Pin, rc::Rc, task::Poll};
use web_sys::{AbortController, AbortSignal};
use worker::console_error;

/// Requests of a job that run at once: six connections may wait for headers.
const AT_ONCE: usize = 6;

/// A request that ended without a picture, or after one.
pub(super) const FAILED: Outcome = Outcome::fault(ProblemKind::GatewayFailed);
pub(super) const INTERRUPTED: Outcome = Outcome::fault(ProblemKind::Interrupted);

/// Panics where a test asks for it.
pub(super) fn panic_at(inner: &Inner, place: Place) {
    let _ = inner.read(|record| panics::at(place, &record.new.upstream_prompt));
}

/// Begins the work in the background: nobody has to watch it.
pub(super) fn start(inner: &Rc<Inner>, controller: AbortController) {
    let shared = Rc::clone(inner);
    inner.state.wait_until(async move {
        run(&shared, &controller.signal()).await;
        settle::close(&shared).await;
        shared.end_work();
        let _ = shared.set_alarm();
    });
}

/// Makes them all. Whenever one can go on, each that has begun is asked: that is less than finding out which.
async fn run(inner: &Rc<Inner>, signal: &AbortSignal) {
    let count = inner.read(|record| record.new.order.count).unwrap_or(0);
    let mut pictures: Vec<Pin<Box<dyn Future<Output = ()> + '_>>> = Vec::new();
    for index in 0..count as usize {
        pictures.push(Box::pin(picture(inner, index, signal)));
    }
    poll_fn(|context| {
        let mut at = 0;
        // The rest begin as one ends.
        while at < AT_ONCE
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

/// Makes one picture, however often upstream puts it off, with whichever model is there.
async fn picture(inner: &Inner, index: usize, signal: &AbortSignal) {
    loop {
        let now = clock::now();
        panic_at(inner, Place::Begun);
        if !change(inner, |record| record.start(index, now)).unwrap_or(false) {
            return;
        }
        panic_at(inner, Place::Started);
        let outcome = match attempt(inner, index, signal).await {
            Attempt::Over(outcome) => outcome,
            Attempt::PutOff { retry_after, blame } => {
                match later(inner, index, retry_after.as_deref()) {
                    Some(until) => {
                        change(inner, |record| record.put_off(index, until));
                        wait(inner, until, signal).await;
                        continue;
                    }
                    None => Outcome::Failed { kind: ProblemKind::Busy, refund: true, blame },
                }
            }
            Attempt::Gone(model) => match fallback::from(inner, &model).await {
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

/// When a picture that was put off is asked for again; nothing if it would be too late, or too often.
fn later(inner: &Inner, index: usize, retry_after: Option<&str>) -> Option<Timestamp> {
    let now = clock::now();
    inner.read(|record| {
        retry::retry_at(record.put_off_before(index), retry_after, now, record.deadline())
    })?
}

/// Waits until then, or until the job is ended.
async fn wait(inner: &Inner, until: Timestamp, signal: &AbortSignal) {
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
    Over(Outcome),
    /// Upstream did no work, and asked for patience.
    PutOff {
        retry_after: Option<String>,
        blame: Blame,
    },
    /// Upstream has no such model.
    Gone(String),
}

async fn attempt(inner: &Inner, index: usize, signal: &AbortSignal) -> Attempt {
    let Some(setup) = setup::get(&inner.env) else {
        return Attempt::Over(Outcome::refunded(ProblemKind::Misconfigured));
    };
    let gateway = &setup.config.gateway;
    let asked = inner.read(|record| (ask(record, gateway.dialect), record.new.model.clone()));
    let Some((request, model)) = asked else { return Attempt::Over(FAILED) };
    let Ok(mut answer) = uploads::send(inner, gateway, &request, signal).await else {
        return Attempt::Over(FAILED);
    };
    if answer.status != 200 {
        let body = head(&mut answer, gateway.stall_ms).await;
        let mut refused = refusal::read(answer.status, &body, gateway.dialect.model(&model));
        if refused.undecided {
            refused = refused.decided(verdict(inner).await);
        }
        let (id, status) = (inner.state.id().to_string(), answer.status);
        let Refusal { kind, refund, again, blame, model_gone, reason, .. } = refused;
        let id = objects::logged(&id);
        console_error!("gateway.refused job={id} status={status} kind={kind} reason={reason}");
        return match (again, model_gone) {
            (true, _) => Attempt::PutOff { retry_after: answer.retry_after.take(), blame },
            (_, true) => Attempt::Gone(model),
            _ => Attempt::Over(Outcome::Failed { kind, refund, blame }),
        };
    }
    let outcome = arrival::read(inner, index, &mut answer, gateway).await;
    panic_at(inner, Place::Ready);
    answer.cancel();
    Attempt::Over(match outcome {
        Ok(usage) => Outcome::Ready(charge(inner, &setup.config, &model, usage)),
        Err(outcome) => outcome,
    })
}

/// What a picture came to, by the prices of the model that made it: nothing where upstream does not say what it cost and
/// that model is not configured.
fn charge(inner: &Inner, config: &Config, asked: &str, usage: Usage) -> Option<Nano> {
    let told = usage.made_by.as_str();
    let made_by = candidates::made_by(&config.models, asked, told);
    let (name, prices) = match made_by {
        MadeBy::Asked => return price::charge(usage, config.model(asked).map(|it| it.prices)),
        MadeBy::Another(model) => (model.id.as_str(), Some(model.prices)),
        MadeBy::Unknown => (candidates::OTHER, None),
    };
    let id = inner.state.id().to_string();
    console_error!("gateway.other_model job={} asked={asked} told={told}", objects::logged(&id));
    change(inner, |record| record.made_by(name));
    price::charge(usage, prices)
}

/// What the site's Ledger finds out about a 403 that does not say what it is about; nothing if it does not answer.
async fn verdict(inner: &Inner) -> Option<Verdict> {
    let (site, job) = inner.read(|record| (record.new.site.clone(), record.new.id.clone()))?;
    let ledger = objects::ledger(&inner.env, &site).ok()?;
    objects::ask(&ledger, &["/", &site, "/forbidden"].concat(), &job).await.ok()
}

/// The request for one picture of a job.
fn ask(record: &Record, dialect: &Dialect) -> Request {
    request::write(&Ask {
        dialect,
        model: &record.new.model,
        prompt: &record.new.upstream_prompt,
        order: &record.new.order,
        pictures: &record.new.uploads,
        visitor: Some(record.new.visitor),
    })
}

/// The beginning of an error's body; what comes late or breaks is left out.
async fn head(answer: &mut Answer, stall_ms: u64) -> Vec<u8> {
    let mut head = Vec::new();
    while head.len() < refusal::BODY_BYTES {
        match within(stall_ms, answer.next()).await {
            Some(Ok(Some(piece))) => head.extend_from_slice(&piece.to_vec()),
            _ => break,
        }
    }
    answer.cancel();
    head
}

/// Changes the record. What cannot be stored is logged; the watchdog then ends the job as interrupted.
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
