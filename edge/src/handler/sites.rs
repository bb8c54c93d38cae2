//! `/v1/sites/{site}`: the public facts of a site.
//!
//! Owns this response, and which pictures of presets the build contains. Must not add private facts: the engine decides
//! what is public.

use super::{Call, assets, estimates};
use crate::{body, failure::Failure};
use contract::site::{Preset, SiteForOrigin};
use engine::{config::site::Site, json, origin};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};
use web_sys::Response;
use worker::console_error;

/// The paths of the pictures, by the site and by the name of the file.
type Paths = BTreeMap<String, BTreeMap<String, String>>;

thread_local! {
    /// The build's list of pictures, which is the same for every request.
    static PATHS: RefCell<Option<Rc<Paths>>> = const { RefCell::new(None) };
}

/// A site's public facts, and whether pages of the origin in the query may embed its studio.
pub(crate) async fn site(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let own = call.site(id)?;
    let origin_listed = origin::query_is_listed(call.query, call.own, &own.origins);
    let site = estimates::public(call, own).await;
    match origin_listed {
        Some(origin_listed) => call.json(200, &SiteForOrigin { site, origin_listed }),
        None => call.json(200, &site),
    }
}

/// A site's presets, each with the path of its picture. A picture that the build does not contain is left out: the wall
/// then shows the preset's words.
pub(super) async fn presets(call: &Call<'_>, site: &Site) -> Vec<Preset> {
    if site.presets.iter().all(|preset| preset.picture.is_none()) {
        return site.public_presets(|_| None);
    }
    let paths = paths(call).await;
    let own = paths.get(&site.id);
    site.public_presets(|name| own?.get(name).cloned())
}

/// Reads the list once. What it lacks is reported then, and a list that cannot be read is read again next time.
async fn paths(call: &Call<'_>) -> Rc<Paths> {
    if let Some(paths) = PATHS.with_borrow(Clone::clone) {
        return paths;
    }
    let Some(paths) = read(call).await else {
        console_error!("pictures.unknown reason=the build has no sites.json");
        return Rc::default();
    };
    for site in &call.setup.config.sites {
        let own = paths.get(&site.id);
        for name in site.presets.iter().filter_map(|preset| preset.picture.as_deref()) {
            if own.is_none_or(|own| !own.contains_key(name)) {
                console_error!("pictures.missing site={} picture={name}", site.id);
            }
        }
    }
    let paths = Rc::new(paths);
    PATHS.with_borrow_mut(|kept| *kept = Some(Rc::clone(&paths)));
    paths
}

async fn read(call: &Call<'_>) -> Option<Paths> {
    let found = assets::fetch(call.env, "/sites.json").await.ok()??;
    json::read(&body::text(found.text()).await.ok()?).ok()
}
