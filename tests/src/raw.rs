//! HTTP as bytes on a connection: for requests that no client sends, and for reading as slowly as a test needs.
//!
//! Owns the connection. Must not correct anything: the given bytes are sent as they are.

use anyhow::{Context, Result};
use std::time::Duration;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

/// The time limit of every step.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection.
pub struct Raw {
    stream: BufReader<TcpStream>,
    host: String,
}

/// The head of a response.
#[derive(Debug)]
pub struct Head {
    /// The status code.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
}

impl Raw {
    /// Connects to `http://HOST:PORT`. The receive buffer is small, so that unread data waits on the other side.
    pub async fn connect(base: &str) -> Result<Self> {
        let host = base.strip_prefix("http://").context("not http")?.to_owned();
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(8 * 1024)?;
        let stream = socket.connect(host.parse()?).await?;
        Ok(Self { stream: BufReader::with_capacity(1024, stream), host })
    }

    /// Sends bytes as they are.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(timeout(PATIENCE, self.stream.write_all(bytes)).await.context("nobody reads")??)
    }

    /// Sends a request's first line and headers, and the empty line after them. `headers` end with CR LF each.
    pub async fn request(&mut self, line: &str, headers: &str) -> Result<()> {
        let head = format!("{line} HTTP/1.1\r\nhost: {}\r\n{headers}\r\n", self.host);
        self.send(head.as_bytes()).await
    }

    /// Reads the next response's head.
    pub async fn head(&mut self) -> Result<Head> {
        let first = self.line().await?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let mut headers = Vec::new();
        loop {
            let line = self.line().await?;
            match line.split_once(':') {
                Some((name, value)) => {
                    headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
                }
                None => return Ok(Head { status: status.context(first)?, headers }),
            }
        }
    }

    /// Reads the next response: its head, and a body with a `content-length`.
    pub async fn answer(&mut self) -> Result<(Head, String)> {
        let head = self.head().await?;
        let length = head.header("content-length").context("no length")?.parse()?;
        Ok((head, String::from_utf8(self.read_bytes(length).await?)?))
    }

    /// Reads exactly that many bytes.
    pub async fn read_bytes(&mut self, bytes: usize) -> Result<Vec<u8>> {
        let mut read = vec![0; bytes];
        timeout(PATIENCE, self.stream.read_exact(&mut read)).await.context("nothing comes")??;
        Ok(read)
    }

    /// Reads until the other side closes the connection or is silent for that long. The flag is true if the connection
    /// was closed.
    pub async fn rest(&mut self, silence: Duration) -> (Vec<u8>, bool) {
        let (mut all, mut piece) = (Vec::new(), vec![0; 16 * 1024]);
        loop {
            match timeout(silence, self.stream.read(&mut piece)).await {
                Ok(Ok(0) | Err(_)) => return (all, true),
                Ok(Ok(bytes)) => all.extend_from_slice(&piece[..bytes]),
                Err(_) => return (all, false),
            }
        }
    }

    async fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        timeout(PATIENCE, self.stream.read_line(&mut line)).await.context("no answer")??;
        anyhow::ensure!(line.ends_with('\n'), "the connection ended within a head: {line:?}");
        Ok(line.trim_end().to_owned())
    }
}

impl Head {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}
