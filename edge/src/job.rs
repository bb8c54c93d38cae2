//! The Job: one Durable Object per job.
//!
//! Owns its calls and its alarm. Every one of them changes the record in one synchronous step; what takes time runs
//! under `wait_until`, so that a job needs no watcher and the alarm never waits for the network.

mod arrival;
mod bytes;
mod fallback;
mod inner;
mod settle;
mod stall_timeout;
mod store;
mod uploads;
mod work;

use crate::{body, clock, js, objects, panics::Place, reply::Reply};
use bytes::Which;
use contract::{job::Job as View, route, session::Allowance};
use engine::{
    job::{NewJob, Record, Wake},
    json::{self, JsonError},
    ledger::{Bill, Closing},
};
use inner::Inner;
use std::rc::Rc;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{Request, Response};
use worker::{Env, Error, Result, worker_sys::DurableObjectState};

/// How long "newer than" may be held.
const HOLD_MS: u64 = 15_000;

/// The object; everything lies in what its work shares with it.
#[wasm_bindgen]
pub struct Job {
    inner: Rc<Inner>,
}

#[wasm_bindgen]
impl Job {
    /// The object in memory.
    #[wasm_bindgen(constructor)]
    pub fn new(state: DurableObjectState, env: Env) -> Self {
        #[cfg(feature = "clock")]
        clock::ahead::begin(&env);
        Self { inner: Rc::new(Inner::new(state.into(), env)) }
    }

    /// A call: its answer, or the promise of one that has to be waited for.
    pub fn fetch(&self, request: Request) -> std::result::Result<JsValue, JsValue> {
        let inner = &self.inner;
        let url = request.url();
        let (secure, rest) = objects::called(&url);
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        if path == "/close" {
            return Ok(close(inner)?.into());
        }
        if inner.is_unreadable() {
            // Not 404: that would have the visitor's browser forget it, and another version may read it.
            return Ok(Reply::inner(503)?.empty()?.into());
        }
        if path == "/create" {
            return Ok(later(create(Rc::clone(inner), request, query == "known", secure)));
        }
        if inner.read(|record| record.is_over(clock::now())).unwrap_or(true) {
            return Ok(Reply::inner(404)?.empty()?.into());
        }
        notice(inner)?;
        let answer = match path {
            "/view" => match query.strip_prefix("after=").and_then(|n| n.parse().ok()) {
                Some(after) if !is_newer(inner, after) => {
                    return Ok(later(newer(Rc::clone(inner), after)));
                }
                _ => told(inner)?,
            },
            "/state" => state(inner, secure)?,
            "/cancel" | "/delete" => {
                return Ok(later(delete(Rc::clone(inner), path == "/delete", secure)));
            }
            _ => {
                let rest = path.strip_prefix("/pictures/").unwrap_or_default();
                let (index, which) = match rest.strip_suffix("/preview") {
                    Some(index) => (index, Which::Preview),
                    None => (rest, Which::Original),
                };
                match index.parse() {
                    Ok(index) => bytes::serve(inner, index, which, query, secure)?,
                    Err(_) => Reply::inner(400)?.empty()?,
                }
            }
        };
        Ok(answer.into())
    }

    /// The alarm rings.
    pub fn alarm(&self) -> std::result::Result<JsValue, JsValue> {
        let inner = &self.inner;
        work::panic_at(inner, Place::Alarm);
        if inner.is_unreadable() && !inner.keep_unreadable()? {
            return Ok(JsValue::UNDEFINED);
        }
        let now = clock::now();
        let working = inner.is_working();
        let wake = inner.change(|record| record.wake(now, working))?;
        let mut begun = None;
        match wake {
            Some(Wake::Start) => begun = inner.begin_work(),
            Some(Wake::Settle) => inner.abort(),
            Some(Wake::Forget) => inner.forget()?,
            Some(Wake::Vanish) | None => {
                let shared = Rc::clone(inner);
                let vanishing = async move { Ok(shared.vanish().await.map(|()| JsValue::NULL)?) };
                return Ok(js::promise(vanishing).into());
            }
            Some(Wake::Watch) => {}
        }
        inner.set_alarm()?;
        // Nothing is awaited here: were this handler to be lost with what it begins, no alarm would come again.
        if let Some(controller) = begun {
            work::start(inner, controller);
        }
        if wake == Some(Wake::Settle) {
            settle::spawn(inner);
        }
        Ok(JsValue::UNDEFINED)
    }
}

fn later(answer: impl Future<Output = Result<Response>> + 'static) -> JsValue {
    js::promise(async move { Ok(answer.await?.into()) }).into()
}

/// Writes the record and sets the alarm that starts the work; called again it changes nothing. The answer is the
/// visitor's.
async fn create(inner: Rc<Inner>, request: Request, known: bool, secure: bool) -> Result<Response> {
    let (new, allowance) = receive(&inner, &request).await?;
    if inner.read(|_| ()).is_none() {
        let now = clock::now();
        inner.create(if inner.is_tombstone() {
            Record::tombstone(new, allowance, now)
        } else {
            Record::new(new, now)
        })?;
        inner.set_alarm()?;
    }
    let view = inner.read(|record| record.created_view(allowance, clock::now()));
    let Some(view) = view else { return Ok(Reply::inner(404)?.empty()?) };
    let reply = Reply::new(if known { 200 } else { 201 }, secure)?;
    Ok(reply.header("location", &route::job(&view.id))?.json(&json::text(&view))?)
}

/// Reads what a job begins with, and stores the pictures to edit that come behind it.
async fn receive(inner: &Inner, request: &Request) -> Result<(NewJob, Allowance)> {
    let parse = |text: &str| {
        json::read(text).map_err(|error: JsonError| Error::RustError(error.to_string()))
    };
    let text_bytes = request.headers().get(objects::TEXT_BYTES)?;
    let Some(text_bytes) = text_bytes.and_then(|text| text.parse().ok()) else {
        return parse(&body::text(request.text()).await?);
    };
    let stream = request.body().ok_or(Error::BadEncoding)?;
    let reader = uploads::reader(&stream);
    let text = uploads::exactly(&reader, text_bytes).await?.to_vec();
    let text = String::from_utf8(text).map_err(|_| Error::BadEncoding)?;
    let (new, allowance) = parse(&text)?;
    let new: NewJob = new;
    if inner.awaits_uploads() {
        uploads::receive(inner, &reader, &new.uploads).await?;
    }
    Ok((new, allowance))
}

/// What was lost or is late ends as soon as somebody asks: its alarm may be seconds away, or lost as well.
fn notice(inner: &Rc<Inner>) -> Result<()> {
    let (now, working) = (clock::now(), inner.is_working());
    if inner.change(|record| record.notice(now, working))?.unwrap_or(false) {
        inner.abort();
        settle::spawn(inner);
    }
    Ok(())
}

/// The lease has ended: the Ledger asks what this came to, and from this turn on nothing can change it.
fn close(inner: &Rc<Inner>) -> Result<Response> {
    let now = clock::now();
    let bill = inner.change(|record| {
        record.lapse();
        record.bill(record.view(now).elapsed_ms)
    })?;
    let closing = match bill {
        Some(bill) => {
            inner.abort();
            settle::spawn(inner);
            Closing::Bill(bill)
        }
        None if inner.is_unreadable() => Closing::Unreadable,
        None => {
            inner.bury()?;
            Closing::Bill(Bill::nothing(inner.state.id().to_string()))
        }
    };
    Ok(Reply::inner(200)?.text(&json::text(&closing))?)
}

/// Cancels a job that runs; else forgets its bytes, unless only a running one was meant.
async fn delete(inner: Rc<Inner>, forget: bool, secure: bool) -> Result<Response> {
    if !cancel(&inner).await && forget {
        inner.forget()?;
    }
    state(&inner, secure)
}

/// Ends the job if it runs: closes the connection upstream, and tells the ledger. True if it ran.
async fn cancel(inner: &Inner) -> bool {
    if !inner.change(Record::cancel).ok().flatten().unwrap_or(false) {
        return false;
    }
    inner.abort();
    settle::close(inner).await;
    let _ = inner.set_alarm();
    true
}

/// The state as the visitor is to have it.
fn state(inner: &Inner, secure: bool) -> Result<Response> {
    match view(inner) {
        Some(view) => Ok(Reply::new(200, secure)?.json(&json::text(&view))?),
        None => Ok(Reply::inner(404)?.empty()?),
    }
}

fn view(inner: &Inner) -> Option<View> {
    inner.read(|record| record.view(clock::now()))
}

/// The state for the event stream, with a header that spares it from reading that: the revision, and whether it is the last.
fn told(inner: &Inner) -> Result<Response> {
    let Some(view) = view(inner) else { return Ok(Reply::inner(404)?.empty()?) };
    let revision = view.revision.to_string();
    let mark = [revision.as_str(), if view.state.is_final() { objects::LAST } else { "" }].concat();
    Ok(Reply::inner(200)?.header(objects::REVISION, &mark)?.text(&json::text(&view))?)
}

fn is_newer(inner: &Inner, after: u64) -> bool {
    inner.read(|record| record.revision > after || record.is_final()).unwrap_or(true)
}

/// The state once it is newer than `after`; 204 if it has not changed for a while.
async fn newer(inner: Rc<Inner>, after: u64) -> Result<Response> {
    let until = clock::now().plus(HOLD_MS);
    loop {
        if is_newer(&inner, after) {
            return told(&inner);
        }
        let left = until.since(clock::now());
        if left == 0 {
            return Ok(Reply::inner(204)?.empty()?);
        }
        inner.changed(left).await;
    }
}
