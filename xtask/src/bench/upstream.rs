//! The bench's gateway: answers that were made beforehand, sent at a set pace, with the time of their last byte.
//!
//! Owns a listener on loopback. It uses plain sockets, so that "written" is the moment when the kernel accepted the
//! bytes, and its own CPU time is small. The contestant may read those bytes later; the time is counted from the
//! kernel's acceptance, to the contestant's disadvantage. Must not decide which pictures are ordered.

use super::{
    noise_picture,
    order::{Order, Pace},
};
use crate::clock;
use anyhow::{Context, Result, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval},
};

/// Bytes that are written at a time, if there is a pace.
const PIECE: usize = 16 * 1024;
/// The largest request: a prompt and its JSON.
const REQUEST: usize = 64 * 1024;

/// A running upstream. Dropping it stops it.
pub(super) struct Upstream {
    address: SocketAddr,
    shared: Arc<Shared>,
    numbers: AtomicU64,
    listener: JoinHandle<()>,
}

struct Shared {
    paint: Paint,
    prepared: Mutex<HashMap<usize, Arc<Prepared>>>,
    written: Mutex<HashMap<u64, Written>>,
}

/// Makes a picture of exactly that many bytes.
type Paint = fn(usize) -> Result<Vec<u8>>;

/// The time when the last byte of an answer was written, by this process's clock and by the system clock that other
/// processes share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    pub(super) instant: Instant,
    /// The time since 1970.
    pub(super) clock: Duration,
}

/// A picture, and the complete response that contains it.
pub(super) struct Prepared {
    pub(super) picture: Vec<u8>,
    answer: Vec<u8>,
}

impl Upstream {
    /// Listens on 127.0.0.1, on the runtime of the caller. Its pictures are noise.
    pub(super) async fn start() -> Result<Self> {
        Self::painting(noise_picture::of).await
    }

    /// The same with other pictures.
    pub(super) async fn painting(paint: Paint) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("cannot listen")?;
        let address = listener.local_addr()?;
        let shared =
            Arc::new(Shared { paint, prepared: Mutex::default(), written: Mutex::default() });
        let listener = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, numbers: AtomicU64::new(1), listener })
    }

    /// The base URL, for the gateway's setting.
    pub(super) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// A unique number for the next picture.
    pub(super) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// The picture of that length, made if it does not exist yet.
    pub(super) fn prepared(&self, bytes: usize) -> Result<Arc<Prepared>> {
        self.shared.prepared(bytes)
    }

    /// How many answers were written completely.
    pub(super) fn answers(&self) -> usize {
        self.shared.written.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The time when the last byte of an answer was written; nothing before.
    pub(super) fn written(&self, number: u64) -> Option<Written> {
        self.shared.written.lock().unwrap_or_else(PoisonError::into_inner).get(&number).copied()
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

impl Shared {
    fn prepared(&self, bytes: usize) -> Result<Arc<Prepared>> {
        let mut prepared = self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = prepared.get(&bytes) {
            return Ok(Arc::clone(found));
        }
        let picture = (self.paint)(bytes)?;
        let answer = answer(&picture);
        let made = Arc::new(Prepared { picture, answer });
        prepared.insert(bytes, Arc::clone(&made));
        Ok(made)
    }
}

/// A complete response, with its head, as the gateway would send it.
fn answer(picture: &[u8]) -> Vec<u8> {
    let body = format!(
        r#"{{"created":1795305600,"data":[{{"b64_json":"{}"}}],"usage":{{"input_tokens":17,"output_tokens":272,"total_tokens":289,"input_tokens_details":{{"text_tokens":17,"image_tokens":0}}}},"providerMetadata":{{"gateway":{{"cost":"0.00221"}}}}}}"#,
        STANDARD.encode(picture)
    );
    let length = body.len();
    // A page of the bench calls the upstream itself, so the response allows every origin; the edge ignores that header.
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\naccess-control-allow-origin: *\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // The connections end with the listener.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            let shared = Arc::clone(&shared);
            connections.spawn(async move {
                // A contestant may close its connection after it has read enough; a wrong request shows as a failed
                // job.
                let _ = serve(stream, &shared).await;
            });
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Answers the requests on one connection until it is closed.
async fn serve(mut stream: TcpStream, shared: &Shared) -> Result<()> {
    stream.set_nodelay(true)?;
    while let Some(body) = request(&mut stream).await? {
        let order: Value = serde_json::from_slice(&body)?;
        let order = order["prompt"].as_str().and_then(|prompt| prompt.parse().ok());
        let order: Order = order.context("the prompt contains no order")?;
        let prepared = shared.prepared(order.bytes)?;
        write(&mut stream, &prepared.answer, order.pace).await?;
        let now = Written { instant: Instant::now(), clock: clock::since_1970() };
        shared.written.lock().unwrap_or_else(PoisonError::into_inner).insert(order.number, now);
    }
    Ok(())
}

async fn write(stream: &mut TcpStream, answer: &[u8], pace: Pace) -> Result<()> {
    let each = match pace {
        Pace::AtOnce => return Ok(stream.write_all(answer).await?),
        Pace::Steady => Duration::from_millis(1),
        Pace::Trickle => Duration::from_millis(25),
    };
    let mut ticks = interval(each);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for piece in answer.chunks(PIECE) {
        ticks.tick().await;
        stream.write_all(piece).await?;
    }
    Ok(())
}

/// The body of the next request; nothing if the connection ends before one.
async fn request(stream: &mut TcpStream) -> Result<Option<Vec<u8>>> {
    let mut read = Vec::new();
    loop {
        if let Some((head, length)) = head(&read) {
            let whole = head + length;
            if read.len() >= whole {
                return Ok(Some(read[head..whole].to_vec()));
            }
        }
        if read.len() > REQUEST {
            bail!("the request is longer than allowed");
        }
        if stream.read_buf(&mut read).await? == 0 {
            return if read.is_empty() { Ok(None) } else { bail!("the request ended early") };
        }
    }
}

/// The length of a request's head, and of its body by the head; nothing while the head is incomplete.
fn head(read: &[u8]) -> Option<(usize, usize)> {
    let end = read.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&read[..end]);
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    Some((end, length.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::gateway::json_response::JsonResponse;

    #[test]
    fn a_request_has_a_head_and_a_length() {
        assert_eq!(head(b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab"), Some((38, 3)));
        assert_eq!(head(b"GET / HTTP/1.1\r\n\r\n"), Some((18, 0)));
        assert_eq!(head(b"GET / HTTP/1.1\r\ncontent-length: 3\r\n"), None);
    }

    #[tokio::test]
    async fn an_answer_comes_whole_at_every_pace_and_its_end_is_timed() {
        let upstream = Upstream::start().await.unwrap();
        let mut stream = TcpStream::connect(upstream.address).await.unwrap();
        for pace in [Pace::AtOnce, Pace::Steady, Pace::Trickle] {
            let order = Order { number: upstream.number(), bytes: 50_000, pace };
            assert!(upstream.written(order.number).is_none());
            let body = format!(r#"{{"prompt":"{order}"}}"#);
            let request =
                format!("POST / HTTP/1.1\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(request.as_bytes()).await.unwrap();
            let prepared = upstream.prepared(order.bytes).unwrap();
            let mut answer = vec![0; prepared.answer.len()];
            stream.read_exact(&mut answer).await.unwrap();
            let (at, _) = head(&answer).unwrap();
            let mut decoded = Vec::new();
            let mut reader = JsonResponse::default();
            reader.feed(&answer[at..], &mut decoded).unwrap();
            assert_eq!(decoded, prepared.picture);
            assert!(reader.finish().unwrap().cost.is_some());
            // The time is recorded after the last byte is written, so it may be missing for a moment after the byte was
            // read.
            while upstream.written(order.number).is_none() {
                tokio::task::yield_now().await;
            }
        }
    }
}
