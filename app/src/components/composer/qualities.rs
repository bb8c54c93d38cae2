//! The quality of a picture, each with the time that it takes in the chosen shape.

use crate::{
    components::{
        dynamic::{dynamic, listener},
        inert::inert,
    },
    state::event::Event,
    store::StudioStore,
    texts,
};
use contract::{
    options::{Quality, Size},
    site::Site,
    text_keys::TextKey,
};
use leptos::prelude::*;

/// The radios of the qualities.
#[component]
pub(super) fn Qualities(store: StudioStore) -> impl IntoView {
    let site = store.site();
    let qualities: Vec<_> =
        site.qualities.iter().map(|quality| choice(store, &site, *quality)).collect();
    view! {
        <fieldset class="choice choice_quality">
            {inert(|| view! { <legend class="unseen">{store.text(TextKey::Quality)}</legend> })}
            {qualities}
        </fieldset>
    }
}

/// A quality. Its name is its word alone; the time is its description.
fn choice(store: StudioStore, site: &Site, quality: Quality) -> impl IntoView + use<> {
    let word = texts::quality(quality);
    let word_id = ["word-", quality.word()].concat();
    let time_id = ["time-", quality.word()].concat();
    let times = times(site, quality);
    let described = (!times.is_empty()).then(|| time_id.clone());
    let times = (!times.is_empty()).then(|| {
        let times: Vec<_> = times
            .into_iter()
            .map(|(size, time)| {
                view! { <span hidden=dynamic(move || store.choices().get().size != size)>{time}</span> }
            })
            .collect();
        view! { <span class="choice__time" id=time_id>{times}</span> }
    });
    view! {
        <label class="choice__one">
            <input
                type="radio"
                name="quality"
                value=quality.word()
                aria-labelledby=word_id.clone()
                aria-describedby=described
                checked=site.default_quality == quality
                prop:checked=dynamic(move || store.choices().get().quality == quality)
                on:change=listener(move |_| store.send(Event::QualityChosen(quality)))
            />
            {inert(|| view! { <span class="choice__word" id=word_id>{store.text(word)}</span> })}
            {times}
        </label>
    }
}

/// The expected times of a quality, by size. A size without one is left out.
fn times(site: &Site, quality: Quality) -> Vec<(Size, String)> {
    let known = site.estimates.iter().flatten().filter(|estimate| estimate.quality == quality);
    known.filter_map(|estimate| Some((estimate.size, duration(estimate.expected_ms?)))).collect()
}

/// A time to wait, in seconds or minutes.
fn duration(ms: u64) -> String {
    let seconds = ms.div_ceil(1000).max(1);
    if seconds < 100 {
        [&seconds.to_string(), " s"].concat()
    } else {
        [&seconds.div_ceil(60).to_string(), " min"].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn a_time_is_told_in_seconds_or_in_minutes() {
        let told = |ms: u64| duration(ms);
        assert_eq!([0, 1, 12_001, 99_000].map(told), ["1 s", "1 s", "13 s", "99 s"]);
        assert_eq!([99_001, 120_000, 120_001].map(told), ["2 min", "2 min", "3 min"]);
    }
}
