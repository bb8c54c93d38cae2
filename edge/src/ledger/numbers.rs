//! Single numbers of a book: its time, the switch, the breaker, and the last check of the key.
//!
//! Owns their names, and how the breaker and the undecided 403s are stored. Must not read rows. Nobody else writes this
//! storage, so numbers that were read once stay known while the object is in memory.

use contract::time::Timestamp;
use engine::ledger::{
    breaker::{Breaker, Fault, Faults, Why},
    forbidden::{Doubt, Key},
};

/// The numbers, by their names.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Numbers {
    clock: u64,
    closed: u64,
    state: u64,
    at: u64,
    doubt_at: u64,
    doubt_key: u64,
    doubt_networks: [u64; 3],
    fault_networks: [u64; 5],
    fault_times: [u64; 5],
}

/// A number's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    Clock,
    /// 1 if the operator has closed the site.
    Closed,
    Breaker,
    BreakerAt,
    DoubtAt,
    DoubtKey,
    DoubtFirst,
    DoubtSecond,
    DoubtThird,
    FaultNetwork(Place),
    FaultAt(Place),
}

/// The place of a counted fault, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    First,
    Second,
    Third,
    Fourth,
    Fifth,
}

impl Place {
    const ALL: [Self; 5] = [Self::First, Self::Second, Self::Third, Self::Fourth, Self::Fifth];
}

impl Name {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Closed => "closed",
            Self::Breaker => "breaker",
            Self::BreakerAt => "breaker_at",
            Self::DoubtAt => "doubt_at",
            Self::DoubtKey => "doubt_key",
            Self::DoubtFirst => "doubt_network_1",
            Self::DoubtSecond => "doubt_network_2",
            Self::DoubtThird => "doubt_network_3",
            Self::FaultNetwork(Place::First) => "fault_network_1",
            Self::FaultNetwork(Place::Second) => "fault_network_2",
            Self::FaultNetwork(Place::Third) => "fault_network_3",
            Self::FaultNetwork(Place::Fourth) => "fault_network_4",
            Self::FaultNetwork(Place::Fifth) => "fault_network_5",
            Self::FaultAt(Place::First) => "fault_at_1",
            Self::FaultAt(Place::Second) => "fault_at_2",
            Self::FaultAt(Place::Third) => "fault_at_3",
            Self::FaultAt(Place::Fourth) => "fault_at_4",
            Self::FaultAt(Place::Fifth) => "fault_at_5",
        }
    }

    /// `None` if another version wrote the name.
    pub(super) fn of(word: &str) -> Option<Self> {
        let all = [
            Self::Clock,
            Self::Closed,
            Self::Breaker,
            Self::BreakerAt,
            Self::DoubtAt,
            Self::DoubtKey,
            Self::DoubtFirst,
            Self::DoubtSecond,
            Self::DoubtThird,
        ];
        let faults = Place::ALL.map(|place| [Self::FaultNetwork(place), Self::FaultAt(place)]);
        all.into_iter().chain(faults.into_iter().flatten()).find(|name| name.word() == word)
    }
}

impl Numbers {
    /// The place of a number's value.
    fn value(&mut self, name: Name) -> &mut u64 {
        fn of(all: &mut [u64; 5], place: Place) -> &mut u64 {
            let [first, second, third, fourth, fifth] = all;
            match place {
                Place::First => first,
                Place::Second => second,
                Place::Third => third,
                Place::Fourth => fourth,
                Place::Fifth => fifth,
            }
        }

        let [first, second, third] = &mut self.doubt_networks;
        match name {
            Name::Clock => &mut self.clock,
            Name::Closed => &mut self.closed,
            Name::Breaker => &mut self.state,
            Name::BreakerAt => &mut self.at,
            Name::DoubtAt => &mut self.doubt_at,
            Name::DoubtKey => &mut self.doubt_key,
            Name::DoubtFirst => first,
            Name::DoubtSecond => second,
            Name::DoubtThird => third,
            Name::FaultNetwork(place) => of(&mut self.fault_networks, place),
            Name::FaultAt(place) => of(&mut self.fault_times, place),
        }
    }

    pub(super) fn set(&mut self, name: Name, value: u64) {
        *self.value(name) = value;
    }

    /// Whether a number has this value.
    pub(super) fn has(mut self, name: Name, value: u64) -> bool {
        *self.value(name) == value
    }

    pub(super) fn clock(self) -> Timestamp {
        Timestamp(self.clock)
    }

    pub(super) fn is_closed(self) -> bool {
        self.closed != 0
    }

    pub(super) fn breaker(self) -> Breaker {
        let (state, at) = (self.state, Timestamp(self.at));
        let why = if state.is_multiple_of(2) { Why::Refused } else { Why::Faults };
        match state {
            1 | 2 => Breaker::Open { until: at, why },
            3 | 4 => Breaker::Probing { since: at, why },
            _ => Breaker::Closed(self.faults()),
        }
    }
}

impl Numbers {
    /// While the breaker is closed. Version 0.1 stored a number of pictures in the place of the jobs.
    fn faults(self) -> Faults {
        let mut counted = [Fault::default(); 5];
        let stored = self.fault_networks.into_iter().zip(self.fault_times);
        for (fault, (network, at)) in counted.iter_mut().zip(stored) {
            *fault = Fault { network, at: Timestamp(at) };
        }
        Faults { jobs: u32::try_from(self.at).unwrap_or(u32::MAX), counted }
    }

    pub(super) fn doubt(self) -> Doubt {
        let key = match self.doubt_key {
            1 => Some(Key::Unknown),
            2 => Some(Key::Alive),
            3 => Some(Key::Dead),
            _ => None,
        };
        Doubt { since: Timestamp(self.doubt_at), key, networks: self.doubt_networks }
    }
}

/// What is known about undecided 403s, as numbers.
pub(super) fn of_doubt(doubt: Doubt) -> [(Name, u64); 5] {
    let key = match doubt.key {
        None => 0,
        Some(Key::Unknown) => 1,
        Some(Key::Alive) => 2,
        Some(Key::Dead) => 3,
    };
    let [first, second, third] = doubt.networks;
    [
        (Name::DoubtAt, doubt.since.0),
        (Name::DoubtKey, key),
        (Name::DoubtFirst, first),
        (Name::DoubtSecond, second),
        (Name::DoubtThird, third),
    ]
}

/// A breaker as its numbers. One that is not closed leaves no faults behind.
pub(super) fn of_breaker(breaker: Breaker) -> impl Iterator<Item = (Name, u64)> {
    let code = |faults, refused, why| if why == Why::Faults { faults } else { refused };
    let (state, at, faults) = match breaker {
        Breaker::Closed(faults) => (0, u64::from(faults.jobs), faults.counted),
        Breaker::Open { until, why } => (code(1, 2, why), until.0, Default::default()),
        Breaker::Probing { since, why } => (code(3, 4, why), since.0, Default::default()),
    };
    let faults = Place::ALL.into_iter().zip(faults).flat_map(|(place, fault)| {
        [(Name::FaultNetwork(place), fault.network), (Name::FaultAt(place), fault.at.0)]
    });
    [(Name::Breaker, state), (Name::BreakerAt, at)].into_iter().chain(faults)
}
