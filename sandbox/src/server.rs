//! The listener, and the handle that a test or `xtask` holds.
//!
//! Owns starting and stopping. Must not know any route.

use crate::{
    books::Books,
    connection,
    encode::RenderCache,
    fault::Fault,
    fault_state::FaultState,
    models::{Gone, RemovedModels},
    settings::{Credits, Settings},
    turnstile::{self, ChallengeToken, SiteverifyFault, Turnstile},
};
use contract::money::Nano;
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
};

/// A running sandbox. It stops when this is dropped: open connections break off.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    listener: JoinHandle<()>,
}

/// What every connection of one sandbox shares.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) books: Books,
    /// What reached `siteverify`.
    pub(crate) siteverify: Books,
    /// What the widget fetched: nothing of it is remembered.
    pub(crate) widget: Books,
    pub(crate) turnstile: Turnstile,
    /// What reached the address that redirects lead to.
    pub(crate) trap: Books,
    pub(crate) fault_state: FaultState,
    pub(crate) removed_models: RemovedModels,
    /// `http://127.0.0.1:PORT`.
    pub(crate) origin: String,
    pub(crate) render_cache: RenderCache,
    responses_held: watch::Sender<bool>,
}

impl Sandbox {
    /// Listens on 127.0.0.1 and answers from now on, on the runtime that this is called in.
    pub async fn start(settings: Settings) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, settings.port)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            books: Books::open(settings.credits, settings.remembered),
            siteverify: Books::open(Nano::ZERO, settings.remembered),
            widget: Books::open(Nano::ZERO, 0),
            turnstile: Turnstile::new(settings.challenge_life),
            trap: Books::open(Nano::ZERO, settings.remembered),
            fault_state: FaultState::default(),
            removed_models: RemovedModels::without(&settings.gone, settings.gone_as),
            origin: format!("http://{address}"),
            render_cache: RenderCache::default(),
            responses_held: watch::Sender::new(false),
            settings,
        });
        let listener = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, listener })
    }

    /// The base URL, as a client of the gateway is given it: `http://127.0.0.1:PORT/v1`.
    pub fn url(&self) -> String {
        format!("{}/v1", self.origin())
    }

    /// The base URL as a client of OpenAI is given it: `http://127.0.0.1:PORT/openai/v1`.
    pub fn openai_url(&self) -> String {
        format!("{}/openai/v1", self.origin())
    }

    /// `http://127.0.0.1:PORT`: where the challenge's script comes from.
    pub fn origin(&self) -> String {
        self.shared.origin.clone()
    }

    /// Where tokens of the challenge are checked.
    pub fn siteverify_url(&self) -> String {
        format!("{}{}", self.origin(), turnstile::SITEVERIFY)
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The books: every call so far, and the money.
    pub fn books(&self) -> Books {
        self.shared.books.clone()
    }

    /// What reached `siteverify`: nothing of it stands in [`Sandbox::books`]. Nothing here costs anything.
    pub fn siteverify_books(&self) -> Books {
        self.shared.siteverify.clone()
    }

    /// What reached the addresses that redirects and a picture's `url` lead to. No client has a reason to go there.
    pub fn trap_books(&self) -> Books {
        self.shared.trap.clone()
    }

    /// From now on every call meets this fault, unless its prompt names another; with `None`, no longer. A call without
    /// a prompt meets only faults of the whole answer.
    pub fn fail(&self, fault: Option<&'static Fault>) {
        self.shared.fault_state.set_global_fault(fault);
    }

    /// From now on requests for this model are refused so, and no list has it. `id` has its maker:
    /// `openai/gpt-image-2`.
    pub fn remove_model(&self, id: &str, gone: Gone) {
        self.shared.removed_models.remove(id, gone, false);
    }

    /// From now on requests for this model are refused so, while the lists still have it.
    pub fn refuse_model(&self, id: &str, gone: Gone) {
        self.shared.removed_models.remove(id, gone, true);
    }

    /// Takes back [`Sandbox::remove_model`], [`Sandbox::refuse_model`] and [`Settings::gone`].
    pub fn restore_model(&self, id: &str) {
        self.shared.removed_models.restore(id);
    }

    /// From now on `GET /v1/credits` answers so. Nothing else asks for what it says: pictures are made, or not, by the
    /// books.
    pub fn answer_credits(&self, credits: Credits) {
        self.shared.fault_state.answer_credits(credits);
    }

    /// A token as the widget would hand it out.
    pub fn challenge_token(&self, token: ChallengeToken) -> String {
        self.shared.turnstile.mint(token)
    }

    /// From now on `siteverify` fails so, or, with `None`, no longer.
    pub fn fail_siteverify(&self, fault: Option<SiteverifyFault>) {
        self.shared.turnstile.fail(fault);
    }

    /// Holds every picture back until [`Sandbox::release`]: calls are received and charged, but not answered.
    pub fn hold(&self) {
        self.shared.responses_held.send_replace(true);
    }

    /// Lets go of what [`Sandbox::hold`] held back.
    pub fn release(&self) {
        self.shared.responses_held.send_replace(false);
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // The listener owns its connections: they end with it.
        self.listener.abort();
    }
}

impl Shared {
    /// Waits while answers are held back.
    pub(crate) async fn wait_until_released(&self) {
        // The sender lives in `self`, so that the wait cannot fail.
        let _ = self.responses_held.subscribe().wait_for(|responses_held| !responses_held).await;
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        // A failure to accept is one client's; the next one may do better.
        if let Ok((stream, _)) = listener.accept().await {
            // Small answers must not wait for the acknowledgement of their head.
            let _ = stream.set_nodelay(true);
            connections.spawn(connection::serve(stream, Arc::clone(&shared)));
        }
        while connections.try_join_next().is_some() {}
    }
}
