//! A proxy between the browser and the edge: it forwards requests, and disturbs one kind of call as proxies, firewalls
//! and broken deploys do.
//!
//! Owns its listener, and the one rule for calls that is active at a time; [`build`] has those for the build's files. Must
//! not know what a good response looks like.

pub mod build;

use self::build::{File, Gate, Instead, Rules};
use crate::visitor::client;
use anyhow::Result;
use futures_util::{StreamExt, stream};
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Frame, Incoming},
    header::{
        ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, ORIGIN, REFERER,
        TRANSFER_ENCODING,
    },
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

/// How long a delayed call is held: longer than the studio waits for a response.
const HELD: Duration = Duration::from_secs(17);
/// The page of a captive portal or a web application firewall.
const PAGE: &str =
    "<!DOCTYPE html><html><title>One moment</title><body>Checking your browser.</body></html>";

/// The path of an empty page that the proxy itself serves, on the studio's origin.
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

/// A fault of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection is closed: before, without a byte of a response; after, in the middle of it.
    Cut,
    /// The call is held: before, the request for 17 s; after, the response until its last byte has come, and for 17 s
    /// unless it is a stream.
    Delay,
    /// The response is an HTML page with this status.
    Html(u16),
}

/// Whether the edge still gets the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The edge does not get it.
    Before,
    /// The edge gets it, and its response is lost.
    After,
}

/// A fault for one kind of call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The kind of call.
    pub call: Call,
    /// The fault.
    pub fault: Fault,
    /// Before or after the edge has handled the request.
    pub when: When,
}

/// A running proxy; dropping it stops it.
pub struct Proxy {
    url: String,
    shared: Arc<Shared>,
    listener: JoinHandle<()>,
}

struct Shared {
    edge: String,
    http: Client,
    rule: Mutex<(Option<Rule>, usize)>,
    files: Rules,
}

/// A body that may end early.
type Body = BoxBody<Bytes, Broken>;

/// The error that ends a body early.
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
    /// Forwards every request on a new port to the edge at this address.
    pub async fn start(edge: &str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let rule = Mutex::new((None, 0));
        let shared = Arc::new(Shared {
            edge: edge.to_owned(),
            http: client()?,
            rule,
            files: Rules::default(),
        });
        let own = Arc::clone(&shared);
        let listener = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&own);
                connections.spawn(async move {
                    let service = service_fn(|request| answer(request, &shared));
                    // Errors of a connection are ignored: the proxy breaks connections on purpose.
                    drop(
                        http1::Builder::new().serve_connection(TokioIo::new(stream), service).await,
                    );
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Ok(Self { url, shared, listener })
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sets the active rule, or none.
    pub fn rule(&self, rule: Option<Rule>) {
        *self.shared.rule.lock().unwrap_or_else(PoisonError::into_inner) = (rule, 0);
    }

    /// Holds the answers of one kind of file.
    #[must_use]
    pub fn gate(&self, file: File) -> Gate {
        self.shared.files.gate(file)
    }

    /// Sends something else in place of one kind of file.
    pub fn instead(&self, file: File, instead: Instead) {
        self.shared.files.instead(file, instead);
    }

    /// Changes the text of one kind of file.
    pub fn change(&self, file: File, change: impl Fn(String) -> String + Send + Sync + 'static) {
        self.shared.files.change(file, change);
    }

    /// Ends what [`Self::instead`] and [`Self::change`] began.
    pub fn files_as_they_are(&self) {
        self.shared.files.clear();
    }

    /// The number of calls to which the rule applied.
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
    /// Every kind of call.
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
    /// Every fault at every moment.
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
    /// The rule, if it applies to this call; it then counts the call.
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
    let Some(Rule { fault, when, .. }) = rule else {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let answer = pass_on(request, shared).await?;
        return shared.files.apply(&method, &path, answer).await;
    };
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

/// The edge's response. The request has the edge's own name as its host, since the edge accepts no other.
async fn pass_on(request: Request<Incoming>, shared: &Shared) -> Result<Response<Body>, Broken> {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut own = head.headers.clone();
    if shared.files.reads(&head.method, head.uri.path()) {
        own.remove(ACCEPT_ENCODING);
    }
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

/// A body that ends after half of its first piece.
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
