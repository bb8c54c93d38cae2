//! Forty sites that differ in everything that decides what the studio's document contains.
//!
//! Owns the factors and their levels, and the rule that every two levels of different factors meet in some site. Must
//! not know what a test does with a site.

use anyhow::{Context, Result};
use contract::text_keys::KEYS;
use serde_json::{Map, Value, json};
use std::path::Path;

/// One site, and how its document is asked for.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// The site's id.
    pub id: String,
    /// Its configuration.
    pub site: Map<String, Value>,
    /// The query of its document.
    pub query: &'static str,
    /// Which of [`EDGES`] it belongs to.
    pub edge: usize,
}

/// What belongs to an edge and not to a site: pictures to edit, whether the model states its times, whether pictures are
/// samples.
pub const EDGES: [(u32, bool, bool); 4] =
    [(4, false, true), (0, true, true), (4, true, false), (0, false, false)];

/// How many sites there are.
const SITES: usize = 40;

/// A factor: its levels, each with the members of a configuration that it sets. The member `?` is the document's query.
type Factor = Vec<Vec<(&'static str, Value)>>;

/// Texts that end an element, a comment or a placeholder where they are not escaped.
const HOSTILE: &str = "</textarea></script><!--<x-canary>&\"'{{n}}{n}";

fn factors() -> Vec<Factor> {
    let preset = |at: usize, picture: Option<&str>| json!({ "label": format!("Idea {at}"), "prompt": format!("A prompt {at}"), "picture": picture });
    let hostile: Vec<Value> =
        (0..5).map(|_| json!({ "label": HOSTILE, "prompt": format!("{HOSTILE}\n2") })).collect();
    let pictures = ["paper-craft", "poster", "product-shot", "childrens-book", "blueprint"]
        .iter()
        .enumerate()
        .map(|(at, name)| preset(at, Some(&format!("{name}.webp"))));
    let texts: Map<String, Value> = KEYS
        .split_whitespace()
        .map(|key| (key.to_owned(), json!(format!("«{key}» {{n}}"))))
        .collect();
    let link = |when: &str| json!({ "label": "Buy & more", "url": "https://acme.example/?a&b", "when": when });
    let one = |name: &'static str, values: Vec<Value>| -> Factor {
        values.into_iter().map(|value| vec![(name, value)]).collect()
    };
    vec![
        one(
            "sizes",
            vec![
                json!(["1024x1024"]),
                json!(["1024x1024", "1536x1024"]),
                json!(["1536x1024", "1024x1536", "1024x1024"]),
            ],
        ),
        vec![
            vec![("qualities", json!(["low"]))],
            vec![("qualities", json!(["low", "high"]))],
            vec![
                ("qualities", json!(["low", "medium", "high"])),
                ("default_quality", json!("medium")),
            ],
        ],
        one(
            "formats",
            vec![json!(["webp"]), json!(["png", "webp"]), json!(["webp", "png", "jpeg"])],
        ),
        one(
            "backgrounds",
            vec![
                json!(["auto"]),
                json!(["opaque", "auto"]),
                json!(["auto", "opaque", "transparent"]),
            ],
        ),
        one("max_count", vec![json!(1), json!(2), json!(4), json!(10)]),
        one(
            "presets",
            vec![json!([]), json!([preset(0, None)]), json!(hostile), pictures.collect()],
        ),
        vec![
            vec![("?", json!(""))],
            vec![("?", json!("?locale=de"))],
            vec![("?", json!("?locale=ar"))],
            vec![("?", json!("?locale=fr")), ("texts", json!(texts))],
            vec![
                ("?", json!("?locale=en")),
                ("texts", json!({ "create": HOSTILE, "wall": "<b>" })),
            ],
        ],
        one("challenge", vec![json!(null), json!("turnstile")]),
        one("history", vec![json!("off"), json!("session"), json!("device")]),
        one("choose", vec![json!(false), json!(true)]),
        one("show_cost", vec![json!(false), json!(true)]),
        one("call_to_action", vec![json!(null), link("limit"), link("picture"), link("always")]),
        vec![
            vec![],
            vec![
                ("privacy_url", json!("https://acme.example/privacy?a&b")),
                ("report_url", json!("https://acme.example/report")),
            ],
        ],
        one("retention_minutes", vec![json!(1), json!(60)]),
        one(
            "prompt",
            vec![json!({ "max_chars": 20 }), json!({ "max_chars": 1000, "suffix": " SUFFIX" })],
        ),
        one("visitor", vec![concurrent(1), concurrent(2)]),
        (0..EDGES.len()).map(|_| vec![]).collect(),
    ]
}

fn concurrent(jobs: u32) -> Value {
    json!({ "per_hour": 1000, "per_day": 1000, "concurrent": jobs, "refusals_per_hour": 1000 })
}

/// The levels of each site. Each takes, factor by factor, the level that meets the most levels for the first time;
/// where it does not matter they take turns.
fn rows(factors: &[Factor]) -> Vec<Vec<usize>> {
    let mut met = std::collections::BTreeSet::new();
    let mut rows = Vec::new();
    for turn in 0..SITES {
        let mut row: Vec<Option<usize>> = vec![None; factors.len()];
        for step in 0..factors.len() {
            // Each site begins with another factor, so that none is always the last to choose.
            let at = (turn * 7 + step) % factors.len();
            let levels = factors.get(at).map_or(1, Vec::len);
            let fresh = |level: usize| {
                let others = row.iter().enumerate().filter_map(|(other, it)| Some((other, (*it)?)));
                others
                    .filter(|(other, it)| !met.contains(&pair((at, level), (*other, *it))))
                    .count()
            };
            let best = (0..levels).map(|step| (step + turn) % levels).max_by_key(|level| {
                let uses =
                    rows.iter().filter(|row: &&Vec<usize>| row.get(at) == Some(level)).count();
                (fresh(*level), usize::MAX - uses)
            });
            if let Some(slot) = row.get_mut(at) {
                *slot = best;
            }
        }
        let row: Vec<usize> = row.into_iter().map(Option::unwrap_or_default).collect();
        for (at, level) in row.iter().enumerate() {
            for (other, its) in row.iter().enumerate().take(at) {
                met.insert(pair((at, *level), (other, *its)));
            }
        }
        rows.push(row);
    }
    rows
}

fn pair(a: (usize, usize), b: (usize, usize)) -> [(usize, usize); 2] {
    if a < b { [a, b] } else { [b, a] }
}

/// The sites. `challenge`: the configuration of a challenge, for the sites that have one.
#[must_use]
pub fn sites(challenge: &Value) -> Vec<Fixture> {
    let factors = factors();
    let fixture = |(at, row): (usize, Vec<usize>)| {
        let id = format!("site-{at:02}");
        let mut site = Map::from_iter([
            ("id".to_owned(), json!(id)),
            ("origins".to_owned(), json!(["https://acme.example"])),
            ("budget".to_owned(), crate::studio::open_budget("1000", "1000")),
            ("network".to_owned(), crate::studio::open_network(1_000_000, 1_000_000)),
        ]);
        let mut query = "";
        for (name, value) in
            row.iter().zip(&factors).filter_map(|(level, factor)| factor.get(*level)).flatten()
        {
            match (*name, value) {
                ("?", Value::String(text)) => {
                    query =
                        QUERIES.iter().find(|query| *query == text).copied().unwrap_or_default();
                }
                ("challenge", Value::String(_)) => {
                    drop(site.insert("challenge".to_owned(), challenge.clone()));
                }
                (name, value) => drop(site.insert(name.to_owned(), value.clone())),
            }
        }
        Fixture { id, site, query, edge: row.last().copied().unwrap_or_default() }
    };
    rows(&factors).into_iter().enumerate().map(fixture).collect()
}

/// Copies the files of a build into a folder in which each of these sites has the pictures of the demo's presets.
pub fn with_pictures(assets: &Path, sites: &[&str], folder: &Path) -> Result<()> {
    crate::studio::copy(assets, folder)?;
    let list = assets.join("sites.json");
    let text = std::fs::read(&list).with_context(|| list.display().to_string())?;
    let mut paths: Map<String, Value> = serde_json::from_slice(&text)?;
    let own = paths.get("demo").context("the demo has no pictures")?.clone();
    paths.extend(sites.iter().map(|site| ((*site).to_owned(), own.clone())));
    std::fs::write(folder.join("sites.json"), Value::Object(paths).to_string())?;
    Ok(())
}

const QUERIES: [&str; 5] = ["", "?locale=de", "?locale=ar", "?locale=fr", "?locale=en"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_sites_cover_every_pair() {
        let factors = factors();
        let rows = rows(&factors);
        let mut missing = Vec::new();
        for (at, factor) in factors.iter().enumerate() {
            for (other, its) in factors.iter().enumerate().take(at) {
                for level in 0..factor.len() {
                    for its in 0..its.len() {
                        if !rows.iter().any(|row| row[at] == level && row[other] == its) {
                            missing.push(((at, level), (other, its)));
                        }
                    }
                }
            }
        }
        assert_eq!(missing, []);
        assert!(
            EDGES.iter().enumerate().all(|(edge, _)| rows
                .iter()
                .filter(|row| row[row.len() - 1] == edge)
                .count()
                >= 8)
        );
    }

    #[test]
    fn every_site_is_a_valid_one() {
        let challenge = json!({ "provider": "turnstile", "site_key": "0x4", "verify_url": "http://127.0.0.1:1/turnstile/v0/siteverify" });
        for fixture in sites(&challenge) {
            let edge =
                json!({ "models": crate::studio::Setup::default().models, "sites": [fixture.id] });
            let site = (fixture.id.clone(), Value::Object(fixture.site).to_string());
            let read = engine::config::Config::from_parts(&edge.to_string(), &[site]);
            assert_eq!(read.err().map(|error| error.to_string()), None, "{}", fixture.id);
        }
    }
}
