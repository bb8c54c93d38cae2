//! `/v1/sessions` and `/v1/allowance`.
//!
//! Owns opening and renewing sessions. Must not count: the Ledger does.
//!
//! Decision: docs/decisions/2026-11-29-a-reload-renews-the-session.md.

use super::{Call, challenge};
use crate::{body, clock, failure::Failure, objects, random, rate_limit};
use contract::{
    limits::JSON_BODY_BYTES,
    problem::ProblemKind,
    session::{Allowance, Session as Answer, SessionRequest},
};
use engine::{
    config::site::Site,
    json,
    ledger::Opened,
    session::{Session, bearer},
};
use web_sys::Response;

/// Opens a session, or renews the session whose token is sent.
pub(crate) async fn open(call: &Call<'_>) -> Result<Response, Failure> {
    let text = body::json(call.request, JSON_BODY_BYTES).await?;
    let asked: SessionRequest = json::read_object(&text).map_err(|_| {
        Failure::invalid(
            "The body must be JSON with site and, if the site has a challenge, challenge.",
        )
    })?;
    let site = call.site(&asked.site)?;
    rate_limit::pass(call.env, site, rate_limit::SESSIONS, &call.network(&site.id)).await?;
    let (session, allowance) = match call.header("authorization") {
        Some(header) => renewed(call, site, &header, asked.challenge.as_deref()).await?,
        None => fresh(call, site, asked.challenge.as_deref()).await?,
    };
    let answer =
        Answer { token: session.token(&call.setup.keys), expires_at: session.expires, allowance };
    call.json(201, &answer)
}

/// Renews the visitor's session for another hour. It does not count as a new session, and needs no challenge. A challenge
/// that is passed with it is stored: a network with many refusals asks for it before an order.
async fn renewed(
    call: &Call<'_>,
    site: &Site,
    header: &str,
    challenge: Option<&str>,
) -> Result<(Session, Allowance), Failure> {
    let required = || Failure::of(ProblemKind::SessionRequired);
    let token = bearer(header).ok_or_else(required)?;
    let old = Session::read(token, &call.setup.keys).map_err(|_| required())?;
    if old.site != site.id {
        return Err(required());
    }
    let session = old.renew(clock::now()).map_err(|_| required())?;
    let allowance = match (&site.challenge, challenge) {
        (Some(challenge), Some(token)) => {
            let visitor = call.visitor(&session);
            challenge::pass(call, site, challenge, Some(token), &visitor.network).await?;
            let ledger = objects::ledger(call.env, &site.id)?;
            objects::call_json(&ledger, &["/", &site.id, "/lift-bound"].concat(), &visitor).await?
        }
        _ => fetch_allowance(call, &session).await?,
    };
    Ok((session, allowance))
}

/// Opens a session for a new visitor. It is counted for the visitor's network, after the challenge if the site has one.
async fn fresh(
    call: &Call<'_>,
    site: &Site,
    token: Option<&str>,
) -> Result<(Session, Allowance), Failure> {
    let random = random::bytes().ok_or_else(|| Failure::Internal("no random bytes".to_owned()))?;
    let session = Session::open(&site.id, random, clock::now());
    let visitor = call.visitor(&session);
    if let Some(challenge) = &site.challenge {
        challenge::pass(call, site, challenge, token, &visitor.network).await?;
    }
    let ledger = objects::ledger(call.env, &site.id)?;
    match objects::call_json(&ledger, &["/", &site.id, "/open"].concat(), &visitor).await? {
        Opened::Counted(allowance) => Ok((session, allowance)),
        Opened::Refused(refused) => Err(Failure::limited(refused)),
    }
}

/// The visitor's allowance.
pub(crate) async fn allowance(call: &Call<'_>) -> Result<Response, Failure> {
    let (session, _) = call.session()?;
    call.json(200, &fetch_allowance(call, &session).await?)
}

async fn fetch_allowance(call: &Call<'_>, session: &Session) -> Result<Allowance, Failure> {
    let ledger = objects::ledger(call.env, &session.site)?;
    let path = ["/", &session.site, "/allowance"].concat();
    objects::call_json(&ledger, &path, &call.visitor(session)).await
}
