//! The icons: one set, drawn once in the document and used by reference.

use leptos::prelude::*;

/// An icon of the set.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Icon {
    Add,
    Download,
    Many,
    Open,
    Remove,
    #[cfg(feature = "client")]
    Change,
    #[cfg(feature = "client")]
    Copy,
    #[cfg(feature = "client")]
    Delete,
    #[cfg(feature = "client")]
    Edit,
    #[cfg(feature = "client")]
    More,
    #[cfg(feature = "client")]
    Next,
    #[cfg(feature = "client")]
    Share,
}

impl Icon {
    const fn href(self) -> &'static str {
        match self {
            Self::Add => "#icon-add",
            Self::Download => "#icon-down",
            Self::Many => "#icon-many",
            Self::Open => "#icon-open",
            Self::Remove => "#icon-remove",
            #[cfg(feature = "client")]
            Self::Change => "#icon-change",
            #[cfg(feature = "client")]
            Self::Copy => "#icon-copy",
            #[cfg(feature = "client")]
            Self::Delete => "#icon-delete",
            #[cfg(feature = "client")]
            Self::Edit => "#icon-edit",
            #[cfg(feature = "client")]
            Self::More => "#icon-more",
            #[cfg(feature = "client")]
            Self::Next => "#icon-on",
            #[cfg(feature = "client")]
            Self::Share => "#icon-share",
        }
    }
}

/// Draws an icon. It has no name: the control around it has one.
pub(super) fn icon(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=icon.href()></use>
        </svg>
    }
}

/// The drawings that [`icon`] refers to. They stand outside of the root, so that they are there once whatever mounts.
#[cfg(any(feature = "ssr", feature = "csr"))]
#[component]
pub(crate) fn Symbols() -> impl IntoView {
    view! {
        <svg class="symbols" aria-hidden="true">
            <symbol id="icon-down" viewBox="0 0 20 20">
                <path d="M10 3.5v9.25m-3.75-3.5L10 13l3.75-3.75M4 16.5h12"></path>
            </symbol>
            <symbol id="icon-open" viewBox="0 0 20 20">
                <path d="M3.5 8V3.5H8m4 0h4.5V8m0 4v4.5H12m-4 0H3.5V12"></path>
            </symbol>
            <symbol id="icon-add" viewBox="0 0 20 20">
                <path d="M16.5 9.5V16a.5.5 0 0 1-.5.5H4a.5.5 0 0 1-.5-.5V5a.5.5 0 0 1 .5-.5h6.5m-7 9.5 3.75-3.75 3 3L11.5 12l5 4M15 2v6m-3-3h6"></path>
            </symbol>
            <symbol id="icon-remove" viewBox="0 0 20 20">
                <path d="m6 6 8 8m0-8-8 8"></path>
            </symbol>
            <symbol id="icon-many" viewBox="0 0 20 20">
                <path d="M7 3.5h9.5V13M3.5 7H13v9.5H3.5z"></path>
            </symbol>
        </svg>
    }
}
