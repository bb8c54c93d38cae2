//! A proxy that lies, in front of an edge or of a gateway: it changes what one kind of request or response says, as a
//! broken deploy, a rule of a zone or a cache would.
//!
//! Owns its listener, and the record of the requests. Must not know which lie is told: each test supplies it.

use crate::visitor::client;
use anyhow::{Context, Result};
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{CONNECTION, CONTENT_LENGTH, HOST, HeaderValue, TRANSFER_ENCODING},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::{net::TcpListener, task::JoinHandle};

/// The status with which a lie closes the connection without a response.
pub const CLOSED: u16 = 0;

/// A request on its way to the server.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The method.
    pub method: Method,
    /// The path with its query.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// A response on its way back.
#[derive(Debug, Clone)]
pub struct Told {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// What a proxy changes. The default tells the truth.
pub trait Lie: Send + Sync + 'static {
    /// Changes a request, or answers in place of the server.
    fn before(&self, _asked: &mut Asked) -> Option<Told> {
        None
    }

    /// Changes a response.
    fn after(&self, _asked: &Asked, _told: &mut Told) {}
}

/// The truth.
pub struct Honest;

impl Lie for Honest {}

/// A lie that is one change of the response.
pub struct Changed<F>(pub F);

impl<F: Fn(&Asked, &mut Told) + Send + Sync + 'static> Lie for Changed<F> {
    fn after(&self, asked: &Asked, told: &mut Told) {
        (self.0)(asked, told);
    }
}

impl<L: Lie + ?Sized> Lie for Box<L> {
    fn before(&self, asked: &mut Asked) -> Option<Told> {
        self.as_ref().before(asked)
    }

    fn after(&self, asked: &Asked, told: &mut Told) {
        self.as_ref().after(asked, told);
    }
}

/// A running proxy; dropping it stops it.
pub struct Liar {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
    listener: JoinHandle<()>,
}

impl Asked {
    /// Whether it is a request with this method for a path that begins so.
    pub fn is(&self, method: &str, start: &str) -> bool {
        self.method == method && self.path.starts_with(start)
    }

    /// Whether it asks for a job's state.
    pub fn is_job(&self) -> bool {
        self.is("GET", "/v1/jobs/") && self.path.split('/').count() == 4
    }

    /// Whether it asks for a picture's bytes.
    pub fn is_picture(&self) -> bool {
        self.is("GET", "/v1/jobs/") && self.path.contains("/pictures/")
    }
}

impl Told {
    /// Changes a body in JSON.
    pub fn json(&mut self, change: impl FnOnce(&mut Value)) {
        if let Ok(mut value) = serde_json::from_slice(&self.body) {
            change(&mut value);
            self.body = value.to_string().into_bytes();
        }
    }

    /// Sets a header.
    pub fn header(&mut self, name: &'static str, value: &'static str) {
        self.headers.insert(name, HeaderValue::from_static(value));
    }

    /// Changes the text of a body.
    pub fn text(&mut self, change: impl FnOnce(String) -> String) {
        self.body = change(String::from_utf8_lossy(&self.body).into_owned()).into_bytes();
    }
}

impl Liar {
    /// Forwards every request on a new port to the server at this address, and lies.
    pub async fn start(edge: &str, lie: impl Lie) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (record, edge, http) = (Arc::clone(&asked), edge.to_owned(), client()?);
        let lie = Arc::new(lie);
        let listener = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (record, edge, http, lie) =
                    (Arc::clone(&record), edge.clone(), http.clone(), Arc::clone(&lie));
                tokio::spawn(async move {
                    let service = service_fn(|request| async {
                        let asked = read(request).await?;
                        let head = format!("{} {}", asked.method, asked.path);
                        record.lock().unwrap_or_else(PoisonError::into_inner).push(head);
                        tell(&edge, &http, lie.as_ref(), asked).await
                    });
                    // A client that closes its connection is no fault of the test.
                    drop(
                        http1::Builder::new().serve_connection(TokioIo::new(stream), service).await,
                    );
                });
            }
        });
        Ok(Self { url, asked, listener })
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Every request so far: the method and the path with its query.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

async fn read(request: Request<Incoming>) -> Result<Asked> {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().context("no path")?.as_str().to_owned();
    let body = body.collect().await?.to_bytes();
    Ok(Asked { method: head.method, path, headers: head.headers, body })
}

async fn tell(
    edge: &str,
    http: &reqwest::Client,
    lie: &impl Lie,
    mut asked: Asked,
) -> Result<Response<Full<Bytes>>> {
    let told = if let Some(told) = lie.before(&mut asked) {
        told
    } else {
        let mut told = truth(edge, http, &asked).await?;
        lie.after(&asked, &mut told);
        told
    };
    let mut response = Response::new(Full::new(Bytes::from(told.body)));
    // No status is `CLOSED`: the error closes the connection.
    *response.status_mut() = StatusCode::from_u16(told.status)?;
    *response.headers_mut() = told.headers;
    Ok(response)
}

/// The server's own response. The request has the server's name as its host, since an edge accepts no other.
async fn truth(edge: &str, http: &reqwest::Client, asked: &Asked) -> Result<Told> {
    let mut headers = asked.headers.clone();
    for name in [HOST, CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION] {
        headers.remove(name);
    }
    let request = http.request(asked.method.clone(), format!("{edge}{}", asked.path));
    let answer = request.headers(headers).body(asked.body.clone()).send().await?;
    let (status, mut headers) = (answer.status().as_u16(), answer.headers().clone());
    for name in [CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION] {
        headers.remove(name);
    }
    Ok(Told { status, headers, body: answer.bytes().await?.to_vec() })
}
