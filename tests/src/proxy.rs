//! Something between the browser and the edge: it passes requests on, and does to one kind of call what proxies, firewalls and
//! bad deploys do.
//!
//! Owns its listener, and the one rule that holds at a time. Must not know what a good answer looks like.

use crate::visitor::client;
use anyhow::Result;
use futures_util::{StreamExt, stream};
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Frame, Incoming},
    header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, ORIGIN, REFERER, TRANSFER_ENCODING},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use reqwest::Client;
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
    time::sleep,
};

/// How long a delayed call is held: longer than the studio waits for an answer.
const HELD: Duration = Duration::from_secs(17);
/// What a captive portal or a web application firewall shows.
const PAGE: &str =
    "<!DOCTYPE html><html><title>One moment</title><body>Checking your browser.</body></html>";

/// The path of a page of the proxy's own, on the origin of the studio.
pub const BLANK: &str = "/blank";

/// A kind of call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// `POST /v1/sessions`.
    Session,
    /// `POST /v1/jobs`.
    Order,
    /// `GET /v1/jobs/{id}`.
    Job,
    /// `GET /v1/jobs/{id}/events`.
    Events,
    /// `GET /v1/jobs/{id}/pictures/{n}`.
    Picture,
    /// `DELETE /v1/jobs/{id}`.
    Delete,
}

/// What is done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection breaks: before, without a byte of an answer; after, in the middle of it.
    Cut,
    /// It is held: before, the request for 17 s; after, the answer until its last byte is there, and for 17 s if it is no stream.
    Delay,
    /// A page of HTML with this status is the answer.
    Html(u16),
}

/// Whether the edge gets the request all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// It does not.
    Before,
    /// It does, and its answer is lost.
    After,
}

/// What is done to which call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The kind of call.
    pub call: Call,
    /// What is done to it.
    pub fault: Fault,
    /// Before or after the edge has acted.
    pub when: When,
}

/// A running proxy; it stops when this is dropped.
pub struct Proxy {
    url: String,
    shared: Arc<Shared>,
    listener: JoinHandle<()>,
}

struct Shared {
    edge: String,
    http: Client,
    rule: Mutex<(Option<Rule>, usize)>,
}

/// A body that may break off.
type Body = BoxBody<Bytes, Broken>;

/// The end of a connection that breaks off.
#[derive(Debug)]
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cut on purpose")
    }
}

impl std::error::Error for Broken {}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { call, fault, when } = self;
        write!(f, "{call:?} {fault:?} {when:?}")
    }
}

impl Proxy {
    /// Passes on to the edge at this address whatever comes to a port of its own.
    pub async fn start(edge: &str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let rule = Mutex::new((None, 0));
        let shared = Arc::new(Shared { edge: edge.to_owned(), http: client()?, rule });
        let own = Arc::clone(&shared);
        let listener = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&own);
                connections.spawn(async move {
                    let service = service_fn(|request| answer(request, &shared));
                    // A connection that breaks is what this is for.
                    drop(
                        http1::Builder::new().serve_connection(TokioIo::new(stream), service).await,
                    );
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Ok(Self { url, shared, listener })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on this holds, or nothing.
    pub fn rule(&self, rule: Option<Rule>) {
        *self.shared.rule.lock().unwrap_or_else(PoisonError::into_inner) = (rule, 0);
    }

    /// How many calls have met the rule.
    pub fn met(&self) -> usize {
        self.shared.rule.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

impl Call {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Session, Self::Order, Self::Job, Self::Events, Self::Picture, Self::Delete];

    fn of(method: &Method, path: &str) -> Option<Self> {
        let parts: Vec<_> = path.split('/').skip(1).collect();
        match (method.as_str(), parts.as_slice()) {
            ("POST", ["v1", "sessions"]) => Some(Self::Session),
            ("POST", ["v1", "jobs"]) => Some(Self::Order),
            ("GET", ["v1", "jobs", _]) => Some(Self::Job),
            ("GET", ["v1", "jobs", _, "events"]) => Some(Self::Events),
            ("GET", ["v1", "jobs", _, "pictures", _]) => Some(Self::Picture),
            ("DELETE", ["v1", "jobs", _]) => Some(Self::Delete),
            _ => None,
        }
    }
}

impl Fault {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Cut,
        Self::Delay,
        Self::Html(200),
        Self::Html(403),
        Self::Html(404),
        Self::Html(410),
        Self::Html(429),
        Self::Html(502),
    ];
}

impl Shared {
    /// What is done to a call, which is counted.
    fn meets(&self, method: &Method, path: &str) -> Option<Rule> {
        let call = Call::of(method, path)?;
        let mut held = self.rule.lock().unwrap_or_else(PoisonError::into_inner);
        let rule = held.0.filter(|rule| rule.call == call)?;
        held.1 += 1;
        Some(rule)
    }
}

async fn answer(request: Request<Incoming>, shared: &Shared) -> Result<Response<Body>, Broken> {
    if request.uri().path() == BLANK {
        return Ok(page(200));
    }
    let rule = shared.meets(request.method(), request.uri().path());
    let Some(Rule { fault, when, .. }) = rule else { return pass_on(request, shared).await };
    match (fault, when) {
        (Fault::Cut, When::Before) => Err(Broken),
        (Fault::Html(status), When::Before) => Ok(page(status)),
        (Fault::Delay, When::Before) => {
            sleep(HELD).await;
            pass_on(request, shared).await
        }
        (Fault::Cut, When::After) => Ok(pass_on(request, shared).await?.map(first_half)),
        (Fault::Html(status), When::After) => {
            drop(pass_on(request, shared).await?);
            Ok(page(status))
        }
        (Fault::Delay, When::After) => {
            let (head, body) = pass_on(request, shared).await?.into_parts();
            let streams =
                head.headers.get(CONTENT_TYPE).is_some_and(|it| it == "text/event-stream");
            let body = body.collect().await?.to_bytes();
            if !streams {
                sleep(HELD).await;
            }
            Ok(Response::from_parts(head, whole(body)))
        }
    }
}

/// What the edge answers. It hears its own name, since it believes no other.
async fn pass_on(request: Request<Incoming>, shared: &Shared) -> Result<Response<Body>, Broken> {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut own = head.headers.clone();
    for name in [HOST, ORIGIN, REFERER, CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION] {
        if let (Some(_), true) = (own.remove(&name), name == ORIGIN) {
            own.insert(ORIGIN, shared.edge.parse().map_err(|_| Broken)?);
        }
    }
    let body = body.collect().await.map_err(|_| Broken)?.to_bytes();
    let request = shared.http.request(head.method, format!("{}{path}", shared.edge));
    let answer = request.headers(own).body(body).send().await.map_err(|_| Broken)?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let pieces = answer.bytes_stream().map(|piece| piece.map(Frame::data).map_err(|_| Broken));
    let mut response = Response::new(BodyExt::boxed(StreamBody::new(Box::pin(pieces))));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    for name in [CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION] {
        response.headers_mut().remove(name);
    }
    Ok(response)
}

/// A body that breaks off after its first piece, of which half is there.
fn first_half(body: Body) -> Body {
    let pieces = body
        .into_data_stream()
        .take(1)
        .map(|piece| piece.map(|bytes| Frame::data(bytes.slice(..bytes.len() / 2))));
    let pieces = pieces.chain(stream::once(async { Err(Broken) }));
    BodyExt::boxed(StreamBody::new(Box::pin(pieces)))
}

fn whole(bytes: Bytes) -> Body {
    BodyExt::boxed(Full::new(bytes).map_err(|never| match never {}))
}

fn page(status: u16) -> Response<Body> {
    let mut response = Response::new(whole(Bytes::from_static(PAGE.as_bytes())));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let html = hyper::header::HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, html);
    response
}
