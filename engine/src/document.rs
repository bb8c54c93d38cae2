//! The frame's document: the app's HTML with a site's facts in it, so that it paints before any program has come.
//!
//! Owns the small template language of `app/index.html`, and what a template may name. Must not hold any HTML.
//!
//! `{{name}}` inserts text, escaped; `{{{name}}}` inserts it as it is; `<!--each name-->…<!--end-->` repeats what
//! is between for every item of a list; `<!--if name-->…<!--end-->` keeps it if the flag is set.

use crate::wire;
use contract::{
    options::Quality,
    site::{CallToAction, Site},
    words,
};
use std::fmt;

/// What a name stands for.
enum Value {
    Text(String),
    Flag(bool),
    List(Vec<Scope>),
}

/// Names and what they stand for; the inner scope comes first.
type Scope = Vec<(&'static str, Value)>;

/// A template that does not fit: a fault of ours, found by tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError(String);

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the document's template names {}, which does not fit", self.0)
    }
}

/// The document of a site's frame.
pub fn studio(template: &str, site: &Site) -> Result<String, TemplateError> {
    render(template, &[&scope(site)])
}

/// A page of the edge's own, with the id of the site whose studio it shows.
pub fn page(template: &str, site: &str) -> Result<String, TemplateError> {
    render(template, &[&vec![("site", Value::Text(site.to_owned()))]])
}

/// What the template of the frame may name.
fn scope(site: &Site) -> Scope {
    let text = |text: &dyn ToString| Value::Text(text.to_string());
    let sizes = site.sizes.iter().enumerate().map(|(at, size)| {
        vec![
            ("value", text(size)),
            ("width", text(&size.width)),
            ("height", text(&size.height)),
            ("label", text(&words::shape(*size))),
            ("checked", Value::Flag(at == 0)),
        ]
    });
    let qualities = site.qualities.iter().enumerate().map(|(at, quality)| {
        vec![
            ("value", text(quality)),
            ("label", text(&words::quality(*quality))),
            ("checked", Value::Flag(at == 0)),
            ("times", Value::List(times(site, *quality))),
        ]
    });
    let offer = |part: fn(&CallToAction) -> &String| {
        Value::Text(site.call_to_action.as_ref().map(part).cloned().unwrap_or_default())
    };
    let counts = (1..=site.max_count.min(4))
        .map(|count| vec![("value", text(&count)), ("checked", Value::Flag(count == 1))]);
    let presets = site
        .presets
        .iter()
        .map(|preset| vec![("label", text(&preset.label)), ("prompt", text(&preset.prompt))]);
    vec![
        ("lang", text(&"en")),
        ("site", text(&site.id)),
        ("data", Value::Text(data_block(site))),
        ("max_prompt_chars", text(&site.max_prompt_chars)),
        ("max_count", text(&site.max_count)),
        ("retention_minutes", text(&site.retention_minutes)),
        ("privacy_url", Value::Text(site.privacy_url.clone().unwrap_or_default())),
        ("report_url", Value::Text(site.report_url.clone().unwrap_or_default())),
        ("offer_label", offer(|offer| &offer.label)),
        ("offer_url", offer(|offer| &offer.url)),
        ("challenge", Value::Flag(site.challenge.is_some())),
        ("sandbox", Value::Flag(site.sandbox)),
        ("many", Value::Flag(site.max_count > 1)),
        ("sizes", Value::List(sizes.collect())),
        ("qualities", Value::List(qualities.collect())),
        ("counts", Value::List(counts.collect())),
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
                ("other", Value::Flag(site.sizes.first() != Some(&estimate.size))),
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
    wire::text(site).replace('<', "\\u003c")
}

/// Text that can stand in an element or between quotes.
fn escape(text: &str, out: &mut String) {
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(char),
        }
    }
}

fn find<'a>(name: &str, scopes: &[&'a Scope]) -> Option<&'a Value> {
    scopes
        .iter()
        .flat_map(|scope| scope.iter())
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

fn render(mut template: &str, scopes: &[&Scope]) -> Result<String, TemplateError> {
    let mut out = String::with_capacity(template.len());
    while let Some(mark) = Mark::next(template) {
        out.push_str(mark.before);
        let unfit = || TemplateError(mark.name.to_owned());
        let value = find(mark.name, scopes).ok_or_else(unfit)?;
        template = match (mark.kind, value) {
            (Kind::Text, Value::Text(text)) => {
                escape(text, &mut out);
                mark.after
            }
            (Kind::Raw, Value::Text(text)) => {
                out.push_str(text);
                mark.after
            }
            (Kind::Each, Value::List(items)) => {
                let (body, after) = body(mark.after).ok_or_else(unfit)?;
                for item in items {
                    let inner: Vec<_> =
                        std::iter::once(item).chain(scopes.iter().copied()).collect();
                    out.push_str(&render(body, &inner)?);
                }
                after
            }
            (Kind::If, value) => {
                let (body, after) = body(mark.after).ok_or_else(unfit)?;
                let holds = match value {
                    Value::Flag(flag) => *flag,
                    Value::Text(text) => !text.is_empty(),
                    Value::List(items) => !items.is_empty(),
                };
                if holds {
                    out.push_str(&render(body, scopes)?);
                }
                after
            }
            _ => return Err(unfit()),
        };
    }
    out.push_str(template);
    Ok(out)
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Raw,
    Each,
    If,
}

/// The next place where something is to be inserted.
struct Mark<'a> {
    before: &'a str,
    kind: Kind,
    name: &'a str,
    after: &'a str,
}

const OPENINGS: [(&str, &str, Kind); 4] = [
    ("{{{", "}}}", Kind::Raw),
    ("{{", "}}", Kind::Text),
    ("<!--each ", "-->", Kind::Each),
    ("<!--if ", "-->", Kind::If),
];

impl<'a> Mark<'a> {
    fn next(template: &'a str) -> Option<Self> {
        let first = OPENINGS
            .iter()
            .filter_map(|(open, close, kind)| Some((template.find(open)?, open, close, *kind)));
        // Of two that begin at the same place the longer opening is meant.
        let (at, open, close, kind) =
            first.min_by_key(|(at, open, ..)| (*at, usize::MAX.saturating_sub(open.len())))?;
        let (before, rest) = template.split_at_checked(at)?;
        let (name, after) = rest.strip_prefix(open)?.split_once(close)?;
        Some(Self { before, kind, name, after })
    }
}

/// What lies before the end of a block that was just opened, and what comes after it.
fn body(template: &str) -> Option<(&str, &str)> {
    const END: &str = "<!--end-->";
    let (mut depth, mut at) = (0usize, 0usize);
    loop {
        let rest = template.get(at..)?;
        let end = rest.find(END)?;
        let open = ["<!--each ", "<!--if "]
            .iter()
            .filter_map(|open| rest.find(open))
            .min()
            .filter(|&open| open < end);
        match (open, depth) {
            (Some(open), _) => {
                depth = depth.checked_add(1)?;
                at = at.checked_add(open)?.checked_add(1)?;
            }
            (None, 0) => {
                let end = at.checked_add(end)?;
                return Some((template.get(..end)?, template.get(end.checked_add(END.len())?..)?));
            }
            (None, _) => {
                depth = depth.checked_sub(1)?;
                at = at.checked_add(end)?.checked_add(END.len())?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests_support::site;
    use contract::site::{Challenge, Estimate};

    #[track_caller]
    fn check(template: &str, expected: &str) {
        let mut site = site().public(true);
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
            "<!--each sizes-->{{label}} {{value}}<!--if checked-->!<!--end-->, <!--end-->",
            "Square 1024x1024!, Wide 1536x1024, Tall 1024x1536, ",
        );
        check(
            "<!--each counts--><!--each qualities-->{{label}}<!--end-->{{value}} <!--end-->x",
            "DraftStandardFine1 DraftStandardFine2 x",
        );
        check("<!--if sandbox-->yes<!--end--><!--if privacy_url-->no<!--end-->", "yes");
    }

    #[test]
    fn times_stand_beside_the_qualities_that_were_seen() {
        let mut site = site().public(false);
        let [square, wide] = [site.sizes[0], site.sizes[1]];
        let estimate =
            |size, quality, expected_ms| Estimate { size, quality, expected_ms, usd: None };
        site.estimates = Some(vec![
            estimate(square, Quality::Low, Some(8_100)),
            estimate(square, Quality::Medium, None),
            estimate(wide, Quality::Low, Some(99_001)),
        ]);
        let template = "<!--each qualities-->{{label}}<!--if times-->:<!--each times--> \
                        {{size}} {{time}}<!--if other--> hidden<!--end--><!--end--><!--end-->;<!--end-->";
        assert_eq!(
            studio(template, &site).as_deref(),
            Ok("Draft: 1024x1024 9 s 1536x1024 2 min hidden;Standard;Fine;")
        );
    }

    #[test]
    fn a_challenge_and_an_offer_are_there_only_where_the_site_has_them() {
        let template = "<!--if challenge-->check<!--end--><!--if offer_url--><a href=\"{{offer_url}}\">{{offer_label}}</a><!--end-->";
        let mut site = site().public(false);
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
        let mut site = site().public(false);
        site.presets = vec![contract::site::Preset {
            label: "x".to_owned(),
            prompt: "</script><!--".to_owned(),
        }];
        let html = studio("{{{data}}}", &site).unwrap();
        assert!(!html.contains('<'));
        assert_eq!(serde_json::from_str::<Site>(&html).unwrap(), site);
    }

    #[test]
    fn what_a_template_may_not_name_is_told() {
        let site = site().public(false);
        for bad in [
            "{{nothing}}",
            "{{sizes}}",
            "<!--each lang--><!--end-->",
            "<!--if sandbox-->",
            "<!--each sizes-->{{oops}}<!--end-->",
        ] {
            assert!(studio(bad, &site).is_err(), "{bad}");
        }
    }
}
