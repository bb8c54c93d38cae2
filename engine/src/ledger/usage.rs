//! Running sums: what a visitor, its network and its site have used, so that no step sums reservations.
//!
//! Owns what a reservation adds to each running sum. Must not hold limits.

use super::{
    Book, Reservation, Visitor,
    count::Held,
    window::{Second, Window},
};
use contract::time::{Day, Timestamp};

/// What a session has used.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SubjectUsage {
    /// The UTC day of its newest grant.
    pub day: Day,
    /// The pictures of that day that count against its limits.
    pub pictures: u32,
    /// Its open reservations, of any day.
    pub open: u32,
    /// The pictures of the last 60 minutes that count against its limits.
    pub hour: Window,
    /// The orders of the last 60 minutes whose description was refused.
    pub strikes: Window,
}

impl Default for SubjectUsage {
    fn default() -> Self {
        let (hour, strikes) = (Window::default(), Window::default());
        Self { day: Day::from_number(0), pictures: 0, open: 0, hour, strikes }
    }
}

/// What a network, or a /48, has used of a UTC day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct NetworkUsage {
    /// The pictures that count against its limits.
    pub pictures: u32,
    /// Its money, whatever became of the pictures.
    pub money: Held,
    /// Its orders that are open, made a picture, cost money, or were refused for their description.
    pub orders: u32,
}

/// What a visitor has used, with its network and its /48.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Usage {
    /// The session.
    pub subject: SubjectUsage,
    /// Its network.
    pub network: NetworkUsage,
    /// Its /48, if the visitor has one.
    pub prefix: Option<NetworkUsage>,
}

/// What a site has granted within the last 60 minutes, by the time of the grant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Hour {
    /// Reserved and charged, in nano-dollars.
    pub all: Window,
    /// Charged alone, in nano-dollars.
    pub charged: Window,
}

impl Hour {
    /// Replaces a reservation's part of its second.
    pub fn change(&mut self, second: Second, before: Held, after: Held) {
        let all = |held: Held| held.all().map_or(u64::MAX, |all| all.0);
        self.all.change(second, all(before), all(after));
        self.charged.change(second, before.charged.0, after.charged.0);
    }

    /// Drops the seconds that have left the hour. Returns whether there were any.
    pub fn expire(&mut self, now: Timestamp) -> bool {
        self.charged.expire(now);
        self.all.expire(now)
    }
}

/// What one reservation adds to the running sums.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    pictures: u32,
    money: Held,
    open: u32,
    orders: u32,
    struck: Option<Timestamp>,
}

impl Part {
    fn of(reservation: &Reservation) -> Self {
        let money = reservation.money();
        let struck = reservation.closed.and_then(|closed| closed.struck);
        let pictures = reservation.counted;
        // What came to nothing, and not by its description, leaves its network as if it had ordered nothing.
        let is_order = money != Held::default() || pictures > 0 || struck.is_some();
        let open = u32::from(reservation.closed.is_none());
        Self { pictures, money, open, orders: u32::from(is_order).max(open), struck }
    }
}

impl SubjectUsage {
    fn change(&mut self, second: Second, day: Day, before: Part, after: Part, now: Timestamp) {
        if self.day < day {
            (self.day, self.pictures) = (day, 0);
        }
        if self.day == day {
            self.pictures = replace(self.pictures, before.pictures, after.pictures);
        }
        self.open = replace(self.open, before.open, after.open);
        self.hour.change(second, before.pictures.into(), after.pictures.into());
        if let (None, Some(struck)) = (before.struck, after.struck) {
            self.strikes.change(Second::of(struck), 0, 1);
        }
        self.hour.expire(now);
        self.strikes.expire(now);
    }
}

impl NetworkUsage {
    fn change(&mut self, before: Part, after: Part) {
        self.pictures = replace(self.pictures, before.pictures, after.pictures);
        self.orders = replace(self.orders, before.orders, after.orders);
        self.money = self.money.replace(before.money, after.money);
    }
}

fn replace(sum: u32, before: u32, after: u32) -> u32 {
    sum.saturating_sub(before).saturating_add(after)
}

/// Writes a reservation, new or changed, and its part of every running sum but the day's. Returns what its visitor has
/// used then.
pub(super) fn record<B: Book>(
    book: &mut B,
    before: Option<&Reservation>,
    after: &Reservation,
    now: Timestamp,
) -> Result<Usage, B::Error> {
    let (day, second) = (after.at.day(), Second::of(after.at));
    let (old, new) = (before.map_or_else(Part::default, Part::of), Part::of(after));
    let mut usage = book.usage(&after.visitor, day)?;
    usage.subject.change(second, day, old, new, now);
    for network in [Some(&mut usage.network), usage.prefix.as_mut()].into_iter().flatten() {
        network.change(old, new);
    }
    book.put(after)?;
    book.put_usage(&after.visitor, day, &usage)?;
    if old.money != new.money && !second.has_left(now) {
        book.change_hour(second, old.money, new.money, now)?;
    }
    Ok(usage)
}

impl Visitor {
    /// Who is behind it: its /48, whose owner has 256 networks, else its network.
    pub fn party(&self) -> &str {
        self.prefix.as_deref().unwrap_or(&self.network)
    }

    /// The keys of the sums for its network and its /48.
    pub fn networks(&self) -> impl Iterator<Item = &str> {
        [Some(self.network.as_str()), self.prefix.as_deref()].into_iter().flatten()
    }
}
