//! What one network can take of a day's budget, by a site's limits together.
//!
//! Owns the arithmetic of `check` and `deploy`. Must not be called by a running edge: the ledger decides there, order by
//! order.

use super::{Config, model::Model, site::Site};
use crate::{order, picture::upload::Upload, price};
use contract::{
    job::Order,
    money::Nano,
    options::{MediaType, Quality, Size},
    time::Day,
};

/// What one network can take of a day at most. A visitor's limits do not bound it, since every new session is another
/// visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exposure {
    /// What the site may spend in a day: its cap of a day, or that of a month where it is lower.
    pub day: Nano,
    /// The network's share of the day, and at least the worst case of one picture.
    pub share: Nano,
    /// The share of an IPv6 /48, which has 256 networks and belongs to whoever rents a server: twice that of a network.
    pub prefix_share: Nano,
    /// As many pictures as the network may have in a day, each the dearest: with the longest prompt and the most
    /// pictures to edit. Pictures that are lost by the gateway's fault are not counted there, though paid.
    pub pictures: Nano,
}

impl Exposure {
    /// The exposure of a site on that day; `None` if no model has a price for what it offers.
    pub fn of(config: &Config, site: &Site, today: Day) -> Option<Self> {
        let dearest = reservations(config, site, today, Load::Most).max()?;
        let day = site.budget.day_usd.min(site.budget.month_usd);
        let percent = u16::from(site.network.share_percent);
        let share_of = |percent: u16| of_day(site, percent).max(dearest).min(day);
        let (share, prefix_share) = (share_of(percent), share_of(percent.saturating_mul(2)));
        let pictures = dearest.0.saturating_mul(u64::from(site.network.per_day));
        Some(Self { day, share, prefix_share, pictures: Nano(pictures) })
    }

    /// The most that it takes by pictures that are made.
    pub fn most(self) -> Nano {
        self.share.min(self.pictures)
    }

    /// An amount in per cent of the day, rounded up.
    pub fn percent(self, amount: Nano) -> u64 {
        let percent =
            u128::from(amount.0).saturating_mul(100).div_ceil(u128::from(self.day.0.max(1)));
        u64::try_from(percent).unwrap_or(u64::MAX)
    }
}

/// That many per cent of the site's cap of a day.
pub(super) fn of_day(site: &Site, percent: u16) -> Nano {
    let part = u128::from(site.budget.day_usd.0).saturating_mul(u128::from(percent)) / 100;
    Nano(u64::try_from(part).unwrap_or(u64::MAX))
}

/// What an order of one picture carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Load {
    /// A prompt of one letter.
    Least,
    /// The longest prompt.
    LongestPrompt,
    /// The longest prompt, and as many and as large pictures to edit as the model takes.
    Most,
}

/// What one picture reserves on this site, for each model, quality and size: by the living models, or by all if none
/// lives.
pub(super) fn reservations(
    config: &Config,
    site: &Site,
    today: Day,
    load: Load,
) -> impl Iterator<Item = Nano> {
    let none_lives = config.models.iter().all(|model| model.is_over(today));
    let asked = config.models.iter().filter(move |model| none_lives || !model.is_over(today));
    let kinds = move |model| {
        let sizes = move |quality| site.sizes.iter().map(move |size| (model, quality, *size));
        site.qualities.iter().copied().flat_map(sizes)
    };
    asked.flat_map(kinds).filter_map(move |(model, quality, size)| {
        let order = ordered(site, quality, size, load)?;
        let prompt = order::upstream_prompt(&order, site);
        price::worst(model, config.gateway.dialect, &order, &prompt, &uploads(model, load))
    })
}

/// An order of one picture.
fn ordered(at: &Site, quality: Quality, size: Size, load: Load) -> Option<Order> {
    let prompt = match load {
        Load::Least => "a".to_owned(),
        // A character has at most four bytes.
        Load::LongestPrompt | Load::Most => "🦊".repeat(usize::try_from(at.prompt.max_chars).ok()?),
    };
    let (background, format) = (*at.backgrounds.first()?, *at.formats.first()?);
    Some(Order { prompt, count: 1, size, quality, background, format, compression: None })
}

fn uploads(model: &Model, load: Load) -> Vec<Upload> {
    let side = model.max_input_side;
    let largest = Upload { media_type: MediaType::Png, width: side, height: side, bytes: 1 };
    let count = if load == Load::Most { model.inputs } else { 0 };
    (0..count).map(|_| largest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests_support::config;

    const TODAY: &str = "2026-11-28";

    /// The exposure of the tests' site, whose dearest picture reserves this, after a change.
    fn changed(change: impl FnOnce(&mut Site)) -> Exposure {
        let mut config = config();
        change(&mut config.sites[0]);
        Exposure::of(&config, &config.sites[0], TODAY.parse().unwrap()).unwrap()
    }

    /// The dearest picture: 0.052 $, a prompt of 1,000 characters of four bytes at 2,000 nano-dollars, and four pictures of
    /// 2,000 tokens at 2,500.
    const DEAREST: u64 = 52_000_000 + 4_000 * 2_000 + 4 * 2_000 * 2_500;

    /// The site with these limits, in nano-dollars and per cent.
    fn limited(day: u64, share: u8, per_day: u32) -> Exposure {
        changed(|site| {
            site.budget.day_usd = Nano(day);
            site.budget.month_usd = Nano(day.saturating_mul(10));
            site.network.share_percent = share;
            site.network.per_day = per_day;
            site.prompt.prefix.clear();
            site.prompt.suffix.clear();
            site.prompt.max_chars = 1_000;
        })
    }

    #[test]
    fn a_network_takes_its_share_or_its_pictures_whichever_is_less() {
        let usd = Nano::USD.0;
        let many = limited(100 * usd, 25, 1_000);
        assert_eq!(many.share, Nano(25 * usd));
        assert_eq!(many.pictures, Nano(1_000 * DEAREST));
        assert_eq!((many.most(), many.percent(many.most())), (Nano(25 * usd), 25));
        let few = limited(100 * usd, 25, 60);
        assert_eq!(few.most(), Nano(60 * DEAREST));
        assert_eq!(few.percent(few.most()), 5, "4.8 % is rounded up");
        assert_eq!(few.share, Nano(25 * usd), "what is lost by faults counts in money alone");
        assert_eq!(few.prefix_share, Nano(50 * usd), "a /48 has twice the share");
        let free = limited(100 * usd, 100, 1_000_000);
        assert_eq!(free.percent(free.most()), 100);
        assert_eq!(free.prefix_share, free.day);
    }

    #[test]
    fn a_share_allows_one_picture_and_no_share_is_above_the_cap() {
        let small = limited(2 * DEAREST, 1, 60);
        assert_eq!((small.most(), small.percent(small.most())), (Nano(DEAREST), 50));
        assert_eq!(small.prefix_share, Nano(DEAREST));
        let tiny = limited(DEAREST / 2, 25, 60);
        assert_eq!((tiny.most(), tiny.percent(tiny.most())), (tiny.day, 100));
        let by_month = changed(|site| {
            site.budget.month_usd = Nano(DEAREST * 2);
            site.network.share_percent = 100;
        });
        assert_eq!((by_month.day, by_month.share), (Nano(DEAREST * 2), Nano(DEAREST * 2)));
        assert_eq!(limited(0, 25, 60).percent(Nano(1)), 100, "and nothing is divided by zero");
    }

    #[test]
    fn the_dearest_picture_is_one_that_the_site_offers_and_a_living_model_makes() {
        let low = changed(|site| site.qualities = vec![Quality::Low]);
        assert!(low.pictures < changed(|_| {}).pictures);
        let mut config = config();
        let mut dear = config.models[0].clone();
        dear.id = "openai/another".to_owned();
        dear.inputs = 8;
        dear.shuts_down = Some("2026-11-27".parse().unwrap());
        config.models.push(dear);
        let most = |config: &Config| {
            reservations(config, &config.sites[0], TODAY.parse().unwrap(), Load::Most).max()
        };
        let living = most(&config);
        config.models[1].shuts_down = None;
        assert!(most(&config) > living);
        config.models.clear();
        assert_eq!(Exposure::of(&config, &config.sites[0], TODAY.parse().unwrap()), None);
    }
}
