//! The Job: one Durable Object per job.
//!
//! Owns its calls and its alarm. Each of them changes the record in one synchronous step. Work that takes time runs under
//! `wait_until`, so that a job continues without a client and the alarm never waits for the network. Must not decide
//! state transitions: the engine's `Record` does.

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
use bytes::PictureVersion;
use contract::{job::Job as View, route, session::Allowance};
use engine::{
    job::{NewJob, Record, Wake},
    json,
    ledger::{Bill, Closing},
};
use inner::Inner;
use std::rc::Rc;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{Request, Response};
use worker::{Env, Error, Result, worker_sys::DurableObjectState};

/// How long a request for a state newer than a revision is kept open.
const LONG_POLL_MS: u64 = 15_000;

/// The Durable Object. All its state is in [`Inner`], which its background work shares.
#[wasm_bindgen]
pub struct Job {
    inner: Rc<Inner>,
}

#[wasm_bindgen]
impl Job {
    /// Creates the object when the runtime loads it.
    #[wasm_bindgen(constructor)]
    pub fn new(state: DurableObjectState, env: Env) -> Self {
        #[cfg(feature = "clock")]
        clock::ahead::begin(&env);
        Self { inner: Rc::new(Inner::new(state.into(), env)) }
    }

    /// Handles a call. Returns the response, or a promise of it if it takes time.
    pub fn fetch(&self, request: Request) -> std::result::Result<JsValue, JsValue> {
        let inner = &self.inner;
        let url = request.url();
        let (secure, rest) = objects::called(&url);
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        if path == "/close" {
            return Ok(close(inner)?.into());
        }
        if inner.is_unreadable() {
            // Not 404: the visitor's browser would then forget the job, which another version may be able to read.
            return Ok(Reply::inner(503)?.empty()?.into());
        }
        if path == "/create" {
            return Ok(promise_of(create(Rc::clone(inner), request, query == "known", secure)));
        }
        if inner.read(|record| record.has_expired(clock::now())).unwrap_or(true) {
            return Ok(Reply::inner(404)?.empty()?.into());
        }
        end_if_overdue(inner)?;
        let response = match path {
            "/view" => match query.strip_prefix("after=").and_then(|n| n.parse().ok()) {
                Some(after) if !is_newer(inner, after) => {
                    return Ok(promise_of(wait_for_newer(Rc::clone(inner), after)));
                }
                _ => stream_state(inner)?,
            },
            "/state" => state(inner, secure)?,
            "/cancel" | "/delete" => {
                return Ok(promise_of(delete(Rc::clone(inner), path == "/delete", secure)));
            }
            _ => {
                let rest = path.strip_prefix("/pictures/").unwrap_or_default();
                let (index, version) = match rest.strip_suffix("/preview") {
                    Some(index) => (index, PictureVersion::Preview),
                    None => (rest, PictureVersion::Original),
                };
                match index.parse() {
                    Ok(index) => bytes::serve(inner, index, version, query, secure)?,
                    Err(_) => Reply::inner(400)?.empty()?,
                }
            }
        };
        Ok(response.into())
    }

    /// Handles the alarm.
    pub fn alarm(&self) -> std::result::Result<JsValue, JsValue> {
        let inner = &self.inner;
        work::panic_at(inner, Place::Alarm);
        if inner.is_unreadable() && !inner.keep_unreadable()? {
            return Ok(JsValue::UNDEFINED);
        }
        let now = clock::now();
        let working = inner.is_working();
        let wake = inner.change(|record| record.wake(now, working))?;
        let mut started = None;
        match wake {
            Some(Wake::Start) => started = inner.begin_work(),
            Some(Wake::Settle) => inner.abort(),
            Some(Wake::DeleteBytes) => inner.forget()?,
            Some(Wake::DeleteAll) | None => {
                let shared = Rc::clone(inner);
                let vanishing = async move { Ok(shared.vanish().await.map(|()| JsValue::NULL)?) };
                return Ok(js::promise(vanishing).into());
            }
            Some(Wake::Watch) => {}
        }
        inner.set_alarm()?;
        // The work is not awaited: if this handler were lost together with the work, no alarm would be set any more.
        if let Some(controller) = started {
            work::start(inner, controller);
        }
        if wake == Some(Wake::Settle) {
            settle::spawn(inner);
        }
        Ok(JsValue::UNDEFINED)
    }
}

fn promise_of(answer: impl Future<Output = Result<Response>> + 'static) -> JsValue {
    js::promise(async move { Ok(answer.await?.into()) }).into()
}

/// Stores the record and sets the alarm that starts the work. A repeated call changes nothing. The response goes to the
/// visitor.
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

/// Reads the new job from the request's body, and stores the pictures to edit that follow it in the body.
async fn receive(inner: &Inner, request: &Request) -> Result<(NewJob, Allowance)> {
    let text_bytes = request.headers().get(objects::TEXT_BYTES)?;
    let Some(text_bytes) = text_bytes.and_then(|text| text.parse().ok()) else {
        return objects::parse(&body::text(request.text()).await?);
    };
    let stream = request.body().ok_or(Error::BadEncoding)?;
    let reader = uploads::reader(&stream);
    let text = uploads::read_exactly(&reader, text_bytes).await?.to_vec();
    let text = String::from_utf8(text).map_err(|_| Error::BadEncoding)?;
    let (new, allowance) = objects::parse(&text)?;
    let new: NewJob = new;
    if inner.awaits_uploads() {
        uploads::receive(inner, &reader, &new.uploads).await?;
    }
    Ok((new, allowance))
}

/// Ends a job whose work was lost or is overdue at the next call: its alarm may still be seconds away, or lost too.
fn end_if_overdue(inner: &Rc<Inner>) -> Result<()> {
    let (now, working) = (clock::now(), inner.is_working());
    if inner.change(|record| record.end_if_lost(now, working))?.unwrap_or(false) {
        inner.abort();
        settle::spawn(inner);
    }
    Ok(())
}

/// Handles the Ledger's question for the charge after the lease has ended. From this turn on, the charge is final.
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
            inner.store_tombstone()?;
            Closing::Bill(Bill::nothing(inner.state.id().to_string()))
        }
    };
    Ok(Reply::inner(200)?.text(&json::text(&closing))?)
}

/// Cancels the job if it is running. Otherwise deletes its bytes, if `forget` is set.
async fn delete(inner: Rc<Inner>, forget: bool, secure: bool) -> Result<Response> {
    if !cancel(&inner).await && forget {
        inner.forget()?;
    }
    state(&inner, secure)
}

/// Ends the job if it is running: closes the connections upstream and settles with the Ledger. Returns whether it was
/// running.
async fn cancel(inner: &Inner) -> bool {
    if !inner.change(Record::cancel).ok().flatten().unwrap_or(false) {
        return false;
    }
    inner.abort();
    settle::close(inner).await;
    let _ = inner.set_alarm();
    true
}

/// The response with the job's state, for the visitor.
fn state(inner: &Inner, secure: bool) -> Result<Response> {
    match view(inner) {
        Some(view) => Ok(Reply::new(200, secure)?.json(&json::text(&view))?),
        None => Ok(Reply::inner(404)?.empty()?),
    }
}

fn view(inner: &Inner) -> Option<View> {
    inner.read(|record| record.view(clock::now()))
}

/// The response with the job's state, for the event stream. A header holds the revision and whether the state is final, so
/// that the stream need not parse the state.
fn stream_state(inner: &Inner) -> Result<Response> {
    let Some(view) = view(inner) else { return Ok(Reply::inner(404)?.empty()?) };
    let revision = view.revision.to_string();
    let mark = [revision.as_str(), if view.state.is_final() { objects::LAST } else { "" }].concat();
    Ok(Reply::inner(200)?.header(objects::REVISION, &mark)?.text(&json::text(&view))?)
}

fn is_newer(inner: &Inner, after: u64) -> bool {
    inner.read(|record| record.revision > after || record.is_final()).unwrap_or(true)
}

/// The job's state as soon as its revision is newer than `after`; 204 if it does not change for [`LONG_POLL_MS`].
async fn wait_for_newer(inner: Rc<Inner>, after: u64) -> Result<Response> {
    let until = clock::now().plus(LONG_POLL_MS);
    loop {
        if is_newer(&inner, after) {
            return stream_state(&inner);
        }
        let left = until.since(clock::now());
        if left == 0 {
            return Ok(Reply::inner(204)?.empty()?);
        }
        inner.changed(left).await;
    }
}
