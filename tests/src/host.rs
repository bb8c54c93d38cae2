//! Another origin: a small server of files that a test supplies. It records the requests.
//!
//! Owns its listener. Must not serve anything but those files.

use anyhow::{Context, Result};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A file to serve.
pub struct File {
    /// Its path, without a query.
    pub path: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its Content-Security-Policy, if it has one.
    pub policy: Option<String>,
    /// Whether it is cross-origin isolated.
    pub isolated: bool,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// A recorded request: the method, a space, and the path with its query; then the body.
type RecordedRequest = (String, Vec<u8>);

/// A running server; dropping it stops it.
pub struct Host {
    port: u16,
    asked: Arc<Mutex<Vec<RecordedRequest>>>,
    listener: JoinHandle<()>,
}

impl File {
    /// An HTML page.
    pub fn page(path: &str, html: impl Into<Vec<u8>>) -> Self {
        let body = html.into();
        let media_type = "text/html; charset=utf-8";
        Self { path: path.to_owned(), media_type, policy: None, isolated: false, body }
    }
}

impl Host {
    /// Listens on any free port of this machine.
    pub async fn start(files: Vec<File>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (shared, files) = (Arc::clone(&asked), Arc::new(files));
        let listener = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (shared, files) = (Arc::clone(&shared), Arc::clone(&files));
                tokio::spawn(async move {
                    let _ = answer(stream, &files, &shared).await;
                });
            }
        });
        Ok(Self { port, asked, listener })
    }

    /// Its origin under a host name of this machine: for a browser `localhost` and `127.0.0.1` are two sites.
    pub fn origin(&self, name: &str) -> String {
        format!("http://{name}:{}", self.port)
    }

    /// Every request so far, except those for the icon that browsers look for.
    pub fn asked(&self) -> Vec<RecordedRequest> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.iter().filter(|(line, _)| !line.ends_with("/favicon.ico")).cloned().collect()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

/// Reads one request, records it, and responds. A POST to any path gets a page that says thanks.
async fn answer(
    stream: TcpStream,
    files: &[File],
    asked: &Mutex<Vec<RecordedRequest>>,
) -> Result<()> {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    stream.read_line(&mut first).await?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let (method, rest) = first.split_once(' ').context("no method")?;
    let target = rest.split(' ').next().context("no path")?;
    asked.lock().unwrap_or_else(PoisonError::into_inner).push((format!("{method} {target}"), body));
    let thanks =
        [File::page("", "<!doctype html><html lang=\"en\"><title>Thanks</title>Thank you")];
    let path = target.split('?').next().unwrap_or(target);
    let file =
        if method == "POST" { thanks.first() } else { files.iter().find(|file| file.path == path) };
    let mut head = "HTTP/1.1 404 Not Found\r\n".to_owned();
    if let Some(File { media_type, policy, isolated, .. }) = file {
        head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {media_type}\r\naccess-control-allow-origin: *\r\n"
        );
        head.extend(policy.iter().map(|policy| format!("content-security-policy: {policy}\r\n")));
        if *isolated {
            head.push_str("cross-origin-opener-policy: same-origin\r\ncross-origin-embedder-policy: require-corp\r\n");
        }
    }
    let body = file.map(|file| file.body.as_slice()).unwrap_or_default();
    head.extend([format!("content-length: {}\r\nconnection: close\r\n\r\n", body.len())]);
    stream.write_all(head.as_bytes()).await?;
    Ok(stream.write_all(body).await?)
}
