//! Ctrl-C and SIGTERM: what is running is dropped, and with it every process that it started.

use std::future::Future;
use tokio::signal::unix::{SignalKind, signal};

/// Runs to its end, or to the first Ctrl-C or SIGTERM: then `None`.
pub async fn or_stop<T>(work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        outcome = work => Some(outcome),
        () = stop() => None,
    }
}

/// Ends with the first Ctrl-C or SIGTERM; never, where neither can be heard.
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
