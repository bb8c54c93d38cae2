//! The day's cap holds, and what is refused costs nothing.

use contract::{
    problem::{Limit, ProblemKind},
    time::Timestamp,
};
use serde_json::json;
use tests::{
    run,
    studio::{Setup, open_budget},
    visitor::problem,
};

#[test]
fn a_days_cap_is_met_and_not_passed() {
    run(async {
        // Room for two worst cases of a draft with this prompt, and not for three.
        let prompt = "capped sandbox:slow";
        let worst = 5_000_000 + "PREFIX capped sandbox:slow SUFFIX".len() as u64 * 2_000;
        let cap = contract::money::Nano(worst * 3 - 1).to_string();
        let studio = Setup::default().site("budget", open_budget(&cap, "1000")).start().await?;
        let visitor = studio.visitor().await?;
        let first = visitor.create(&json!({ "prompt": prompt })).await?;
        let second = visitor.create(&json!({ "prompt": prompt })).await?;
        // The cap is full of what may come back: that is no reason to wait until tomorrow.
        let busy = problem(visitor.ask(&json!({ "prompt": prompt })).await?).await?;
        assert_eq!((busy.kind, busy.limit), (ProblemKind::Busy, None));
        assert!(busy.retry_after_seconds.is_some_and(|seconds| seconds < 60), "{busy:?}");
        studio.sandbox.books().until(|calls| calls.len() == 2).await;
        // A cancelled start is spent.
        visitor.cancel(&first.id).await?;
        visitor.cancel(&second.id).await?;
        visitor.watch(&first.id).await?;
        visitor.watch(&second.id).await?;
        let response = visitor.ask(&json!({ "prompt": prompt })).await?;
        assert!(response.headers().contains_key("retry-after"));
        let refused = problem(response).await?;
        assert_eq!((refused.kind, refused.limit), (ProblemKind::BudgetSpent, Some(Limit::SiteDay)));
        let resets_at: Timestamp = refused.resets_at.expect("tomorrow");
        assert_eq!(resets_at, resets_at.day().start());
        let dear = json!({ "prompt": prompt, "count": 3 });
        let invalid = problem(visitor.ask(&dear).await?).await?;
        assert_eq!(invalid.kind, ProblemKind::InvalidRequest, "it never fits into a day");
        assert!(invalid.detail.contains("fewer pictures"), "{}", invalid.detail);
        assert_eq!(studio.sandbox.books().asked(), 2);
        studio.stop().await
    });
}

#[test]
fn a_refund_makes_room_again() {
    run(async {
        let prompt = "refunded sandbox:refuse";
        let worst = 5_000_000 + "PREFIX refunded sandbox:refuse SUFFIX".len() as u64 * 2_000;
        let cap = contract::money::Nano(worst).to_string();
        let studio = Setup::default().site("budget", open_budget(&cap, "1000")).start().await?;
        let visitor = studio.visitor().await?;
        for _ in 0..3 {
            visitor.make(&json!({ "prompt": prompt })).await?;
        }
        assert_eq!(studio.sandbox.books().asked(), 3);
        studio.stop().await
    });
}

#[test]
fn a_visitors_pictures_are_counted_and_failures_are_not() {
    run(async {
        let visitor_limits = json!({ "per_hour": 2, "per_day": 5, "concurrent": 5 });
        let studio = Setup::default().site("visitor", visitor_limits).start().await?;
        let visitor = studio.visitor().await?;
        assert_eq!(visitor.session.allowance.remaining, 2);
        let failed = visitor.make(&json!({ "prompt": "sandbox:refuse" })).await?;
        assert_eq!(failed.allowance.map(|allowance| allowance.remaining), Some(2));
        let made = visitor.make(&json!({ "prompt": "one" })).await?;
        assert_eq!(
            made.allowance.map(|allowance| (allowance.remaining, allowance.limit)),
            Some((1, 2))
        );
        let two = problem(visitor.ask(&json!({ "prompt": "two more", "count": 2 })).await?).await?;
        assert_eq!((two.status, two.kind), (429, ProblemKind::VisitorLimit));
        visitor.make(&json!({ "prompt": "two" })).await?;
        let refused = problem(visitor.ask(&json!({ "prompt": "three" })).await?).await?;
        assert_eq!(refused.kind, ProblemKind::VisitorLimit);
        let now: contract::session::Allowance =
            visitor.get(contract::route::ALLOWANCE).await?.json().await?;
        assert_eq!((now.remaining, Some(now.resets_at)), (0, refused.resets_at));
        assert_eq!(
            studio.visitor().await?.session.allowance.remaining,
            2,
            "another visitor has their own"
        );
        studio.stop().await
    });
}
