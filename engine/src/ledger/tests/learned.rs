//! What is learned from prices above the configured worst case.

use super::*;
use crate::ledger::{
    alert::of_bill,
    learned::{Kind, Learned, all, forget, on_top},
};
use proptest::prelude::*;

const DAYS: u64 = 30;

/// The bill of a job whose pictures cost so much each, as a Job writes it.
fn priced(name: &str, configured: u64, prices: &[u64]) -> Bill {
    let dearest = prices.iter().copied().max().unwrap_or(0);
    let overrun = Overrun { configured: Nano(configured), price: Nano(dearest), inputs: 0 };
    Bill {
        overrun: (dearest > configured).then_some(overrun),
        ..bill(name, prices.iter().sum(), u32::try_from(prices.len()).unwrap())
    }
}

impl Desk {
    /// The excess of pictures like those of [`ask`], as it stands in the operator's report.
    fn learned(&self) -> Vec<u64> {
        let learned = all(&self.book, self.now).unwrap();
        learned.into_iter().map(|(_, learned)| learned.excess.0).collect()
    }

    /// What is reserved for each picture of an order.
    #[track_caller]
    fn reserves(&mut self, ask: &Reserve) -> u64 {
        match self.reserve(ask) {
            Reserved::Granted { candidate, .. } => {
                let row = self.book.by_job(&ask.job).unwrap().unwrap();
                assert_eq!(row.worst.0, candidate.worst_each.0 * u64::from(ask.pictures));
                candidate.worst_each.0
            }
            other => panic!("{other:?}"),
        }
    }

    /// Makes and settles a job of one picture with a worst case of 10.
    fn pays(&mut self, name: &str, price: u64) {
        self.grants(&ask(name, 1, 10));
        self.settle(&priced(name, 10, &[price]));
    }
}

#[test]
fn a_picture_above_its_worst_case_is_reserved_at_its_price_from_then_on() {
    let mut desk = Desk::new();
    desk.pays("a", 17);
    assert_eq!(desk.reserves(&ask("b", 3, 30)), 17, "for each picture of an order");
    desk.settle(&priced("b", 10, &[17, 2, 3]));
    assert_eq!(desk.learned(), [7], "the price is compared with what is configured");
    assert_eq!(desk.reserves(&ask("c", 1, 10)), 17);
}

#[test]
fn a_picture_beside_refunded_ones_is_learned_from_though_the_bill_is_below_its_reservation() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 4, 40));
    desk.settle(&priced("a", 10, &[25]));
    assert_eq!(desk.reserves(&ask("b", 1, 10)), 25);
}

#[test]
fn jobs_that_were_granted_before_anything_was_learned_do_not_add_up() {
    let mut desk = Desk::new();
    for name in ["a", "b", "c"] {
        desk.grants(&ask(name, 1, 10));
    }
    for name in ["a", "b", "c"] {
        desk.settle(&priced(name, 10, &[15]));
        desk.settle(&priced(name, 10, &[99]));
    }
    assert_eq!(desk.learned(), [5], "and a second bill teaches nothing");
}

#[test]
fn one_absurd_price_leaves_the_site_usable() {
    let mut desk = Desk::new();
    desk.pays("a", 1_000_000_000_000);
    desk.now = desk.now.plus(DAY_MS);
    // The month is spent by what was charged; only the reservation matters here.
    desk.spend(NOW.day(), 0);
    assert_eq!(desk.reserves(&ask("b", 1, 10)), 50, "at most four times the worst case on top");
    assert_eq!(desk.reserves(&ask("c", 4, 8)), 10, "of what is configured now");
    assert_eq!(on_top(Nano(u64::MAX), Nano(u64::MAX)), Nano(u64::MAX));
}

#[test]
fn what_was_learned_is_forgotten_after_thirty_days_unless_it_is_seen_again() {
    let mut desk = Desk::new();
    desk.pays("a", 30);
    desk.now = NOW.plus(DAYS * DAY_MS - 1);
    assert_eq!((desk.reserves(&ask("b", 1, 10)), desk.learned()), (30, vec![20]));
    // A smaller excess neither replaces the larger one nor makes it count longer.
    desk.settle(&priced("b", 10, &[12]));
    assert_eq!(desk.learned(), [20]);
    desk.now = NOW.plus(DAYS * DAY_MS);
    assert_eq!((desk.reserves(&ask("c", 1, 10)), desk.learned()), (10, vec![]));
    desk.settle(&priced("c", 10, &[12]));
    assert_eq!(desk.learned(), [2], "what no longer counts is replaced by less");
    desk.now = desk.now.plus(10 * DAY_MS);
    desk.pays("d", 12);
    desk.now = desk.now.plus(25 * DAY_MS);
    assert_eq!(desk.learned(), [2], "seen again after ten days");
    desk.now = desk.now.plus(5 * DAY_MS);
    prune(&mut desk.book, desk.now).unwrap();
    assert_eq!(desk.book.all_learned(), Ok(vec![]), "the rows are deleted");
}

#[test]
fn the_operator_sees_and_resets_it() {
    let mut desk = Desk::new();
    desk.pays("a", 17);
    let kind = Kind {
        model: "mini".to_owned(),
        quality: Quality::Low,
        size: "1024x1024".parse().unwrap(),
        inputs: 0,
    };
    let learned = Learned { excess: Nano(7), until: NOW.plus(DAYS * DAY_MS) };
    assert_eq!(all(&desk.book, NOW), Ok(vec![(kind, learned)]));
    assert_eq!(forget(&mut desk.book, NOW), Ok(1));
    assert_eq!(forget(&mut desk.book, NOW), Ok(0));
    assert_eq!(desk.reserves(&ask("b", 1, 10)), 10);
}

#[test]
fn every_kind_of_picture_has_its_own() {
    let mut desk = Desk::new();
    let editing = |name: &str, inputs| Reserve { inputs, ..ask(name, 1, 10) };
    desk.grants(&editing("a", 2));
    let overrun = Overrun { configured: Nano(10), price: Nano(30), inputs: 2 };
    desk.settle(&Bill { overrun: Some(overrun), ..bill("a", 30, 1) });
    assert_eq!(desk.reserves(&editing("b", 2)), 30);
    for (name, other) in [
        ("c", editing("c", 1)),
        ("d", Reserve { quality: Quality::High, ..editing("d", 2) }),
        ("e", Reserve { size: "1024x1536".parse().unwrap(), ..editing("e", 2) }),
    ] {
        assert_eq!(desk.reserves(&other), 10, "{name}");
        desk.settle(&bill(name, 0, 0));
    }
    let flare = Candidates { living: vec![model("flare", 10)], last_resort: model("flare", 10) };
    assert_eq!(desk.reserves(&Reserve { candidates: flare, ..editing("f", 2) }), 10);
}

#[test]
fn a_raise_reserves_what_was_learned_of_the_next_model() {
    let mut desk = Desk::new();
    let flare = Candidates { living: vec![model("flare", 10)], last_resort: model("flare", 10) };
    desk.grants(&Reserve { candidates: flare, ..ask("a", 1, 10) });
    desk.settle(&priced("a", 10, &[40]));
    desk.grants(&ask("b", 1, 10));
    let next = gone("job-b", "mini", &[("flare", 10), ("other", 50)]);
    let raised = raise(&mut desk.book, &next, limits(), NOW).unwrap();
    assert_eq!(granted(&raised), Some("flare"));
    assert_eq!(desk.today().reserved, Nano(40));
    let Raised::Granted { candidate, .. } = raised else { panic!("{raised:?}") };
    assert_eq!(candidate.worst_each, Nano(40), "the Job knows its reservation");
    // A cap that has room for the configured worst case alone refuses it.
    desk.spend(NOW.day(), 970);
    desk.grants(&ask("c", 1, 10));
    let none = Raise { job: "job-c".to_owned(), candidates: next.candidates[..1].to_vec(), ..next };
    assert_eq!(raise(&mut desk.book, &none, limits(), NOW), Ok(Raised::Refused));
}

#[test]
fn an_estimate_tells_what_is_reserved_on_top() {
    let mut desk = Desk::new();
    let kind = PictureKind {
        size: "1024x1024".parse().unwrap(),
        quality: Quality::Low,
        models: vec!["mini".to_owned()],
        last_resort: "mini".to_owned(),
    };
    let told = |desk: &Desk| {
        estimate(&desk.book, std::slice::from_ref(&kind), desk.now).unwrap()[0].excess
    };
    assert_eq!(told(&desk), Nano::ZERO);
    desk.pays("a", 17);
    assert_eq!(told(&desk), Nano(7));
    desk.now = NOW.plus(DAYS * DAY_MS);
    assert_eq!(told(&desk), Nano::ZERO);
}

/// The text of the alert about a bill.
fn text(desk: &mut Desk, bill: &Bill) -> String {
    let settled = settle(&mut desk.book, bill, desk.now).unwrap().unwrap();
    let mut alerts = of_bill(&mut desk.book, bill, &settled, desk.now).unwrap();
    desk.now = desk.now.plus(DAY_MS);
    assert_eq!((alerts.len(), &*alerts[0].name), (1, "above-reservation"));
    alerts.remove(0).text
}

#[test]
fn the_alert_says_by_how_much_the_worst_case_is_too_low_and_until_when_more_is_reserved() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 1, 10));
    assert_eq!(
        text(&mut desk, &priced("a", 10, &[17])),
        "A job cost 0.000000017 USD, more than the 0.00000001 USD that were reserved for it. \
         A picture of mini (low, 1024x1024) cost 0.000000017 USD, and the most that is configured for it is \
         0.00000001 USD: the model's worst_usd is too low by 0.000000007 USD. Easel reserves 0.000000007 USD more for \
         each such picture until 2026-12-22."
    );
    desk.grants(&Reserve { inputs: 2, ..ask("b", 4, 40) });
    let overrun = Overrun { configured: Nano(10), price: Nano(70), inputs: 2 };
    let told = text(&mut desk, &Bill { overrun: Some(overrun), ..bill("b", 30, 1) });
    assert!(
        told.starts_with("A picture of mini (low, 1024x1024 with 2 pictures to edit)"),
        "{told}"
    );
    assert!(
        told.contains("worst_usd or input_picture_tokens is too low by 0.00000006 USD"),
        "{told}"
    );
    assert!(
        told.contains("0.00000004 USD more for each such picture, the most that it learns, until")
    );
    // A Job of an earlier version does not tell its dearest picture.
    desk.grants(&ask("c", 1, 10));
    let told = text(&mut desk, &bill("c", 100, 1));
    assert!(told.ends_with("reserved for it. The model's worst_usd is too low."), "{told}");
    assert_eq!(desk.learned(), [7, 40]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn the_second_identical_order_reserves_what_the_first_cost(
        configured in 1..20u64,
        prices in prop::collection::vec(0..300u64, 1..4),
        later in 0..DAYS * DAY_MS,
    ) {
        let (mut desk, pictures) = (Desk::new(), prices.len() as u64);
        let order = |name: &str| ask(name, u32::try_from(pictures).unwrap(), configured * pictures);
        prop_assert_eq!(desk.reserves(&order("a")), configured);
        desk.settle(&priced("a", configured, &prices));
        // The day's and the month's caps are not what is tested.
        desk.spend(NOW.day(), 0);
        desk.now = NOW.plus(later);
        let each = desk.reserves(&order("b"));
        let most = 5 * configured;
        prop_assert!(each >= configured && each <= most);
        let cost: u64 = prices.iter().sum();
        prop_assert!(each * pictures >= cost.min(most * pictures));
        let dearest = prices.iter().copied().max().unwrap();
        prop_assert_eq!(each, dearest.clamp(configured, most), "and no more than its dearest picture");
    }
}

#[test]
fn the_alert_says_what_was_above_what_and_which_field_to_raise() {
    let text = |worst: u64, charged: u64, inputs: u32| {
        let mut desk = Desk::new();
        desk.grants(&ask("a", 2, worst));
        let overrun = Overrun { configured: Nano(10), price: Nano(17), inputs };
        let bill = Bill { overrun: Some(overrun), ..bill("a", charged, 1) };
        let settled = settle(&mut desk.book, &bill, NOW).unwrap().unwrap();
        of_bill(&mut desk.book, &bill, &settled, NOW).unwrap().remove(0).text
    };
    assert!(!text(20, 20, 0).contains("A job cost"), "the reservation is not above itself");
    assert!(
        text(20, 21, 0).starts_with("A job cost 0.000000021 USD, more than the 0.00000002 USD")
    );
    assert!(text(20, 20, 1).contains(" with 1 picture to edit"), "{}", text(20, 20, 1));
    assert!(text(20, 20, 2).contains(" with 2 pictures to edit"));
    assert!(text(20, 20, 1).contains("worst_usd or input_picture_tokens"));
}

#[test]
fn a_price_that_is_the_configured_one_teaches_nothing() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 1, 10));
    let overrun = Overrun { configured: Nano(10), price: Nano(10), inputs: 0 };
    let bill = Bill { overrun: Some(overrun), ..bill("a", 10, 1) };
    let settled = settle(&mut desk.book, &bill, NOW).unwrap().unwrap();
    assert_eq!(settled.learned, None);
}
