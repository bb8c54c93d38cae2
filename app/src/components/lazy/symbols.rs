//! The drawings of the icons that only the lazy part has: the document does not carry them.

use leptos::prelude::*;

/// The drawings that `icon` refers to.
#[component]
pub(super) fn LazySymbols() -> impl IntoView {
    view! {
        <svg class="symbols" aria-hidden="true">
            <symbol id="icon-on" viewBox="0 0 20 20">
                <path d="m8 4.5 5.5 5.5L8 15.5"></path>
            </symbol>
            <symbol id="icon-share" viewBox="0 0 20 20">
                <path d="M10 12.5V3.25M6.5 6.5 10 3l3.5 3.5M6 9H4.5v7.5h11V9H14"></path>
            </symbol>
            <symbol id="icon-change" viewBox="0 0 20 20">
                <path d="m4 16 2-5L16 1.5 18.5 4 9 14zM12.5 5 15 7.5M4 16l-.5 1M12 17.5h5"></path>
            </symbol>
            <symbol id="icon-more" viewBox="0 0 20 20">
                <path d="M4.5 10h.01M10 10h.01M15.5 10h.01" stroke-width="2.5"></path>
            </symbol>
            <symbol id="icon-edit" viewBox="0 0 20 20">
                <path d="M4 5.5h12M4 10h12M4 14.5h7"></path>
            </symbol>
            <symbol id="icon-copy" viewBox="0 0 20 20">
                <path d="M7.5 7.5h9v9h-9zM12.5 4.5v-1h-9v9h1"></path>
            </symbol>
            <symbol id="icon-delete" viewBox="0 0 20 20">
                <path d="M4 5.5h12M8 5.5v-2h4v2M5.5 5.5l.75 11h7.5l.75-11M8.5 9v4.5m3-4.5v4.5"></path>
            </symbol>
        </svg>
    }
}
