//! How many bytes of forms this instance of the program reads at the same time.
//!
//! Owns the memory that uploads may take: an instance has 128 MB, and a form takes several times its bytes until its
//! pictures are stored. Must not know what is uploaded.

use contract::time::Timestamp;
use std::cell::{Cell, RefCell};

/// The most bytes of all forms: one of the largest, and beside it some as a phone sends them.
const BYTES: u64 = 20 * 1024 * 1024;
/// The most bytes of the forms of one network, or of one IPv6 /48: the largest form. One alone leaves room for the small
/// forms of others. Two can fill the instance, for as long as they keep sending at the speed that `steady_body` demands.
const BYTES_OF_NETWORK: u64 = 17 * 1024 * 1024;

/// The slots that are taken.
#[derive(Debug, Default)]
struct Slots(Vec<Slot>);

#[derive(Debug)]
struct Slot {
    number: u64,
    network: String,
    bytes: u64,
    until: Timestamp,
}

impl Slots {
    /// Takes a slot, if its bytes fit beside those of the others.
    fn take(&mut self, slot: Slot, now: Timestamp) -> bool {
        // The runtime may cancel a request without a last turn of its program, which then gives nothing back.
        self.0.retain(|other| other.until > now);
        let of = |own: &dyn Fn(&Slot) -> bool| {
            self.0.iter().filter(|slot| own(slot)).map(|slot| slot.bytes).sum::<u64>()
        };
        let fits = of(&|_| true).saturating_add(slot.bytes) <= BYTES
            && of(&|other| other.network == slot.network).saturating_add(slot.bytes)
                <= BYTES_OF_NETWORK;
        if fits {
            self.0.push(slot);
        }
        fits
    }

    fn give_back(&mut self, number: u64) {
        self.0.retain(|slot| slot.number != number);
    }
}

thread_local! {
    static SLOTS: RefCell<Slots> = const { RefCell::new(Slots(Vec::new())) };
    static NUMBERS: Cell<u64> = const { Cell::new(0) };
}

/// A taken slot. It is given back when this is dropped.
#[derive(Debug)]
pub(crate) struct UploadSlot(u64);

impl UploadSlot {
    /// Takes a slot for a form of this length from a network or /48, for at most `ms` milliseconds; `None` if the instance,
    /// or the network's part of it, is full.
    pub(crate) fn take(network: &str, bytes: u64, ms: u64, now: Timestamp) -> Option<Self> {
        let number = NUMBERS.replace(NUMBERS.get().wrapping_add(1));
        let slot = Slot { number, network: network.to_owned(), bytes, until: now.plus(ms) };
        SLOTS.with_borrow_mut(|slots| slots.take(slot, now)).then_some(Self(number))
    }
}

impl Drop for UploadSlot {
    fn drop(&mut self) {
        SLOTS.with_borrow_mut(|slots| slots.give_back(self.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_343_999_000);
    const MB: u64 = 1024 * 1024;

    fn take(network: &str, bytes: u64) -> Option<UploadSlot> {
        UploadSlot::take(network, bytes, 1_000, NOW)
    }

    #[test]
    fn one_of_the_largest_forms_fits_beside_small_ones_and_everything_is_given_back() {
        let large = take("home", 16 * MB + 90_000).expect("the largest form");
        assert!(take("home", 2 * MB).is_none(), "the network has its part");
        let small = [take("school", 2 * MB), take("office", MB)];
        assert!(small.iter().all(Option::is_some));
        assert!(take("elsewhere", MB).is_none(), "the instance is full");
        drop(small);
        assert!(take("elsewhere", MB).is_some());
        drop(large);
        let many: Vec<_> = (0..17).map(|_| take("school", MB)).collect();
        assert!(many.iter().all(Option::is_some), "many small ones of one network");
    }

    #[test]
    fn a_slot_that_nobody_gives_back_ends_by_itself() {
        std::mem::forget(take("home", 16 * MB));
        assert!(take("home", 16 * MB).is_none());
        let later = NOW.plus(1_000);
        assert!(UploadSlot::take("home", 16 * MB, 1_000, later).is_some());
    }
}
