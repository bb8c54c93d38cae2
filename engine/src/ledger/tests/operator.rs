//! Alerts and counters for the operator.

use super::*;
use crate::{
    gateway::{cause::Cause, refusal::Reason},
    ledger::{
        alert::{Alert, of_bill, of_budget, of_unreadable},
        settle,
    },
};

fn names(alerts: Vec<Alert>) -> Vec<String> {
    alerts.into_iter().map(|alert| alert.name).collect()
}

impl Desk {
    fn alerts(&mut self, refused_by_cap: u64) -> Vec<String> {
        names(of_budget(&mut self.book, limits().budget, Nano(refused_by_cap), self.now).unwrap())
    }

    fn alerts_of(&mut self, bill: &Bill) -> Vec<String> {
        let settled = settle(&mut self.book, bill, self.now).unwrap().unwrap();
        names(of_bill(&mut self.book, bill, &settled, self.now).unwrap())
    }
}

#[test]
fn a_cap_that_fills_is_told_once_a_day_by_its_highest_share() {
    let mut desk = Desk::new();
    let day = NOW.day();
    for (spent, told) in [
        (499, None),
        (500, Some("budget-day-50")),
        (799, None),
        (800, Some("budget-day-80")),
        (900, None),
        (1_000, Some("budget-day-100")),
        (1_000, None),
    ] {
        desk.spend(day, spent);
        assert_eq!(desk.alerts(0), told.into_iter().collect::<Vec<_>>(), "{spent}");
    }
    desk.now = NOW.plus(DAY_MS);
    assert!(desk.alerts(0).is_empty(), "a new day has spent nothing");
    desk.spend(desk.now.day(), 850);
    assert_eq!(desk.alerts(0), ["budget-day-80"]);
    desk.spend(desk.now.day(), 600);
    assert!(desk.alerts(0).is_empty(), "80 has spoken for 50");
}

#[test]
fn what_is_asked_in_vain_makes_a_cap_full() {
    let mut desk = Desk::new();
    desk.spend(NOW.day(), 950);
    assert_eq!(desk.alerts(0), ["budget-day-80"]);
    let ask = ask("a", 1, 60);
    let answer = desk.reserve(&ask);
    assert_eq!(answer.refused_by_cap(&ask), Nano(60));
    assert_eq!(desk.alerts(60), ["budget-day-100"]);
    assert!(desk.alerts(60).is_empty());
    for other in [super::ask("b", 1, 1), super::ask("c", 99, 1)] {
        let answer = desk.reserve(&other);
        assert_eq!(answer.refused_by_cap(&other), Nano::ZERO, "no cap is in the way: {answer:?}");
    }
}

#[test]
fn a_month_is_told_beside_its_day_and_numbers_that_do_not_fit_are_full() {
    let mut desk = Desk::new();
    for date in 1..=6 {
        desk.spend(Day::from_civil(2026, 11, date).unwrap(), 1_000);
    }
    assert_eq!(desk.alerts(0), ["budget-month-50"]);
    desk.spend(NOW.day(), u64::MAX);
    assert_eq!(desk.alerts(0), ["budget-day-100", "budget-month-100"]);
    let nothing =
        Budget { day_usd: Nano::ZERO, month_usd: Nano::ZERO, hour_percent: 100, spare_percent: 0 };
    let told = of_budget(&mut Memory::default(), nothing, Nano::ZERO, NOW);
    assert_eq!(told, Ok(vec![]), "a cap of nothing cannot fill");
}

#[test]
fn a_gateway_that_refuses_and_a_price_above_the_worst_case_are_told() {
    let mut desk = Desk::new();
    for name in ["a", "b", "c", "d", "e"] {
        desk.grants(&ask(name, 1, 100));
    }
    let beside = vec![(ProblemKind::GatewayRefused, 1)];
    let beside = Bill { failed: beside, ..bill("e", 100, 1) };
    assert!(desk.alerts_of(&beside).is_empty(), "a picture of the same job came: the key works");
    let turned_away =
        |name| Bill { failed: vec![(ProblemKind::GatewayRefused, 1)], ..bill(name, 0, 0) };
    assert!(desk.alerts_of(&bill("d", 100, 1)).is_empty(), "the worst case is not above itself");
    assert_eq!(desk.alerts_of(&turned_away("a")), ["gateway-refused"]);
    assert!(desk.alerts_of(&turned_away("a")).is_empty(), "a second bill tells nothing");
    assert!(desk.alerts_of(&turned_away("b")).is_empty(), "once a day");
    assert_eq!(desk.alerts_of(&bill("c", 101, 1)), ["above-reservation"]);
}

#[test]
fn what_opens_the_breaker_is_told_once_a_day_with_its_cause() {
    let cause = Some(Cause::Answer { status: 502, reason: Reason::Fault });
    let mut desk = Desk::new();
    let mut told = Vec::new();
    for name in ["a", "b", "c", "d", "e", "f"] {
        let visitor = Visitor { network: name.to_owned(), ..who(name) };
        desk.grants(&Reserve { visitor, ..ask(name, 1, 1) });
    }
    for name in ["a", "b", "c", "d", "e", "f"] {
        let failed = vec![(ProblemKind::GatewayFailed, 1)];
        let bill = Bill { failed, faults: 1, cause, ..bill(name, 1, 0) };
        let settled = settle(&mut desk.book, &bill, NOW).unwrap().unwrap();
        told.extend(settled.opened.map(|opening| opening.line()));
        told.extend(
            of_bill(&mut desk.book, &bill, &settled, NOW).unwrap().into_iter().map(|it| it.text),
        );
    }
    assert_eq!(
        told,
        [
            "breaker.opened why=faults status=502 reason=fault networks=5",
            "The gateway only fails (HTTP 502, fault), for visitors of 5 networks. New orders are refused until a free request succeeds, which is tried every 30 seconds."
        ]
    );
}

#[test]
fn the_alert_of_a_refused_key_names_the_answer() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 1, 1));
    let failed = vec![(ProblemKind::GatewayRefused, 1)];
    let cause = Some(Cause::Answer { status: 402, reason: Reason::Credits });
    let bill = Bill { failed, cause, ..bill("a", 0, 0) };
    let settled = settle(&mut desk.book, &bill, NOW).unwrap().unwrap();
    let line = settled.opened.unwrap().line();
    assert_eq!(line, "breaker.opened why=refused status=402 reason=credits networks=1");
    let alerts = of_bill(&mut desk.book, &bill, &settled, NOW).unwrap();
    assert!(alerts[0].text.contains("the account (HTTP 402, credits): no picture"), "{alerts:?}");
}

#[test]
fn an_alert_is_json_with_a_text_for_people() {
    let alert = Alert { name: "budget-day-80".to_owned(), text: "80 % of it.".to_owned() };
    assert_eq!(
        alert.to_json("https://hooks.example.com/", "acme", NOW),
        r#"{"site":"acme","alert":"budget-day-80","at":"2026-11-22T10:39:59.000Z","text":"Easel, site acme: 80 % of it."}"#
    );
}

#[test]
fn every_end_of_a_picture_and_every_problem_is_counted() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 9, 900));
    let failed = vec![
        (ProblemKind::PromptRefused, 1),
        (ProblemKind::Interrupted, 2),
        (ProblemKind::GatewayFailed, 3),
    ];
    let bill =
        Bill { pictures: vec![1_000, 1_001, 400_000], failed, cancelled: 4, ..bill("a", 7, 0) };
    desk.settle(&bill);
    desk.settle(&bill);
    desk.refuses(&ask("b", 1, 1_000), ProblemKind::BudgetSpent, Some("2026-11-23T00:00:00Z"));
    let counters: Vec<_> = desk.book.counters().unwrap();
    let expected = [
        ("charged", 7),
        ("ms low", 402_001),
        ("picture low cancelled", 4),
        ("picture low failed", 3),
        ("picture low interrupted", 2),
        ("picture low ready", 3),
        ("picture low refused", 1),
        ("problem budget-spent", 1),
        ("problem gateway-failed", 3),
        ("problem interrupted", 2),
        ("problem prompt-refused", 1),
        ("seconds low +Inf", 1),
        ("seconds low 1", 1),
        ("seconds low 2", 1),
    ];
    assert_eq!(counters, expected.map(|(name, value)| (name.to_owned(), value)));
    for (name, _) in expected {
        assert!(count::Counter::read(name).is_some(), "{name}");
    }
    for other in ["", "charged twice", "problem", "ms", "picture low", "seconds low 1 2", "other"] {
        assert_eq!(count::Counter::read(other), None, "{other}");
    }
}

#[test]
fn open_reservations_alone_make_no_cap_full() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 1, 1_000));
    assert_eq!(desk.alerts(0), ["budget-day-80"], "they may be released again");
}

#[test]
fn a_record_that_cannot_be_read_is_spent_and_told_once_a_day() {
    let mut desk = Desk::new();
    desk.grants(&ask("abcdefgh", 2, 60));
    let job = "job-abcdefgh";
    let expected = Bill {
        charged: Nano(60),
        unknown: Nano(60),
        failed: vec![(ProblemKind::Interrupted, 2)],
        model: "mini".to_owned(),
        ..Bill::nothing(job.to_owned())
    };
    let spent = settle::unreadable(&desk.book, job).unwrap();
    assert_eq!(spent, Some(expected));
    let told = |desk: &mut Desk| of_unreadable(&mut desk.book, job, Nano(60), desk.now).unwrap();
    let alerts = told(&mut desk);
    let [Alert { name, text }] = alerts.as_slice() else { panic!("{alerts:?}") };
    assert_eq!(name, "record-unreadable");
    assert!(text.contains("begins with job-abcd cannot") && !text.contains(job), "{text}");
    assert!(text.contains("0.00000006 USD"), "{text}");
    assert_eq!(told(&mut desk), [], "once a day");
    desk.settle(&spent.unwrap());
    assert_eq!(settle::unreadable(&desk.book, job), Ok(None), "it is booked");
    assert_eq!(settle::unreadable(&desk.book, "job-none"), Ok(None));
}
