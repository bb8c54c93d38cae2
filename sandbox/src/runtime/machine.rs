//! The surroundings on a machine: tokio's. Must not know what is computed.

pub(crate) use tokio::time::{Instant, sleep_until};

/// Runs slow work on a thread where blocking is allowed, from now on. The future's output is `None` if it panicked.
pub(crate) fn work<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> impl Future<Output = Option<T>> {
    let running = tokio::task::spawn_blocking(work);
    async { running.await.ok() }
}
