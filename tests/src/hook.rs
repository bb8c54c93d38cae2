//! A webhook's receiver: it accepts JSON and records it.
//!
//! Owns its listener. Must not respond with anything but 204.

use anyhow::{Context, Result};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A running receiver; dropping it stops it.
pub struct Hook {
    url: String,
    received: Arc<Mutex<Vec<Value>>>,
    listener: JoinHandle<()>,
}

impl Hook {
    /// Listens on any free port of this machine.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/hook", listener.local_addr()?);
        let received = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&received);
        let listener = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Ok(value) = receive(stream).await {
                    shared.lock().unwrap_or_else(PoisonError::into_inner).push(value);
                }
            }
        });
        Ok(Self { url, received, listener })
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Every message so far.
    pub fn received(&self) -> Vec<Value> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

/// Reads one request with a length, and responds.
async fn receive(stream: TcpStream) -> Result<Value> {
    let mut stream = BufReader::new(stream);
    let mut length = None;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = Some(value.parse()?);
            }
            Some(_) => {}
            None if line.trim_end().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length.context("no length")?];
    stream.read_exact(&mut body).await?;
    stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await?;
    Ok(serde_json::from_slice(&body)?)
}
