//! The list of pictures that the next one starts from.

use crate::{components::inert::inert, store::StudioStore};
use contract::text_keys::TextKey;
use leptos::{html, prelude::*};

/// The composer's pictures, in the order in which they are sent. Style hides all of it while there is none, as in every
/// document: the browser builds them in the list once that is taken over.
#[component]
pub(super) fn References(store: StudioStore) -> impl IntoView {
    let list = NodeRef::<html::Ul>::new();
    #[cfg(feature = "client")]
    list.on_load(move |list| {
        leptos::mount::mount_to(list.into(), move || super::reference::all(store)).forget();
    });
    view! {
        <div class="references composer__change">
            {inert(|| view! { <p id="starts">{store.text(TextKey::Starting)}</p> })}
            <ul id="references" role="list" aria-labelledby="starts" node_ref=list></ul>
        </div>
    }
}
