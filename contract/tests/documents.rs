//! `docs/api.md` against the types: every route, every member of every shape, every problem kind and every limit.

use contract::{
    problem::{Limit, ProblemKind},
    route::{Method, Route},
};
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::Path};

fn read(relative: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(relative);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rows of the first table under a heading: its cells without white space round them.
fn rows(heading: &str) -> Vec<Vec<String>> {
    let text = read("../docs/api.md");
    let (_, section) = text.split_once(&format!("# {heading}\n")).expect(heading);
    let table = section.lines().skip_while(|line| !line.starts_with('|'));
    let rows = table.take_while(|line| line.starts_with('|')).skip(2);
    let cells = |line: &str| {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>()
    };
    rows.map(cells).collect()
}

/// The texts between back quotes.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The path of each route, as the document writes it. A new route does not compile here until it has its paths.
fn paths(route: Route<'_>) -> &'static [&'static str] {
    match route {
        Route::Root => &["/"],
        Route::Studio(_) => &["/studio/{site}"],
        Route::Health => &["/healthz"],
        Route::Site(_) => &["/v1/sites/{site}"],
        Route::Sessions => &["/v1/sessions"],
        Route::Allowance => &["/v1/allowance"],
        Route::Jobs => &["/v1/jobs"],
        Route::Job(_) => &["/v1/jobs/{id}"],
        Route::Events(_) => &["/v1/jobs/{id}/events"],
        Route::Picture(..) => &["/v1/jobs/{id}/pictures/{n}"],
        Route::Preview(..) => &["/v1/jobs/{id}/pictures/{n}/preview"],
        Route::Page(_) => &["/statements.html", "/demo/{name}"],
        Route::File(_) => &[
            "/easel.js",
            "/v/{version}/easel.js",
            "/easel.d.ts",
            "/custom-elements.json",
            "/assets/{name}",
            "/sites/{site}/{name}",
        ],
        Route::OperatorLedger => &["/v1/operator/ledger"],
        Route::OperatorSwitch => &["/v1/operator/switch"],
        Route::OperatorLearned => &["/v1/operator/learned"],
        Route::Metrics => &["/metrics"],
    }
}

const ROUTES: [Route<'static>; 17] = [
    Route::Root,
    Route::Studio("a"),
    Route::Health,
    Route::Site("a"),
    Route::Sessions,
    Route::Allowance,
    Route::Jobs,
    Route::Job("a"),
    Route::Events("a"),
    Route::Picture("a", "0"),
    Route::Preview("a", "0"),
    Route::Page("/demo/a"),
    Route::File("/easel.js"),
    Route::OperatorLedger,
    Route::OperatorSwitch,
    Route::OperatorLearned,
    Route::Metrics,
];

const fn word(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Delete => "DELETE",
        Method::Put => "PUT",
    }
}

#[test]
fn every_route_and_method_is_in_the_document_and_no_other() {
    let documented: BTreeSet<String> =
        rows("Routes").iter().flat_map(|row| quoted(&row[0])).collect();
    let mut expected = BTreeSet::new();
    for route in ROUTES {
        for path in paths(route) {
            let concrete = path.replace(['{', '}'], "");
            let read = Route::read(&concrete).unwrap_or_else(|| panic!("{concrete} is no route"));
            let same = std::mem::discriminant(&read) == std::mem::discriminant(&route);
            assert!(same, "{concrete} is {read:?}, not {route:?}");
            expected
                .extend(route.methods().iter().map(|method| format!("{} {path}", word(*method))));
        }
    }
    assert_eq!(documented, expected);
}

/// The members that a table describes, with and without `?`.
fn documented(heading: &str) -> BTreeSet<String> {
    rows(heading).iter().flat_map(|row| quoted(&row[0])).collect()
}

fn members(of: &Value) -> BTreeSet<String> {
    of.as_object().unwrap_or_else(|| panic!("{of} is no object")).keys().cloned().collect()
}

#[test]
fn every_member_of_every_shape_is_in_the_document_and_no_other() {
    let golden = |name: &str| -> Value {
        serde_json::from_str(&read(&format!("tests/golden/{name}"))).unwrap()
    };
    let (job, ledger, session) =
        (golden("job.json"), golden("operator_ledger.json"), golden("session.json"));
    let mut session_request = golden("session_request.json");
    session_request["challenge"] = Value::Null;
    let mut problem = golden("problem_limited.json");
    for optional in ["retry_after_seconds", "resets_at", "limit"] {
        problem[optional] = Value::Null;
    }
    for (heading, shape) in [
        ("Health", &golden("health.json")),
        ("Site", &golden("site.json")),
        ("SessionRequest", &session_request),
        ("Session", &session),
        ("Allowance", &session["allowance"]),
        ("JobRequest", &golden("job_request_most.json")),
        ("Job", &job),
        ("Picture", &job["pictures"][0]),
        ("Problem", &problem),
        ("LedgerReport", &ledger),
        ("SiteDay", &ledger["days"][0]),
        ("Switch", &golden("operator_switch.json")),
        ("Forgotten", &golden("operator_learned.json")),
    ] {
        assert_eq!(documented(heading), members(shape), "{heading}");
    }
    // Objects that a table describes in one cell.
    let inner = |heading: &str, member: &str| {
        let rows = rows(heading);
        let row = rows.iter().find(|row| quoted(&row[0]).iter().any(|it| it == member)).unwrap();
        let (_, list) = row[1].split_once('{').unwrap();
        let (list, _) = list.split_once('}').unwrap();
        list.split(", ").map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let site = golden("site.json");
    assert_eq!(inner("Site", "presets"), members(&site["presets"][0]));
    assert_eq!(inner("Site", "estimates"), members(&site["estimates"][0]));
    assert_eq!(inner("Site", "call_to_action"), members(&site["call_to_action"]));
    assert_eq!(inner("Site", "challenge"), members(&golden("challenge.json")));
    assert_eq!(inner("Job", "cost"), members(&job["cost"]));
    assert_eq!(inner("LedgerReport", "learned"), members(&ledger["learned"][0]));
    assert_eq!(documented("JobRequest"), members(&job["request"]));
}

#[test]
fn every_problem_kind_and_limit_is_in_the_document_and_no_other() {
    let kinds: Vec<Vec<String>> = ProblemKind::ALL
        .iter()
        .map(|kind| {
            let (title, step) = (kind.title().to_owned(), kind.next_step().to_owned());
            vec![format!("`{kind}`"), kind.status().to_string(), title, step]
        })
        .collect();
    assert_eq!(rows("Problem kinds"), kinds);
    let limits: Vec<String> = rows("Limits").into_iter().map(|mut row| row.remove(0)).collect();
    let expected: Vec<String> = Limit::ALL.iter().map(|limit| format!("`{limit}`")).collect();
    assert_eq!(limits, expected);
}
