//! F1 to F58: what each fault comes to, which tests assert it, and what cannot be tested on one machine.
//!
//! Owns the table, as data. Words of the ledger: `refund`, `spent`, `none` (nothing was ever reserved).

/// A row.
pub(super) struct Row {
    pub(super) number: u8,
    pub(super) fault: &'static str,
    /// Problem kind, time bound, ledger word.
    pub(super) comes_to: &'static str,
    /// `module::function` of tests here, `crate::module::function` of others.
    pub(super) by: &'static [&'static str],
    /// What cannot be tested on one machine, and why; empty if nothing is left out.
    pub(super) not_here: &'static str,
}

macro_rules! sources {
    ($($module:literal: $file:literal,)*) => { &[$(($module, include_str!($file))),*] };
}

/// Where tests are.
pub(super) const SOURCES: &[(&str, &str)] = sources! {
    "away": "../away.rs",
    "before_work": "../before_work.rs",
    "cancel": "../cancel.rs",
    "cap": "../cap.rs",
    "cases": "../cases.rs",
    "embed": "../embed.rs",
    "fallbacks": "../fallbacks.rs",
    "faults": "../faults.rs",
    "http": "../http.rs",
    "jobs": "../jobs.rs",
    "learned": "../learned.rs",
    "ledger": "../ledger.rs",
    "limits": "../limits.rs",
    "operator": "../operator.rs",
    "panics": "../panics.rs",
    "readers": "../readers.rs",
    "secrets": "../secrets.rs",
    "strangers": "../strangers.rs",
    "studio": "../studio.rs",
    "uploads": "../uploads.rs",
    "visitors": "../visitors.rs",
    "engine::challenge": "../../../../engine/src/challenge.rs",
    "engine::idempotency": "../../../../engine/src/idempotency.rs",
    "engine::job": "../../../../engine/src/job/tests.rs",
    "engine::ledger": "../../../../engine/src/ledger/tests.rs",
    "engine::ledger::sums": "../../../../engine/src/ledger/tests/sums.rs",
    "engine::ledger::model": "../../../../engine/src/ledger/model.rs",
    "engine::session": "../../../../engine/src/session.rs",
};

const ALL: &str = "faults::every_fault_becomes_what_the_table_says";
const STREAMS: &str = "faults::every_fault_of_a_stream_becomes_what_the_table_says";

const fn row(
    number: u8,
    fault: &'static str,
    comes_to: &'static str,
    by: &'static [&'static str],
) -> Row {
    Row { number, fault, comes_to, by, not_here: "" }
}

impl Row {
    const fn not_here(self, not_here: &'static str) -> Self {
        Self { not_here, ..self }
    }
}

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row(1, "nobody listens at the gateway's address", "gateway-failed; ≤ 5 s; spent: a rejected fetch proves nothing",
        &["away::a_gateway_where_nobody_listens_fails_the_picture_at_once"]),
    row(2, "TLS fails", "gateway-failed; ≤ 5 s; spent; the peer hears no byte of the key",
        &["away::a_gateway_that_speaks_no_tls_is_told_nothing"])
        .not_here("a certificate that is wrong in another way needs an authority; the platform checks certificates, and no option of ours weakens that"),
    row(3, "the request is taken, and no byte comes", "interrupted; ≤ total + 1 s; spent", &[ALL, "jobs::a_job_never_outlives_its_time"]),
    row(4, "head, then a stall", "interrupted after stall_seconds; spent; a picture that was whole stays", &[ALL]),
    row(5, "one byte a second", "interrupted; ≤ total + 1 s; spent", &[ALL]),
    row(6, "a reset or an end in the middle", "gateway-failed; at once; spent; a picture that was whole stays", &[ALL]),
    row(7, "429 with Retry-After", "busy, waiting_until told meanwhile; ≤ total; refund", &[ALL, "faults::while_upstream_asks_for_patience_the_visitor_is_told_until_when"]),
    row(8, "429 whose Retry-After is a date or nonsense", "busy; ≤ total; refund", &[ALL]),
    row(9, "5xx once", "gateway-failed at once, spent; 503 is busy, asked again, refund", &[ALL]),
    row(10, "5xx storm", "breaker after 5: busy; nothing upstream; none; one free probe closes it", &["faults::a_storm_opens_the_breaker_and_one_free_probe_closes_it"]),
    row(11, "401, 403", "gateway-refused; breaker and alert at once; refund", &[ALL, "operator::a_key_that_is_refused_is_told_once_and_nobody_else_is_let_through_to_it"]),
    row(12, "402, no money", "gateway-refused; breaker at once; refund", &[ALL]),
    row(13, "400, 413, 415, 422", "gateway-failed; at once; refund", &[ALL]),
    row(14, "moderation", "prompt-refused; at once; refund (spent where previews had come); counts for the pause", &[ALL, STREAMS, "visitors::who_is_refused_again_and_again_is_paused"]),
    row(15, "404, the model is gone", "the next model after a raise; none left: misconfigured, refund; no room: budget-spent, refund",
        &[ALL, "faults::a_model_that_is_gone_gives_way_to_the_next_one", "faults::a_dearer_model_that_the_cap_has_no_room_for_is_not_asked"]),
    row(16, "3xx", "gateway-failed; at once; spent; the target is never contacted", &[ALL]),
    row(17, "200 with HTML", "gateway-failed; at once; spent", &[ALL]),
    row(18, "200 with nothing", "gateway-failed; at once; spent", &[ALL]),
    row(19, "truncated JSON", "gateway-failed; at once; spent", &[ALL]),
    row(20, "invalid base64", "gateway-failed; at once; spent", &[ALL]),
    row(21, "JSON that is deep, twice, huge or endless", "gateway-failed or interrupted; ≤ total + 1 s; spent", &[ALL]),
    row(22, "no picture, or another than was said", "gateway-failed; at once; spent", &[ALL]),
    row(23, "a picture that is too large", "gateway-failed or interrupted; ≤ total + 1 s; spent", &[ALL]),
    row(24, "more pictures than were asked for", "the first; priced", &[ALL]),
    row(25, "events of every shape", "read as browsers do; an end that is missing: gateway-failed, spent", &[STREAMS]),
    row(26, "encodings, lengths and chunks that lie", "read, or gateway-failed; at once; spent", &[ALL]),
    row(27, "our Authorization is echoed", "no word relayed, none logged", &[ALL, "secrets::the_key_is_in_no_byte_that_a_browser_can_get"]),
    row(28, "an answer before the request was sent", "as the answer says; spent", &[ALL]),
    row(29, "a price above the reservation", "booked in full, alert, reserved from then on; spent", &[ALL, "engine::ledger::what_upstream_charged_is_booked_in_full_also_above_the_reservation", "learned::a_price_above_the_worst_case_is_reserved_from_then_on_until_the_operator_resets_it"]),
    row(30, "the same key again, in flight", "201 once, then 200 with the same job; one charge", &["jobs::a_hundred_at_once_and_a_hundred_later_under_one_key_are_one_job"]),
    row(31, "the same key, another request", "idempotency-mismatch 422; none", &["jobs::one_key_makes_one_job", "uploads::the_same_key_is_the_same_edit_only_with_the_same_pictures"]),
    row(32, "the same key later", "200 with the same job for 24 h, none; then new", &["jobs::one_key_makes_one_job", "engine::ledger::a_key_is_kept_for_24_hours_and_its_sums_for_ever"]),
    row(33, "no key, or none that is one", "invalid-request 400; none; a key is worth nothing to another session",
        &["http::bodies_are_read_strictly_and_not_beyond_their_limit", "engine::idempotency::a_key_is_worth_nothing_to_another_subject"]),
    row(34, "the visitor leaves before the answer", "one job under the key, made once; spent once", &["readers::a_visitor_who_leaves_before_the_answer_finds_one_job_under_the_same_key"]),
    row(35, "the visitor leaves after the start", "the job goes on and its picture stays; priced",
        &["readers::a_viewer_who_leaves_ends_nothing_and_the_picture_is_there_for_the_next", "studio::leaving_right_after_the_start_loses_nothing", "jobs::a_job_needs_no_watcher_for_a_minute"]),
    row(36, "a slow reader", "is waited for; memory stays below one picture for six of them", &["readers::slow_readers_of_a_picture_are_waited_for_and_it_is_not_held_in_memory_for_them"]),
    row(37, "a body that is huge, lies, or never ends", "too-large 413; ≤ 1 s, unread; none",
        &["strangers::a_body_that_is_too_large_is_refused_and_not_read", "http::bodies_are_read_strictly_and_not_beyond_their_limit", "uploads::a_form_that_is_not_taken_costs_nothing_and_says_why"]),
    row(38, "a body that is slow", "nothing is reserved before its last byte; others are answered; too slow: busy 503, 15 s without a byte, or JSON after 30 s; none",
        &["strangers::a_body_that_is_slow_or_cut_holds_up_nobody_and_costs_nothing", "before_work::a_body_that_is_half_sent_is_let_go", "before_work::uploads_that_are_slow_do_not_keep_the_room_of_an_instance"]),
    row(39, "bodies that are no requests", "invalid-request 400, too-large 413; none; text is taken as it is", &["strangers::what_is_no_request_is_refused_and_the_edge_lives_on", "http::bodies_are_read_strictly_and_not_beyond_their_limit"]),
    row(40, "wrong method, path, type", "method-not-allowed 405 with Allow, not-found 404, invalid-request 400; none", &["http::every_wrong_path_and_method_is_a_problem_document", "http::bodies_are_read_strictly_and_not_beyond_their_limit"]),
    row(41, "the Ledger is slow, throws, talks nonsense", "busy 503; ≤ 12 s; none, nothing upstream; a settlement that fails: last state ≤ 2 s later, repeated",
        &["away::without_a_ledgers_grant_nothing_goes_upstream", "cancel::while_the_ledger_is_told_and_after_the_end_there_is_nothing_to_cancel"]),
    row(42, "power cut between grant and start", "tombstone, refund, or interrupted, spent; lease gone ≤ total + 65 s", &["ledger::power_cuts_lose_no_money_and_every_lease_ends", "jobs::a_job_that_loses_its_machine_ends_as_interrupted"]),
    row(43, "power cut between answer and settlement", "books ≥ upstream after every cut; spent", &["ledger::power_cuts_lose_no_money_and_every_lease_ends"]),
    row(44, "an alarm twice, or late", "nothing starts or is booked twice",
        &["engine::job::nothing_starts_twice", "engine::job::a_job_is_settled_until_it_is_confirmed_then_kept_then_forgotten_then_gone", "engine::ledger::money_goes_from_reserved_to_charged_and_refunded_once", "cases::the_real_ledger_answers_as_the_engine_does_whatever_happens"]),
    row(45, "many at the last slot", "exactly as many grants as there is room for; budget-spent; none", &["cap::a_cap_of_a_hundred_meets_a_thousand_requests", "cap::a_ledger_that_looks_and_then_writes_is_caught_by_the_same_requests"]),
    row(46, "a new deploy over old objects", "another build goes on with what is stored; books equal", &["panics::a_job_whose_alarm_panics_ends_when_somebody_looks_and_what_panicked_once_runs_in_a_good_build"])
        .not_here("there is one version of the objects' messages so far, so no older one can be run beside it; two versions at once need the real platform"),
    row(47, "the challenge's verifier is away", "busy 503; ≤ 7 s; none; asked again once under the same key", &["visitors::a_verifier_that_is_away_lets_nobody_in_and_one_that_stumbles_is_asked_again"]),
    row(48, "the verifier says no", "challenge-failed 403; none", &["visitors::what_is_not_our_fresh_token_opens_nothing", "visitors::one_token_opens_one_session_however_many_race", "engine::challenge::a_token_of_elsewhere_fails"]),
    row(49, "a token that is forged, old, another tenant's", "session-required 401; none",
        &["strangers::a_session_of_one_site_is_none_on_another_and_no_token_is_mended", "http::a_token_opens_renews_and_nothing_else_does", "engine::session::a_token_with_any_byte_changed_is_forged", "engine::session::a_token_opens_for_an_hour"]),
    row(50, "a forged Origin", "origin-not-allowed 403, no CORS header; none", &["strangers::no_other_origin_is_ever_let_in_however_it_asks_first", "http::what_contradicts_our_origin_changes_nothing"]),
    row(51, "preflights", "method-not-allowed 405, no CORS header; none", &["strangers::no_other_origin_is_ever_let_in_however_it_asks_first"]),
    row(52, "the clock jumps", "the book's time never runs backwards; days and months are UTC",
        &["engine::ledger::the_books_time_never_runs_backwards", "engine::ledger::sums::a_reservation_belongs_to_the_day_that_granted_it", "engine::ledger::months_have_ends", "engine::ledger::model::nothing_that_can_happen_breaks_the_book"])
        .not_here("workerd's clock is the machine's and cannot be set for it alone; the engine takes the time as an argument, and there it jumps"),
    row(53, "a secret is missing or broken", "misconfigured 503 on every route; not logged; none",
        &["away::a_secret_that_is_missing_or_broken_closes_the_edge_and_is_not_logged", "http::an_invalid_configuration_closes_every_route", "visitors::a_challenge_without_its_secret_or_with_a_test_key_in_the_world_closes_the_edge"]),
    row(54, "a panic", "interrupted ≤ total + 1 s for what ran beside it; books ≥ upstream; lease gone ≤ total + 65 s; the next request works",
        &["panics::a_panic_loses_the_work_of_its_instance_and_no_money", "panics::a_job_whose_alarm_panics_ends_when_somebody_looks_and_what_panicked_once_runs_in_a_good_build", "panics::a_picture_that_is_being_served_breaks_off_and_is_there_again", "panics::the_worker_that_is_served_cannot_be_made_to_panic_nor_its_clock_be_set", "strangers::what_is_no_request_is_refused_and_the_edge_lives_on"])
        .not_here("workerd has no memory limit, so that none can be met"),
    row(55, "the rate-limit binding is missing", "there is no such binding: every limit is the Ledger's", &["away::without_a_ledgers_grant_nothing_goes_upstream"]),
    row(56, "a page whose policy shuts us out, that is hostile, or a browser without storage", "the element's children stand in; the page is unharmed; pictures are made without storage",
        &["embed::its_children_stand_in_for_a_frame_until_it_answers", "embed::a_strict_policy_needs_its_script_and_its_frame_and_nothing_else", "embed::a_hostile_page_forges_nothing_and_changes_nothing", "fallbacks::a_browser_without_webassembly_says_so_and_one_without_storage_makes_pictures"]),
    row(57, "the program is missing, mistyped or cut", "a sentence, and the description is kept; mistyped: it runs",
        &["fallbacks::a_program_that_does_not_come_says_so_and_keeps_the_description", "fallbacks::a_browser_without_webassembly_says_so_and_one_without_storage_makes_pictures", "studio::a_submit_before_the_program_has_come_is_kept_and_carried_out"]),
    row(58, "the switch is off", "site-closed 503; half of twenty ≤ 100 ms; none; what was granted is made",
        &["away::a_closed_site_says_no_at_once_and_to_everybody", "limits::a_closed_site_says_so_and_opens_again", "operator::the_operator_sees_the_books_and_holds_the_switch", "engine::ledger::a_closed_site_grants_nothing_new_and_keeps_its_word"]),
];
