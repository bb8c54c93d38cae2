//! A visitor's client: it creates a job, subscribes to its events, and fetches its picture as soon as an event reports
//! it.
//!
//! Owns the connections, which are kept open as a browser does. It drives every contestant in the same way and compares
//! every byte. Must not measure.

use super::{order::Order, upstream::Upstream};
use anyhow::{Context, Result, bail, ensure};
use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, Response,
    body::{Bytes, Incoming},
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout},
};

/// Pictures of one session: more than most visitors make, and few enough that the edge's records for limits do not grow
/// during the bench.
const PICTURES_OF_A_SESSION: u32 = 10;
/// The time limit of a picture.
const PATIENCE: Duration = Duration::from_mins(2);

/// The visitors of one contestant.
pub(super) struct Client {
    host: String,
    upstream: Arc<Upstream>,
    idle: Mutex<Vec<Sender>>,
    session: tokio::sync::Mutex<VisitorSession>,
}

type Sender = SendRequest<Full<Bytes>>;

/// A visitor's session. Each visitor has an address in a network of its own, so that the limits of one network are not
/// reached.
#[derive(Debug, Clone, Default)]
struct VisitorSession {
    number: u32,
    token: String,
    left: u32,
}

impl VisitorSession {
    /// The headers that identify the visitor in a request.
    fn headers(&self) -> [(&'static str, String); 2] {
        let [_, a, b, c] = self.number.to_be_bytes();
        [
            ("authorization", format!("Bearer {}", self.token)),
            ("cf-connecting-ip", format!("10.{a}.{b}.{c}")),
        ]
    }
}

/// A response whose body is still arriving, and its connection.
struct OpenResponse {
    response: Response<Incoming>,
    sender: Sender,
}

impl Client {
    /// Makes a client of the Worker at `http://HOST:PORT`.
    pub(super) fn new(url: &str, upstream: Arc<Upstream>) -> Result<Self> {
        let host = url.strip_prefix("http://").context("the URL is not http")?.to_owned();
        let (idle, session) = (Mutex::default(), tokio::sync::Mutex::default());
        Ok(Self { host, upstream, idle, session })
    }

    /// Opens a session, which is a visitor's first request to the edge.
    pub(super) async fn open_session(&self) -> Result<()> {
        self.session().await.map(drop)
    }

    /// Creates an object in the Worker of empty objects.
    pub(super) async fn make_empty(&self) -> Result<()> {
        self.post("/", &json!({}), &[]).await.map(drop)
    }

    /// Reads a document to its end, and returns its bytes.
    pub(super) async fn document(&self, path: &str) -> Result<Bytes> {
        let OpenResponse { response, sender } = self.get(path).await?;
        let bytes = response.into_body().collect().await?.to_bytes();
        self.keep(sender);
        Ok(bytes)
    }

    /// Makes a picture and follows the job to its end. Returns when the picture's last byte arrived.
    pub(super) async fn make(&self, order: Order) -> Result<Instant> {
        let made = timeout(PATIENCE, self.try_to_make(order)).await;
        made.unwrap_or_else(|_| bail!("the job did not end within {} s", PATIENCE.as_secs()))
            .with_context(|| format!("the order `{order}` failed"))
    }

    /// Makes a picture as [`Client::make`] does. Returns how long the edge took to accept the order.
    pub(super) async fn time_order(&self, order: Order) -> Result<Duration> {
        let session = self.session().await?;
        let asked = Instant::now();
        let job = self.order(&session, order).await?;
        let granted = asked.elapsed();
        self.follow(&job, order.bytes).await?;
        Ok(granted)
    }

    async fn try_to_make(&self, order: Order) -> Result<Instant> {
        let session = self.session().await?;
        let job = self.order(&session, order).await?;
        self.follow(&job, order.bytes).await
    }

    /// Creates a job.
    async fn order(&self, session: &VisitorSession, order: Order) -> Result<Value> {
        let [token, address] = session.headers();
        let body = json!({ "prompt": order.to_string() });
        let key = ("idempotency-key", format!("bench-{}", order.number));
        self.post("/v1/jobs", &body, &[token, address, key]).await
    }

    /// Follows a job's events to the end, and fetches its picture. Returns when the picture's last byte arrived.
    async fn follow(&self, job: &Value, bytes: usize) -> Result<Instant> {
        let id = job["id"].as_str().context("the job has no id")?;
        let mut events = JobEvents::of(self.get(&format!("/v1/jobs/{id}/events")).await?);
        loop {
            let job = events.next().await?.context("the event stream ended before the picture")?;
            match job["pictures"][0]["state"].as_str() {
                Some("ready") => break,
                Some("pending") => {}
                _ => bail!("there is no picture: {job}"),
            }
        }
        let arrived = self.fetch(&format!("/v1/jobs/{id}/pictures/0"), bytes).await?;
        while let Some(job) = events.next().await? {
            ensure!(job["state"] != "failed", "the job failed: {job}");
        }
        self.keep(events.open.sender);
        Ok(arrived)
    }

    /// Reads a picture and compares it. Returns when its last byte arrived.
    async fn fetch(&self, path: &str, bytes: usize) -> Result<Instant> {
        let prepared = self.upstream.prepared(bytes)?;
        let mut open = self.get(path).await?;
        let mut left = prepared.picture.as_slice();
        while let Some(frame) = open.response.frame().await {
            let Ok(data) = frame?.into_data() else { continue };
            left = left
                .strip_prefix(&data[..])
                .context("the picture differs from the one that upstream sent")?;
        }
        let arrived = Instant::now();
        ensure!(left.is_empty(), "{} bytes of the picture are missing", left.len());
        self.keep(open.sender);
        Ok(arrived)
    }

    /// The session for the next picture.
    async fn session(&self) -> Result<VisitorSession> {
        let mut session = self.session.lock().await;
        if session.left == 0 {
            let number = session.number + 1;
            let [_, address] = VisitorSession { number, ..VisitorSession::default() }.headers();
            let opened = self.post("/v1/sessions", &json!({ "site": "demo" }), &[address]).await?;
            let token = opened["token"].as_str().context("the session has no token")?.to_owned();
            *session = VisitorSession { number, token, left: PICTURES_OF_A_SESSION };
        }
        session.left -= 1;
        Ok(session.clone())
    }

    async fn post(&self, path: &str, body: &Value, headers: &[(&str, String)]) -> Result<Value> {
        let headers = [headers, &[("content-type", "application/json".to_owned())]].concat();
        let body = Bytes::from(body.to_string());
        let OpenResponse { response, sender } =
            self.send(Method::POST, path, &headers, body).await?;
        let status = response.status();
        let text = response.into_body().collect().await?.to_bytes();
        ensure!(status == 201, "{path} answered {status}: {}", String::from_utf8_lossy(&text));
        self.keep(sender);
        Ok(serde_json::from_slice(&text)?)
    }

    async fn get(&self, path: &str) -> Result<OpenResponse> {
        let open = self.send(Method::GET, path, &[], Bytes::new()).await?;
        ensure!(open.response.status() == 200, "{path} answered {}", open.response.status());
        Ok(open)
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, String)],
        body: Bytes,
    ) -> Result<OpenResponse> {
        let mut request = Request::builder().method(method).uri(path).header("host", &self.host);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(body))?;
        loop {
            let mut sender = self.connection().await?;
            match sender.send_request(request.clone()).await {
                Ok(response) => return Ok(OpenResponse { response, sender }),
                // The server had closed the kept connection, so the request was not sent.
                Err(error) if error.is_canceled() => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// A free connection, or a new one.
    async fn connection(&self) -> Result<Sender> {
        loop {
            let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut sender) = kept else { break };
            if sender.ready().await.is_ok() {
                return Ok(sender);
            }
        }
        let stream = TcpStream::connect(&self.host).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(sender)
    }

    fn keep(&self, sender: Sender) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
    }
}

/// The states of a job, as its event stream reports them.
struct JobEvents {
    open: OpenResponse,
    buffer: Vec<u8>,
}

impl JobEvents {
    fn of(open: OpenResponse) -> Self {
        Self { open, buffer: Vec::new() }
    }

    /// The next state; nothing at the stream's end.
    async fn next(&mut self) -> Result<Option<Value>> {
        loop {
            while let Some(event) = remove_event(&mut self.buffer) {
                if let Some(job) = data(&event)? {
                    return Ok(Some(job));
                }
            }
            let Some(frame) = self.open.response.frame().await else { return Ok(None) };
            if let Ok(data) = frame?.into_data() {
                self.buffer.extend_from_slice(&data);
            }
        }
    }
}

/// Removes the first complete event from the buffer.
fn remove_event(buffer: &mut Vec<u8>) -> Option<String> {
    let end = buffer.windows(2).position(|two| two == b"\n\n")? + 2;
    let event = buffer.drain(..end).collect::<Vec<u8>>();
    Some(String::from_utf8_lossy(&event).into_owned())
}

/// The JSON of an event; nothing if the event is a comment.
fn data(event: &str) -> Result<Option<Value>> {
    let line = event.lines().find_map(|line| line.strip_prefix("data: "));
    Ok(line.map(serde_json::from_str).transpose()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_visitor_has_a_token_and_a_network() {
        let visitor = |number| VisitorSession { number, token: "t".to_owned(), left: 1 }.headers();
        assert_eq!(visitor(1)[0], ("authorization", "Bearer t".to_owned()));
        assert_eq!(visitor(1)[1], ("cf-connecting-ip", "10.0.0.1".to_owned()));
        assert_eq!(visitor(65_538)[1].1, "10.1.0.2");
    }

    #[test]
    fn events_are_taken_one_by_one_however_they_come() {
        let mut buffer = b"event: job\nid: 1\ndata: {\"a\":1}\n\n:\n\nevent: job\nda".to_vec();
        let first = remove_event(&mut buffer).unwrap();
        assert_eq!(data(&first).unwrap(), Some(json!({ "a": 1 })));
        let comment = remove_event(&mut buffer).unwrap();
        assert_eq!(data(&comment).unwrap(), None);
        assert_eq!(remove_event(&mut buffer), None);
        buffer.extend_from_slice(b"ta: 2\n\n");
        assert_eq!(data(&remove_event(&mut buffer).unwrap()).unwrap(), Some(json!(2)));
        assert!(data("data: {\n\n").is_err());
    }
}
