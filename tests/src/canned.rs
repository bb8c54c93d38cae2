//! An upstream that gives every request the same answer: for what the sandbox does not paint.
//!
//! Owns its listener. Must not understand what it is asked.

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_STANDARD};
use sandbox::{Subject, encode, paint};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A running upstream; it stops when this is dropped.
pub struct Canned {
    url: String,
    asked: Arc<AtomicU64>,
    listener: JoinHandle<()>,
}

impl Canned {
    /// Answers with bytes as they are, and closes the connection.
    pub async fn start(answer: Vec<u8>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/v1", listener.local_addr()?);
        let asked = Arc::new(AtomicU64::new(0));
        let (answer, count) = (Arc::new(answer), Arc::clone(&asked));
        let listener = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                let answer = Arc::clone(&answer);
                // One who leaves has had enough.
                tokio::spawn(async move { give(stream, &answer).await.ok() });
            }
        });
        Ok(Self { url, asked, listener })
    }

    /// Answers with a picture.
    pub async fn picture(bytes: &[u8]) -> Result<Self> {
        let text = BASE64_STANDARD.encode(bytes);
        let body = format!("{{\"created\":1,\"data\":[{{\"b64_json\":\"{text}\"}}]}}");
        let length = body.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        Self::start([head, body].concat().into_bytes()).await
    }

    /// Its base URL, as a gateway's.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How many connections there were.
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Drop for Canned {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

/// A png of about so many bytes: between its head and its pixels stands a chunk that means nothing.
pub fn large_png(bytes: u32) -> Result<Vec<u8>> {
    /// Behind the signature and the chunk `IHDR`.
    const AT: usize = 33;
    let small = encode(&paint(&Subject::default()), contract::options::Format::Png, 90);
    let mut png = small.context("no picture")?;
    let mut chunk = bytes.to_be_bytes().to_vec();
    chunk.extend_from_slice(b"eaSl");
    // What is not the same everywhere shows what is lost or twice there.
    chunk.extend((0..bytes).map(|at| at.to_le_bytes()[usize::from(at % 3 == 0)]));
    chunk.extend_from_slice(&[0; 4]);
    png.splice(AT..AT, chunk);
    Ok(png)
}

/// Reads one request with a length, and answers it.
async fn give(stream: TcpStream, answer: &[u8]) -> Result<()> {
    let mut stream = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
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
    stream.write_all(answer).await?;
    Ok(())
}
