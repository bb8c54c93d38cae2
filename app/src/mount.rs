//! How the studio starts in the page of `trunk serve`, which is empty.
//!
//! Owns where that page's site comes from: the edge behind Trunk's proxy. Must not be a part of the shipped program.

use crate::{
    BUILD,
    browser::{api::Call, data_block},
    components::{App, Symbols},
    state::early::Early,
    store::StudioStore,
    texts::tables,
};
use contract::{document::StudioData, route, site::Site};
use leptos::{logging, mount::mount_to_body, prelude::*};

const LANGUAGE: &str = "en";
/// The site of the configuration that comes with the repository.
const SITE: &str = "demo";

/// Fetches the site and mounts its studio.
pub fn mount() {
    Call::get(&route::site(SITE)).send(|answer| {
        let site = answer.result.ok().and_then(|text| serde_json::from_str::<Site>(&text).ok());
        if let Some(data) = site.and_then(data) {
            show(&data);
        } else {
            logging::error!("no edge answers behind the proxy: start `cargo xtask serve`");
        }
    });
}

fn data(mut site: Site) -> Option<StudioData> {
    site.texts.clear();
    let texts = tables::of(LANGUAGE)?.to_vec();
    Some(StudioData {
        build: BUILD.to_owned(),
        elements: 0,
        site,
        texts,
        lang: LANGUAGE.to_owned(),
    })
}

fn show(data: &StudioData) {
    let Some(root) = data_block::root() else { return };
    let owner = Owner::new();
    let store = owner.with(|| StudioStore::new(data, String::new()));
    // For as long as the page lives.
    std::mem::forget(owner);
    mount_to_body(Symbols);
    leptos::mount::mount_to(root, move || view! { <App store/> }).forget();
    store.begin(Early::default());
}
