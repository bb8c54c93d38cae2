//! HTTP, spoken by one Node (`fetch.mjs`) for as long as a deploy takes.
//!
//! Owns the child and the lines spoken with it. Must not know what is asked for, and must not print what it sends.

use crate::{repo, tools};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::{path::PathBuf, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::Mutex,
    time::timeout,
};

/// What the edge may take to answer; an object that was asleep needs a moment.
const SECONDS: u64 = 20;

/// The operator's token. It has no Debug and no Display: it leaves by one header.
pub struct Token(String);

impl Token {
    /// Takes what could be one: visible characters, as many as the edge asks for.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let right = text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_graphic());
        right.then(|| Self(text.to_owned()))
    }
}

/// An answer, whatever its status.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, where it is JSON; else null.
    pub body: Value,
}

/// Makes requests.
pub struct Fetch {
    node: PathBuf,
    /// Started by the first request, and again after it has failed.
    driver: Mutex<Option<Driver>>,
}

struct Driver {
    _child: Child,
    lines: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    asked: u64,
}

impl Fetch {
    /// By this Node.
    pub fn new(node: PathBuf) -> Self {
        Self { node, driver: Mutex::default() }
    }

    /// Asks once. The error says what went wrong on the way, and nothing of what was sent.
    pub async fn ask(
        &self,
        method: &str,
        url: &str,
        token: Option<&Token>,
        body: Option<&Value>,
    ) -> Result<Answer> {
        let asked = json!({
            "method": method, "url": url, "token": token.map(|token| &token.0), "body": body, "seconds": SECONDS,
        });
        let mut kept = self.driver.lock().await;
        let driver = match &mut *kept {
            Some(driver) => driver,
            None => kept.insert(Driver::start(&self.node)?),
        };
        let answer = timeout(Duration::from_secs(SECONDS + 5), driver.ask(asked)).await;
        let answer = match answer.context("it did not answer in time").and_then(|answer| answer) {
            Ok(answer) => answer,
            Err(error) => {
                *kept = None;
                return Err(error);
            }
        };
        if let Some(reason) = answer["error"].as_str() {
            bail!("it cannot be reached ({reason})");
        }
        let status = answer["status"].as_u64().and_then(|status| status.try_into().ok());
        let body = answer["body"].as_str().and_then(|text| serde_json::from_str(text).ok());
        Ok(Answer {
            status: status.context("there was no status")?,
            body: body.unwrap_or_default(),
        })
    }
}

impl Driver {
    fn start(node: &PathBuf) -> Result<Self> {
        let mut command = Command::new(node);
        tools::clean(&mut command);
        let mut child = command
            .arg(repo::path("xtask/src/deploy/fetch.mjs"))
            // Ctrl-C reaches the terminal's whole group; this one must live to open what was closed.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("Node cannot be started")?;
        let lines = child.stdin.take().context("Node has no stdin")?;
        let answers = child.stdout.take().context("Node has no stdout")?;
        Ok(Self { _child: child, lines, answers: BufReader::new(answers).lines(), asked: 0 })
    }

    /// Says one line, and hears its answer: that of a request whose future was dropped may come before.
    async fn ask(&mut self, mut asked: Value) -> Result<Value> {
        self.asked += 1;
        asked["id"] = self.asked.into();
        // In one write: a pipe takes so little whole or not at all.
        self.lines.write_all(format!("{asked}\n").as_bytes()).await.context("Node has ended")?;
        loop {
            let line = self.answers.next_line().await?.context("Node has ended early")?;
            let answer: Value = serde_json::from_str(&line).context("Node did not speak JSON")?;
            if answer["id"] == self.asked {
                return Ok(answer);
            }
        }
    }
}

/// One that is too old for wrangler can still fetch.
#[cfg(test)]
pub async fn test_node() -> PathBuf {
    let found = crate::setup::find_node().await;
    found.or_else(|error| tools::which("node").ok_or(error)).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    /// A server that closes the first connection without a word and answers the second.
    #[tokio::test]
    async fn an_answer_belongs_to_its_question() {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let fetch = Fetch::new(test_node().await);
        let dropped = fetch.ask("GET", &url, None, None);
        let asked_for = async {
            let (mut connection, _) = listener.accept().await.unwrap();
            connection.read_u8().await.unwrap();
            connection
        };
        let silent = tokio::select! {
            _ = dropped => panic!("nobody answered"),
            connection = asked_for => connection,
        };
        // Its answer is an error, and comes while the next one is waited for.
        drop(silent);
        let asked = fetch.ask("GET", &url, None, None);
        let served = async {
            let (mut connection, _) = listener.accept().await.unwrap();
            tokio::time::sleep(Duration::from_millis(200)).await;
            let answer = b"HTTP/1.1 418 T\r\ncontent-length: 5\r\n\r\n[\"a\"]";
            connection.write_all(answer).await.unwrap();
            connection
        };
        let (answer, _connection) = tokio::join!(asked, served);
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.body), (418, json!(["a"])));
    }

    #[tokio::test]
    async fn what_is_sent_is_in_no_error() {
        let fetch = Fetch::new(test_node().await);
        // Not one that `read` lets pass: Node refuses the header, and would quote it.
        let token = Token("hush\nhush".into());
        let error =
            fetch.ask("GET", "http://127.0.0.1:9/", Some(&token), None).await.err().unwrap();
        assert!(!format!("{error:#}").contains("hush"), "{error:#}");
        let lost = Fetch::new("no-such-node".into());
        assert!(lost.ask("GET", "http://127.0.0.1:9/", None, None).await.is_err());
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
