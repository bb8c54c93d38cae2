//! Ctrl-C and SIGTERM: the running work is dropped, which kills every process that it started.
//!
//! Owns both signals, except during a deploy. Must not decide what is undone.

use std::future::Future;
use tokio::signal::unix::{SignalKind, signal};

/// Runs `work` to its end, or until the first Ctrl-C or SIGTERM; then `None`.
pub async fn or_stop<T>(work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        outcome = work => Some(outcome),
        () = stop() => None,
    }
}

/// Waits for the first Ctrl-C or SIGTERM; for ever, if this system lets neither be received.
pub async fn stop() {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
