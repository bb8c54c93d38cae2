//! The checks that order: a job without a viewer, a reload, a cancel.
//!
//! Owns the requests and the waiting. Must not judge a response, and must not order more than [`spend::COUNTED`] pictures.
//!
//! [`spend::COUNTED`]: preflight::smoke::spend::COUNTED

use super::{Checked, Client, about, client::Call, none, status};
use anyhow::{Context, Result};
use contract::{job::Job, money::Nano, route, session::Session, site::Site};
use preflight::smoke::{
    answer::Answer,
    headers::{self, Kind},
    jobs,
    spend::Order,
};
use serde_json::json;
use std::{fs::File, io::Read, time::Duration};
use tokio::time::{Instant, sleep_until};

/// A visitor of the site.
pub(super) struct Visit<'a> {
    pub(super) client: &'a Client,
    pub(super) site: &'a Site,
    pub(super) order: &'a Order,
    pub(super) sandbox: bool,
}

/// A job that was ordered, and is not looked at.
pub(super) struct Ordered {
    session: Session,
    key: String,
    job: Job,
    at: Instant,
    /// What is wrong with the headers of the answer: it is told with the job's own, since the job is there.
    found: Vec<String>,
}

/// A job that has ended, and its picture.
pub(super) struct Ended {
    pub(super) job: Job,
    picture: Answer,
}

impl Ordered {
    /// What it may cost at most, if the site shows it.
    pub(super) fn reserved(&self) -> Option<Nano> {
        self.job.cost.map(|cost| cost.reserved_usd)
    }
}

impl Visit<'_> {
    /// Opens a session and orders the first picture.
    pub(super) async fn order(&self) -> Checked<Ordered> {
        if self.site.challenge.is_some() {
            let site = &self.site.id;
            let reason = format!(
                "the site {site} has a challenge, which a program cannot pass; a site without one can be named with --site"
            );
            return Err(reason.into());
        }
        let opened = self.session(None).await?;
        let session = jobs::opened(&opened)?;
        none(self.headers("the session", Kind::Json, &opened))?;
        let (key, at) = (key()?, Instant::now());
        let answer = self.send_order(&session, &key).await?;
        let job = jobs::ordered(&answer)?;
        let found = self.headers("the answer to the order", Kind::Json, &answer);
        let reserved = job.cost.map(|cost| format!(", {} USD reserved", cost.reserved_usd));
        let said = format!("granted{}", reserved.unwrap_or_default());
        Ok((said, Ordered { session, key, job, at, found }))
    }

    /// Looks at the first job, later than it usually takes: nobody has asked about it since its order.
    pub(super) async fn unwatched(&self, ordered: &Ordered) -> Checked<Ended> {
        let first = jobs::first_look_ms(self.sandbox, self.order.expected_ms);
        let (mut next, mut looks) = (first, 0_u32);
        let path = route::job(&ordered.job.id);
        let (job, answer) = loop {
            sleep_until(ordered.at + Duration::from_millis(next)).await;
            let answer = self.read(&ordered.session, &path).await?;
            looks += 1;
            let after = u64::try_from(ordered.at.elapsed().as_millis()).unwrap_or(u64::MAX);
            if let Some(job) = jobs::looked(&ordered.job.id, after, &answer)? {
                break (job, answer);
            }
            next = after.saturating_add(first);
        };
        let picture = self.read(&ordered.session, &route::picture(&job.id, 0)).await?;
        let events = self.read(&ordered.session, &route::events(&job.id)).await?;
        let mut found = jobs::picture(&job, &picture);
        found.extend(ordered.found.iter().cloned());
        found.extend(self.headers("the job", Kind::Json, &answer));
        let media_type = job.pictures.first().and_then(|it| it.media_type);
        if let Some(media_type) = media_type.filter(|_| picture.status == 200) {
            found.extend(self.headers("the picture", Kind::Picture(media_type.word()), &picture));
        }
        found.extend(status("the events", 200, &events));
        found.extend(self.headers("the events", Kind::Events, &events));
        none(found)?;
        let seconds = Duration::from_millis(job.elapsed_ms).as_secs_f64();
        let said = format!("ended after {seconds:.1} s, seen at look {looks}");
        Ok((said, Ended { job, picture }))
    }

    /// What the studio does after a reload: it renews the session, and reads the job and its picture again. The order too is
    /// sent again, under its key.
    pub(super) async fn reload(&self, ordered: &Ordered, ended: &Ended) -> Checked<()> {
        let answer = self.session(Some(&ordered.session)).await?;
        let renewed = jobs::renewed(&ordered.session, &answer)?;
        let job = self.read(&renewed, &route::job(&ended.job.id)).await?;
        let mut found = jobs::same(&ended.job, &job);
        let picture = self.read(&renewed, &route::picture(&ended.job.id, 0)).await?;
        found.extend(jobs::same_bytes(&ended.picture, &picture));
        // Another tab may still hold the first token.
        for (what, session) in [("the first token", &ordered.session), ("the new token", &renewed)]
        {
            let answer = self.read(session, route::ALLOWANCE).await?;
            found.extend(status(&format!("after the reload {what}"), 200, &answer));
        }
        let again = self.send_order(&renewed, &ordered.key).await?;
        found.extend(jobs::repeated(&ended.job, &again));
        none(found)?;
        Ok((format!("the same job, the same {} bytes", ended.picture.body.len()), ()))
    }

    /// Orders a second picture, cancels it at once, and looks again when it would have ended.
    pub(super) async fn cancel(&self, ordered: &Ordered, took_ms: Option<u64>) -> Checked<()> {
        let at = Instant::now();
        let job = jobs::ordered(&self.send_order(&ordered.session, &key()?).await?)?;
        let path = route::job(&job.id);
        let cancel = format!("{path}?if=running");
        let answer = self.send(&ordered.session, "DELETE", &cancel).await?;
        let cancelled = jobs::cancelled(&job.id, &answer)?;
        none(self.headers("the cancel", Kind::Json, &answer))?;
        let usual = || jobs::first_look_ms(self.sandbox, self.order.expected_ms);
        let later = took_ms.map_or_else(usual, jobs::second_look_ms);
        sleep_until(at + Duration::from_millis(later)).await;
        let answer = self.read(&ordered.session, &path).await?;
        let bytes = self.read(&ordered.session, &route::picture(&job.id, 0)).await?;
        none(jobs::stays_cancelled(&cancelled, &answer, &bytes))?;
        Ok((format!("still cancelled {:.1} s after its order", at.elapsed().as_secs_f64()), ()))
    }

    fn headers(&self, what: &str, kind: Kind<'_>, answer: &Answer) -> Vec<String> {
        about(what, headers::judge(kind, self.client.secure(), answer)).collect()
    }

    /// Opens a session, or renews one.
    async fn session(&self, renew: Option<&Session>) -> Result<Answer> {
        let headers = renew.map(authorization).into_iter().collect();
        let body = Some(json!({ "site": self.site.id }).to_string());
        self.client.send(Call { method: "POST", path: route::SESSIONS, headers, body }).await
    }

    /// Orders one picture. An order without an answer is not repeated: it may have been granted, and is counted as spent.
    async fn send_order(&self, session: &Session, key: &str) -> Result<Answer> {
        let headers = vec![authorization(session), ("idempotency-key", key.to_owned())];
        let body = Some(serde_json::to_string(&self.order.request())?);
        let call = Call { method: "POST", path: route::JOBS, headers, body };
        self.client
            .send(call)
            .await
            .context("the order has no answer, and may be paid for all the same")
    }

    async fn read(&self, session: &Session, path: &str) -> Result<Answer> {
        self.send(session, "GET", path).await
    }

    async fn send(&self, session: &Session, method: &str, path: &str) -> Result<Answer> {
        let headers = vec![authorization(session)];
        self.client.send(Call { method, path, headers, body: None }).await
    }
}

fn authorization(session: &Session) -> (&'static str, String) {
    ("authorization", format!("Bearer {}", session.token))
}

/// A new idempotency key.
fn key() -> Result<String> {
    let mut bytes = [0; 16];
    let mut random = File::open("/dev/urandom").context("this machine has no /dev/urandom")?;
    random.read_exact(&mut bytes)?;
    Ok(engine::hex::encode(&bytes))
}
