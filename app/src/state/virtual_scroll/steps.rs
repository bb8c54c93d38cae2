//! From one rendered list to another without moving what stays.
//!
//! Owns the lists in between. Leptos' keyed list moves elements that stay where several come before them, or where some go
//! and others come at once; an element that is moved loses the focus and begins its animations again.

use std::{collections::HashSet, hash::Hash};

/// The next list on the way: first all that goes is away, then all that comes at the end is there, then what comes before
/// others, one after the other.
pub(crate) fn step<K: Copy + Eq + Hash>(from: &[K], to: &[K]) -> Vec<K> {
    let wanted: HashSet<_> = to.iter().collect();
    let has: HashSet<_> = from.iter().collect();
    let stay: Vec<K> = from.iter().filter(|key| wanted.contains(key)).copied().collect();
    let same_order = to.iter().filter(|key| has.contains(key)).eq(&stay);
    if stay.is_empty() || !same_order {
        return to.to_vec();
    }
    if stay.len() < from.len() {
        return stay;
    }
    let missing = |key: &K| !has.contains(key);
    let end = to.iter().rposition(|key| !missing(key)).map_or(0, |last| last.saturating_add(1));
    let tail = to.get(end..).unwrap_or_default();
    if !tail.is_empty() {
        return stay.iter().chain(tail).copied().collect();
    }
    let Some(last) = to.iter().rposition(missing) else { return to.to_vec() };
    to.iter()
        .enumerate()
        .filter(|(at, key)| *at == last || !missing(key))
        .map(|(_, key)| *key)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Whether Leptos' keyed list, as of tachys 0.2, moves an element between these lists.
    fn moves(from: &[u8], to: &[u8]) -> bool {
        let (mut added, mut removed) = (0_i32, 0_i32);
        let mut moves = false;
        for at in 0..from.len().max(to.len()) {
            let (old, new) = (from.get(at), to.get(at));
            if old == new {
                continue;
            }
            removed += i32::from(old.is_some_and(|old| !to.contains(old)));
            added += i32::from(new.is_some_and(|new| !from.contains(new)));
            if let Some(to) = old.and_then(|old| to.iter().position(|new| new == old)) {
                let by = i32::try_from(to).unwrap() - i32::try_from(at).unwrap();
                moves |= by != added - removed;
            }
        }
        moves
    }

    #[test]
    fn at_once_elements_would_move() {
        assert!(moves(&[3, 4], &[1, 2, 3, 4]), "where two come before them");
        assert!(!moves(&[3, 4], &[2, 3, 4]));
    }

    proptest! {
        #[test]
        fn no_step_moves_an_element_and_all_of_them_lead_there(
            from in prop::collection::btree_set(0_u8..60, 0..30),
            to in prop::collection::btree_set(0_u8..60, 0..30),
        ) {
            let (mut list, to): (Vec<_>, Vec<_>) = (from.into_iter().collect(), to.into_iter().collect());
            let mut steps = 0;
            while list != to {
                let next = step(&list, &to);
                prop_assert!(!moves(&list, &next), "{:?} {:?}", list, next);
                list = next;
                steps += 1;
                prop_assert!(steps <= to.len() + 2);
            }
            prop_assert_eq!(step(&list, &to), to);
        }
    }
}
