//! The calls of `smoke` to an edge. Every response is searched for secrets before anything else reads it.
//!
//! Owns how a call is made, and where secrets were found. Must not judge a response otherwise, and must not send the
//! operator's secrets.

use crate::deploy::{address::Address, call};
use anyhow::{Context, Result, anyhow};
use preflight::smoke::{answer::Answer, scan::Secrets};
use std::{
    collections::BTreeSet,
    io::Read,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use ureq::{Agent, http::Request};

/// How long the edge may take for one response, its body included.
const SECONDS: u64 = 60;
/// The most bytes of a response: twice the largest picture.
const MOST: u64 = 64 << 20;

/// A request; its path begins with `/`.
#[derive(Debug, Clone, Default)]
pub(super) struct Call<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Option<String>,
}

/// An edge, and what its responses held.
pub(super) struct Client {
    address: Address,
    agent: Agent,
    secrets: Arc<Secrets>,
    seen: Mutex<Seen>,
}

/// The responses so far.
#[derive(Default)]
struct Seen {
    responses: usize,
    bytes: usize,
    /// The name of a secret, and the response that held it.
    leaks: BTreeSet<(&'static str, String)>,
}

impl Client {
    pub(super) fn new(address: Address, secrets: Secrets) -> Self {
        let agent = call::agent(Duration::from_secs(SECONDS));
        Self { address, agent, secrets: Arc::new(secrets), seen: Mutex::default() }
    }

    /// Whether the edge is asked over https.
    pub(super) fn secure(&self) -> bool {
        self.address.to_string().starts_with("https://")
    }

    /// Sends `GET` without any header.
    pub(super) async fn get(&self, path: &str) -> Result<Answer> {
        self.send(Call { method: "GET", path, ..Call::default() }).await
    }

    /// Sends one request and searches the response. The error repeats nothing that was sent or received.
    pub(super) async fn send(&self, call: Call<'_>) -> Result<Answer> {
        let Call { method, path, headers, body } = call;
        let what = format!("{method} {}", short(path));
        let mut request = Request::builder().method(method).uri(self.address.at(path));
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request =
            request.body(body).context("the edge named a path that cannot be asked for")?;
        let (agent, secrets) = (self.agent.clone(), Arc::clone(&self.secrets));
        // The call runs on a thread of its own, so that this future can be dropped.
        let sent = tokio::task::spawn_blocking(move || {
            let answer = send(&agent, request)?;
            let found = found_in(&secrets, &answer);
            Ok::<_, ureq::Error>((answer, found))
        });
        let (answer, found) = sent.await?.map_err(|error| {
            anyhow!(
                "{}: it cannot be reached ({})",
                self.printable(what.clone()),
                call::reason(&error, SECONDS)
            )
        })?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.responses += 1;
        seen.bytes += answer.body.len();
        seen.leaks.extend(found.into_iter().map(|name| (name, what.clone())));
        Ok(answer)
    }

    /// Whether there is anything to search for.
    pub(super) fn has_secrets(&self) -> bool {
        !self.secrets.names().is_empty()
    }

    /// A sentence that may be printed.
    pub(super) fn printable(&self, sentence: String) -> String {
        self.secrets.printable(sentence)
    }

    /// What was searched, in words.
    pub(super) fn searched(&self) -> String {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let names: Vec<_> = self.secrets.names().into_iter().collect();
        format!("{} in {} responses, {} KB", names.join(", "), seen.responses, seen.bytes >> 10)
    }

    /// A sentence for each response that held a secret.
    pub(super) fn leaks(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let sentence =
            |(name, what): &(&str, String)| format!("{name} is in the response to {what}");
        seen.leaks.iter().map(sentence).collect()
    }
}

/// A path for people: a job's whole id opens the job, so that it is not printed.
fn short(path: &str) -> String {
    let segment = |it: &str| match it.split_at_checked(64) {
        Some((id, rest)) if id.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            format!("{}…{rest}", &id[..8])
        }
        _ => it.to_owned(),
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// The secrets in a response: its headers, its body as it was sent, and what a brotli body unpacks to.
fn found_in(secrets: &Secrets, answer: &Answer) -> BTreeSet<&'static str> {
    let mut found = secrets.found_in(&answer.body);
    for (name, value) in &answer.headers {
        found.extend(secrets.found_in(format!("{name}: {value}").as_bytes()));
    }
    if answer.header("content-encoding").as_deref() == Some("br") {
        found.extend(secrets.found_in(&unpacked(&answer.body)));
    }
    found
}

/// The text of a brotli body, as far as it can be read.
pub(super) fn unpacked(body: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let _ = brotli::Decompressor::new(body, 4096).take(MOST).read_to_end(&mut text);
    text
}

fn send(agent: &Agent, request: Request<Option<String>>) -> Result<Answer, ureq::Error> {
    let (head, body) = request.into_parts();
    let mut answer = match body {
        None => agent.run(Request::from_parts(head, ()))?,
        Some(body) => agent.run(Request::from_parts(head, body))?,
    };
    let headers = answer.headers().iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let headers = headers.collect();
    let body = answer.body_mut().with_config().limit(MOST).read_to_vec()?;
    Ok(Answer { status: answer.status().as_u16(), headers, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jobs_id_is_not_printed_whole() {
        let id = "0123456789abcdef".repeat(4);
        assert_eq!(short(&format!("/v1/jobs/{id}?if=running")), "/v1/jobs/01234567…?if=running");
        assert_eq!(short(&format!("/v1/jobs/{id}/pictures/0")), "/v1/jobs/01234567…/pictures/0");
        assert_eq!(
            short("/assets/studio-0123456789abcdef.js"),
            "/assets/studio-0123456789abcdef.js"
        );
    }
}
