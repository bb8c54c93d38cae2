//! What a picture of each size and quality is expected to take and to cost, with the model that would be asked.
//!
//! Owns the minute for which an instance keeps what the Ledger has told. Must not hold up a document: without an answer
//! there is no estimate.

use super::Call;
use crate::{clock, objects};
use contract::{
    site::{Estimate, Site as Public},
    time::{Day, Timestamp},
};
use engine::{
    candidates,
    config::site::Site,
    ledger::{Estimated, PictureKind},
};
use std::{cell::RefCell, collections::BTreeMap};

/// How long what was told is told again.
const KEPT_MS: u64 = 60_000;

/// What the Ledger has told of a site, and of which models it was asked.
#[derive(Clone)]
struct CachedEstimates {
    at: Timestamp,
    kinds: Vec<PictureKind>,
    told: Vec<Estimated>,
}

thread_local! {
    static KEPT: RefCell<BTreeMap<String, CachedEstimates>> = const { RefCell::new(BTreeMap::new()) };
}

/// A site's public facts, with its estimates.
pub(super) async fn public(call: &Call<'_>, site: &Site) -> Public {
    let (config, today) = (&call.setup.config, clock::now().day());
    let kinds = kinds(call, site, today);
    let told = fetch_estimates(call, site, &kinds).await;
    let estimates = told.map(|told| {
        let all = kinds.iter().zip(told).map(|(kind, Estimated { model, expected_ms })| {
            let model = config.model(&model);
            let PictureKind { size: dimensions, quality, .. } = *kind;
            let shown = model.filter(|_| site.show_cost);
            Estimate {
                size: dimensions,
                quality,
                expected_ms: expected_ms.or_else(|| model?.expected_ms(quality)),
                usd: shown.and_then(|model| model.worst(quality, dimensions)),
            }
        });
        all.collect()
    });
    let inputs = candidates::inputs(&config.models, today);
    Public { estimates, ..site.public(inputs, call.setup.sandbox) }
}

/// Every kind of picture that the site offers and a model makes.
fn kinds(call: &Call<'_>, site: &Site, today: Day) -> Vec<PictureKind> {
    let models = &call.setup.config.models;
    let all =
        site.qualities.iter().flat_map(|&quality| site.sizes.iter().map(move |&it| (it, quality)));
    let kind = |(size, quality)| {
        let candidates = candidates::kind(models, site, (size, quality), today)?;
        let models = candidates.living.iter().map(|model| model.id.clone()).collect();
        Some(PictureKind { size, quality, models, last_resort: candidates.last_resort.id.clone() })
    };
    all.filter_map(kind).collect()
}

async fn fetch_estimates(
    call: &Call<'_>,
    site: &Site,
    kinds: &[PictureKind],
) -> Option<Vec<Estimated>> {
    let now = clock::now();
    let kept = KEPT.with_borrow(|kept| kept.get(&site.id).cloned());
    // A day that has come since has made other models of it.
    if let Some(kept) = kept.filter(|it| now.since(it.at) < KEPT_MS && it.kinds == kinds) {
        return Some(kept.told);
    }
    let ledger = objects::ledger(call.env, &site.id).ok()?;
    let path = ["/", &site.id, "/estimate"].concat();
    let told: Vec<Estimated> = objects::call_json(&ledger, &path, &kinds).await.ok()?;
    let kept = CachedEstimates { at: now, kinds: kinds.to_vec(), told: told.clone() };
    KEPT.with_borrow_mut(|all| all.insert(site.id.clone(), kept));
    Some(told)
}
