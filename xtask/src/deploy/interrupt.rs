//! Ctrl-C, SIGTERM and a lost terminal while sites are closed: heard, kept until somebody asks, never deadly.
//!
//! Owns the signals of one deploy. Must not decide what is undone.

use anyhow::{Context, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Hears from its making on: a signal between two steps is not lost, and none ends the process.
pub struct Interrupt {
    ctrl_c: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Interrupt {
    /// Begins to listen.
    pub fn listen() -> Result<Self> {
        let hear = |kind| signal(kind).context("this system lets no signal be heard");
        Ok(Self {
            ctrl_c: hear(SignalKind::interrupt())?,
            terminate: hear(SignalKind::terminate())?,
            hangup: hear(SignalKind::hangup())?,
        })
    }

    /// Ends with the first.
    pub async fn heard(mut self) {
        tokio::select! {
            _ = self.ctrl_c.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
        }
    }
}
