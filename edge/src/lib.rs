//! The Worker: a thin layer of I/O around the engine.
//!
//! Owns I/O at the edge: requests, Durable Objects, storage, the one upstream fetch. Must not decide anything about
//! money, time or state: it asks the engine and carries out the decision.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod body;
mod clock;
mod failure;
mod form;
mod handler;
mod headers;
mod job;
mod js;
mod ledger;
mod objects;
mod panics;
mod post;
mod random;
mod rate_limit;
mod reply;
mod router;
mod setup;
mod shell;
mod steady_body;
mod stream_writer;
mod upload_slots;
mod upstream;

use worker::{Context, Env, Result, event};

#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> Result<web_sys::Response> {
    Ok(router::handle(request, env, context).await?)
}
