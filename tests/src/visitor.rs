//! A visitor without a browser, who uses the HTTP API.
//!
//! Owns the session's token and the waiting for a job. Must not repeat or correct a request.

use anyhow::{Context, Result, bail, ensure};
use contract::{job::Job, problem::Problem, route, session::Session};
use reqwest::{
    Client, Method, RequestBuilder, Response,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

static KEYS: AtomicU64 = AtomicU64::new(0);
/// The header in which the platform sends a visitor's address.
const ADDRESS: &str = "cf-connecting-ip";

/// A visitor with a session.
pub struct Visitor {
    base: String,
    http: Client,
    /// The address that each request sends; with none, that of the client.
    address: Option<String>,
    /// The session, with its token.
    pub session: Session,
}

/// What a request comes to: what was asked for, or the problem with which it was refused.
pub type Asked<T> = Result<T, Problem>;

impl Visitor {
    /// Opens a session on the site `demo`.
    pub async fn open(base: &str) -> Result<Self> {
        Self::open_on(base, "demo", client()?).await
    }

    /// Opens a session on a site, with an existing client.
    pub async fn open_on(base: &str, site: &str, http: Client) -> Result<Self> {
        let request =
            http.post(format!("{base}{}", route::SESSIONS)).json(&json!({ "site": site }));
        let response = request.send().await?;
        ensure!(response.status() == 201, "a session was refused: {}", response.text().await?);
        Ok(Self { base: base.to_owned(), http, address: None, session: response.json().await? })
    }

    /// Asks for a session on the site `demo` from an address, with a challenge's token if there is one.
    pub async fn open_from(
        base: &str,
        address: &str,
        challenge: Option<&str>,
        http: Client,
    ) -> Result<Asked<Self>> {
        let mut body = json!({ "site": "demo" });
        if let Some(token) = challenge {
            body["challenge"] = token.into();
        }
        let request = http.post(format!("{base}{}", route::SESSIONS)).header(ADDRESS, address);
        let response = request.json(&body).send().await?;
        if response.status() != 201 {
            return Ok(Err(problem(response).await?));
        }
        let (base, address) = (base.to_owned(), Some(address.to_owned()));
        Ok(Ok(Self { base, http, address, session: response.json().await? }))
    }

    /// A visitor who returns with an earlier session.
    pub fn returning(base: &str, session: Session) -> Result<Self> {
        Ok(Self { base: base.to_owned(), http: client()?, address: None, session })
    }

    /// A request with the session's token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        let request = request.bearer_auth(&self.session.token);
        match &self.address {
            Some(address) => request.header(ADDRESS, address),
            None => request,
        }
    }

    /// Requests a job under an idempotency key.
    pub async fn ask_under(&self, key: &str, body: &Value) -> Result<Response> {
        Ok(self
            .request(Method::POST, route::JOBS)
            .header("idempotency-key", key)
            .json(body)
            .send()
            .await?)
    }

    /// Requests a job under an idempotency key, with pictures to edit.
    pub async fn edit_under(
        &self,
        key: &str,
        body: &Value,
        pictures: &[Vec<u8>],
    ) -> Result<Response> {
        let mut form = Form::new().text("request", body.to_string());
        for picture in pictures {
            form = form.part("picture", Part::bytes(picture.clone()).file_name("picture"));
        }
        let request = self.request(Method::POST, route::JOBS).header("idempotency-key", key);
        Ok(request.multipart(form).send().await?)
    }

    /// Requests a job under a new key, with pictures to edit.
    pub async fn edit(&self, body: &Value, pictures: &[Vec<u8>]) -> Result<Response> {
        let key = format!("key-{}", KEYS.fetch_add(1, Ordering::Relaxed));
        self.edit_under(&key, body, pictures).await
    }

    /// Requests a job under a new key.
    pub async fn ask(&self, body: &Value) -> Result<Response> {
        self.ask_under(&format!("key-{}", KEYS.fetch_add(1, Ordering::Relaxed)), body).await
    }

    /// Creates a job.
    pub async fn create(&self, body: &Value) -> Result<Job> {
        let response = self.ask(body).await?;
        ensure!(response.status() == 201, "a job was refused: {}", response.text().await?);
        Ok(response.json().await?)
    }

    /// Asks for a job under a new key.
    pub async fn try_create(&self, body: &Value) -> Result<Asked<Job>> {
        let response = self.ask(body).await?;
        if response.status() == 201 {
            return Ok(Ok(response.json().await?));
        }
        problem(response).await.map(Err)
    }

    /// A job's state.
    pub async fn job(&self, id: &str) -> Result<Job> {
        Ok(self.get(&route::job(id)).await?.error_for_status()?.json().await?)
    }

    /// The response of a path.
    pub async fn get(&self, path: &str) -> Result<Response> {
        Ok(self.request(Method::GET, path).send().await?)
    }

    /// The problem with which a path is refused.
    pub async fn problem(&self, path: &str) -> Result<Problem> {
        problem(self.get(path).await?).await
    }

    /// Cancels a job, as the studio's button does.
    pub async fn cancel(&self, id: &str) -> Result<Job> {
        let path = format!("{}?if=running", route::job(id));
        Ok(self.request(Method::DELETE, &path).send().await?.error_for_status()?.json().await?)
    }

    /// Every state that the event stream reports, until the last one.
    pub async fn watch(&self, id: &str) -> Result<Vec<Job>> {
        let response = self.get(&route::events(id)).await?.error_for_status()?;
        let text = tokio::time::timeout(Duration::from_mins(2), response.text())
            .await
            .context("the job does not end")??;
        let states = text
            .split("\n\n")
            .filter_map(|event| event.split_once("\ndata: "))
            .map(|(_, data)| serde_json::from_str(data));
        let states: Vec<Job> = states.collect::<Result<_, _>>()?;
        match states.last() {
            Some(last) if last.state.is_final() => Ok(states),
            _ => bail!("the stream ended before the job: {text}"),
        }
    }

    /// Creates a job and waits for its last state.
    pub async fn make(&self, body: &Value) -> Result<Job> {
        let job = self.create(body).await?;
        self.watch(&job.id).await?.pop().context("no state")
    }
}

/// A client that follows no redirect and decodes no encoding.
pub fn client() -> Result<Client> {
    Ok(Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(150))
        .build()?)
}

/// A client with another address, which it sends as the platform does; the edge of a test believes it.
pub fn client_from(address: &str) -> Result<Client> {
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert(ADDRESS, address.parse()?);
    Ok(Client::builder().default_headers(headers).timeout(Duration::from_secs(150)).build()?)
}

/// A header of a response; empty if it is missing.
pub fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Parses a problem document; any other response is an error.
pub async fn problem(response: Response) -> Result<Problem> {
    let status = response.status().as_u16();
    let media_type =
        response.headers().get("content-type").context("no content type")?.to_str()?.to_owned();
    let text = response.text().await?;
    ensure!(media_type == "application/problem+json", "{status} {media_type}: {text}");
    let problem: Problem = serde_json::from_str(&text).context(text)?;
    ensure!(problem.status == status, "the document says {}, the answer {status}", problem.status);
    Ok(problem)
}
