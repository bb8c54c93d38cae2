//! The Job: one Durable Object per job.
//!
//! Owns its calls and its alarm. Every one of them changes the record in one synchronous step; what takes time runs
//! under `wait_until`, so that a job needs no watcher and the alarm never waits for the network.

mod arrival;
mod bytes;
mod fallback;
mod inner;
mod patience;
mod settle;
mod store;
mod uploads;
mod work;

use crate::{body, clock, objects, panics::Place};
use bytes::Which;
use contract::session::Allowance;
use engine::{
    job::{NewJob, Record, Wake},
    ledger::Bill,
    wire,
};
use inner::Inner;
use std::rc::Rc;
use worker::{
    DurableObject, Env, Error, Method, Request, Response, ResponseBuilder, Result, State,
    durable_object,
};

/// How long "newer than" may be held.
const HOLD_MS: u64 = 15_000;

/// The object; everything lies in what its work shares with it.
#[durable_object(alarm)]
pub struct Job {
    inner: Rc<Inner>,
}

impl DurableObject for Job {
    fn new(state: State, env: Env) -> Self {
        Self { inner: Rc::new(Inner::new(state, env)) }
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        let url = request.inner().url();
        let rest = url.strip_prefix("https://object").unwrap_or_default();
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        if path == "/create" && request.method() == Method::Post {
            let (new, allowance) = self.receive(&request).await?;
            self.create(new, allowance).await?;
            return self.view_with(|record| record.created_view(allowance, clock::now()));
        }
        if path == "/close" {
            return self.close();
        }
        if self.inner.read(|record| record.is_over(clock::now())).unwrap_or(true) {
            return Ok(status(404));
        }
        self.notice()?;
        match path {
            "/view" => self.newer(query.strip_prefix("after=").and_then(|n| n.parse().ok())).await,
            "/cancel" => {
                self.cancel().await;
                self.view()
            }
            "/delete" => {
                if !self.cancel().await {
                    self.inner.forget()?;
                }
                self.view()
            }
            _ => {
                let rest = path.strip_prefix("/pictures/").unwrap_or_default();
                let (index, which) = match rest.strip_suffix("/preview") {
                    Some(index) => (index, Which::Preview),
                    None => (rest, Which::Original),
                };
                match index.parse() {
                    Ok(index) => bytes::serve(&self.inner, index, which, query),
                    Err(_) => Ok(status(400)),
                }
            }
        }
    }

    async fn alarm(&self) -> Result<Response> {
        work::panic_at(&self.inner, Place::Alarm);
        let now = clock::now();
        let working = self.inner.is_working();
        let wake = self.inner.change(|record| record.wake(now, working))?;
        let mut begun = None;
        match wake {
            Some(Wake::Start) => begun = self.inner.begin_work(),
            Some(Wake::Settle) => self.inner.abort(),
            Some(Wake::Forget) => self.inner.forget()?,
            Some(Wake::Vanish) | None => {
                self.inner.vanish().await?;
                return Response::empty();
            }
            Some(Wake::Watch) => {}
        }
        self.inner.set_alarm().await?;
        // Nothing is awaited from here on: were this handler to be lost with what it begins, no alarm would come again.
        if let Some(controller) = begun {
            work::start(&self.inner, controller);
        }
        if wake == Some(Wake::Settle) {
            settle::spawn(&self.inner);
        }
        Response::empty()
    }
}

impl Job {
    /// Reads what a job begins with, and stores the pictures to edit that come behind it.
    async fn receive(&self, request: &Request) -> Result<(NewJob, Allowance)> {
        let parse = |text: &str| {
            wire::read(text).map_err(|wrong: wire::Wrong| Error::RustError(wrong.to_string()))
        };
        let text_bytes = request.headers().get(objects::TEXT_BYTES)?;
        let Some(text_bytes) = text_bytes.and_then(|text| text.parse().ok()) else {
            return parse(&body::text(request.inner().text()).await?);
        };
        let stream = request.inner().body().ok_or(Error::BadEncoding)?;
        let reader = uploads::reader(&stream);
        let text = uploads::exactly(&reader, text_bytes).await?.to_vec();
        let text = String::from_utf8(text).map_err(|_| Error::BadEncoding)?;
        let (new, allowance) = parse(&text)?;
        let new: NewJob = new;
        if self.inner.awaits_uploads() {
            uploads::receive(&self.inner, &reader, &new.uploads).await?;
        }
        Ok((new, allowance))
    }

    /// Writes the record and sets the alarm that starts the work. Called again it changes nothing.
    async fn create(&self, new: NewJob, allowance: Allowance) -> Result<()> {
        if self.inner.read(|_| ()).is_none() {
            let now = clock::now();
            self.inner.create(if self.inner.is_tombstone() {
                Record::tombstone(new, allowance, now)
            } else {
                Record::new(new, now)
            })?;
            self.inner.set_alarm().await?;
        }
        Ok(())
    }

    /// What was lost or is late ends as soon as somebody asks: its alarm may be seconds away, or lost as well.
    fn notice(&self) -> Result<()> {
        let (now, working) = (clock::now(), self.inner.is_working());
        if self.inner.change(|record| record.notice(now, working))?.unwrap_or(false) {
            self.inner.abort();
            settle::spawn(&self.inner);
        }
        Ok(())
    }

    /// The lease has ended: the Ledger asks what this came to, and from this turn on nothing can change it.
    fn close(&self) -> Result<Response> {
        let now = clock::now();
        let bill = self.inner.change(|record| {
            record.lapse();
            record.bill(record.view(now).elapsed_ms)
        })?;
        let bill = if let Some(bill) = bill {
            self.inner.abort();
            settle::spawn(&self.inner);
            bill
        } else {
            self.inner.bury()?;
            Bill::nothing(self.inner.state.id().to_string())
        };
        Ok(ResponseBuilder::new().fixed(wire::text(&bill).into_bytes()))
    }

    /// Ends the job if it runs: closes the connection upstream, and tells the ledger. True if it ran.
    async fn cancel(&self) -> bool {
        if !self.inner.change(Record::cancel).ok().flatten().unwrap_or(false) {
            return false;
        }
        self.inner.abort();
        settle::close(&self.inner).await;
        let _ = self.inner.set_alarm().await;
        true
    }

    fn view(&self) -> Result<Response> {
        self.view_with(|record| record.view(clock::now()))
    }

    /// A state, with headers that spare the event stream from reading it.
    fn view_with(&self, view: impl FnOnce(&Record) -> contract::job::Job) -> Result<Response> {
        let Some(view) = self.inner.read(view) else { return Ok(status(404)) };
        Ok(ResponseBuilder::new()
            .with_header("x-revision", &view.revision.to_string())?
            .with_header("x-last", if view.state.is_final() { "true" } else { "false" })?
            .fixed(wire::text(&view).into_bytes()))
    }

    /// The state once it is newer than `after`; 204 if it has not changed for a while.
    async fn newer(&self, after: Option<u64>) -> Result<Response> {
        let Some(after) = after else { return self.view() };
        let until = clock::now().plus(HOLD_MS);
        loop {
            let fresh = self
                .inner
                .read(|record| record.revision > after || record.is_final())
                .unwrap_or(true);
            let left = until.since(clock::now());
            if fresh {
                return self.view();
            }
            if left == 0 {
                return Ok(status(204));
            }
            self.inner.changed(left).await;
        }
    }
}

fn status(code: u16) -> Response {
    ResponseBuilder::new().with_status(code).empty()
}
