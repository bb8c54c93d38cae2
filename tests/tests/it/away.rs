//! What the edge does when somebody whom it needs is not there, or not what they should be: the gateway, the Ledger, a secret.

use contract::{
    job::{Job, JobState},
    money::Nano,
    problem::ProblemKind,
    route,
};
use futures_util::future::try_join_all;
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tests::{
    money::order,
    run,
    studio::{KEY, OPERATOR, Setup},
    visitor::{Visitor, client, problem},
};
use tokio::{io::AsyncReadExt, net::TcpListener, sync::Mutex, time::Instant};
use xtask::repo;

/// A fetch that was rejected proves nothing: the picture may have been paid for.
fn assert_spent(job: &Job, within_ms: u64) {
    assert_eq!(job.problem.as_ref().map(|problem| problem.kind), Some(ProblemKind::GatewayFailed));
    let cost = job.cost.expect("shown");
    assert_eq!(cost.charged_usd, Some(cost.reserved_usd));
    assert!(job.elapsed_ms < within_ms, "{} ms", job.elapsed_ms);
}

#[test]
fn a_gateway_where_nobody_listens_fails_the_picture_at_once() {
    run(async {
        let closed = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
        let url = json!(format!("http://{closed}/v1"));
        let studio = Setup::default().gateway("base_url", url).start().await?;
        let job = studio.visitor().await?.make(&order()).await?;
        assert_spent(&job, 5_000);
        assert!(!serde_json::to_string(&job)?.contains("127.0.0.1"), "the address is not told");
        studio.stop().await
    });
}

#[test]
fn a_gateway_that_speaks_no_tls_is_told_nothing() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = json!(format!("https://{}/v1", listener.local_addr()?));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&heard);
        let peer = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut piece = [0; 4096];
                let bytes = stream.read(&mut piece).await.unwrap_or(0);
                all.lock().await.extend_from_slice(&piece[..bytes]);
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, answer).await;
            }
        });
        let studio = Setup::default().gateway("base_url", url).start().await?;
        let job = studio.visitor().await?.make(&order()).await?;
        assert_spent(&job, 5_000);
        peer.abort();
        let heard = heard.lock().await;
        assert_eq!(heard.first(), Some(&22), "the handshake's first byte");
        let key = KEY.as_bytes();
        assert!(!heard.windows(key.len()).any(|window| window == key), "the key is not told");
        studio.stop().await
    });
}

#[test]
fn without_a_ledgers_grant_nothing_goes_upstream() {
    run(async {
        let sites = ["throws", "status", "empty", "html", "null", "other", "half", "never", "slow"];
        let settling = ["settles-never", "settles-with-an-error", "settles-with-nonsense"];
        let ledger = Some(repo::path("tests/broken-ledger.mjs"));
        let more = sites.iter().chain(&settling).map(|site| (*site).to_owned()).collect();
        let studio = Setup { ledger, more, ..Setup::default() }.start().await?;
        let http = client()?;
        let upstream = studio.sandbox.books();
        let refused = sites[..8].iter().map(async |site| {
            let visitor = Visitor::open_on(studio.edge.url(), site, http.clone()).await?;
            let asked = Instant::now();
            let refused = problem(visitor.ask(&order()).await?).await?;
            assert_eq!((refused.kind, refused.status), (ProblemKind::Busy, 503), "{site}");
            assert!(refused.retry_after_seconds.is_some(), "{site}");
            assert!(!format!("{refused:?}").contains("CANARY"), "{site}");
            assert!(asked.elapsed() < Duration::from_secs(12), "{site}: {:?}", asked.elapsed());
            anyhow::Ok(())
        });
        try_join_all(refused).await?;
        assert_eq!(upstream.count(), 0, "nothing was granted");
        assert!(
            studio.edge.stored("Job", "SELECT 1 FROM job").await.unwrap_or_default().is_empty()
        );
        // One that takes its time is waited for.
        let visitor = Visitor::open_on(studio.edge.url(), "slow", http.clone()).await?;
        let asked = Instant::now();
        let made = visitor.make(&order()).await?;
        assert_eq!(made.state, JobState::Succeeded);
        assert!(asked.elapsed() > Duration::from_secs(3));
        // The last state waits for the settlement no longer than two seconds.
        let settled = settling.iter().map(async |site| {
            let visitor = Visitor::open_on(studio.edge.url(), site, http.clone()).await?;
            let job = visitor.make(&order()).await?;
            assert_eq!(job.state, JobState::Succeeded, "{site}");
            assert_eq!((job.cost.and_then(|cost| cost.charged_usd), job.allowance), (None, None));
            assert!(job.elapsed_ms < 6_000, "{site}: {} ms", job.elapsed_ms);
            anyhow::Ok(())
        });
        try_join_all(settled).await?;
        studio.stop().await
    });
}

#[test]
fn a_secret_that_is_missing_or_broken_closes_the_edge_and_is_not_logged() {
    run(async {
        for (name, value) in [
            ("AI_GATEWAY_API_KEY", ""),
            ("AI_GATEWAY_API_KEY", "vck_CANARY\nx-header: 1"),
            ("EASEL_SIGNING_KEY", ""),
            ("EASEL_SIGNING_KEY", "0123456789abcdef0123456789abcdef,CANARY"),
        ] {
            let mut setup = Setup::default();
            setup.secrets.retain(|(own, _)| own != name);
            let studio = setup.secret(name, value).start().await?;
            for path in ["/", "/healthz", route::JOBS, "/v1/sites/demo"] {
                let request = if path == route::JOBS {
                    client()?.post(format!("{}{path}", studio.edge.url()))
                } else {
                    client()?.get(format!("{}{path}", studio.edge.url()))
                };
                let problem = problem(request.send().await?).await?;
                assert_eq!(problem.kind, ProblemKind::Misconfigured, "{name} {value:?} {path}");
                assert!(!format!("{problem:?}").contains("CANARY"));
            }
            assert!(!studio.edge.log().contains("CANARY"), "{}", studio.edge.log());
            studio.stop().await?;
        }
        Ok(())
    });
}

#[test]
fn a_closed_site_says_no_at_once_and_to_everybody() {
    run(async {
        let studio = Setup::default().start().await?;
        let visitor = studio.visitor().await?;
        let running = visitor.create(&json!({ "prompt": "before it closed" })).await?;
        let switch = client()?.put(format!("{}/v1/operator/switch", studio.edge.url()));
        let body = json!({ "site": "demo", "open": false });
        switch.bearer_auth(OPERATOR).json(&body).send().await?.error_for_status()?;
        for _ in 0..20 {
            let asked = Instant::now();
            let refused = problem(visitor.ask(&order()).await?).await?;
            assert_eq!((refused.kind, refused.status), (ProblemKind::SiteClosed, 503));
            // It waits neither for the picture that is being made nor for anything that hangs.
            assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
        }
        // What was granted before is made.
        let job = visitor.watch(&running.id).await?.pop().expect("a state");
        assert_eq!((job.state, studio.sandbox.books().count()), (JobState::Succeeded, 1));
        let booked = tests::money::day(&studio, "demo").await?;
        assert_eq!((booked.reserved_usd, booked.refunded_usd > Nano::ZERO), (Nano::ZERO, true));
        studio.stop().await
    });
}
