//! An upstream with responses that a test writes: for responses that the sandbox does not give.
//!
//! Owns its listener. Must not interpret requests: a test that needs different responses decides by the request itself.

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_STANDARD};
use painter::{Subject, encode, paint};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A request that was received.
#[derive(Debug, Clone)]
pub struct ReceivedRequest {
    /// The path with its query: `/v1/credits`.
    pub path: String,
    /// The whole body as text.
    pub body: String,
}

/// A running upstream; dropping it stops it.
pub struct Canned {
    url: String,
    asked: Arc<Mutex<Vec<ReceivedRequest>>>,
    listener: JoinHandle<()>,
}

impl Canned {
    /// Sends these bytes for every request, and closes the connection.
    pub async fn start(answer: Vec<u8>) -> Result<Self> {
        Self::by(move |_| answer.clone()).await
    }

    /// Sends bytes that a function chooses for each request; with no bytes it closes the connection without a response.
    pub async fn by(
        answers: impl Fn(&ReceivedRequest) -> Vec<u8> + Send + Sync + 'static,
    ) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/v1", listener.local_addr()?);
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answers, received) = (Arc::new(answers), Arc::clone(&asked));
        let listener = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answers, received) = (Arc::clone(&answers), Arc::clone(&received));
                // A client may close the connection before the end; that is not an error.
                tokio::spawn(async move { respond(stream, &*answers, &received).await.ok() });
            }
        });
        Ok(Self { url, asked, listener })
    }

    /// Responds with a picture.
    pub async fn picture(bytes: &[u8]) -> Result<Self> {
        Self::start(picture(bytes)).await
    }

    /// Its base URL, for the gateway's setting.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Every request so far.
    pub fn all(&self) -> Vec<ReceivedRequest> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many requests there were.
    pub fn asked(&self) -> u64 {
        self.all().len() as u64
    }
}

impl Drop for Canned {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

/// A 200 response with a picture.
pub fn picture(bytes: &[u8]) -> Vec<u8> {
    picture_by(bytes, "{}")
}

/// The same with a gateway's metadata: `provider` is the JSON of `providerMetadata`.
pub fn picture_by(bytes: &[u8], provider: &str) -> Vec<u8> {
    let text = BASE64_STANDARD.encode(bytes);
    let body = format!(
        r#"{{"created":1,"data":[{{"b64_json":"{text}"}}],"providerMetadata":{provider}}}"#
    );
    answer(200, "application/json", &body)
}

/// A small picture.
pub fn small_png() -> Result<Vec<u8>> {
    let small = encode(&paint(&Subject::default()), contract::options::Format::Png, 90);
    small.context("no picture")
}

/// A response with a body.
pub fn answer(status: u16, media_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} Canned\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

/// A png of exactly that many bytes.
pub fn png_of(bytes: usize) -> Result<Vec<u8>> {
    /// Bytes of the filling chunk, beside its data.
    const CHUNK: usize = 12;
    let filler = bytes.checked_sub(small_png()?.len() + CHUNK).context("too few bytes")?;
    large_png(u32::try_from(filler)?)
}

/// A png of about that many bytes: a chunk without meaning is between its head and its pixels.
pub fn large_png(bytes: u32) -> Result<Vec<u8>> {
    /// The offset after the signature and the chunk `IHDR`.
    const AT: usize = 33;
    let mut png = small_png()?;
    let mut chunk = bytes.to_be_bytes().to_vec();
    chunk.extend_from_slice(b"eaSl");
    // Bytes that differ by place, so that lost or repeated bytes are noticed.
    chunk.extend((0..bytes).map(|at| at.to_le_bytes()[usize::from(at % 3 == 0)]));
    chunk.extend_from_slice(&[0; 4]);
    png.splice(AT..AT, chunk);
    Ok(png)
}

/// Reads one request with a length, and responds.
async fn respond(
    stream: TcpStream,
    answers: &(dyn Fn(&ReceivedRequest) -> Vec<u8> + Send + Sync),
    received: &Mutex<Vec<ReceivedRequest>>,
) -> Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut length, mut path) = (0, String::new());
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        if path.is_empty() {
            line.split(' ').nth(1).unwrap_or_default().clone_into(&mut path);
        }
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse()?;
            }
            Some(_) => {}
            None if line.trim_end().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let asked = ReceivedRequest { path, body: String::from_utf8_lossy(&body).into_owned() };
    let answer = answers(&asked);
    received.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
    stream.write_all(&answer).await?;
    Ok(())
}
