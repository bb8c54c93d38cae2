//! Random valid sites: each is rendered, nothing that its owner wrote becomes markup, and the data block says what the
//! site is.

use super::{super::*, shell};
use contract::{
    money::Nano,
    options::{Background, Format, Quality, Size},
    site::{CallToAction, CallToActionWhen, Challenge, Estimate, History, Preset},
};
use std::collections::{BTreeMap, BTreeSet};

/// Elements that have no end tag.
const VOID: [&str; 6] = ["meta", "link", "input", "img", "br", "hr"];
/// Elements whose content is text.
const RAW: [&str; 3] = ["script", "style", "textarea"];

/// Pieces of texts that break what is not escaped, or not counted in the right units. The element's name must never be
/// that of a tag.
const PIECES: [&str; 22] = [
    "<x-canary>",
    "</textarea><x-canary>",
    "</script><x-canary>",
    "<!--",
    "-->",
    "<!>",
    "&#0;",
    "&amp;",
    "\"",
    "'",
    "{n}",
    "{{n}}",
    "{m}",
    "\u{202e}",
    "\u{200d}👩\u{200d}🚀",
    "\u{fffd}",
    "\u{1}",
    "\n",
    " ",
    "日本",
    "ציור",
    "word ",
];

/// Random numbers from a seed, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn yes(&mut self) -> bool {
        self.below(2) == 0
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    /// Some of these, at least one, in any order.
    fn some<T: Clone>(&mut self, all: &[T]) -> Vec<T> {
        let mut rest = all.to_vec();
        let count = 1 + self.below(all.len());
        (0..count).map(|_| rest.remove(self.below(rest.len()))).collect()
    }

    fn text(&mut self) -> String {
        let pieces = match self.below(20) {
            0 => 0,
            1 => 600,
            _ => 1 + self.below(6),
        };
        (0..pieces).map(|_| self.of(&PIECES)).collect()
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.yes().then(|| make(self))
    }

    fn site(&mut self) -> Site {
        let sizes = [(1024, 1024), (1536, 1024), (1024, 1536), (16, 65_535), (1, 1)];
        let sizes = self.some(&sizes.map(|(width, height)| Size { width, height }));
        let qualities = self.some(Quality::ALL);
        let presets = self.below(4) * self.below(4);
        let estimate = |random: &mut Self| Estimate {
            size: random
                .of(&[Size { width: 1024, height: 1024 }, Size { width: 1536, height: 1024 }]),
            quality: random.of(Quality::ALL),
            expected_ms: random.maybe(Self::next),
            usd: random.maybe(|random| Nano(random.next() >> random.below(64))),
        };
        let mut texts = BTreeMap::new();
        for (_, key) in TextKey::ALL {
            if self.below(9) == 0 {
                texts.insert((*key).to_owned(), self.text());
            }
        }
        Site {
            id: "demo".to_owned(),
            default_size: self.of(&sizes),
            sizes,
            default_quality: self.of(&qualities),
            qualities,
            max_inputs: u32::try_from(self.below(5)).unwrap(),
            max_input_side: 2048,
            concurrent: u32::try_from(1 + self.below(4)).unwrap(),
            formats: self.some(Format::ALL),
            backgrounds: self.some(Background::ALL),
            max_count: u32::try_from(1 + self.below(10)).unwrap(),
            max_prompt_chars: u32::try_from(1 + self.below(32_000)).unwrap(),
            presets: (0..presets)
                .map(|_| Preset {
                    label: self.text(),
                    prompt: self.text(),
                    picture: self.maybe(|_| "/sites/demo/a-0123456789abcdef.webp".to_owned()),
                })
                .collect(),
            texts,
            challenge: self.maybe(|random| Challenge {
                provider: "turnstile".to_owned(),
                site_key: random.text(),
                script: "https://challenges.example/api.js".to_owned(),
            }),
            history: self.of(History::ALL),
            choose: self.yes(),
            show_cost: self.yes(),
            estimates: self
                .maybe(|random| (0..random.below(12)).map(|_| estimate(random)).collect()),
            call_to_action: self.maybe(|random| CallToAction {
                label: random.text(),
                url: "https://a.example/?a&b=\"c".to_owned(),
                when: random.of(CallToActionWhen::ALL),
            }),
            privacy_url: self.maybe(|_| "https://a.example/p?a&b".to_owned()),
            report_url: self.maybe(|_| "https://a.example/r".to_owned()),
            retention_minutes: u32::try_from(1 + self.below(1440)).unwrap(),
            sandbox: self.yes(),
        }
    }
}

/// The name of a tag and the names of its attributes, and what follows the tag.
fn tag(html: &str) -> (&str, Vec<String>, &str) {
    let name_end = html.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap();
    let (name, mut rest) = html.split_at(name_end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('>') {
            return (name, attributes, after);
        }
        let end = rest.find(['=', ' ', '>', '\n']).unwrap();
        attributes.push(rest[..end].to_owned());
        rest = &rest[end..];
        if let Some(value) = rest.strip_prefix("=\"") {
            let (value, after) = value.split_once('"').unwrap();
            if attributes.last().is_some_and(|name| name == "id") {
                attributes.push(format!("#{value}"));
            }
            rest = after;
        } else {
            assert!(
                !rest.starts_with('='),
                "a value without quotes: {}",
                &rest[..rest.len().min(60)]
            );
        }
    }
}

/// Fails unless every element is ended in its order, ids are unique, and no attribute runs a script or holds a style.
fn is_well_formed(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut rest = html.strip_prefix("<!doctype html>").expect("a doctype");
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix('!') {
            rest = comment.strip_prefix('>').unwrap_or_else(|| comment.split_once('>').unwrap().1);
            continue;
        }
        if let Some(end) = rest.strip_prefix('/') {
            let (name, after) = end.split_once('>').unwrap();
            assert_eq!(open.pop(), Some(name), "ended out of order");
            rest = after;
            continue;
        }
        let (name, attributes, after) = tag(rest);
        assert!(name != "x-canary" && name.starts_with(|c: char| c.is_ascii_lowercase()), "{name}");
        for attribute in &attributes {
            assert!(!attribute.starts_with("on") && attribute != "style", "{name} {attribute}");
            assert!(
                !attribute.starts_with('#') || ids.insert(attribute.clone()),
                "{attribute} twice"
            );
        }
        rest = after;
        if RAW.contains(&name) {
            let end = format!("</{name}>");
            rest = rest.split_once(&end).unwrap_or_else(|| panic!("{name} has no end")).1;
        } else if !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "not ended");
}

fn render_some(count: u64) {
    let shell = shell();
    let seed = std::env::var("EASEL_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = seed.map_or(0..count, |seed: u64| seed..seed + 1);
    for seed in seeds {
        let mut random = Random(seed);
        let site = random.site();
        let words = random.of(&["en", "de"]);
        let lang = random.of(&["en", "de", "ar", "zh-Hant"]);
        let language = LanguageFacts { words, lang, from_the_right: random.yes() };
        println!("EASEL_SEED={seed}");
        let html = render(&shell, site.clone(), &language).expect("is rendered");
        is_well_formed(&html);
        let (_, block) = html.split_once("type=\"application/json\">").expect("a data block");
        let (block, _) = block.split_once("</script>").expect("its end");
        let data: StudioData = serde_json::from_str(block).expect("reads back");
        for (at, (_, key)) in TextKey::ALL.iter().enumerate() {
            let own = site.texts.get(*key);
            assert!(own.is_none_or(|own| *own == data.texts[at]), "{key}");
        }
        assert_eq!(data.site, Site { texts: BTreeMap::new(), ..site });
        assert_eq!(data.build, BUILD);
    }
}

#[test]
fn a_thousand_random_sites_are_rendered() {
    render_some(1_000);
}

#[test]
#[ignore = "minutes: `cargo xtask test --long`"]
fn a_hundred_thousand_random_sites_are_rendered() {
    render_some(100_000);
}

#[test]
fn markup_that_is_not_well_formed_is_found() {
    for (html, says) in [
        ("<!doctype html><p></b>", "out of order"),
        ("<!doctype html><p>", "not ended"),
        ("<!doctype html><p style=\"a\"></p>", "style"),
        ("<!doctype html><p onclick=\"a\"></p>", "onclick"),
        ("<!doctype html><p id=\"a\"></p><p id=\"a\"></p>", "twice"),
        ("<!doctype html><x-canary></x-canary>", "x-canary"),
    ] {
        let found = std::panic::catch_unwind(|| is_well_formed(html)).unwrap_err();
        let said = found.downcast_ref::<String>().expect("a sentence");
        assert!(said.contains(says), "{html}: {said}");
    }
}
