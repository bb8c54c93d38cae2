//! One HTTP call to an edge, and its response.
//!
//! Owns how a call is made: no redirect is followed and no proxy is used, since either would send the token elsewhere.
//! Must not know the purpose of a call, and must not print what it sends.

use anyhow::{Context, Result, anyhow};
pub use preflight::edge_answer::EdgeResponse;
use preflight::secrets;
use serde_json::Value;
use std::time::Duration;
use ureq::{Agent, Error, http::Request};

/// How long the edge may take to answer; an object that is not in memory needs a moment to start.
const SECONDS: u64 = 20;

/// The operator's token. It implements neither Debug nor Display; it leaves the process in one header only.
pub struct Token(String);

impl Token {
    /// Parses a token: visible characters, at least as many as the edge requires.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        secrets::is_token(text).then(|| Self(text.to_owned()))
    }
}

/// Sends one request. The error gives the reason and repeats nothing that was sent or received.
pub async fn send(
    method: &str,
    url: &str,
    token: Option<&Token>,
    body: Option<&Value>,
) -> Result<EdgeResponse> {
    let mut request = Request::builder().method(method).uri(url);
    if let Some(Token(token)) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    let request = request
        .body(body.map(Value::to_string))
        .context("the address or the token contains a character that a request cannot contain")?;
    // The call runs on a thread of its own, so that this future can be dropped; the call still ends within its time
    // limit.
    let sent = tokio::task::spawn_blocking(move || send_blocking(request)).await?;
    sent.map_err(|error| anyhow!("it cannot be reached ({})", reason(&error, SECONDS)))
}

/// What makes every call of this program to an edge or a gateway. It follows no redirect and uses no proxy, since either
/// would send a token or a key elsewhere; any status is an answer.
pub(crate) fn agent(limit: Duration) -> Agent {
    Agent::config_builder()
        .timeout_global(Some(limit))
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .build()
        .into()
}

fn send_blocking(request: Request<Option<String>>) -> Result<EdgeResponse, Error> {
    let agent = agent(Duration::from_secs(SECONDS));
    let (head, body) = request.into_parts();
    let answer = match body {
        None => agent.run(Request::from_parts(head, ())),
        Some(body) => agent.run(Request::from_parts(head, body)),
    };
    let mut answer = answer?;
    let body = answer.body_mut().read_to_vec()?;
    let body = serde_json::from_slice(&body).unwrap_or_default();
    Ok(EdgeResponse { status: answer.status().as_u16(), body })
}

/// The reason in our own words: the library's text may quote a header.
pub(crate) fn reason(error: &Error, seconds: u64) -> String {
    match error {
        Error::Io(error) => error.kind().to_string(),
        Error::Timeout(_) => format!("no answer within {seconds} s"),
        Error::HostNotFound => "its name is not known".into(),
        Error::ConnectionFailed => "no connection".into(),
        Error::Tls(_) | Error::Rustls(_) => "its certificate is not valid".into(),
        _ => "its answer is not HTTP".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    /// Calls a server that accepts one connection and sends these bytes. Returns the result and the request that the
    /// server received.
    async fn asked(answer: &'static str, body: Option<Value>) -> (Result<EdgeResponse>, String) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/path", listener.local_addr().unwrap());
        let token = Token::read(&"t".repeat(32));
        let served = async {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut sent = vec![0; 4096];
            let read = connection.read(&mut sent).await.unwrap();
            connection.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8_lossy(&sent[..read]).to_ascii_lowercase()
        };
        tokio::join!(send("PUT", &url, token.as_ref(), body.as_ref()), served)
    }

    #[tokio::test]
    async fn any_status_is_an_answer() {
        let (answer, sent) =
            asked("HTTP/1.1 418 T\r\ncontent-length: 5\r\n\r\n[\"a\"]", Some(json!({}))).await;
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.body), (418, json!(["a"])));
        let bearer = format!("authorization: bearer {}\r\n", "t".repeat(32));
        assert!(sent.starts_with("put /path http/1.1\r\n") && sent.contains(&bearer), "{sent}");
        assert!(sent.contains("content-type: application/json\r\n"), "{sent}");
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed() {
        let redirect =
            "HTTP/1.1 302 F\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n";
        let (answer, _) = asked(redirect, None).await;
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.body), (302, Value::Null));
    }

    #[tokio::test]
    async fn no_error_repeats_the_request_or_the_response() {
        // `Token::read` would refuse this token: it cannot be sent in a header.
        let token = Token("hush\nhush".into());
        let error = send("GET", "http://127.0.0.1:9/", Some(&token), None).await.err().unwrap();
        assert!(!format!("{error:#}").contains("hush"), "{error:#}");
        for answer in ["hush", "", "HTTP/1.1 200 OK\r\nhush hush\r\n\r\n"] {
            let (answer, _) = asked(answer, None).await;
            let error = format!("{:#}", answer.err().unwrap());
            assert!(!error.contains("hush") && !error.contains("ttt"), "{error}");
        }
        assert!(send("GET", "http://127.0.0.1:9/", None, None).await.is_err());
    }

    #[test]
    fn a_token_could_stand_in_a_header() {
        assert!(Token::read(&format!(" {}\n", "t".repeat(32))).is_some());
        for bad in
            ["", "short", &"t ".repeat(20), &"ä".repeat(20), &format!("{}\nx", "t".repeat(32))]
        {
            assert!(Token::read(bad).is_none(), "{bad}");
        }
    }
}
