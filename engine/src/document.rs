//! The frame's document: the app's HTML with a site's facts in it, so that it paints before any program has come.
//!
//! Owns what a template may name (`template` how), and in which language it speaks (`language`). Must not hold any HTML,
//! nor a word: those are in `texts/`, and the build writes them into a template for each language.

pub mod language;
mod template;

use crate::json;
use contract::{
    options::{Background, Format, Quality},
    site::{CallToAction, History, Site},
};
use language::Language;
use std::collections::BTreeMap;
pub use template::TemplateError;
use template::{Scope, Value, render};

/// The document of a site's frame, from the template of this language's words.
pub fn studio(template: &str, site: &Site, language: &Language) -> Result<String, TemplateError> {
    render(template, &[&scope(site, language)], &site.texts)
}

/// A page of the edge's own, with the id of the site whose studio it shows.
pub fn page(template: &str, site: &str) -> Result<String, TemplateError> {
    render(template, &[&vec![("site", Value::Text(site.to_owned()))]], &BTreeMap::new())
}

/// What the template of the frame may name.
fn scope(site: &Site, language: &Language) -> Scope {
    let text = |text: &dyn ToString| Value::Text(text.to_string());
    let sizes = site.sizes.iter().map(|size| {
        vec![
            ("value", text(size)),
            ("width", text(&size.width)),
            ("height", text(&size.height)),
            ("square", Value::Flag(size.width == size.height)),
            ("wide", Value::Flag(size.width > size.height)),
            ("tall", Value::Flag(size.width < size.height)),
            ("checked", Value::Flag(*size == site.default_size)),
        ]
    });
    let qualities = site.qualities.iter().map(|quality| {
        vec![
            ("value", text(quality)),
            ("low", Value::Flag(*quality == Quality::Low)),
            ("medium", Value::Flag(*quality == Quality::Medium)),
            ("high", Value::Flag(*quality == Quality::High)),
            ("checked", Value::Flag(*quality == site.default_quality)),
            ("times", Value::List(times(site, *quality))),
        ]
    });
    let formats = site.formats.iter().enumerate().map(|(at, format)| {
        let name = match format {
            Format::Png => "PNG",
            Format::Webp => "WebP",
            Format::Jpeg => "JPEG",
        };
        vec![("value", text(format)), ("name", text(&name)), ("checked", Value::Flag(at == 0))]
    });
    let (choice, transparent) =
        (site.formats.len() > 1, site.backgrounds.contains(&Background::Transparent));
    let offer = |part: fn(&CallToAction) -> &String| {
        Value::Text(site.call_to_action.as_ref().map(part).cloned().unwrap_or_default())
    };
    let counts = |most: u32| {
        let one = |count| vec![("value", text(&count)), ("checked", Value::Flag(count == 1))];
        Value::List((1..=most).map(one).collect())
    };
    let presets = site
        .presets
        .iter()
        .map(|preset| vec![("label", text(&preset.label)), ("prompt", text(&preset.prompt))]);
    vec![
        ("lang", text(&language.lang)),
        ("from_the_right", Value::Flag(language.from_the_right)),
        ("site", text(&site.id)),
        ("data", Value::Text(data_block(site))),
        ("retention_minutes", text(&site.retention_minutes)),
        ("minute", Value::Flag(site.retention_minutes == 1)),
        ("minutes", Value::Flag(site.retention_minutes != 1)),
        ("privacy_url", Value::Text(site.privacy_url.clone().unwrap_or_default())),
        ("report_url", Value::Text(site.report_url.clone().unwrap_or_default())),
        ("offer_label", offer(|offer| &offer.label)),
        ("offer_url", offer(|offer| &offer.url)),
        ("challenge", Value::Flag(site.challenge.is_some())),
        ("sandbox", Value::Flag(site.sandbox)),
        ("device", Value::Flag(site.history == History::Device)),
        ("more", Value::Flag(choice || transparent)),
        ("choice", Value::Flag(choice)),
        ("transparent", Value::Flag(transparent)),
        ("formats", Value::List(formats.collect())),
        ("many", Value::Flag(site.max_count > 1)),
        ("sizes", Value::List(sizes.collect())),
        ("qualities", Value::List(qualities.collect())),
        ("counts", counts(site.max_count.min(4))),
        // For the pictures that a change may start from.
        ("places", counts(site.max_inputs)),
        ("presets", Value::List(presets.collect())),
    ]
}

/// What pictures of a quality have taken here, size by size: nothing for a size that was not seen yet.
fn times(site: &Site, quality: Quality) -> Vec<Scope> {
    let known = site.estimates.iter().flatten().filter(|estimate| estimate.quality == quality);
    known
        .filter_map(|estimate| {
            Some(vec![
                ("size", Value::Text(estimate.size.to_string())),
                ("time", Value::Text(time(estimate.expected_ms?))),
                ("other", Value::Flag(site.default_size != estimate.size)),
            ])
        })
        .collect()
}

/// A time to wait, in the unit that a person would use.
fn time(ms: u64) -> String {
    let seconds = ms.div_ceil(1000).max(1);
    if seconds < 100 { format!("{seconds} s") } else { format!("{} min", seconds.div_ceil(60)) }
}

/// A site as JSON that can stand in a script element: nothing in it ends the element.
fn data_block(site: &Site) -> String {
    json::text(site).replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests_support::{INPUTS, site};
    use contract::site::{Challenge, Estimate};

    fn studio(template: &str, site: &Site) -> Result<String, TemplateError> {
        super::studio(template, site, &Language::choose(Some("en"), None, &site.texts))
    }

    #[track_caller]
    fn check(template: &str, expected: &str) {
        let mut site = site().public(INPUTS, true);
        site.presets = vec![contract::site::Preset {
            label: "<b>&\"'".to_owned(),
            prompt: "</script>".to_owned(),
        }];
        site.max_count = 2;
        assert_eq!(studio(template, &site).as_deref(), Ok(expected));
    }

    #[test]
    fn text_is_escaped_and_lists_repeat() {
        check("<p>{{site}}</p>", "<p>demo</p>");
        check(
            "<!--each presets-->{{label}}|{{site}};<!--end-->.",
            "&lt;b&gt;&amp;&quot;&#39;|demo;.",
        );
        check(
            "<!--each sizes--><!--if square-->S<!--end--><!--if wide-->W<!--end--><!--if tall-->T<!--end--> {{value}}<!--if checked-->!<!--end-->, <!--end-->",
            "S 1024x1024!, W 1536x1024, T 1024x1536, ",
        );
        check(
            "<!--each counts--><!--each qualities--><!--if low-->l<!--end--><!--if medium-->m<!--end--><!--if high-->h<!--end--><!--end-->{{value}} <!--end-->x",
            "lmh1 lmh2 x",
        );
        check("<!--if sandbox-->yes<!--end--><!--if privacy_url-->no<!--end-->", "yes");
    }

    #[test]
    fn times_stand_beside_the_qualities_that_were_seen() {
        let mut site = site().public(INPUTS, false);
        let [square, wide] = [site.sizes[0], site.sizes[1]];
        let estimate =
            |size, quality, expected_ms| Estimate { size, quality, expected_ms, usd: None };
        site.estimates = Some(vec![
            estimate(square, Quality::Low, Some(8_100)),
            estimate(square, Quality::Medium, None),
            estimate(wide, Quality::Low, Some(99_001)),
        ]);
        let template = "<!--each qualities-->{{value}}<!--if times-->:<!--each times--> \
                        {{size}} {{time}}<!--if other--> hidden<!--end--><!--end--><!--end-->;<!--end-->";
        assert_eq!(
            studio(template, &site).as_deref(),
            Ok("low: 1024x1024 9 s 1536x1024 2 min hidden;medium;high;")
        );
    }

    #[test]
    fn a_challenge_and_an_offer_are_there_only_where_the_site_has_them() {
        let template = "<!--if challenge-->check<!--end--><!--if offer_url--><a href=\"{{offer_url}}\">{{offer_label}}</a><!--end-->";
        let mut site = site().public(INPUTS, false);
        assert_eq!(studio(template, &site).as_deref(), Ok(""));
        site.challenge = Some(Challenge {
            provider: "turnstile".to_owned(),
            site_key: "0x4".to_owned(),
            script: "https://challenges.example/api.js".to_owned(),
        });
        site.call_to_action = Some(CallToAction {
            label: "Talk & buy".to_owned(),
            url: "https://acme.example/?a&b".to_owned(),
        });
        assert_eq!(
            studio(template, &site).as_deref(),
            Ok("check<a href=\"https://acme.example/?a&amp;b\">Talk &amp; buy</a>")
        );
    }

    #[test]
    fn nothing_in_the_data_block_ends_its_element() {
        let mut site = site().public(INPUTS, false);
        site.presets = vec![contract::site::Preset {
            label: "x".to_owned(),
            prompt: "</script><!--".to_owned(),
        }];
        let html = studio("{{{data}}}", &site).unwrap();
        assert!(!html.contains('<'));
        assert_eq!(serde_json::from_str::<Site>(&html).unwrap(), site);
    }

    #[test]
    fn a_word_is_the_owners_or_the_one_that_stands_there() {
        let template =
            "<b title=\"{{|create|Create|}}\">{{|kept retention_minutes|Kept {n} min|}}</b>";
        let mut site = site().public(INPUTS, false);
        let expected = "<b title=\"Create\">Kept 60 min</b>";
        assert_eq!(studio(template, &site).as_deref(), Ok(expected));
        site.texts.insert("create".to_owned(), "\"Paint\" {{lang}} {n}".to_owned());
        site.texts.insert("kept".to_owned(), "<i>{n}</i>".to_owned());
        let expected = "<b title=\"&quot;Paint&quot; {{lang}} {n}\">&lt;i&gt;60&lt;/i&gt;</b>";
        assert_eq!(studio(template, &site).as_deref(), Ok(expected), "and is never a template");
    }

    #[test]
    fn a_document_says_its_language_and_its_direction() {
        let template = "{{lang}}<!--if from_the_right--> rtl<!--end-->";
        let site = site().public(INPUTS, false);
        for (locale, expected) in [("de-AT", "de"), ("ar", "en rtl"), ("xx", "en")] {
            let language = Language::choose(Some(locale), None, &site.texts);
            assert_eq!(super::studio(template, &site, &language).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn what_a_template_may_not_name_is_told() {
        let site = site().public(INPUTS, false);
        for bad in [
            "{{nothing}}",
            "{{sizes}}",
            "<!--each lang--><!--end-->",
            "<!--if sandbox-->",
            "<!--each sizes-->{{oops}}<!--end-->",
            "{{|create|}}",
            "{{|kept nothing|{n}|}}",
            "{{|kept sizes|{n}|}}",
        ] {
            assert!(studio(bad, &site).is_err(), "{bad}");
        }
    }
}
