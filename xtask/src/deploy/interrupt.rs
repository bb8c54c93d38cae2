//! Ctrl-C, SIGTERM and SIGHUP while sites are closed: each is received and kept until a step waits for it, and none
//! ends the process.
//!
//! Owns the signals of one deploy. Must not decide what is undone.

use anyhow::{Context, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Receives signals from its creation on, so that a signal between two steps is not lost and does not end the process.
pub struct Interrupt {
    ctrl_c: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Interrupt {
    /// Starts receiving.
    pub fn listen() -> Result<Self> {
        let listen = |kind| signal(kind).context("this system does not let signals be received");
        Ok(Self {
            ctrl_c: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hangup: listen(SignalKind::hangup())?,
        })
    }

    /// Waits for the first signal.
    pub async fn received(mut self) {
        tokio::select! {
            _ = self.ctrl_c.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools;
    use std::time::Duration;
    use tokio::time::timeout;

    #[tokio::test]
    async fn a_signal_between_two_steps_is_not_lost() {
        let interrupt = Interrupt::listen().unwrap();
        // SIGHUP would end this process if nothing received it.
        let pid = std::process::id().to_string();
        assert!(tools::program("kill").args(["-HUP", &pid]).status().await.unwrap().success());
        tokio::task::yield_now().await;
        timeout(Duration::from_secs(5), interrupt.received()).await.expect("was sent before");
    }
}
