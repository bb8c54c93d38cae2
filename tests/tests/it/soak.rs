//! Thousands of jobs, one after the other: nothing of them stays but what the books keep.

use tests::run;
use xtask::bench::{
    documents,
    growth::{self, LedgerSums},
};

/// What one picture of the bench's upstream costs, in nano-dollars.
const COST: u64 = 2_210_000;
/// Bytes by which the Worker's own memory may grow: what fragments, not what is kept of jobs.
const SLACK: u64 = 1 << 20;

#[test]
#[ignore = "minutes: `cargo xtask test --long`"]
fn thousands_of_jobs_leave_nothing_in_memory_and_every_cent_on_the_books() {
    run(async {
        let soak = growth::soak(4, 750).await?;
        eprintln!("{soak:#?}");
        let jobs = u64::try_from(soak.jobs)?;
        let charged = jobs * COST;
        let booked = LedgerSums { bookings: jobs, open: 0, reserved: 0, charged, pictures: jobs };
        assert_eq!(soak.ledger, booked);
        assert_eq!(soak.answers, soak.jobs, "each picture is asked for once");

        let (first, last) = soak.wasm;
        assert!(last <= first + SLACK, "the Worker keeps something: {first} bytes, then {last}");
        let (before, after) = soak.open_files;
        assert!(after <= before + 10, "objects stay in memory: {before} files, then {after}");
        // An object that holds nothing costs the runtime the most of it: three files and SQLite's caches.
        let (job, empty) = (soak.bytes_of_a_job, soak.bytes_of_an_empty_object);
        assert!(job <= 2.0 * empty, "{job:.0} bytes of each job, {empty:.0} of an empty object");
        let (first, last) = soak.order;
        assert!(last <= first * 2, "orders take longer: {first:?}, then {last:?}");
        Ok(())
    });
}

#[test]
#[ignore = "minutes: `cargo xtask test --long`"]
fn ten_thousand_documents_leave_nothing_in_memory() {
    run(async {
        let tools = xtask::setup::run(xtask::setup::SetupPurpose::Building).await?;
        let sizes = documents::memory_after(&tools, &[1_000, 10_000]).await?;
        eprintln!("{sizes:?}");
        assert_eq!(sizes[0], sizes[1], "what renders a document keeps something of it");
        Ok(())
    });
}
