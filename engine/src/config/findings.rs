//! Findings: settings that are valid and probably wrong, such as prices below the known ones, caps below one picture,
//! or models that end.
//!
//! Owns the checks that run before a configuration goes live. Must not be called by a running edge: it never closes
//! because of a finding.

use super::{
    Config,
    exposure::{Load, of_day, reservations},
    known,
    model::Model,
    site::Site,
};
use crate::origin::host_of;
use contract::{
    money::{Nano, PerMillion},
    options::{Quality, Size},
    time::Day,
};

/// A configured model should live for at least this many days after a deploy.
pub const DAYS_TO_LIVE: u32 = 14;

/// How severe a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// `check` and `deploy` refuse; `serve` warns.
    Refused,
    /// `check`, `deploy` and `serve` warn.
    Warned,
}

/// One finding: a sentence for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its severity.
    pub weight: Weight,
    /// What is wrong, why it matters, and what to do.
    pub sentence: String,
}

/// All findings on that day. `to_live`: for how many more days a model should live.
pub fn findings(config: &Config, today: Day, to_live: u32) -> Vec<Finding> {
    let mut found = Found::default();
    for model in &config.models {
        worst_cases(model, &mut found);
        inputs(model, &mut found);
        end(model, &mut found);
    }
    lives(config, today, to_live, &mut found);
    for site in &config.sites {
        caps(config, site, today, &mut found);
        shares(config, site, today, &mut found);
        origins(site, &mut found);
    }
    found.0
}

#[derive(Default)]
struct Found(Vec<Finding>);

impl Found {
    fn refuse(&mut self, sentence: String) {
        self.0.push(Finding { weight: Weight::Refused, sentence });
    }

    fn warn(&mut self, sentence: String) {
        self.0.push(Finding { weight: Weight::Warned, sentence });
    }
}

/// Compares worst cases and prices with the known ones. A worst case that is too low makes the cap too high.
fn worst_cases(model: &Model, found: &mut Found) {
    let id = &model.id;
    let Some(known) = known::model(id) else {
        unknown_worst_cases(model, found);
        return;
    };
    for (quality, size) in kinds() {
        let pair = model.worst(quality, size).zip(known.worst(quality, size));
        if let Some((own, least)) = pair.filter(|(own, least)| own < least) {
            found.refuse(format!(
                "models: {id}: worst_usd for {quality} {size} is {own}, but it may cost {least}, as of {}: jobs \
                 would reserve too little and could exceed the caps.",
                known::AS_OF
            ));
        }
    }
    let prices = [
        ("text_in", model.prices.text_in, known.prices.text_in),
        ("picture_in", model.prices.picture_in, known.prices.picture_in),
        ("out", model.prices.out, known.prices.out),
    ];
    for (name, PerMillion(own), PerMillion(list)) in prices {
        if own < list {
            found.warn(format!(
                "models: {id}: usd_per_million.{name} is {own}, and was {list} on {}: a price that is too low makes the \
                 caps too high.",
                known::AS_OF
            ));
        }
    }
}

/// Of a model that is not known, a worst case below those of all known models may be a mistyped digit.
fn unknown_worst_cases(model: &Model, found: &mut Found) {
    let low = kinds().find_map(|(quality, size)| {
        let own = model.worst(quality, size)?;
        let least = known::least_worst(quality, size)?;
        (own < least).then_some((quality, size, own, least))
    });
    if let Some((quality, size, own, least)) = low {
        found.warn(format!(
            "models: {}: worst_usd for {quality} {size} is {own}, and no known model makes it for less than {least}, as of \
             {}: if it is too low, the first jobs of each kind could exceed the caps.",
            model.id,
            known::AS_OF
        ));
    }
}

/// The qualities and sizes for which a worst case may be known.
fn kinds() -> impl Iterator<Item = (Quality, Size)> {
    let sizes = [(1024, 1024), (1024, 1536), (1536, 1024)];
    let each = move |quality: &'static Quality| {
        sizes.into_iter().map(|(width, height)| (*quality, Size { width, height }))
    };
    Quality::ALL.iter().flat_map(each)
}

fn inputs(model: &Model, found: &mut Found) {
    let (id, side) = (&model.id, model.max_input_side);
    if model.inputs == 0 {
        return;
    }
    if model.input_picture_tokens.is_zero() {
        found.refuse(format!(
            "models: {id}: input_picture_tokens is 0: pictures to edit would reserve nothing; set a bound, or set \
             inputs to 0."
        ));
        return;
    }
    let known = known::model(id);
    let (bound, by) = match &known {
        Some(known) => (known.input_picture_tokens.of(side, side), "may be"),
        None => (known::most_input_tokens(side), "are with a known model up to"),
    };
    let pair = model.input_picture_tokens.of(side, side).zip(bound);
    if let Some((own, least)) = pair.filter(|(own, least)| own < least) {
        found.warn(format!(
            "models: {id}: input_picture_tokens come to {own} for a picture of {side} pixels a side, but {by} {least}, as \
             of {}: raise them, or lower max_input_side.",
            known::AS_OF
        ));
    }
}

fn end(model: &Model, found: &mut Found) {
    if let (None, Some(end)) = (model.shuts_down, known::end(&model.id)) {
        let id = &model.id;
        found.warn(format!(
            "models: {id} has no shuts_down, and its maker shuts it down on {end}, as of {}: write \
             \"shuts_down\": \"{end}\".",
            known::AS_OF
        ));
    }
}

/// Without a living model the edge makes no picture.
fn lives(config: &Config, today: Day, to_live: u32, found: &mut Found) {
    let days_of = |model: &Model| {
        let end = model.shuts_down.or_else(|| known::end(&model.id))?;
        Some(end.number().saturating_sub(today.number()))
    };
    let days: Option<Vec<u32>> = config.models.iter().map(days_of).collect();
    let Some(most) = days.and_then(|days| days.into_iter().max()) else { return };
    if most >= to_live.max(1) {
        return;
    }
    let what = if most == 0 {
        "every configured model has ended".to_owned()
    } else {
        let days = if most == 1 { "day" } else { "days" };
        format!("no configured model lives longer than {most} {days}")
    };
    found.refuse(match known::successor(&config.models) {
        Some(block) => format!("models: {what}: add a successor after them, such as {block}."),
        None => format!("models: {what}: add a successor after them, with its prices."),
    });
}

fn caps(config: &Config, site: &Site, today: Day, found: &mut Found) {
    let (id, day, month) = (&site.id, site.budget.day_usd, site.budget.month_usd);
    if day > month {
        found.refuse(format!(
            "{id}: budget.day_usd is {day} and budget.month_usd is {month}: the cap of a day must not be above the cap of a month."
        ));
    }
    let Some(least) = reservations(config, site, today, Load::Least).min() else { return };
    for (name, cap) in [("day_usd", day), ("month_usd", month)] {
        if cap < least {
            found.refuse(format!(
                "{id}: budget.{name} is {cap}, and the cheapest picture on offer reserves {least}: the site could never make a picture."
            ));
        }
    }
}

/// An order that is more than a whole share is refused, whoever asks and however much is left.
fn shares(config: &Config, site: &Site, today: Day, found: &mut Found) {
    let dearest = |load| reservations(config, site, today, load).max();
    let (id, count, day) = (&site.id, site.max_count, site.budget.day_usd);
    if dearest(Load::Least).is_none_or(|least| least > day) {
        return; // The cap itself refuses it, whatever the prompt.
    }
    let Some(dearest) = dearest(Load::LongestPrompt) else { return };
    let order = Nano(dearest.0.saturating_mul(u64::from(count)));
    for (name, percent, whose) in [
        ("network.share_percent", site.network.share_percent, "one network"),
        ("budget.hour_percent", site.budget.hour_percent, "an hour"),
    ] {
        let most = of_day(site, percent.into()).max(dearest).min(day);
        if order > most {
            found.warn(format!(
                "{id}: {name} is {percent}, so that {whose} may take {most} USD of a day's {day}, and {count} of the \
                 dearest pictures with the longest prompt reserve {order}: such an order is always refused; raise it or \
                 budget.day_usd, or lower max_count or prompt.max_chars."
            ));
        }
    }
}

fn origins(site: &Site, found: &mut Found) {
    for origin in site.origins.iter().filter(|origin| origin.starts_with("http://")) {
        let host = host_of(origin).unwrap_or_default();
        let is_loopback =
            host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.");
        if !is_loopback {
            found.warn(format!(
                "{}: origins has {origin}: a page without https can be altered in transit.",
                site.id
            ));
        }
    }
}

#[cfg(test)]
mod tests;
