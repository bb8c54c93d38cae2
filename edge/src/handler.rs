//! The handlers: each path's work, from the request over the Durable Objects to the response.
//!
//! Owns one file per part of the interface. Must not hold state.

pub(crate) mod assets;
mod challenge;
pub(crate) mod documents;
mod estimates;
pub(crate) mod events;
pub(crate) mod health;
pub(crate) mod jobs;
pub(crate) mod operator;
pub(crate) mod pictures;
mod refusal;
pub(crate) mod sessions;
pub(crate) mod sites;
mod warnings;

use crate::{clock, failure::Failure, random::RequestId, reply::Reply, setup::Setup};
use contract::problem::ProblemKind;
use engine::{
    config::site::Site,
    json,
    ledger::Visitor,
    network,
    session::{Session, bearer},
};
use serde::Serialize;
use web_sys::{Request, Response};
use worker::{Context, Env};

/// A request with its environment.
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request,
    pub(crate) env: &'a Env,
    pub(crate) context: &'a Context,
    pub(crate) setup: &'a Setup,
    /// The edge's own origin, to which the request was sent.
    pub(crate) own: &'a str,
    pub(crate) query: &'a str,
    /// Whether the request came over https.
    pub(crate) secure: bool,
    pub(crate) request_id: &'a RequestId,
}

impl Call<'_> {
    fn header(&self, name: &str) -> Option<String> {
        self.request.headers().get(name).ok().flatten()
    }

    /// A response in JSON.
    fn json<T: Serialize>(&self, status: u16, value: &T) -> Result<Response, Failure> {
        Ok(Reply::new(status, self.secure)?.json(&json::text(value))?)
    }

    fn is_head(&self) -> bool {
        self.request.method() == "HEAD"
    }

    fn site(&self, id: &str) -> Result<&Site, Failure> {
        self.setup.config.site(id).ok_or_else(|| Failure::of(ProblemKind::UnknownSite))
    }

    /// Whom the Ledger counts for this session: its subject, and the network that the request comes from.
    fn visitor(&self, session: &Session) -> Visitor {
        let site = &session.site;
        let address = self.header("cf-connecting-ip");
        let today = clock::now().day();
        let prefix = network::prefix_of(&self.setup.keys, site, address.as_deref(), today);
        Visitor { subject: session.subject.clone(), network: self.network(site), prefix }
    }

    /// The network that the request comes from, as a site knows it today. The platform sets the one header with the
    /// address, so that a client cannot choose it.
    fn network(&self, site: &str) -> String {
        let address = self.header("cf-connecting-ip");
        network::of(&self.setup.keys, site, address.as_deref(), clock::now().day())
    }

    /// The session of the request's token, and its site.
    fn session(&self) -> Result<(Session, &Site), Failure> {
        let required = || Failure::of(ProblemKind::SessionRequired);
        let header = self.header("authorization").ok_or_else(required)?;
        let token = bearer(&header).ok_or_else(required)?;
        let session =
            Session::open_now(token, &self.setup.keys, clock::now()).map_err(|_| required())?;
        let site = self.site(&session.site)?;
        Ok((session, site))
    }
}
