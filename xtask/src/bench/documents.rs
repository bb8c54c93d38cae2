//! Frames' documents: the CPU time of one, and whether the Worker's memory grows with their number.
//!
//! Owns which documents are asked for. Must not compare builds: `against` does.

use super::{
    contestant::{self, RunningContestant},
    upstream::Upstream,
    wasm_memory,
};
use crate::{repo, tools::Tools};
use anyhow::{Context, Result, ensure};
use std::sync::Arc;
use tokio::{task::JoinSet, time::sleep};

/// Documents before CPU is measured: V8 compiles what is used often.
pub(super) const WARM: usize = 2000;
/// Documents of a batch.
pub(super) const COUNT: usize = 1000;
/// Documents at the same time, where memory is measured.
const AT_ONCE: usize = 4;
/// The language decides the texts, and the last one the direction.
const PATHS: [&str; 3] =
    ["/studio/demo?locale=en", "/studio/demo?locale=de", "/studio/demo?locale=ar"];

/// Asks for documents one after the other. Returns the milliseconds of CPU time of each.
pub(super) async fn batch(running: &RunningContestant, count: usize) -> Result<f64> {
    let before = running.process.cpu()?;
    for at in 0..count {
        document(running, at).await?;
    }
    sleep(std::time::Duration::from_millis(100)).await;
    let spent = running.process.cpu()?.saturating_sub(before);
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    Ok(spent.as_secs_f64() * 1000.0 / count as f64)
}

async fn document(running: &RunningContestant, at: usize) -> Result<()> {
    let path = PATHS[at % PATHS.len()];
    let bytes = running.client.document(path).await.with_context(|| running.describe())?;
    ensure!(bytes.ends_with(b"</html>\n"), "{path}: the document has no end");
    Ok(())
}

/// Bytes of the Worker's wasm memory after each of these numbers of documents.
pub async fn memory_after(tools: &Tools, numbers: &[usize]) -> Result<Vec<u64>> {
    let upstream = Arc::new(Upstream::start().await?);
    let port = wasm_memory::free_port().await?;
    let root = repo::root();
    let running = contestant::start_documents("edge", &upstream, Some(port), &root).await?;
    let running = Arc::new(running);
    let mut sizes = Vec::new();
    let mut done = 0;
    for number in numbers {
        let mut asked = JoinSet::new();
        while done < *number {
            if asked.len() >= AT_ONCE {
                asked.join_next().await.context("no document")???;
            }
            let (running, at) = (Arc::clone(&running), done);
            asked.spawn(async move { document(&running, at).await });
            done += 1;
        }
        while let Some(ended) = asked.join_next().await {
            ended??;
        }
        sizes.push(wasm_memory::read(tools, port).await?);
    }
    let running = Arc::into_inner(running).context("a document is still being read")?;
    running.stop().await?;
    Ok(sizes)
}
