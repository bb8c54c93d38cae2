//! What 0.1 stored: its Ledger and Jobs open, go on and end with the right books, and what cannot be read is spent.
//!
//! `fixtures/state-0.1` was written by the released 0.1 in workerd and then cut off: jobs that are done, deleted, refused, spent
//! and cancelled, one that runs, one that waits for upstream's patience, and a grant whose job was never created.
//! `recorded.json` is what 0.1 told of each, with the key and the request.

use anyhow::{Context, Result};
use contract::{
    job::{Job, JobState},
    money::Nano,
    operator::LedgerReport,
    problem::ProblemKind,
    route,
    session::Session,
    time::Timestamp,
};
use serde_json::{Value, json};
use std::{path::Path, time::Duration};
use tests::{
    hook::Hook,
    money::settled,
    run,
    stored::Sql,
    studio::{Setup, Studio},
    visitor::{Visitor, problem},
};
use xtask::repo;

const FIXTURE: &str = "tests/fixtures/state-0.1";
/// Jobs whose last state 0.1 had told.
const OVER: [&str; 5] = ["done", "named", "refused", "spent", "cancelled"];
/// A job's record as 0.1 wrote it begins so.
const BEGINNING: &[u8] = br#"{"new":{"id":"#;

struct Recorded(Value);

impl Recorded {
    fn read() -> Result<Self> {
        let text = std::fs::read_to_string(repo::path(FIXTURE).join("recorded.json"))?;
        Ok(Self(serde_json::from_str(&text)?))
    }

    fn at(&self) -> Result<Timestamp> {
        self.0["at"].as_u64().map(Timestamp).context("no time")
    }

    fn job(&self, name: &str) -> Result<Job> {
        Ok(serde_json::from_value(self.0[name]["job"].clone())?)
    }

    /// The visitor who ordered all of it.
    fn visitor(&self, studio: &Studio) -> Result<Visitor> {
        let session: Session = serde_json::from_value(self.0["session"].clone())?;
        Visitor::returning(studio.edge.url(), session)
    }

    /// Sends an order again, under its key.
    async fn again(&self, visitor: &Visitor, name: &str) -> Result<(u16, Job)> {
        let order = &self.0[name];
        let key = order["key"].as_str().context("no key")?;
        let response = visitor.ask_under(key, &order["request"]).await?;
        Ok((response.status().as_u16(), response.json().await?))
    }

    fn books(&self) -> Result<LedgerReport> {
        Ok(serde_json::from_value(self.0["books"].clone())?)
    }
}

/// This version on what 0.1 stored, so many milliseconds after 0.1 was cut off.
async fn opened(
    later: u64,
    setup: Setup,
    change: impl FnOnce(&Path) -> Result<()>,
) -> Result<(Recorded, Studio)> {
    let recorded = Recorded::read()?;
    let mut setup = setup.with_clock().await?;
    setup.site.remove("prompt");
    setup.starts_at = Some(recorded.at()?.plus(later));
    let studio = setup.start_with(&repo::path(FIXTURE), change).await?;
    Ok((recorded, studio))
}

#[test]
fn what_0_1_stored_goes_on_and_ends_with_the_right_books() {
    run(async {
        let (recorded, studio) = opened(2_000, Setup::default(), |_| Ok(())).await?;
        let visitor = recorded.visitor(&studio)?;
        for name in OVER {
            let then = recorded.job(name)?;
            assert_eq!(visitor.job(&then.id).await?, then, "{name}");
            let (status, again) = recorded.again(&visitor, name).await?;
            assert_eq!((status, again), (200, then), "{name}: its key, under the new defaults");
        }
        let done = recorded.job("done")?;
        let picture = visitor.get(&route::picture(&done.id, 0)).await?.bytes().await?;
        assert_eq!(Some(picture.len() as u64), done.pictures[0].bytes);
        assert!(picture.starts_with(b"\x89PNG"));

        // Its work was lost with 0.1: what had started is spent, what waited is not.
        let mut charged = recorded.books()?.days[0].charged_usd.0;
        for (name, spent) in [("running", true), ("waiting", false)] {
            let last = visitor.watch(&recorded.job(name)?.id).await?.pop().context("no state")?;
            assert_eq!(last.state, JobState::Failed, "{name}");
            assert_eq!(last.problem.map(|it| it.kind), Some(ProblemKind::Interrupted), "{name}");
            let cost = last.cost.context("shown")?;
            let expected = if spent { cost.reserved_usd } else { Nano::ZERO };
            assert_eq!(cost.charged_usd, Some(expected), "{name}");
            charged += expected.0;
        }
        // The grant whose job was never created goes on under its key.
        let (status, open) = recorded.again(&visitor, "open").await?;
        assert_eq!(status, 200);
        let open = visitor.watch(&open.id).await?.pop().context("no state")?;
        assert_eq!(open.state, JobState::Succeeded);
        charged += open.cost.and_then(|cost| cost.charged_usd).context("charged")?.0;

        let book = settled(&studio, "demo", Duration::from_secs(20)).await?;
        assert_eq!((book.charged_usd, book.reserved_usd), (Nano(charged), Nano::ZERO));
        assert_eq!(book.pictures, recorded.books()?.days[0].pictures + 1);
        let told = tests::visitor::client()?
            .get(format!("{}/v1/sites/demo", studio.edge.url()))
            .send()
            .await?;
        let site: contract::site::Site = told.json().await?;
        let seen: Vec<_> = site
            .estimates
            .context("estimates")?
            .into_iter()
            .filter_map(|it| it.expected_ms)
            .collect();
        assert_eq!(seen.len(), 2, "the two kinds that 0.1 had times of");
        studio.stop().await
    });
}

#[test]
fn a_grant_of_0_1_whose_job_never_came_is_refunded_at_its_leases_end() {
    run(async {
        // A lease lasts six minutes from the grant.
        let (recorded, studio) = opened(400_000, Setup::default(), |_| Ok(())).await?;
        let book = settled(&studio, "demo", Duration::from_secs(20)).await?;
        let before = recorded.books()?.days.remove(0);
        let running = recorded.job("running")?.cost.context("shown")?.reserved_usd;
        assert_eq!(book.reserved_usd, Nano::ZERO);
        assert_eq!(book.charged_usd, Nano(before.charged_usd.0 + running.0), "what had started");
        let held = before.reserved_usd.0 - running.0;
        assert_eq!(book.refunded_usd, Nano(before.refunded_usd.0 + held), "what had not");
        studio.stop().await
    });
}

/// The step from the form of 0.1 to the one before the present one, as a version in between would have made it.
const FORM_2: &str = "
    DROP TABLE time;
    CREATE TABLE time (model TEXT NOT NULL, size TEXT NOT NULL, quality TEXT NOT NULL, slot INTEGER NOT NULL,
        n INTEGER NOT NULL, ms INTEGER NOT NULL, PRIMARY KEY (model, size, quality, slot)) WITHOUT ROWID;
    CREATE TABLE gone (model TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO number VALUES ('schema', 2);";

/// Whether each sum is that of the bookings, which all are of one session, one day and one hour.
const SUMS: &str = "SELECT own.pictures = (SELECT SUM(counted) FROM booking) AND own.pictures > 0,
    own.open = (SELECT COUNT(*) FROM booking WHERE charged IS NULL),
    own.hour LIKE '[1795915661,1,%' AND own.strikes LIKE '[1795915663,1%',
    network.pictures = own.pictures AND network.orders > 0,
    network.reserved = (SELECT COALESCE(SUM(worst), 0) FROM booking WHERE charged IS NULL),
    network.charged = (SELECT SUM(charged) FROM booking),
    (SELECT SUM(held) FROM hour) = network.reserved + network.charged
        AND (SELECT SUM(charged) FROM hour) = network.charged,
    (SELECT value FROM number WHERE name = 'schema') FROM subject AS own, network";

#[test]
fn the_sums_of_what_0_1_and_the_next_form_booked_are_made_once() {
    run(async {
        let sql = Sql::find().await?;
        for form in [1, 2] {
            let (recorded, studio) = opened(2_000, Setup::default(), |state| {
                if form == 2 { sql.run(state, "Ledger", FORM_2) } else { Ok(()) }
            })
            .await?;
            let visitor = recorded.visitor(&studio)?;
            assert_eq!(visitor.get(route::ALLOWANCE).await?.status(), 200);
            assert_eq!(
                studio.edge.stored("Ledger", SUMS).await?,
                [json!([1, 1, 1, 1, 1, 1, 1, 3])]
            );
            studio.stop().await?;
        }
        Ok(())
    });
}

/// Changes the record of a job where it lies, so that no version can read it.
fn break_record(state: &Path, job: &str) -> Result<()> {
    let file = state.join("do/easel-Job").join(format!("{job}.sqlite"));
    let mut bytes = std::fs::read(&file)?;
    let at = bytes.windows(BEGINNING.len()).position(|window| window == BEGINNING);
    let at = at.context("the record is not where it was")?;
    bytes[at..at + BEGINNING.len()].copy_from_slice(br#"{"old":{"id":"#);
    Ok(std::fs::write(file, bytes)?)
}

#[test]
fn a_record_that_cannot_be_read_is_spent_at_its_reservation_and_told_to_the_operator() {
    run(async {
        let waiting = Recorded::read()?.job("waiting")?;
        let hook = Hook::start().await?;
        let setup = Setup { alerts: Some(hook.url().to_owned()), ..Setup::default() };
        let (recorded, studio) =
            opened(400_000, setup, |state| break_record(state, &waiting.id)).await?;
        let book = settled(&studio, "demo", Duration::from_secs(20)).await?;
        let before = recorded.books()?.days.remove(0);
        let cost =
            |name: &str| anyhow::Ok(recorded.job(name)?.cost.context("shown")?.reserved_usd.0);
        let spent = cost("running")? + cost("waiting")?;
        assert_eq!(book.reserved_usd, Nano::ZERO);
        assert_eq!(book.charged_usd, Nano(before.charged_usd.0 + spent));
        assert_eq!(book.unknown_usd, Nano(before.unknown_usd.0 + spent));
        let told = hook.received();
        let named =
            |alert: &Value| alert["alert"] == "record-unreadable" && alert["site"] == "demo";
        assert!(told.iter().any(named), "{told:?}");

        // The visitor's browser must not forget it: another version may read it.
        let visitor = studio.visitor().await?;
        for path in
            [route::job(&waiting.id), route::events(&waiting.id), route::picture(&waiting.id, 0)]
        {
            let told = problem(visitor.get(&path).await?).await?;
            assert_eq!(told.kind, ProblemKind::Busy, "{path}");
        }
        studio.stop().await
    });
}
