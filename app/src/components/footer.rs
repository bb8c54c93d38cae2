//! How long pictures are kept, and the owner's links.

use crate::{components::inert::inert, store::StudioStore};
use contract::text_keys::TextKey;
use leptos::prelude::*;

/// The studio's last lines.
#[component]
pub(super) fn Footer(store: StudioStore) -> impl IntoView {
    inert(|| foot(store))
}

fn foot(store: StudioStore) -> impl IntoView {
    let site = store.site();
    let kept = match site.retention_minutes {
        1 => store.text(TextKey::KeptOne),
        minutes => store.fill(TextKey::Kept, &minutes.to_string(), ""),
    };
    view! {
        <footer class="foot">
            <p>{kept}</p>
            {link(site.privacy_url.as_ref(), store.text(TextKey::Privacy))}
            {link(site.report_url.as_ref(), store.text(TextKey::Report))}
        </footer>
    }
}

fn link(url: Option<&String>, text: String) -> impl IntoView + use<> {
    url.cloned().map(|url| view! { <a href=url target="_blank" rel="noopener">{text}</a> })
}
