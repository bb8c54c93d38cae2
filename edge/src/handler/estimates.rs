//! What a picture of each size and quality is expected to take and to cost.
//!
//! Owns the minute for which an instance keeps what the Ledger has told. Must not hold up a document: without an answer
//! there is no estimate.

use super::Call;
use crate::{clock, objects};
use contract::{
    options::{Quality, Size},
    site::{Estimate, Site as Public},
    time::Timestamp,
};
use engine::config::site::Site;
use std::{cell::RefCell, collections::BTreeMap};

/// How long what was told is told again.
const KEPT_MS: u64 = 60_000;

/// What the Ledger has told of a site, and when.
type Kept = (Timestamp, Vec<Option<u64>>);

thread_local! {
    static KEPT: RefCell<BTreeMap<String, Kept>> = const { RefCell::new(BTreeMap::new()) };
}

/// A site's public facts, with its estimates.
pub(super) async fn public(call: &Call<'_>, site: &Site) -> Public {
    let kinds: Vec<(Size, Quality)> = site
        .qualities
        .iter()
        .flat_map(|&quality| site.sizes.iter().map(move |&size| (size, quality)))
        .collect();
    let model = call.setup.config.models.first().filter(|_| site.show_cost);
    let estimates = times(call, site, &kinds).await.map(|times| {
        let all = kinds.iter().zip(times);
        all.map(|(&(size, quality), expected_ms)| Estimate {
            size,
            quality,
            expected_ms,
            usd: model.and_then(|model| model.worst(quality, size)),
        })
        .collect()
    });
    Public { estimates, ..site.public(call.setup.sandbox) }
}

async fn times(
    call: &Call<'_>,
    site: &Site,
    kinds: &[(Size, Quality)],
) -> Option<Vec<Option<u64>>> {
    let now = clock::now();
    let kept = KEPT.with_borrow(|kept| kept.get(&site.id).cloned());
    if let Some((_, times)) = kept.filter(|(at, _)| now.since(*at) < KEPT_MS) {
        return Some(times);
    }
    let ledger = objects::ledger(call.env, &site.id).ok()?;
    let path = ["/", &site.id, "/expected"].concat();
    let times: Vec<Option<u64>> = objects::ask(&ledger, &path, &kinds).await.ok()?;
    KEPT.with_borrow_mut(|kept| kept.insert(site.id.clone(), (now, times.clone())));
    Some(times)
}
