//! The model of a job, and the form in which its record is stored.

use super::*;
use crate::{candidates::Candidate, ledger::Overrun, picture::upload::Upload};

fn candidate(model: &str, each: u64) -> Candidate {
    Candidate { model: model.to_owned(), worst_each: Nano(each) }
}

#[test]
fn a_record_is_stored_with_the_number_of_its_form_and_what_0_1_stored_is_read() {
    let mut job = job(2);
    job.start(0, NOW);
    let text = stored::write(&job);
    assert!(text.starts_with(r#"{"schema":2,"record":{"#), "{text}");
    assert_eq!(stored::read(&text).as_ref(), Ok(&job));
    // Version 0.1 wrote the record alone.
    assert_eq!(stored::read(&crate::json::text(&job)).as_ref(), Ok(&job));
    let later = text.replacen("\"schema\":2", "\"schema\":3", 1);
    let earlier = text.replacen("\"schema\":2", "\"schema\":1", 1);
    let half = text.get(..text.len() / 2).unwrap();
    for bad in [later.as_str(), &earlier, half, "{}", "null", "", r#"{"schema":2}"#] {
        assert_eq!(stored::read(bad), Err(stored::Unreadable), "{bad}");
    }
}

#[test]
fn a_picture_of_another_model_is_told_and_booked_under_that_ones_name() {
    let mut job = job(1);
    job.start(0, NOW);
    job.ready(0, FACTS, NOW);
    job.made_by("other");
    let text = stored::write(&job);
    assert_eq!(stored::read(&text).as_ref(), Ok(&job));
    job.over(0, Outcome::Ready(Some(Nano(1))));
    let (view, bill) = ended(job);
    assert_eq!(view.model, "other");
    assert_eq!((bill.model.as_str(), bill.other_model), ("other", true));
}

#[test]
fn a_model_that_is_gone_gives_way_to_the_next_one_and_what_was_reserved_never_falls() {
    let mut job = job(2);
    job.start(0, NOW);
    job.fall_back(
        "openai/gpt-image-1-mini",
        &candidate("openai/next", 7_000_000),
        None,
        Some(20_000),
    );
    job.not_started(0);
    job.fall_back("openai/gpt-image-1-mini", &candidate("openai/third", 9_000_000), None, None);
    assert_eq!(job.view(NOW).model, "openai/next");
    assert_eq!(job.view(NOW).expected_ms, Some(20_000), "what the next one takes");
    assert!(job.start(0, NOW) && job.start(1, NOW), "nothing was asked of the first one");
    job.over(0, FAILED);
    job.over(1, FAILED);
    let (_, bill) = ended(job);
    assert_eq!((bill.charged, bill.model.as_str()), (Nano(14_000_000), "openai/next"));
    let mut cheaper = self::job(1);
    cheaper.fall_back("openai/gpt-image-1-mini", &candidate("openai/next", 1), None, None);
    cheaper.start(0, NOW);
    cheaper.over(0, FAILED);
    assert_eq!(ended(cheaper).1.charged, EACH);
}

/// The overrun of a job of two pictures that cost so much.
fn overrun(mut job: Record, prices: [Option<u64>; 2]) -> Option<Overrun> {
    for (index, price) in prices.into_iter().enumerate() {
        job.start(index, NOW);
        job.ready(index, FACTS, NOW);
        job.over(index, Outcome::Ready(price.map(Nano)));
    }
    ended(job).1.overrun
}

#[test]
fn a_bill_names_the_dearest_picture_if_it_cost_more_than_is_configured() {
    let mut learned = job(2);
    // A fifth of the reservation is what the ledger has learned.
    learned.new.configured_each = Some(Nano(4_000_000));
    let told = |price| Overrun { configured: Nano(4_000_000), price: Nano(price), inputs: 0 };
    assert_eq!(overrun(learned.clone(), [Some(4_500_000), Some(9)]), Some(told(4_500_000)));
    assert_eq!(overrun(learned.clone(), [None, Some(7_000_000)]), Some(told(7_000_000)));
    for price in [None, Some(0), Some(4_000_000)] {
        assert_eq!(overrun(learned.clone(), [price, Some(1)]), None, "{price:?}");
    }
    let upload = Upload { media_type: MediaType::Png, width: 8, height: 8, bytes: 77 };
    learned.new.uploads = vec![upload; 3];
    let told = overrun(learned, [Some(4_000_001), None]);
    assert_eq!(told.map(|told| told.inputs), Some(3));
    // A job of an earlier version compares with its reservation.
    assert_eq!(overrun(job(2), [Some(EACH.0), None]), None);
    assert_eq!(overrun(job(2), [Some(EACH.0 + 1), None]).map(Overrun::excess), Some(Nano(1)));
}

#[test]
fn a_price_is_compared_with_what_is_configured_for_the_model_that_is_asked() {
    let next = |configured| {
        let mut job = job(2);
        job.new.configured_each = Some(EACH);
        let candidate = candidate("openai/next", 9_000_000);
        job.fall_back("openai/gpt-image-1-mini", &candidate, Some(Nano(configured)), None);
        overrun(job, [Some(8_000_000), None]).map(|told| told.configured)
    };
    assert_eq!(next(6_000_000), Some(Nano(6_000_000)));
    assert_eq!(next(8_000_000), None);
    assert_eq!(next(1_000_000), Some(EACH), "the model before may have made a picture");
}
