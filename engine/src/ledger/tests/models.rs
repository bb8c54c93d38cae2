//! Which model is asked, and how much is reserved when a model is gone.

use super::*;

#[test]
fn a_raise_meets_the_caps_and_only_what_is_open_is_raised() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 1, 600));
    desk.grants(&ask("b", 1, 300));
    let to = |desk: &mut Desk, job: &str, worst| {
        let ask = gone(job, "mini", &[("next", worst)]);
        raise(&mut desk.book, &ask, limits(), NOW).unwrap()
    };
    assert_eq!(to(&mut desk, "job-a", 701), Raised::Refused);
    assert_eq!(desk.today().reserved, Nano(900));
    assert_eq!(granted(&to(&mut desk, "job-a", 700)), Some("next"));
    assert_eq!(desk.today().reserved, Nano(1000));
    let less = to(&mut desk, "job-a", 500);
    assert_eq!(granted(&less), Some("next"), "less was asked for: there is enough");
    assert_eq!(desk.today().reserved, Nano(1000), "what was reserved never falls");
    assert_eq!(to(&mut desk, "job-x", 1), Raised::Refused);
    desk.settle(&bill("a", 0, 0));
    assert_eq!(to(&mut desk, "job-a", 800), Raised::Refused);
    assert_eq!(
        desk.today(),
        DayBook { reserved: Nano(300), refunded: Nano(700), ..DayBook::default() }
    );
}

#[test]
fn a_candidate_that_a_cap_refuses_is_passed_over_for_the_next_cheaper_one() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 1, 100));
    desk.spend(NOW.day(), 500);
    desk.book.put_day(NOW.day(), &DayBook { reserved: Nano(100), ..desk.today() }).unwrap();
    let mut next = |candidates: &[(&str, u64)]| {
        let ask = gone("job-a", "mini", candidates);
        raise(&mut desk.book, &ask, limits(), NOW).unwrap()
    };
    assert_eq!(next(&[]), Raised::NoModel);
    assert_eq!(next(&[("dear", 600), ("dearer", 900)]), Raised::Refused);
    assert_eq!(granted(&next(&[("dear", 600), ("dearer", 900), ("cheap", 500)])), Some("cheap"));
    assert_eq!((desk.today().reserved, desk.today().charged), (Nano(500), Nano(500)));
    let reservation = desk.book.by_job("job-a").unwrap().unwrap();
    assert_eq!((reservation.model.as_str(), reservation.worst), ("cheap", Nano(500)));
}

#[test]
fn a_model_that_is_marked_is_not_asked_for_an_hour_and_the_first_is_where_all_are() {
    let mut desk = Desk::new();
    let mut count = 0;
    let mut chosen = |desk: &mut Desk| {
        count += 1;
        let living = vec![model("mini", 5), model("flare", 7)];
        let candidates = Candidates { living, last_resort: model("oldest", 3) };
        let asked = Reserve { candidates, ..ask(&count.to_string(), 1, 1) };
        let answer = desk.reserve(&asked);
        let Reserved::Granted { candidate, .. } = answer else { panic!("{answer:?}") };
        assert_eq!(desk.today().reserved, candidate.worst_each);
        desk.settle(&bill(&count.to_string(), 0, 0));
        (candidate.model, candidate.worst_each.0)
    };
    assert_eq!(chosen(&mut desk), ("mini".to_owned(), 5));
    mark(&mut desk.book, "mini", desk.now).unwrap();
    assert_eq!(chosen(&mut desk), ("flare".to_owned(), 7));
    let kind = PictureKind {
        size: "1024x1024".parse().unwrap(),
        quality: Quality::Low,
        models: vec!["mini".to_owned(), "flare".to_owned()],
        last_resort: "oldest".to_owned(),
    };
    let told = |desk: &Desk| {
        estimate(&desk.book, std::slice::from_ref(&kind), desk.now).unwrap().remove(0).model
    };
    assert_eq!(told(&desk), "flare", "what is told is what would be asked");
    mark(&mut desk.book, "flare", desk.now).unwrap();
    assert_eq!((chosen(&mut desk), told(&desk)), (("oldest".to_owned(), 3), "oldest".to_owned()));
    desk.now = NOW.plus(HOUR_MS - 1);
    assert_eq!(chosen(&mut desk).0, "oldest");
    desk.now = NOW.plus(HOUR_MS);
    assert_eq!((chosen(&mut desk).0, told(&desk)), ("mini".to_owned(), "mini".to_owned()));
}

#[test]
fn a_raise_asks_a_marked_model_only_where_no_other_is_left() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 1, 1));
    mark(&mut desk.book, "b", desk.now).unwrap();
    let next = |desk: &mut Desk, candidates: &[(&str, u64)]| {
        let ask = gone("job-a", "mini", candidates);
        granted(&raise(&mut desk.book, &ask, limits(), NOW).unwrap()).map(str::to_owned)
    };
    assert_eq!(next(&mut desk, &[("b", 1), ("c", 1)]).as_deref(), Some("c"));
    assert_eq!(next(&mut desk, &[("b", 1)]).as_deref(), Some("b"));
}

#[test]
fn what_a_job_took_is_kept_by_model() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 1, 1));
    desk.settle(&Bill { model: "mini".to_owned(), took_ms: Some(900), ..bill("a", 1, 1) });
    let expected =
        |name: &str| desk.book.expected(name, "1024x1024".parse().unwrap(), Quality::Low);
    assert_eq!((expected("mini"), expected("flare")), (Ok(Some(900)), Ok(None)));
}

#[test]
fn an_expectation_comes_from_what_was_seen() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 1, 1));
    desk.settle(&Bill { model: "mini".to_owned(), took_ms: Some(9_000), ..bill("a", 1, 1) });
    let Reserved::Granted { expected_ms, .. } = desk.reserve(&ask("b", 1, 1)) else {
        panic!("is granted")
    };
    assert_eq!(expected_ms, Some(9_000));
}

#[test]
fn a_key_that_0_1_stored_answers_with_its_job() {
    let mut desk = Desk::new();
    desk.grants(&Reserve { fingerprint: "old".to_owned(), ..ask("a", 2, 20) });
    let again = Reserve {
        fingerprint: "new".to_owned(),
        fingerprint_0_1: Some("old".to_owned()),
        candidates: Candidates {
            living: vec![model("flare", 30), model("cheap", 10)],
            last_resort: model("flare", 30),
        },
        job: "job-other".to_owned(),
        ..ask("a", 2, 20)
    };
    let known = |desk: &mut Desk| match desk.reserve(&again) {
        Reserved::Known { job, same: true, candidate, .. } => {
            (job, candidate.model, candidate.worst_each.0)
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(known(&mut desk), ("job-a".to_owned(), "mini".to_owned(), 10));
    // Version 0.1 stored no model: the model that is asked may not cost more than was reserved.
    let row = desk.book.by_job("job-a").unwrap().unwrap();
    desk.book.put(&Reservation { model: String::new(), ..row.clone() }).unwrap();
    assert_eq!(known(&mut desk), ("job-a".to_owned(), "cheap".to_owned(), 10));
    desk.book.put(&Reservation { model: String::new(), worst: Nano(2), ..row }).unwrap();
    let ends = NOW.plus(LEASE_MS).to_string();
    desk.refuses(&again, ProblemKind::Busy, Some(&ends));
    desk.settle(&bill("a", 2, 1));
    assert_eq!(known(&mut desk).0, "job-a", "a job that is over is told");
    let other = Reserve { fingerprint_0_1: None, ..again };
    assert!(matches!(desk.reserve(&other), Reserved::Known { same: false, .. }));
}

#[test]
fn a_mark_is_known_for_an_hour() {
    let mut desk = Desk::new();
    assert_eq!(choice::is_marked(&desk.book, "mini", NOW), Ok(false));
    choice::mark(&mut desk.book, "mini", NOW).unwrap();
    assert_eq!(choice::is_marked(&desk.book, "mini", NOW), Ok(true));
    assert_eq!(choice::is_marked(&desk.book, "other", NOW), Ok(false));
    assert_eq!(choice::is_marked(&desk.book, "mini", NOW.plus(HOUR_MS - 1)), Ok(true));
    assert_eq!(choice::is_marked(&desk.book, "mini", NOW.plus(HOUR_MS)), Ok(false));
}

#[test]
fn a_model_of_the_same_price_needs_no_room_under_a_cap() {
    let mut desk = Desk::new();
    desk.grants(&ask("a", 1, 10));
    desk.grants(&ask("b", 1, 10));
    desk.settle(&bill("b", 5_000, 1));
    let ask = gone("job-a", "mini", &[("next", 10)]);
    let raised = raise(&mut desk.book, &ask, limits(), NOW).unwrap();
    assert_eq!(granted(&raised), Some("next"), "nothing more is reserved, though the day is spent");
}
