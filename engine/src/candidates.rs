//! Candidates: which of the configured models may be asked for an order, in their configured order.
//!
//! Owns which abilities of a model an order needs, and the rule that a model is not asked from its last day on. Must
//! not know money beyond the worst case, nor which models were found to be gone: the ledger does.
//!
//! Why: `docs/decisions/2026-11-29-choice-of-a-model.md`.
//!
//! Decision: docs/decisions/2026-11-29-edits-fit-every-living-model.md.

use crate::{
    config::{model::Model, site::Site},
    gateway::dialect::Dialect,
    picture::upload::Upload,
    price,
};
use contract::{
    job::Order,
    money::Nano,
    options::{Background, Quality, Size},
    time::Day,
};
use serde::{Deserialize, Serialize};

/// A model that may be asked, and the most that one picture may cost with it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Candidate {
    /// The model's id, as it is configured.
    pub model: String,
    /// The worst case of one picture, including the prompt and the pictures to edit.
    pub worst_each: Nano,
}

/// The models that may be asked for an order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Candidates {
    /// The living models that can make the order, in their configured order.
    pub living: Vec<Candidate>,
    /// The model that is asked if none of `living` is left. Dates and marks are hints, and upstream's answer decides.
    pub last_resort: Candidate,
}

impl Candidates {
    /// The worst case of one picture with that model, without what a ledger has learned.
    pub fn configured(&self, model: &str) -> Option<Nano> {
        let mut all = self.living.iter().chain([&self.last_resort]);
        all.find(|candidate| candidate.model == model).map(|candidate| candidate.worst_each)
    }
}

/// Why no model can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unable {
    /// No model makes this size, quality, background and format together.
    NoModelMakesIt,
    /// No model takes so many pictures to edit.
    TooManyPictures,
    /// No model takes a picture to edit of that many pixels.
    PictureTooLarge,
    /// A price overflows.
    NoPrice,
}

/// An order with everything that its worst case depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// The visitor's order.
    pub order: &'a Order,
    /// The complete prompt.
    pub upstream_prompt: &'a str,
    /// The pictures to edit.
    pub uploads: &'a [Upload],
}

/// The candidates for an order on that day.
pub fn of(
    models: &[Model],
    dialect: &Dialect,
    wanted: Wanted<'_>,
    today: Day,
) -> Result<Candidates, Unable> {
    let Order { size, quality, background, format, .. } = *wanted.order;
    let able: Vec<&Model> =
        models.iter().filter(|model| model.makes(size, quality, background, format)).collect();
    if able.is_empty() {
        return Err(Unable::NoModelMakesIt);
    }
    let living = available(&able, today);
    let fits: Vec<&Model> = living.iter().copied().filter(|it| takes(it, wanted.uploads)).collect();
    if fits.is_empty() {
        let count = living.iter().map(|model| model.inputs).max().unwrap_or(0);
        return Err(if wanted.uploads.len() > count as usize {
            Unable::TooManyPictures
        } else {
            Unable::PictureTooLarge
        });
    }
    let priced = |model: &Model| {
        let Wanted { order, upstream_prompt, uploads } = wanted;
        price::worst(model, dialect, order, upstream_prompt, uploads)
            .map(|worst_each| Candidate { model: model.id.clone(), worst_each })
            .ok_or(Unable::NoPrice)
    };
    let first = able.iter().copied().find(|model| takes(model, wanted.uploads));
    Ok(Candidates {
        living: fits.iter().copied().map(priced).collect::<Result<_, _>>()?,
        last_resort: priced(first.ok_or(Unable::PictureTooLarge)?)?,
    })
}

/// The candidates that are configured after a model which is gone upstream. `None`: there is no other model.
pub fn after_gone(
    models: &[Model],
    dialect: &Dialect,
    gone: &str,
    wanted: Wanted<'_>,
    today: Day,
) -> Vec<Candidate> {
    let after =
        models.iter().position(|model| model.id == gone).map_or(0, |at| at.saturating_add(1));
    let rest = models.get(after..).unwrap_or_default();
    of(rest, dialect, wanted, today).map_or_else(|_| Vec::new(), |candidates| candidates.living)
}

/// [`Candidates`] for a kind of picture, before there is an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfKind<'a> {
    /// See [`Candidates::living`].
    pub living: Vec<&'a Model>,
    /// See [`Candidates::last_resort`].
    pub last_resort: &'a Model,
}

/// The models that could be asked for a picture of this size and quality, with the site's default background and
/// format. `None`: no model makes it.
pub fn kind<'a>(
    models: &'a [Model],
    site: &Site,
    (dimensions, quality): (Size, Quality),
    today: Day,
) -> Option<OfKind<'a>> {
    let automatic = site.backgrounds.contains(&Background::Auto).then_some(Background::Auto);
    let background = automatic.or_else(|| site.backgrounds.first().copied())?;
    let format = site.formats.first().copied()?;
    let makes = |model: &&Model| model.makes(dimensions, quality, background, format);
    let able: Vec<&Model> = models.iter().filter(makes).collect();
    Some(OfKind { last_resort: able.first().copied()?, living: available(&able, today) })
}

/// For each model the least that a picture of this site may cost with it, without the prompt. `None`: no model makes any
/// picture of the site.
pub fn cheapest(models: &[Model], site: &Site, today: Day) -> Option<Candidates> {
    let least = |model: &Model| {
        let sizes = || site.sizes.iter().copied();
        let all =
            site.qualities.iter().flat_map(|&quality| sizes().map(move |size| (quality, size)));
        all.filter_map(|(quality, size)| model.worst(quality, size)).min()
    };
    let priced = |model: &Model| {
        least(model).map(|worst_each| Candidate { model: model.id.clone(), worst_each })
    };
    let able: Vec<&Model> = models.iter().filter(|model| least(model).is_some()).collect();
    let living = available(&able, today).into_iter().filter_map(priced).collect();
    Some(Candidates { living, last_resort: able.first().copied().and_then(priced)? })
}

/// The limits on pictures to edit that every living model accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inputs {
    /// The number of pictures in one order.
    pub most: u32,
    /// Pixels of a side.
    pub side: u32,
}

/// The smallest limits of the living models, so that each of them can be asked.
pub fn inputs(models: &[Model], today: Day) -> Inputs {
    let all: Vec<&Model> = models.iter().collect();
    let living = available(&all, today);
    let editing = || living.iter().filter(|model| model.inputs > 0);
    Inputs {
        most: editing().map(|model| model.inputs).min().unwrap_or(0),
        side: editing().map(|model| model.max_input_side).min().unwrap_or(1),
    }
}

/// Which model made a picture, as far as upstream says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MadeBy<'a> {
    /// The model that was asked, or a dated snapshot of it.
    Asked,
    /// Another configured model.
    Another(&'a Model),
    /// A model that is not configured, so its prices are unknown.
    Unknown,
}

/// The name in jobs and books of a model that is not configured.
pub const OTHER: &str = "other";

/// Compares the model that upstream named with the one that was asked. No name means the model that was asked.
pub fn made_by<'a>(models: &'a [Model], asked: &str, reported: &str) -> MadeBy<'a> {
    let is = |model: &str| reported == model || is_snapshot(reported, model);
    // With or without the maker's prefix: gateways differ.
    let names = |id: &str| is(id) || id.split_once('/').is_some_and(|(_, name)| is(name));
    if reported.is_empty() || names(asked) {
        return MadeBy::Asked;
    }
    models.iter().find(|model| names(&model.id)).map_or(MadeBy::Unknown, MadeBy::Another)
}

/// Whether a name is the model's name with a date appended: `gpt-image-2.5-flare-2026-09-08`.
fn is_snapshot(reported: &str, model: &str) -> bool {
    let date = reported.strip_prefix(model).and_then(|rest| rest.strip_prefix('-'));
    date.is_some_and(|date| date.parse::<Day>().is_ok())
}

/// The models whose last day has not come; all of them if it has come for every one.
fn available<'a>(models: &[&'a Model], today: Day) -> Vec<&'a Model> {
    let living: Vec<&Model> = models.iter().copied().filter(|it| !it.is_over(today)).collect();
    if living.is_empty() { models.to_vec() } else { living }
}

fn takes(model: &Model, uploads: &[Upload]) -> bool {
    let side = model.max_input_side;
    uploads.len() <= model.inputs as usize
        && uploads.iter().all(|upload| upload.width <= side && upload.height <= side)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::tests_support::{chain, config},
        gateway::dialect::VERCEL,
        order,
    };
    use contract::options::{Format, MediaType};

    const BEFORE: &str = "2026-11-30";
    const AFTER: &str = "2026-12-01";

    fn ask(
        models: &[Model],
        json: &str,
        uploads: &[Upload],
        today: &str,
    ) -> Result<Candidates, Unable> {
        let order = order::read(json, &config().sites[0]).unwrap();
        let wanted = Wanted { order: &order, upstream_prompt: &order.prompt, uploads };
        of(models, &VERCEL, wanted, today.parse().unwrap())
    }

    fn names(found: &Candidates) -> Vec<&str> {
        found.living.iter().map(|it| it.model.trim_start_matches("openai/gpt-image-")).collect()
    }

    fn upload(side: u32) -> Upload {
        Upload { media_type: MediaType::Png, width: side, height: 8, bytes: 1 }
    }

    #[test]
    fn a_model_is_asked_until_its_day_comes() {
        let chain = chain();
        let before = ask(&chain, r#"{"prompt":"x"}"#, &[], BEFORE).unwrap();
        assert_eq!(names(&before), ["1-mini", "2.5-flare", "2.6-flare", "2"]);
        assert_eq!(before.living[0].worst_each, Nano(5_002_000), "the price and one byte");
        let after = ask(&chain, r#"{"prompt":"x"}"#, &[], AFTER).unwrap();
        assert_eq!(names(&after), ["2.5-flare", "2.6-flare", "2"]);
        assert_eq!(after.living[0].worst_each, Nano(7_005_000));
        assert_eq!(after.last_resort, before.last_resort, "the first of all");
        assert_eq!(after.last_resort.model, "openai/gpt-image-1-mini");
    }

    #[test]
    fn a_model_is_asked_only_for_what_it_makes() {
        let mut chain = chain();
        let after = ask(&chain, r#"{"prompt":"x","quality":"high"}"#, &[], AFTER).unwrap();
        assert_eq!(names(&after), ["2.5-flare", "2.6-flare"], "the last has a price for low alone");
        chain[1].backgrounds = Some(vec![Background::Opaque]);
        chain[2].formats = Some(vec![Format::Png]);
        let other = ask(&chain, r#"{"prompt":"x"}"#, &[], AFTER).unwrap();
        assert_eq!(names(&other), ["2"]);
        chain.truncate(3);
        // Past its last day, and still the only model that can make it.
        assert_eq!(names(&ask(&chain, r#"{"prompt":"x"}"#, &[], AFTER).unwrap()), ["1-mini"]);
        chain.remove(0);
        assert_eq!(ask(&chain, r#"{"prompt":"x"}"#, &[], AFTER), Err(Unable::NoModelMakesIt));
    }

    #[test]
    fn pictures_to_edit_are_bounded_by_the_models_that_live() {
        let mut chain = chain();
        let edit = |chain: &[Model], uploads: &[Upload], today| {
            ask(chain, r#"{"prompt":"x"}"#, uploads, today)
        };
        let large = edit(&chain, &[upload(2048)], BEFORE).unwrap();
        assert_eq!(names(&large), ["1-mini"], "the others take 1536");
        assert_eq!(edit(&chain, &[upload(2049)], BEFORE), Err(Unable::PictureTooLarge));
        assert_eq!(edit(&chain, &[upload(1537)], AFTER), Err(Unable::PictureTooLarge));
        assert_eq!(names(&edit(&chain, &[upload(1536); 4], AFTER).unwrap()).len(), 3);
        assert_eq!(inputs(&chain, BEFORE.parse().unwrap()), Inputs { most: 4, side: 1536 });
        chain[1].inputs = 2;
        assert_eq!(inputs(&chain, AFTER.parse().unwrap()), Inputs { most: 2, side: 1536 });
        assert_eq!(names(&edit(&chain, &[upload(9); 3], AFTER).unwrap()), ["2.6-flare", "2"]);
        for model in &mut chain {
            model.inputs = 2;
        }
        assert_eq!(edit(&chain, &[upload(9); 3], AFTER), Err(Unable::TooManyPictures));
    }

    #[test]
    fn a_picture_is_the_model_that_was_asked_unless_upstream_says_otherwise() {
        let chain = chain();
        let by = |reported: &str| match made_by(&chain, "openai/gpt-image-1-mini", reported) {
            MadeBy::Asked => "asked",
            MadeBy::Another(model) => &model.id,
            MadeBy::Unknown => OTHER,
        };
        for (reported, name) in [
            ("", "asked"),
            ("openai/gpt-image-1-mini", "asked"),
            ("gpt-image-1-mini", "asked"),
            ("openai/gpt-image-1-mini-2026-01-31", "asked"),
            ("openai/gpt-image-1-mini-2026-31-31", OTHER),
            ("openai/gpt-image-1-mini-max", OTHER),
            ("openai/gpt-image-2.5-flare", "openai/gpt-image-2.5-flare"),
            ("openai/gpt-image-2.5-flare-2026-09-08", "openai/gpt-image-2.5-flare"),
            ("bfl/flux-3-image", OTHER),
        ] {
            assert_eq!(by(reported), name, "{reported}");
        }
    }

    #[test]
    fn what_follows_a_model_that_is_gone_stands_behind_it() {
        let chain = chain();
        let order = order::read(r#"{"prompt":"x"}"#, &config().sites[0]).unwrap();
        let wanted = Wanted { order: &order, upstream_prompt: "x", uploads: &[] };
        let behind = |gone: &str| {
            let all = after_gone(&chain, &VERCEL, gone, wanted, AFTER.parse().unwrap());
            all.into_iter().map(|it| it.model).collect::<Vec<_>>()
        };
        assert_eq!(
            behind("openai/gpt-image-2.5-flare"),
            ["openai/gpt-image-2.6-flare", "openai/gpt-image-2"]
        );
        assert_eq!(behind("openai/gpt-image-2"), [""; 0]);
        // A job whose model is no longer configured may go on with any configured model.
        assert_eq!(behind("openai/unknown").len(), 3);
    }

    #[test]
    fn the_cheapest_picture_of_each_model_is_one_that_the_site_offers() {
        let (chain, mut site) = (chain(), config().sites.remove(0));
        let told = |site: &Site, today: &str| {
            let found = cheapest(&chain, site, today.parse().unwrap()).unwrap();
            let prices: Vec<_> =
                found.living.iter().map(|it| it.worst_each.0 / 1_000_000).collect();
            (names(&found).len(), prices, found.last_resort.worst_each.0 / 1_000_000)
        };
        assert_eq!(told(&site, BEFORE), (4, vec![5, 6, 22, 6], 5));
        assert_eq!(told(&site, AFTER), (3, vec![6, 22, 6], 5));
        // The last model makes no such picture.
        site.qualities = vec![Quality::High];
        assert_eq!(told(&site, BEFORE), (3, vec![36, 48, 48], 36));
        site.sizes = vec![Size { width: 1024, height: 1024 }];
        assert_eq!(told(&site, AFTER), (2, vec![61, 61], 36));
        assert_eq!(cheapest(&[], &site, BEFORE.parse().unwrap()), None);
    }
}
