//! Shares, pace and the spared part: nobody takes the site's money from the others.

mod orders;

use super::*;
use contract::problem::Limit;
use orders::{Site, on};

/// A day's cap of 1,000: a network may have 250 of it, a /48 500, an hour 500, and 800 (in an hour 400) go to networks
/// that have had something.
fn shared() -> Limits {
    Limits {
        budget: Budget { hour_percent: 50, spare_percent: 20, ..limits().budget },
        visitor: site::Visitor {
            per_hour: 1_000,
            per_day: 1_000,
            concurrent: 1_000,
            refusals_per_hour: 1_000,
        },
        network: Network { per_day: 1_000, share_percent: 25, ..limits().network },
        least: Nano(10),
        ..limits()
    }
}

const MIDNIGHT: &str = "2026-11-23T00:00:00.000Z";

fn told(kind: ProblemKind, limit: Limit, at: &str) -> (ProblemKind, Option<Limit>, Option<String>) {
    (kind, Some(limit), Some(at.to_owned()))
}

#[test]
fn a_network_has_its_share_and_the_others_theirs() {
    let mut site = Site::new(shared());
    site.spends("a", 2, 100);
    assert_eq!(site.left("a"), (5, 25, NOW.day().end()));
    assert_eq!(
        site.refuses("a", 60),
        told(ProblemKind::VisitorLimit, Limit::NetworkMoney, MIDNIGHT)
    );
    site.spends("a", 1, 50);
    assert_eq!(site.left("a"), (0, 25, NOW.day().end()));
    assert_eq!(
        site.refuses("a", 1),
        told(ProblemKind::VisitorLimit, Limit::NetworkMoney, MIDNIGHT)
    );
    site.spends("b", 2, 100);
    site.desk.now = NOW.day().end();
    site.spends("a", 2, 100);
}

#[test]
fn what_was_spent_on_a_fault_counts_for_the_network_and_what_was_refunded_does_not() {
    let mut site = Site::new(shared());
    for spent in [200, 0, 0] {
        let name = site.opens("a", 1, 200).map(|name| bill(&name, spent, 0));
        match name {
            Ok(bill) => drop(site.desk.settle(&bill)),
            Err(refused) => assert_eq!(refused.limit, Some(Limit::NetworkMoney)),
        }
    }
    assert_eq!(site.left("a"), (5, 25, NOW.day().end()));
    let mut site = Site::new(shared());
    for _ in 0..9 {
        let name = site.opens("a", 1, 200).unwrap();
        site.desk.settle(&bill(&name, 0, 0));
    }
    assert_eq!(site.left("a").0, 25);
}

#[test]
fn all_networks_of_a_48_have_two_shares() {
    let mut site = Site::new(Limits { budget: limits().budget, ..shared() });
    for network in ["v6-a", "v6-b"] {
        site.spends(network, 2, 125);
    }
    assert_eq!(site.left("v6-c"), (0, 50, NOW.day().end()));
    assert_eq!(
        site.refuses("v6-c", 1),
        told(ProblemKind::VisitorLimit, Limit::NetworkMoney, MIDNIGHT)
    );
    site.spends("v4", 2, 125);
}

#[test]
fn a_48_has_the_spared_part_once_however_many_networks_it_has() {
    let mut site = Site::new(shared());
    site.spends("v6-a", 2, 120);
    site.spends("b", 1, 160);
    // 400 of the hour's 500: the rest is for those who had nothing, and v6-c is of the /48 that had something.
    assert_eq!(site.opens("v6-c", 1, 50).unwrap_err().limit, Some(Limit::Spare));
    site.spends("d", 1, 50);
}

#[test]
fn a_share_below_one_picture_allows_one() {
    let mut tight = shared();
    (tight.network.share_percent, tight.budget.hour_percent) = (1, 1);
    let mut site = Site::new(tight);
    site.spends("a", 1, 300);
    assert_eq!(site.refuses("a", 300).1, Some(Limit::NetworkMoney));
    let refused = site.opens("b", 2, 300).unwrap_err();
    assert_eq!((refused.kind, refused.limit), (ProblemKind::InvalidRequest, None));
    assert_eq!(site.refuses("b", 300).1, Some(Limit::SiteHour));
    site.desk.now = NOW.plus(HOUR_MS);
    site.spends("b", 1, 300);
}

#[test]
fn the_part_that_is_not_spared_allows_one_picture() {
    let mut scarce = shared();
    (scarce.budget.spare_percent, scarce.network.share_percent) = (90, 100);
    let mut site = Site::new(scarce);
    let first = site.opens("a", 1, 300).unwrap();
    site.desk.settle(&refused(&first, 1));
    site.spends("a", 1, 300);
    assert_eq!(site.refuses("a", 1).1, Some(Limit::Spare));
}

#[test]
fn an_order_above_a_whole_share_or_cap_is_invalid_and_a_dearer_one_than_is_left_is_not() {
    let invalid = |site: &mut Site, network: &str, pictures, each| {
        let refused = site.opens(network, pictures, each).unwrap_err();
        (refused.kind, refused.limit, refused.resets_at)
            == (ProblemKind::InvalidRequest, None, None)
    };
    let mut site = Site::new(shared());
    assert!(invalid(&mut site, "a", 3, 100), "more than a share");
    assert!(invalid(&mut site, "a", 1, 1_001), "more than the day's cap");
    site.spends("a", 1, 100);
    assert!(!invalid(&mut site, "a", 2, 100), "tomorrow it is possible");
    let mut month = shared();
    month.budget.month_usd = Nano(100);
    assert!(invalid(&mut Site::new(month), "a", 1, 101), "more than the month's cap");
}

#[test]
fn an_hour_has_its_pace_and_says_to_the_second_when_the_next_picture_fits() {
    let mut open = shared();
    (open.budget.spare_percent, open.network.share_percent) = (0, 100);
    let mut site = Site::new(open);
    for (second, each) in [(0, 300), (10, 100), (70, 100)] {
        site.desk.now = NOW.plus(second * 1_000);
        site.spends("a", 1, each);
    }
    assert_eq!(site.left("b"), (0, 50, NOW.plus(HOUR_MS)));
    let at = |site: &mut Site, each| site.opens("b", 1, each).unwrap_err();
    for (each, seconds) in [(1, 0), (300, 0), (301, 10), (400, 10), (401, 70), (500, 70)] {
        let refused = at(&mut site, each);
        assert_eq!(
            (refused.kind, refused.limit),
            (ProblemKind::BudgetSpent, Some(Limit::SiteHour))
        );
        let resets_at = NOW.plus(HOUR_MS + seconds * 1_000);
        assert_eq!(refused.resets_at, Some(resets_at), "{each}");
        // It is true: not a moment before, and then it is granted.
        let mut then = Site { desk: Desk { book: site.desk.book.clone(), now: resets_at }, ..site };
        let before = Timestamp(resets_at.0 - 1);
        then.desk.now = before;
        assert_eq!(at(&mut then, each).limit, Some(Limit::SiteHour));
        then.desk.now = resets_at;
        then.opens("b", 1, each).unwrap();
        site = Site { desk: Desk { book: site.desk.book, now: NOW.plus(70_000) }, ..then };
    }
}

#[test]
fn the_next_picture_is_promised_for_when_every_open_reservation_is_spent() {
    let mut open = shared();
    (open.budget.spare_percent, open.network.share_percent) = (0, 100);
    let mut site = Site::new(open);
    site.spends("a", 1, 60);
    site.desk.now = NOW.plus(10_000);
    site.opens("a", 1, 60).unwrap();
    site.desk.now = NOW.plus(20_000);
    site.spends("a", 1, 380);
    let refused = site.opens("a", 1, 70).unwrap_err();
    assert_eq!(refused.limit, Some(Limit::SiteHour));
    assert_eq!(refused.resets_at, Some(NOW.plus(HOUR_MS + 10_000)));
    assert_eq!(
        site.left("a"),
        (6, 50, NOW.plus(HOUR_MS)),
        "what is left is beside what is charged"
    );
}

#[test]
fn a_new_day_has_the_pace_of_its_last_hour_unless_there_is_none() {
    let late: Timestamp = "2026-11-22T23:30:00Z".parse().unwrap();
    for (percent, refused) in [(50, Some("2026-11-23T00:30:00.000Z")), (100, None)] {
        let mut limits = Limits { budget: limits().budget, ..shared() };
        (limits.budget.hour_percent, limits.network.share_percent) = (percent, 100);
        let mut site = Site::new(limits);
        site.desk.now = late;
        site.spends("a", 1, if percent == 50 { 500 } else { 1_000 });
        site.desk.now = late.day().end();
        let told = site.opens("b", 1, 500).err().and_then(|refused| refused.resets_at);
        assert_eq!(told.map(|at| at.to_string()).as_deref(), refused);
    }
}

#[test]
fn the_last_part_of_the_day_is_for_networks_that_had_nothing() {
    let mut limits = shared();
    limits.budget.hour_percent = 100;
    let mut site = Site::new(limits);
    for network in ["a", "b", "c"] {
        site.spends(network, 1, 240);
    }
    // 720 of 1,000 are spent: who had something may have 80 more, or its share's rest.
    site.spends("d", 1, 80);
    assert_eq!(site.refuses("d", 1), told(ProblemKind::BudgetSpent, Limit::Spare, MIDNIGHT));
    assert_eq!(site.left("d"), (0, 80, NOW.day().end()));
    assert_eq!(site.left("e").0, 20);
    // Two sessions of one network: the first has an open order, so the network is no longer fresh.
    let first = site.opens("e", 1, 50).unwrap();
    assert_eq!(site.refuses("e", 1), told(ProblemKind::BudgetSpent, Limit::Spare, MIDNIGHT));
    // What came to nothing leaves the network as it was; a refused description does not.
    site.desk.settle(&bill(&first, 0, 0));
    let second = site.opens("e", 1, 50).unwrap();
    site.desk.settle(&refused(&second, 1));
    assert_eq!(site.refuses("e", 1), told(ProblemKind::BudgetSpent, Limit::Spare, MIDNIGHT));
    site.spends("f", 1, 200);
    // Nothing is left at all: that is what everybody is told.
    for network in ["f", "g"] {
        assert_eq!(
            site.refuses(network, 1),
            told(ProblemKind::BudgetSpent, Limit::SiteDay, MIDNIGHT)
        );
    }
}

#[test]
fn the_last_part_of_an_hour_is_for_networks_that_had_nothing() {
    let mut site = Site::new(shared());
    site.spends("a", 1, 200);
    site.desk.now = NOW.plus(60_000);
    site.spends("b", 1, 200);
    // 400 of the hour's 500.
    let spare = told(ProblemKind::BudgetSpent, Limit::Spare, "2026-11-22T11:39:59.000Z");
    assert_eq!(site.refuses("a", 50), spare);
    assert_eq!(site.left("a"), (0, 40, NOW.plus(HOUR_MS)));
    site.spends("c", 1, 100);
    let hour = told(ProblemKind::BudgetSpent, Limit::SiteHour, "2026-11-22T11:39:59.000Z");
    assert_eq!(site.refuses("d", 100), hour);
    site.desk.now = NOW.plus(HOUR_MS);
    site.spends("a", 1, 50);
    // Two pictures fit into an empty hour, the third never does for a network that is not fresh.
    site.desk.now = NOW.plus(3 * HOUR_MS);
    let mut dear = shared();
    (dear.network.share_percent, dear.budget.spare_percent) = (100, 60);
    site.limits = dear;
    let refused = site.opens("a", 3, 100).unwrap_err();
    assert_eq!((refused.limit, refused.resets_at), (Some(Limit::Spare), Some(NOW.day().end())));
}

#[test]
fn what_only_open_reservations_fill_is_busy() {
    let busy = (ProblemKind::Busy, None, None);
    let mut site = Site::new(shared());
    let first = site.opens("a", 2, 100).unwrap();
    assert_eq!(site.refuses("a", 100), busy, "its share");
    assert_eq!(site.left("a"), (25, 25, NOW.day().end()), "nothing is charged");
    site.opens("b", 2, 125).unwrap();
    assert_eq!(site.refuses("c", 100), busy, "the hour");
    site.desk.settle(&bill(&first, 200, 2));
    assert_eq!(site.refuses("a", 100).1, Some(Limit::NetworkMoney), "now it is spent");
    assert_eq!(site.refuses("c", 100), busy);
    let refused = reserve(&mut site.desk.book, &on("c", "x", 1, 100), site.limits, 1, NOW).unwrap();
    assert_eq!(refused.refused_by_cap(&on("c", "x", 1, 100)), Nano::ZERO, "no cap is full");
    // Where the visitor's own limit is reached too, that is what is told.
    site.limits.visitor.per_hour = 1;
    let refused = site.opens("c", 2, 50).unwrap_err();
    assert_eq!(refused.limit, Some(Limit::VisitorHour));
}

#[test]
fn a_limit_that_ends_later_is_told_whatever_it_counts() {
    let mut site = Site::new(shared());
    site.limits.visitor.per_hour = 2;
    let order = |name: &str| Reserve { visitor: who("visitor"), ..on("home", name, 2, 125) };
    site.ask(&order("x")).unwrap();
    site.desk.settle(&bill("x", 250, 2));
    let refused = site.ask(&order("y")).unwrap_err();
    assert_eq!(
        (refused.limit, refused.resets_at),
        (Some(Limit::NetworkMoney), Some(NOW.day().end()))
    );
}

#[test]
fn a_raise_meets_shares_pace_and_the_spared_part() {
    let raised = |site: &mut Site, name: &str, each| {
        let ask = gone(&format!("job-{name}"), "mini", &[("next", each)]);
        granted(&raise(&mut site.desk.book, &ask, site.limits, site.desk.now).unwrap()).is_some()
    };
    let mut site = Site::new(shared());
    let first = site.opens("a", 1, 100).unwrap();
    let second = site.opens("a", 1, 100).unwrap();
    assert!(!raised(&mut site, &second, 151), "above its network's share");
    assert!(raised(&mut site, &second, 150));
    site.desk.settle(&bill(&first, 0, 0));
    site.desk.settle(&bill(&second, 150, 1));
    site.spends("b", 1, 200);
    let third = site.opens("c", 1, 50).unwrap();
    assert!(!raised(&mut site, &third, 151), "above the hour's pace");
    assert!(raised(&mut site, &third, 150), "it is its network's first order");
    site.desk.settle(&bill(&third, 0, 0));
    let (fourth, _) = (site.opens("d", 1, 10).unwrap(), site.opens("d", 1, 10).unwrap());
    assert!(!raised(&mut site, &fourth, 41), "what is spared is not for a second order");
    assert!(raised(&mut site, &fourth, 40));
    assert_eq!(site.desk.today().reserved, Nano(50));
}

#[test]
fn what_is_left_is_told_in_the_cheapest_pictures_of_the_least_limit() {
    let mut site = Site::new(shared());
    assert_eq!(site.left("a"), (25, 25, NOW.day().end()), "its share");
    for network in ["b", "c"] {
        site.spends(network, 1, 150);
    }
    assert_eq!(site.left("a"), (20, 50, NOW.plus(HOUR_MS)), "the hour's pace");
    assert_eq!(site.left("b"), (10, 25, NOW.day().end()), "what is left of its share");
    site.limits.least = Nano(0);
    assert_eq!(site.left("a").0, 1_000, "a picture that costs nothing meets no cap");
    site.limits = limits();
    site.limits.least = Nano(601);
    assert_eq!(site.left("a"), (1, 1, NOW.day().end()));
    site.limits.least = Nano(1_001);
    assert_eq!(site.left("a").0, 0, "no picture fits into the day's cap");
}

#[test]
fn nobody_who_cannot_pay_for_one_picture_of_the_first_living_model_is_told_otherwise() {
    let mut desk = Desk::new();
    let cheapest = Candidates {
        living: vec![model("mini", 5), model("flare", 7)],
        last_resort: model("oldest", 3),
    };
    let told = |desk: &Desk| least(&desk.book, &cheapest, desk.now).unwrap().0;
    assert_eq!(told(&desk), 5);
    mark(&mut desk.book, "mini", NOW).unwrap();
    assert_eq!(told(&desk), 7);
    mark(&mut desk.book, "flare", NOW).unwrap();
    assert_eq!(told(&desk), 3);
    desk.now = NOW.plus(HOUR_MS);
    assert_eq!(told(&desk), 5);
}
