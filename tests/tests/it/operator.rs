//! The operator's side: books, switch, metrics, alerts.

use anyhow::{Context, Result};
use contract::{job::JobState, money::Nano, problem::ProblemKind, time::Timestamp};
use sandbox::Settings;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{
    canned::{self, Canned},
    hook::Hook,
    money::{WORST, books, day, order},
    run,
    studio::{OPERATOR, Setup, Studio},
    visitor::{client, problem},
};
use tokio::time::{Instant, sleep};

#[test]
fn the_operator_sees_the_books_and_holds_the_switch() {
    run(async {
        let studio = Setup { more: vec!["other".to_owned()], ..Setup::default() }.start().await?;
        let (base, http) = (studio.edge.url(), client()?);
        let visitor = studio.visitor().await?;
        visitor.make(&order()).await?;
        visitor.make(&json!({ "prompt": "sandbox:refuse", "count": 2 })).await?;
        let booked = day(&studio, "demo").await?;
        assert_eq!(
            (booked.pictures, booked.refusals, booked.charged_usd),
            (1, 2, studio.sandbox.books().charged())
        );
        assert!(booked.refunded_usd > Nano::ZERO && booked.unknown_usd == Nano::ZERO);
        assert!(books(base, "other").await?.days.is_empty());
        for (token, path) in
            [("", "ledger"), ("operator", "ledger"), (&*visitor.session.token, "ledger")]
        {
            let refused =
                http.get(format!("{base}/v1/operator/{path}")).bearer_auth(token).send().await?;
            assert_eq!(problem(refused).await?.kind, ProblemKind::OperatorOnly);
        }
        let operator = OPERATOR;
        let switch = |body: Value| {
            http.put(format!("{base}/v1/operator/switch")).bearer_auth(operator).json(&body).send()
        };
        let health = async || {
            Ok::<Value, anyhow::Error>(
                http.get(format!("{base}/healthz")).send().await?.json().await?,
            )
        };
        let closed: Value = switch(json!({ "site": "demo", "open": false })).await?.json().await?;
        assert_eq!(closed, json!({ "site": "demo", "open": false }));
        assert_eq!(problem(visitor.ask(&order()).await?).await?.kind, ProblemKind::SiteClosed);
        assert_eq!(health().await?["status"], "ok", "another site is open");
        switch(json!({ "site": null, "open": false })).await?.error_for_status()?;
        assert_eq!(health().await?["status"], "closed");
        studio.edge.evict_named("Ledger", "demo").await?;
        assert_eq!(problem(visitor.ask(&order()).await?).await?.kind, ProblemKind::SiteClosed);
        switch(json!({ "site": null, "open": true })).await?.error_for_status()?;
        visitor.make(&order()).await?;
        for body in [
            json!({ "open": true }),
            json!({ "site": "nobody", "open": true }),
            json!({ "site": null }),
        ] {
            assert!(matches!(switch(body).await?.status().as_u16(), 400 | 404));
        }
        studio.stop().await
    });
}

#[test]
fn without_an_operators_token_nobody_is_the_operator() {
    run(async {
        let mut setup = Setup::default();
        setup.secrets.retain(|(name, _)| name != "EASEL_OPERATOR_TOKEN");
        let studio = setup.start().await?;
        for (path, token) in [
            ("/v1/operator/ledger", OPERATOR),
            ("/metrics", OPERATOR),
            ("/metrics", ""),
            ("/metrics", "undefined"),
        ] {
            let request = client()?.get(format!("{}{path}", studio.edge.url()));
            let refused = problem(request.bearer_auth(token).send().await?).await?;
            assert_eq!(refused.kind, ProblemKind::OperatorOnly);
        }
        studio.stop().await
    });
}

/// The page of metrics.
async fn metrics(studio: &Studio) -> Result<String> {
    let request = client()?.get(format!("{}/metrics", studio.edge.url())).bearer_auth(OPERATOR);
    let response = request.send().await?.error_for_status()?;
    assert_eq!(response.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    Ok(response.text().await?)
}

#[test]
fn metrics_tell_what_happened() {
    run(async {
        let studio = Setup::default().start().await?;
        let visitor = studio.visitor().await?;
        visitor.make(&order()).await?;
        visitor.make(&json!({ "prompt": "sandbox:refuse", "count": 2 })).await?;
        visitor.make(&json!({ "prompt": "sandbox:cut" })).await?;
        let page = metrics(&studio).await?;
        let charged = day(&studio, "demo").await?.charged_usd;
        for line in [
            r#"easel_pictures_total{site="demo",quality="low",outcome="ready"} 1"#,
            r#"easel_pictures_total{site="demo",quality="low",outcome="refused"} 2"#,
            r#"easel_pictures_total{site="demo",quality="low",outcome="failed"} 1"#,
            r#"easel_problems_total{site="demo",kind="prompt-refused"} 2"#,
            r#"easel_problems_total{site="demo",kind="gateway-failed"} 1"#,
            r#"easel_picture_seconds_count{quality="low"} 1"#,
            r#"easel_budget_usd{site="demo",period="day",state="cap"} 1000"#,
            r#"easel_budget_usd{site="demo",period="month",state="reserved"} 0"#,
            &format!(r#"easel_charged_usd_total{{site="demo"}} {charged}"#),
            &format!(r#"easel_budget_usd{{site="demo",period="day",state="charged"}} {charged}"#),
        ] {
            assert!(page.lines().any(|own| own == line), "{line} is not in\n{page}");
        }
        studio.stop().await
    });
}

/// The names of the alerts that came, once there are so many, or after a while.
async fn alerts(hook: &Hook, count: usize) -> Vec<String> {
    let until = Instant::now() + Duration::from_secs(10);
    while hook.received().len() < count && Instant::now() < until {
        sleep(Duration::from_millis(50)).await;
    }
    // One too many would come now.
    sleep(Duration::from_millis(300)).await;
    let name = |alert: &Value| alert["alert"].as_str().unwrap_or_default().to_owned();
    hook.received().iter().map(name).collect()
}

#[test]
fn a_cap_that_fills_is_told_once_a_day_by_its_highest_share() {
    run(async {
        let hook = Hook::start().await?;
        let cap = Nano(4 * WORST).to_string();
        let setup = Setup { alerts: Some(hook.url().to_owned()), ..Setup::default() };
        let budget = tests::studio::open_budget(&cap, "1000");
        let sandbox = Settings { charge: Some(|_, _, _| Nano(WORST)), ..Settings::for_tests() };
        let studio = Setup { sandbox, ..setup.site("budget", budget) }.start().await?;
        let visitor = studio.visitor().await?;
        for _ in 0..3 {
            visitor.make(&order()).await?;
        }
        assert_eq!(alerts(&hook, 1).await, ["budget-day-50"]);
        for _ in 0..2 {
            let in_vain = visitor.ask(&json!({ "prompt": "a cat", "count": 2 })).await?;
            assert_eq!(problem(in_vain).await?.kind, ProblemKind::BudgetSpent);
        }
        assert_eq!(alerts(&hook, 2).await, ["budget-day-50", "budget-day-100"]);
        let text = hook.received()[0]["text"].as_str().unwrap_or_default().to_owned();
        assert!(text.starts_with("Easel, site demo: 50 % of the day's budget"), "{text}");
        studio.stop().await
    });
}

#[test]
fn a_key_that_is_refused_is_told_once_and_nobody_else_is_let_through_to_it() {
    run(async {
        let hook = Hook::start().await?;
        let mut setup = Setup { alerts: Some(hook.url().to_owned()), ..Setup::default() };
        for (name, value) in &mut setup.secrets {
            if name == "AI_GATEWAY_API_KEY" {
                "an-invalid-key-CANARY".clone_into(value);
            }
        }
        let studio = setup.start().await?;
        let visitor = studio.visitor().await?;
        let job = visitor.make(&order()).await?;
        assert_eq!(job.problem.map(|problem| problem.kind), Some(ProblemKind::GatewayRefused));
        for _ in 0..3 {
            let stopped = problem(visitor.ask(&order()).await?).await?;
            assert_eq!((stopped.status, stopped.kind), (502, ProblemKind::GatewayRefused));
        }
        assert_eq!(studio.sandbox.books().asked(), 1, "the gateway is left alone");
        assert_eq!(alerts(&hook, 1).await, ["gateway-refused"]);
        assert!(!hook.received()[0].to_string().contains("CANARY"));
        let health: Value =
            client()?.get(format!("{}/healthz", studio.edge.url())).send().await?.json().await?;
        assert_eq!((&health["status"], &health["breaker"]), (&json!("ok"), &json!("open")));
        assert!(metrics(&studio).await?.contains(r#"easel_breaker_open{site="demo"} 1"#));
        studio.stop().await
    });
}

#[test]
fn a_picture_of_another_model_is_told_as_that_ones_and_the_operator_is_alerted() {
    run(async {
        let hook = Hook::start().await?;
        let png = canned::small_png()?;
        // By a rule of the account, say: the first time one that is configured, then one that nobody here knows.
        let gateway = Canned::by(move |asked| {
            let by =
                if asked.body.contains("known") { "openai/gpt-image-2" } else { "acme/paint-9" };
            let by = format!(r#"{{"gateway":{{"routing":{{"canonicalSlug":"{by}"}}}}}}"#);
            canned::picture_by(&png, &by)
        })
        .await?;
        let mut setup = Setup { alerts: Some(hook.url().to_owned()), ..Setup::default() };
        setup.models.push(tests::models::model("openai/gpt-image-2", "0.01"));
        let studio = setup.gateway("base_url", gateway.url().into()).start().await?;
        let visitor = studio.visitor().await?;
        for (prompt, model) in [("known", "openai/gpt-image-2"), ("strange", "other")] {
            let job = visitor.make(&json!({ "prompt": prompt })).await?;
            assert_eq!((job.state, job.model.as_str()), (JobState::Succeeded, model));
            let cost = job.cost.context("shown")?;
            assert_eq!(cost.charged_usd, Some(cost.reserved_usd), "no price was told");
        }
        assert_eq!(alerts(&hook, 1).await, ["other-model"]);
        let log = studio.edge.log();
        assert!(log.contains("asked=openai/gpt-image-1-mini reported=acme/paint-9"), "{log}");
        studio.stop().await
    });
}

#[test]
fn the_operator_is_warned_of_what_the_gateway_tells() {
    run(async {
        let over = Timestamp(1_767_225_600_000);
        let sandbox = Settings {
            deprecated: vec![("openai/gpt-image-2".to_owned(), over)],
            credits: Nano(Nano::USD.0 / 2),
            ..Settings::for_tests()
        };
        let mut setup = Setup { sandbox, ..Setup::default() };
        setup.models = vec![tests::models::model("openai/gpt-image-2", "0.01")];
        setup.models[0]["shuts_down"] = Value::Null;
        let studio = setup.start().await?;
        let warnings = async || -> Result<Vec<String>> {
            let health = client()?.get(format!("{}/healthz", studio.edge.url())).send().await?;
            Ok(serde_json::from_value(health.json::<Value>().await?["warnings"].take())?)
        };
        let told = warnings().await?;
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(
            told[0].contains(&format!("gpt-image-2 has shut down, by {}", over.day())),
            "{told:?}"
        );
        assert!(told[1].contains("credits"), "{told:?}");
        assert_eq!(books(studio.edge.url(), "demo").await?.warnings, told);
        warnings().await?;
        let calls = studio.sandbox.books().calls();
        let mut looks: Vec<_> = calls.iter().map(|call| call.path.as_str()).collect();
        looks.sort_unstable();
        assert_eq!(looks, ["/v1/credits", "/v1/models"], "what was told is kept for a while");
        studio.stop().await
    });
}

#[test]
fn health_does_not_wait_for_a_gateway_that_does_not_answer() {
    run(async {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/v1", silent.local_addr()?);
        let mut setup = Setup::default().gateway("base_url", url.into());
        // A day that is over is warned of on every day to come.
        setup.models[0]["shuts_down"] = "2026-01-01".into();
        let studio = setup.start().await?;
        let asked = Instant::now();
        let health = client()?.get(format!("{}/healthz", studio.edge.url())).send().await?;
        let health: Value = health.error_for_status()?.json().await?;
        assert_eq!(health["warnings"].as_array().map(Vec::len), Some(1), "{health}");
        assert!(asked.elapsed() < Duration::from_secs(4), "{:?}", asked.elapsed());
        studio.stop().await
    });
}
