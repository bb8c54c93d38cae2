//! A plain HTTP/1.1 client: one connection for each request.
//!
//! Owns reading a response. Must not tolerate anything: a chunk that ends early is an error.

use base64::{Engine, engine::general_purpose::STANDARD};
use contract::options::Size;
use sandbox::{Sandbox, Settings};
use serde_json::{Value, json};
use std::{io, net::SocketAddr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The model of every request that names no other.
pub(crate) const MINI: &str = "openai/gpt-image-1-mini";

/// 32 characters, which are 17 tokens, as in the recorded example.
pub(crate) const PROMPT: &str = "A red balloon on a wooden table.";

/// A response, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A sandbox for one test.
pub(crate) async fn sandbox() -> Sandbox {
    sandbox_with(Settings::for_tests()).await
}

/// A sandbox with these settings.
pub(crate) async fn sandbox_with(settings: Settings) -> Sandbox {
    Sandbox::start(settings).await.expect("a free port")
}

/// Requests pictures: the minimal request with the members of `more` added or replaced. Null removes a member.
pub(crate) async fn ask(sandbox: &Sandbox, more: Value) -> Reply {
    post(sandbox, "/v1/images/generations", &body(&more)).await
}

/// The body of [`ask`].
pub(crate) fn body(more: &Value) -> Vec<u8> {
    let mut request = json!({ "model": MINI, "prompt": PROMPT, "quality": "low" });
    let members = request.as_object_mut().expect("an object");
    for (key, value) in more.as_object().expect("an object").clone() {
        members.remove(&key);
        if !value.is_null() {
            members.insert(key, value);
        }
    }
    request.to_string().into_bytes()
}

/// Posts JSON with a valid key.
pub(crate) async fn post(sandbox: &Sandbox, path: &str, body: &[u8]) -> Reply {
    let headers = [("authorization", "Bearer vck_test"), ("content-type", "application/json")];
    send(sandbox.address(), "POST", path, &headers, body).await.expect("a whole answer")
}

/// Gets a path, without a key.
pub(crate) async fn get(sandbox: &Sandbox, path: &str) -> Reply {
    send(sandbox.address(), "GET", path, &[], b"").await.expect("a whole answer")
}

/// Sends one request and reads the whole response.
pub(crate) async fn send(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Reply> {
    let mut stream = send_request(address, method, path, headers, body).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    read(&bytes)
}

/// Sends one request and leaves the response unread.
pub(crate) async fn send_request(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<TcpStream> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    head.extend(["content-length: ", &body.len().to_string(), "\r\n\r\n"]);
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    Ok(stream)
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The bytes of every picture in it.
    pub(crate) fn pictures(&self) -> Vec<Vec<u8>> {
        let json = self.json();
        let items = json["data"].as_array().expect("data");
        let decode = |item: &Value| STANDARD.decode(item["b64_json"].as_str().expect("b64_json"));
        items.iter().map(|item| decode(item).expect("base64")).collect()
    }

    /// Its `error` member, after checking the status and the media type.
    #[track_caller]
    pub(crate) fn error(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        assert_eq!(self.header("content-type"), Some("application/json"));
        self.json()["error"].clone()
    }
}

/// The size of a PNG, after decoding every pixel of it.
pub(crate) fn png_size(bytes: &[u8]) -> Size {
    let mut reader = png::Decoder::new(io::Cursor::new(bytes)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("whole pixels");
    let side = |pixels: u32| u16::try_from(pixels).expect("a small picture");
    Size { width: side(info.width), height: side(info.height) }
}

fn read(bytes: &[u8]) -> io::Result<Reply> {
    let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let end = find(bytes, b"\r\n\r\n").ok_or_else(cut)?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let mut rest = &bytes[end + 4..];
    let mut body = Vec::new();
    if headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked") {
        loop {
            let line = find(rest, b"\r\n").ok_or_else(cut)?;
            let digits = String::from_utf8_lossy(&rest[..line]);
            let length = usize::from_str_radix(&digits, 16).map_err(io::Error::other)?;
            let chunk = rest.get(line + 2..line + 2 + length).ok_or_else(cut)?;
            body.extend_from_slice(chunk);
            rest = rest.get(line + 4 + length..).ok_or_else(cut)?;
            if length == 0 {
                break;
            }
        }
    } else {
        body.extend_from_slice(rest);
    }
    Ok(Reply { status: status.ok_or_else(cut)?, headers, body })
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
