//! The state that all calls of one sandbox share.
//!
//! Owns this state. Must not know how a request arrives.

use crate::{
    books::Books, fault_state::FaultState, models::RemovedModels, render_cache::RenderCache,
    settings::Settings, turnstile::Turnstile,
};
use contract::money::Nano;
use tokio::sync::watch;

/// The state that all calls of one sandbox share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) books: Books,
    /// The calls to `siteverify`.
    pub(crate) siteverify: Books,
    /// The calls of the widget, of which none is remembered.
    pub(crate) widget: Books,
    pub(crate) turnstile: Turnstile,
    /// The calls to the targets of redirects and to a picture's `url`.
    pub(crate) trap: Books,
    pub(crate) fault_state: FaultState,
    pub(crate) removed_models: RemovedModels,
    /// `http://127.0.0.1:PORT`.
    pub(crate) origin: String,
    pub(crate) render_cache: RenderCache,
    pub(crate) responses_held: watch::Sender<bool>,
}

impl Shared {
    /// The state before the first call.
    pub(crate) fn new(settings: Settings, origin: String) -> Self {
        Self {
            books: Books::open(settings.credits, settings.remembered),
            siteverify: Books::open(Nano::ZERO, settings.remembered),
            widget: Books::open(Nano::ZERO, 0),
            turnstile: Turnstile::new(settings.challenge_life),
            trap: Books::open(Nano::ZERO, settings.remembered),
            fault_state: FaultState::default(),
            removed_models: RemovedModels::without(&settings.gone, settings.gone_as),
            origin,
            render_cache: RenderCache::default(),
            responses_held: watch::Sender::new(false),
            settings,
        }
    }

    /// Waits while [`crate::Sandbox::hold`] delays responses.
    pub(crate) async fn wait_until_released(&self) {
        // It fails only without a sender, and `self` holds one.
        let _ = self.responses_held.subscribe().wait_for(|responses_held| !responses_held).await;
    }
}
