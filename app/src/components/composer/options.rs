//! Format and background: what few visitors choose, behind a button.

use crate::{
    components::{
        dynamic::{click, dynamic, listener},
        inert::inert,
    },
    state::event::Event,
    store::StudioStore,
};
use contract::{
    options::{Background, Format},
    site::Site,
    text_keys::TextKey,
};
use leptos::prelude::*;

fn offers_transparent(site: &Site) -> bool {
    site.backgrounds.contains(&Background::Transparent)
}

/// Whether the site leaves anything of it to choose.
fn any(site: &Site) -> bool {
    site.formats.len() > 1 || offers_transparent(site)
}

/// The button that shows the options.
#[component]
pub(super) fn MoreButton(store: StudioStore) -> impl IntoView {
    any(&store.site()).then(|| {
        view! {
            <button
                class="more"
                id="more"
                type="button"
                aria-expanded=dynamic(move || if store.options_open().get() { "true" } else { "false" })
                aria-controls="options"
                on:click=click(move |_| store.send(Event::OptionsToggled))
            >
                {store.text(TextKey::More)}
            </button>
        }
    })
}

/// The options themselves.
#[component]
pub(super) fn Options(store: StudioStore) -> impl IntoView {
    let site = store.site();
    any(&site).then(|| {
        let formats = (site.formats.len() > 1).then(|| formats(store, &site.formats));
        let transparent = offers_transparent(&site).then(|| transparent(store));
        view! {
            <div class="options" id="options" hidden=dynamic(move || !store.options_open().get())>
                {formats}
                {transparent}
            </div>
        }
    })
}

/// A JPEG cannot be transparent, so it is not on offer then.
fn formats(store: StudioStore, formats: &[Format]) -> impl IntoView + use<> {
    let options: Vec<_> = formats
        .iter()
        .enumerate()
        .map(|(at, format)| {
            let format = *format;
            let name = match format {
                Format::Png => "PNG",
                Format::Webp => "WebP",
                Format::Jpeg => "JPEG",
            };
            view! {
                <option
                    value=format.word()
                    selected=at == 0
                    disabled=dynamic(move || format == Format::Jpeg && store.choices().get().transparent)
                >
                    {name}
                </option>
            }
        })
        .collect();
    let choose = move |event| {
        if let Ok(format) = event_target_value(&event).parse() {
            store.send(Event::FormatChosen(format));
        }
    };
    view! {
        <label class="option">
            {inert(|| view! { <span>{store.text(TextKey::Format)}</span> })}
            <select name="format" aria-label=store.text(TextKey::Format) prop:value=dynamic(move || store.choices().get().format.word()) on:change=listener(choose)>
                {options}
            </select>
        </label>
    }
}

fn transparent(store: StudioStore) -> impl IntoView {
    view! {
        <label class="option">
            <input
                type="checkbox"
                name="background"
                value="transparent"
                prop:checked=dynamic(move || store.choices().get().transparent)
                on:change=listener(move |event| {
                    store.send(Event::TransparentChosen(event_target_checked(&event)));
                })
            />
            {inert(|| view! { <span>{store.text(TextKey::Transparent)}</span> })}
        </label>
    }
}
