//! `/v1/sessions` and `/v1/allowance`.
//!
//! Owns the opening and renewing of sessions. Must not count: the Ledger does.

use super::Call;
use crate::{body, clock, failure::Failure, objects, random, router::json};
use contract::{
    limits::JSON_BODY_BYTES,
    problem::ProblemKind,
    session::{Allowance, Session as Answer, SessionRequest},
};
use engine::session::{Session, bearer};
use worker::Response;

/// Opens a session, or renews the one whose token is sent.
pub(crate) async fn open(call: &Call<'_>) -> Result<Response, Failure> {
    let text = body::json(call.request, JSON_BODY_BYTES).await?;
    let asked: SessionRequest = serde_json::from_str(&text)
        .map_err(|_| Failure::invalid("The body must be JSON with site."))?;
    let site = call.site(&asked.site)?;
    let now = clock::now();
    let required = || Failure::of(ProblemKind::SessionRequired);
    let session = match call.header("authorization") {
        Some(header) => {
            let token = bearer(&header).ok_or_else(required)?;
            let old = Session::read(token, &call.setup.keys).map_err(|_| required())?;
            if old.site != site.id {
                return Err(required());
            }
            old.renew(now).map_err(|_| required())?
        }
        None => Session::open(
            &site.id,
            random::bytes().ok_or_else(|| Failure::Ours("no random bytes".to_owned()))?,
            now,
        ),
    };
    let answer = Answer {
        token: session.token(&call.setup.keys),
        expires_at: session.expires,
        allowance: ask(call, &session).await?,
    };
    json(201, &answer)
}

/// What the visitor may still do.
pub(crate) async fn allowance(call: &Call<'_>) -> Result<Response, Failure> {
    let (session, _) = call.session()?;
    json(200, &ask(call, &session).await?)
}

async fn ask(call: &Call<'_>, session: &Session) -> Result<Allowance, Failure> {
    let ledger = objects::ledger(call.env, &session.site)?;
    objects::ask(&ledger, &["/", &session.site, "/allowance"].concat(), &session.subject).await
}
