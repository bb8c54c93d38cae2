//! The listener, and the handle that a test or `xtask` holds.
//!
//! Owns starting and stopping. Must not know any route.

use crate::{
    books::Books,
    connection,
    fault::Fault,
    models::Gone,
    settings::{Credits, Settings},
    shared::Shared,
    turnstile::{self, ChallengeToken, SiteverifyFault},
};
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};

/// A running sandbox. Dropping it stops the sandbox and breaks its open connections.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    listener: JoinHandle<()>,
}

impl Sandbox {
    /// Listens on 127.0.0.1 and handles requests, on the runtime that this is called in.
    pub async fn start(settings: Settings) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, settings.port)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(settings, format!("http://{address}")));
        let listener = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, listener })
    }

    /// The base URL for clients of the gateway: `http://127.0.0.1:PORT/v1`.
    pub fn url(&self) -> String {
        format!("{}/v1", self.origin())
    }

    /// The base URL for clients of OpenAI: `http://127.0.0.1:PORT/openai/v1`.
    pub fn openai_url(&self) -> String {
        format!("{}/openai/v1", self.origin())
    }

    /// The origin, which also serves the challenge's script: `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> String {
        self.shared.origin.clone()
    }

    /// The URL that verifies tokens of the challenge.
    pub fn siteverify_url(&self) -> String {
        format!("{}{}", self.origin(), turnstile::SITEVERIFY)
    }

    /// The address on which it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The books of the gateway and of OpenAI's API: the calls so far, and the balance.
    pub fn books(&self) -> Books {
        self.shared.books.clone()
    }

    /// The calls to `siteverify`, which [`Sandbox::books`] does not contain. They cost nothing.
    pub fn siteverify_books(&self) -> Books {
        self.shared.siteverify.clone()
    }

    /// The calls to the targets of redirects and to a picture's `url`, which no client has a reason to fetch.
    pub fn trap_books(&self) -> Books {
        self.shared.trap.clone()
    }

    /// Applies this fault to every call whose prompt names no other; `None` takes it back. For calls without a prompt,
    /// only faults that replace or change the whole response have an effect.
    pub fn fail(&self, fault: Option<&'static Fault>) {
        self.shared.fault_state.set_global_fault(fault);
    }

    /// Makes requests for this model fail with this error, and removes it from the listings. `id` has its prefix:
    /// `openai/gpt-image-2`.
    pub fn remove_model(&self, id: &str, gone: Gone) {
        self.shared.removed_models.remove(id, gone, false);
    }

    /// Makes requests for this model fail with this error, while the listings still contain it.
    pub fn refuse_model(&self, id: &str, gone: Gone) {
        self.shared.removed_models.remove(id, gone, true);
    }

    /// Takes back [`Sandbox::remove_model`], [`Sandbox::refuse_model`] and [`Settings::gone`].
    pub fn restore_model(&self, id: &str) {
        self.shared.removed_models.restore(id);
    }

    /// Sets the response of `GET /v1/credits`. It changes nothing else: whether a picture is made depends on the balance
    /// in the books.
    pub fn answer_credits(&self, credits: Credits) {
        self.shared.fault_state.answer_credits(credits);
    }

    /// Issues a token as the widget would.
    pub fn challenge_token(&self, token: ChallengeToken) -> String {
        self.shared.turnstile.mint(token)
    }

    /// Makes `siteverify` fail in this way; `None` takes it back.
    pub fn fail_siteverify(&self, fault: Option<SiteverifyFault>) {
        self.shared.turnstile.fail(fault);
    }

    /// Delays the response to every request for pictures until [`Sandbox::release`]. The calls are still received and
    /// charged.
    pub fn hold(&self) {
        self.shared.responses_held.send_replace(true);
    }

    /// Sends the responses that [`Sandbox::hold`] delayed.
    pub fn release(&self) {
        self.shared.responses_held.send_replace(false);
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // The listener's task owns the connections' tasks, so that they end with it.
        self.listener.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        // A failure to accept concerns one connection only.
        if let Ok((stream, _)) = listener.accept().await {
            // Without it, a small body would wait for the acknowledgement of the head (Nagle's algorithm).
            let _ = stream.set_nodelay(true);
            connections.spawn(connection::serve(stream, Arc::clone(&shared)));
        }
        while connections.try_join_next().is_some() {}
    }
}
