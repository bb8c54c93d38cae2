//! The line that says what the next pictures will cost, how many are left, and what the owner offers.

use crate::{components::dynamic::dynamic, store::StudioStore};
use contract::site::CallToActionWhen;
use leptos::prelude::*;

/// The facts below the form.
#[component]
pub(super) fn AllowanceLine(store: StudioStore) -> impl IntoView {
    let over = move || store.allowance().with(|view| view.is_some_and(|view| view.left.is_over()));
    // An empty one would still have a gap beside it.
    let no_estimate = move || store.estimate().with(Option::is_none);
    let no_allowance = move || store.allowance().with(Option::is_none);
    let offer = store.site().call_to_action.clone().map(|offer| {
        let shown = move || match offer.when {
            CallToActionWhen::Limit => over(),
            CallToActionWhen::Picture => store.has_picture().get(),
            CallToActionWhen::Always => true,
        };
        view! {
            <a class="offer" href=offer.url target="_blank" rel="noopener" hidden=dynamic(move || !shown())>
                {offer.label}
            </a>
        }
    });
    view! {
        <p class="facts" id="facts" translate="no" data-over=dynamic(over)>
            <span class="facts__estimate" id="estimate" hidden=dynamic(no_estimate)>
                {dynamic(move || store.estimate_text())}
            </span>
            <span class="facts__left" id="left" hidden=dynamic(no_allowance)>
                {dynamic(move || store.allowance_text())}
            </span>
            {offer}
        </p>
    }
}
