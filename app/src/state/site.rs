//! What the studio must know of its site. The form's choices are already in the document.
//!
//! Owns reading it from the document's data block (`contract::site::Site`), and what a draft will cost by it.

use super::{dollars, draft::Draft, json::Json};
use contract::{money::Nano, options::Size};

/// The site's facts that decide something here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Site {
    /// Its id.
    pub id: String,
    /// Unicode scalar values of a prompt at most, after trimming.
    pub max_prompt_chars: u32,
    /// Pictures that a new one may start from.
    pub max_inputs: usize,
    /// Whether the token and the jobs' ids may outlive a reload.
    pub keeps: bool,
    /// How long the edge has a job once it has ended, in milliseconds.
    pub retention_ms: u64,
    /// What opens a session, if there is a challenge.
    pub challenge: Option<Challenge>,
    /// What is offered when a limit is reached: its words, and where it leads.
    pub offer: Option<(String, String)>,
    /// What a picture costs, where the site shows it.
    pub prices: Vec<Price>,
}

/// A challenge, as its widget needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// The widget's script.
    pub script: String,
    /// The widget's public key.
    pub site_key: String,
}

/// The price of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Price {
    /// Its size.
    pub size: Size,
    /// The word of its quality.
    pub quality: String,
    /// By the model's own table.
    pub usd: Nano,
}

impl Site {
    /// The facts in the data block's text.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let json = Json::read(text)?;
        let (challenge, offer) = (json.get("challenge"), json.get("call_to_action"));
        Some(Self {
            id: owned(&json, "id")?,
            max_prompt_chars: json.get("max_prompt_chars").small()?,
            max_inputs: json.get("max_inputs").small()?.try_into().ok()?,
            keeps: json.get("history").text()? != "off",
            retention_ms: u64::from(json.get("retention_minutes").small()?) * 60_000,
            challenge: owned(challenge, "script")
                .zip(owned(challenge, "site_key"))
                .map(|(script, site_key)| Challenge { script, site_key }),
            offer: owned(offer, "label").zip(owned(offer, "url")),
            prices: json.get("estimates").list().iter().filter_map(Price::read).collect(),
        })
    }

    /// About what a draft will cost, where the site shows it.
    pub(crate) fn estimate(&self, draft: &Draft) -> Option<Nano> {
        let asked = |price: &&Price| price.size == draft.size && price.quality == draft.quality;
        self.prices.iter().find(asked)?.usd.checked_mul(draft.count.into())
    }
}

impl Price {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            size: json.get("size").text()?.parse().ok()?,
            quality: owned(json, "quality")?,
            usd: dollars::read(json.get("usd").text()?)?,
        })
    }
}

fn owned(json: &Json, name: &str) -> Option<String> {
    json.get(name).text().map(str::to_owned)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use contract::{
        options::Quality,
        site::{self as wire, Estimate, History},
    };

    const SQUARE: Size = Size { width: 1024, height: 1024 };

    /// The site of the contract's golden file, with the facts that these tests look at.
    fn wire_site() -> wire::Site {
        let golden = include_str!("../../../contract/tests/golden/site.json");
        let golden: wire::Site = serde_json::from_str(golden).unwrap();
        let estimate = |quality, usd| Estimate { size: SQUARE, quality, expected_ms: None, usd };
        wire::Site {
            max_prompt_chars: 900,
            challenge: Some(wire::Challenge {
                provider: "turnstile".to_owned(),
                site_key: "0x4".to_owned(),
                script: "https://challenges.example/api.js".to_owned(),
            }),
            estimates: Some(vec![
                estimate(Quality::Low, Some(Nano(5_026_000))),
                estimate(Quality::Medium, Some(Nano(11_034_000))),
                estimate(Quality::High, None),
            ]),
            ..golden
        }
    }

    fn read(site: &wire::Site) -> Site {
        Site::read(&serde_json::to_string(site).unwrap()).unwrap()
    }

    /// A site for the tests of others: `acme`, with prompts of 30 characters, a price list and a call to action.
    pub(crate) fn site() -> Site {
        Site { max_prompt_chars: 30, challenge: None, ..read(&wire_site()) }
    }

    /// The challenge of the tests.
    pub(crate) fn challenge() -> Challenge {
        read(&wire_site()).challenge.unwrap()
    }

    #[test]
    fn the_facts_are_found() {
        let site = read(&wire_site());
        assert_eq!((site.id.as_str(), site.max_prompt_chars, site.keeps), ("acme", 900, true));
        let (script, site_key) = ("https://challenges.example/api.js".to_owned(), "0x4".to_owned());
        assert_eq!(site.challenge, Some(Challenge { script, site_key }));
        let offer = ("Talk to us".to_owned(), "https://acme.example/talk".to_owned());
        assert_eq!(site.offer, Some(offer));
        assert_eq!(site.prices.len(), 2);
        assert_eq!(Site::read("{}"), None);
    }

    #[test]
    fn what_a_site_has_not_is_not_there() {
        let mut wire = wire_site();
        wire.history = History::Off;
        (wire.challenge, wire.call_to_action, wire.estimates) = (None, None, None);
        let site = read(&wire);
        assert_eq!((site.keeps, site.challenge, site.offer), (false, None, None));
        assert_eq!(site.prices, []);
    }

    #[test]
    fn an_estimate_is_count_times_price() {
        let estimate = |quality: &str, count, size| {
            let (prompt, quality) = (String::new(), quality.to_owned());
            read(&wire_site()).estimate(&Draft {
                prompt,
                count,
                size,
                quality,
                format: String::new(),
                background: String::new(),
            })
        };
        assert_eq!(estimate("medium", 1, SQUARE), Some(Nano(11_034_000)));
        assert_eq!(estimate("low", 4, SQUARE), Some(Nano(20_104_000)));
        assert_eq!(estimate("high", 1, SQUARE), None, "its price is hidden");
        assert_eq!(estimate("low", 1, Size { width: 1536, height: 1024 }), None);
    }
}
