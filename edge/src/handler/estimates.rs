//! Estimates: the expected time and cost of a picture of each size and quality, with the model that would be asked.
//!
//! Owns the cache, which holds a Ledger's answer for a minute. Must not delay a document: without an answer there is no
//! estimate.
//!
//! Decision: docs/decisions/2026-11-29-expected-times-are-measured-here.md.

use super::{Call, sites};
use crate::{clock, objects};
use contract::{
    site::{Estimate, Site as Public},
    time::{Day, Timestamp},
};
use engine::{
    candidates,
    config::site::Site,
    ledger::{Estimated, PictureKind, learned},
};
use std::{cell::RefCell, collections::BTreeMap};

/// How long a Ledger's answer is used again.
const KEPT_MS: u64 = 60_000;

/// A Ledger's answer, and the kinds of pictures and models that it was asked for.
#[derive(Clone)]
struct CachedEstimates {
    at: Timestamp,
    kinds: Vec<PictureKind>,
    answer: Vec<Estimated>,
}

thread_local! {
    static KEPT: RefCell<BTreeMap<String, CachedEstimates>> = const { RefCell::new(BTreeMap::new()) };
}

/// A site's public facts, with its estimates.
pub(super) async fn public(call: &Call<'_>, site: &Site) -> Public {
    let (config, today) = (&call.setup.config, clock::now().day());
    let kinds = kinds(call, site, today);
    let answer = fetch_estimates(call, site, &kinds).await;
    let estimates = answer.map(|answer| {
        let all =
            kinds.iter().zip(answer).map(|(kind, Estimated { model, expected_ms, excess })| {
                let model = config.model(&model);
                let PictureKind { size: dimensions, quality, .. } = *kind;
                let shown = model.filter(|_| site.show_cost);
                Estimate {
                    size: dimensions,
                    quality,
                    expected_ms: expected_ms.or_else(|| model?.expected_ms(quality)),
                    usd: shown
                        .and_then(|model| model.worst(quality, dimensions))
                        .map(|worst| learned::on_top(worst, excess)),
                }
            });
        all.collect()
    });
    let inputs = candidates::inputs(&config.models, today);
    let presets = sites::presets(call, site).await;
    Public { estimates, presets, ..site.public(inputs, call.setup.sandbox) }
}

/// Every kind of picture that the site offers and that a model can make.
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
    // `kinds` changes at midnight if a model ends; the cached answer is then not used.
    if let Some(kept) = kept.filter(|it| now.since(it.at) < KEPT_MS && it.kinds == kinds) {
        return Some(kept.answer);
    }
    let ledger = objects::ledger(call.env, &site.id).ok()?;
    let path = ["/", &site.id, "/estimate"].concat();
    let answer: Vec<Estimated> = objects::call_json(&ledger, &path, &kinds).await.ok()?;
    let kept = CachedEstimates { at: now, kinds: kinds.to_vec(), answer: answer.clone() };
    KEPT.with_borrow_mut(|all| all.insert(site.id.clone(), kept));
    Some(answer)
}
