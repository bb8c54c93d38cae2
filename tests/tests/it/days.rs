//! Days and months of a budget, by the edge's own clock: nobody waits for midnight.

use anyhow::Result;
use contract::{job::JobState, money::Nano, problem::ProblemKind, time::Timestamp};
use sandbox::Settings;
use tests::{
    money::{WORST, order},
    run,
    studio::{Setup, Studio, open_budget},
    visitor::problem,
};

/// Sets the edge's clock, and orders a picture as a new visitor: when more comes, where it is refused.
async fn orders(studio: &Studio, at: &str) -> Result<Option<String>> {
    studio.set_clock(at.parse::<Timestamp>().expect("a time")).await?;
    let visitor = studio.visitor().await?;
    let answer = visitor.ask(&order()).await?;
    if answer.status() == 201 {
        let job: contract::job::Job = answer.json().await?;
        let last = visitor.watch(&job.id).await?.pop().expect("a state");
        assert_eq!(last.state, JobState::Succeeded, "{at}");
        return Ok(None);
    }
    let refused = problem(answer).await?;
    assert_eq!(refused.kind, ProblemKind::BudgetSpent, "{at}");
    Ok(refused.resets_at.map(|at| at.to_string()))
}

#[test]
fn a_day_and_a_month_begin_at_midnight_in_utc_and_not_before() {
    run(async {
        let sandbox = Settings { charge: Some(|_, _, _| Nano(WORST)), ..Settings::for_tests() };
        // Room for one picture a day, and for two a month.
        let (day, month) = (Nano(WORST).to_string(), Nano(2 * WORST).to_string());
        let setup = Setup { sandbox, ..Setup::default() }.site("budget", open_budget(&day, &month));
        let studio = setup.with_clock().await?.start().await?;
        let (tomorrow, march) = ("2028-02-27T00:00:00.000Z", "2028-03-01T00:00:00.000Z");
        for (at, refused_until) in [
            ("2028-02-26T23:00:00Z", None),
            ("2028-02-26T23:59:59Z", Some(tomorrow)),
            ("2028-02-27T00:00:00Z", None),
            // Its day has room; its month has none, to the last second of a leap year's February.
            ("2028-02-28T12:00:00Z", Some(march)),
            ("2028-02-29T23:59:59Z", Some(march)),
            ("2028-03-01T00:00:00Z", None),
            ("2028-03-01T00:00:01Z", Some("2028-03-02T00:00:00.000Z")),
        ] {
            assert_eq!(orders(&studio, at).await?.as_deref(), refused_until, "{at}");
        }
        studio.stop().await
    });
}
