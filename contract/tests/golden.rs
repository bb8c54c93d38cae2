//! The JSON of each type of the public interface, byte for byte. A changed golden file is a change of that interface.

use contract::{
    health::{Breaker, Health, Status},
    job::{Cost, Job, JobRequest, JobState, Order, Picture, PictureState},
    money::Nano,
    operator::{Forgotten, LearnedExcess, LedgerReport, SiteDay, Switch},
    options::{Background, Format, MediaType, Quality, Size},
    problem::{Limit, Problem, ProblemKind},
    session::{Allowance, Session, SessionRequest},
    site::{CallToAction, CallToActionWhen, Challenge, Estimate, History, Preset, Site},
    time::Timestamp,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, fmt::Debug, fs, path::Path};

/// Compares a value with its golden file, by writing the value and by reading the file.
#[track_caller]
fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, value: &T) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let golden = fs::read_to_string(&path).unwrap_or_default();
    let written = serde_json::to_string_pretty(value).unwrap() + "\n";
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &written).unwrap();
        return;
    }
    assert_eq!(written, golden, "{name} differs; with BLESS=1 the test rewrites it");
    assert_eq!(&serde_json::from_str::<T>(&golden).unwrap(), value);
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn square() -> Size {
    Size { width: 1024, height: 1024 }
}

fn allowance() -> Allowance {
    Allowance { remaining: 7, limit: 10, resets_at: at("2026-11-22T12:00:00Z") }
}

fn job() -> Job {
    let ready = Picture {
        index: 0,
        state: PictureState::Ready,
        url: Some("/v1/jobs/ab/pictures/0".to_owned()),
        preview_url: None,
        media_type: Some(MediaType::Webp),
        width: Some(1024),
        height: Some(1024),
        bytes: Some(1_488_256),
        credentials: true,
        problem: None,
    };
    let failed = Picture {
        index: 1,
        state: PictureState::Failed,
        url: None,
        media_type: None,
        width: None,
        height: None,
        bytes: None,
        credentials: false,
        problem: Some(Problem::new(ProblemKind::GatewayFailed, "5d0c1a2b")),
        ..ready.clone()
    };
    Job {
        id: "ab".to_owned(),
        revision: 5,
        state: JobState::Succeeded,
        request: Order {
            prompt: "A red balloon".to_owned(),
            count: 2,
            size: square(),
            quality: Quality::Low,
            background: Background::Auto,
            format: Format::Webp,
            compression: Some(80),
        },
        model: "openai/gpt-image-1-mini".to_owned(),
        pictures: vec![ready, failed],
        elapsed_ms: 8_250,
        expected_ms: Some(9_000),
        waiting_until: None,
        allowance: Some(allowance()),
        cost: Some(Cost { reserved_usd: Nano(10_052_000), charged_usd: Some(Nano(7_236_000)) }),
        problem: None,
    }
}

#[test]
fn jobs() {
    check("job.json", &job());
    let waiting = Job {
        state: JobState::Running,
        waiting_until: Some(at("2026-11-22T10:39:59.999Z")),
        allowance: None,
        cost: None,
        expected_ms: None,
        pictures: vec![],
        ..job()
    };
    check("job_waiting.json", &waiting);
}

#[test]
fn requests() {
    let least = JobRequest {
        prompt: "A red balloon".to_owned(),
        count: None,
        size: None,
        quality: None,
        background: None,
        format: None,
        compression: None,
    };
    check("job_request_least.json", &least);
    let most = JobRequest {
        count: Some(2),
        size: Some(Size { width: 1536, height: 1024 }),
        quality: Some(Quality::High),
        background: Some(Background::Transparent),
        format: Some(Format::Webp),
        compression: Some(80),
        ..least
    };
    check("job_request_most.json", &most);
    check("session_request.json", &SessionRequest { site: "demo".to_owned(), challenge: None });
}

#[test]
fn what_is_unknown_is_refused_in_requests() {
    assert!(serde_json::from_str::<JobRequest>(r#"{"prompt":"x","model":"y"}"#).is_err());
    assert!(serde_json::from_str::<SessionRequest>(r#"{"site":"x","y":1}"#).is_err());
}

#[test]
fn sessions() {
    let session = Session {
        token: "1.demo.…".to_owned(),
        expires_at: at("2026-11-22T11:39:59.999Z"),
        allowance: allowance(),
    };
    check("session.json", &session);
}

#[test]
fn sites() {
    let site = Site {
        id: "acme".to_owned(),
        sizes: vec![square(), Size { width: 1024, height: 1536 }],
        default_size: square(),
        qualities: Quality::ALL.to_vec(),
        default_quality: Quality::Medium,
        max_inputs: 4,
        max_input_side: 1536,
        concurrent: 2,
        formats: vec![Format::Webp, Format::Png, Format::Jpeg],
        backgrounds: Background::ALL.to_vec(),
        max_count: 4,
        max_prompt_chars: 1000,
        presets: vec![Preset {
            label: "Paper craft".to_owned(),
            prompt: "A lighthouse of cut paper".to_owned(),
            picture: Some("/sites/acme/paper-craft-0123456789abcdef.webp".to_owned()),
        }],
        texts: BTreeMap::from([("create".to_owned(), "Paint".to_owned())]),
        challenge: None,
        history: History::Session,
        choose: false,
        show_cost: true,
        estimates: Some(vec![Estimate {
            size: square(),
            quality: Quality::Low,
            expected_ms: None,
            usd: Some(Nano(2_176_000)),
        }]),
        call_to_action: Some(CallToAction {
            label: "Talk to us".to_owned(),
            url: "https://acme.example/talk".to_owned(),
            when: CallToActionWhen::Limit,
        }),
        privacy_url: None,
        report_url: None,
        retention_minutes: 60,
        sandbox: false,
    };
    check("site.json", &site);
    let challenge = Challenge {
        provider: "turnstile".to_owned(),
        site_key: "0x4AAAAAAA".to_owned(),
        script: "https://challenges.example/turnstile/v0/api.js".to_owned(),
    };
    check("challenge.json", &challenge);
}

#[test]
fn health() {
    let warnings = vec!["openai/gpt-image-1-mini shuts down on 2026-12-01".to_owned()];
    check(
        "health.json",
        &Health {
            status: Status::Ok,
            version: "0.1.0".to_owned(),
            sandbox: true,
            breaker: Breaker::Closed,
            warnings,
        },
    );
}

#[test]
fn every_problem_kind() {
    let problems: Vec<_> =
        ProblemKind::ALL.iter().map(|kind| Problem::new(*kind, "5d0c1a2b")).collect();
    check("problems.json", &problems);
    let limited = Problem {
        retry_after_seconds: Some(3600),
        resets_at: Some(at("2026-11-23T00:00:00Z")),
        limit: Some(Limit::VisitorDay),
        ..Problem::new(ProblemKind::VisitorLimit, "5d0c1a2b")
    };
    check("problem_limited.json", &limited);
}

#[test]
fn operator() {
    let day = SiteDay {
        day: "2026-11-22".parse().unwrap(),
        site: "demo".to_owned(),
        pictures: 3,
        refusals: 1,
        reserved_usd: Nano(5_026_000),
        charged_usd: Nano(6_630_000),
        refunded_usd: Nano(13_448_000),
        unknown_usd: Nano::ZERO,
    };
    let switches = vec![Switch { site: Some("demo".to_owned()), open: true }];
    let learned = LearnedExcess {
        site: "demo".to_owned(),
        model: "openai/gpt-image-2.5-flare".to_owned(),
        quality: Quality::High,
        size: square(),
        inputs: 2,
        excess_usd: Nano(12_300_000),
        until: at("2026-12-22T10:39:59Z"),
    };
    let learned = vec![learned];
    let report = LedgerReport { days: vec![day], switches, warnings: vec![], learned };
    check("operator_ledger.json", &report);
    check("operator_learned.json", &Forgotten { forgotten: 3 });
    let before = r#"{"days":[],"switches":[],"warnings":[]}"#;
    let before = serde_json::from_str::<LedgerReport>(before).unwrap();
    assert!(before.learned.is_empty(), "an edge of an earlier version sends none");
    check("operator_switch.json", &Switch { site: None, open: false });
    assert!(
        serde_json::from_str::<Switch>(r#"{"open":true}"#).is_err(),
        "every site is never meant by accident"
    );
}
