//! What the visitor has paid for is not lost, whatever stands between the studio and the edge: each call of a whole flow is cut,
//! held or answered by somebody else, before or after the edge has acted.
//!
//! The suite plays one of each fault; the test that takes minutes plays every one at every call and prints what became
//! of it, with `EASEL_PROXY=Job` those of one call.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::time::Duration;
use tests::{
    browser::Browser,
    page::{composer::Composer, wall::Wall},
    proxy::{BLANK, Call, Fault, Proxy, Rule, When},
    run,
    studio::{Setup, Studio},
};
use tokio::time::{Instant, sleep};

/// What the studio says while nobody answers.
const AGAIN: &str = "No answer yet. Trying again";
/// How long a picture may take to hang once nothing is in its way any more: the longest pause that this test runs into, and some.
const HANGS: Duration = Duration::from_secs(30);
/// How long after it is ready a picture hangs whose events do not come.
const QUIET: Duration = Duration::from_secs(10);

/// One of each fault, each at another call or another time.
const ONE_OF_EACH: [Rule; 9] = [
    rule(Call::Order, Fault::Cut, When::After),
    rule(Call::Events, Fault::Cut, When::Before),
    rule(Call::Events, Fault::Delay, When::After),
    rule(Call::Session, Fault::Html(200), When::Before),
    rule(Call::Picture, Fault::Html(403), When::Before),
    rule(Call::Job, Fault::Html(410), When::Before),
    rule(Call::Picture, Fault::Html(404), When::After),
    rule(Call::Order, Fault::Html(429), When::Before),
    rule(Call::Delete, Fault::Html(502), When::Before),
];

const fn rule(call: Call, fault: Fault, when: When) -> Rule {
    Rule { call, fault, when }
}

/// A page in which nothing has happened yet.
async fn fresh(browser: &Browser, proxy: &Proxy) -> Result<()> {
    proxy.rule(None);
    // No studio runs there that would remember something meanwhile.
    browser.open(&format!("{}{BLANK}", proxy.url())).await?;
    browser.eval("sessionStorage.clear()").await?;
    browser.open(&format!("{}/studio/demo", proxy.url())).await?;
    browser.see("button", "Create").await?;
    Ok(())
}

async fn ask(browser: &Browser, prompt: &str) -> Result<()> {
    Composer(browser).fill("").await?;
    browser.click("textbox", "Describe a picture").await?;
    browser.type_text(prompt).await?;
    browser.click("button", "Create").await
}

/// A picture hangs, and it is one.
async fn hangs(browser: &Browser, prompt: &str) -> Result<()> {
    let until = Instant::now() + HANGS;
    while !Wall(browser).shows(prompt).await? {
        if Instant::now() > until {
            let text = browser.eval("document.body.innerText").await?;
            anyhow::bail!("“{prompt}” does not hang; the page shows {text}");
        }
        sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// The requests upstream that asked for this.
fn upstream(studio: &Studio, prompt: &str) -> Vec<sandbox::Call> {
    let asks = format!("PREFIX {prompt} SUFFIX");
    let mine = |call: &sandbox::Call| call.json().is_some_and(|body| body["prompt"] == *asks);
    studio.sandbox.books().calls().into_iter().filter(mine).collect()
}

async fn met(proxy: &Proxy) -> Result<()> {
    let until = Instant::now() + HANGS;
    while proxy.met() == 0 {
        ensure!(Instant::now() < until, "no call met the rule");
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// One flow with one fault in it. How long the picture took to hang, or the cancel to be told, once the fault was over.
async fn play(
    studio: &Studio,
    proxy: &Proxy,
    browser: &Browser,
    rule: Rule,
    number: usize,
) -> Result<Duration> {
    let slow = if rule.call == Call::Delete { " sandbox:slow" } else { "" };
    // A name is told with single spaces, whatever is written.
    let prompt = format!("{rule} {number}{slow}").replace('(', " ").replace(')', "");
    let prompt = prompt.as_str();
    fresh(browser, proxy).await?;
    match rule.call {
        Call::Session | Call::Order | Call::Picture | Call::Events => {
            proxy.rule(Some(rule));
            ask(browser, prompt).await?;
        }
        Call::Job => {
            ask(browser, prompt).await?;
            hangs(browser, prompt).await?;
            proxy.rule(Some(rule));
            browser.reload().await?;
        }
        Call::Delete => {
            ask(browser, prompt).await?;
            while upstream(studio, prompt).is_empty() {
                sleep(Duration::from_millis(20)).await;
            }
            proxy.rule(Some(rule));
            browser.click("button", "Cancel").await?;
        }
    }
    let began = Instant::now();
    met(proxy).await?;
    // What is held is waited for in seconds that count; and a cancel whose answer is lost is told by the events.
    let told = rule.fault != Fault::Delay
        && rule.call != Call::Events
        && (rule.call, rule.when) != (Call::Delete, When::After);
    if told {
        browser.read(AGAIN).await?;
    }
    if rule.call == Call::Job {
        let kept = "sessionStorage.getItem('easel:demo').trim().split('\\n').length";
        ensure!(browser.eval(kept).await? == json!(2), "the id is forgotten");
    }
    let began = if rule.call == Call::Events {
        began
    } else {
        proxy.rule(None);
        Instant::now()
    };
    if rule.call == Call::Delete {
        browser.read("Cancelled").await?;
        let closed = || upstream(studio, prompt).iter().all(|call| call.closed_after.is_some());
        while !closed() {
            ensure!(began.elapsed() < HANGS, "upstream still works");
            sleep(Duration::from_millis(50)).await;
        }
        ensure!(browser.count("image", Some(prompt)).await? == 0, "it hangs");
    } else {
        hangs(browser, prompt).await?;
    }
    let took = began.elapsed();
    ensure!(rule.call != Call::Events || took < QUIET, "only after {took:?}");
    let paid = upstream(studio, prompt).len();
    ensure!(paid == 1, "paid {paid} times");
    Ok(took)
}

#[test]
fn nothing_paid_for_is_lost_whatever_stands_in_between() {
    play_all(ONE_OF_EACH.to_vec(), false);
}

#[test]
#[ignore = "minutes: `cargo xtask test --long`"]
fn nothing_paid_for_is_lost_at_any_call_by_any_fault() {
    let asked = std::env::var("EASEL_PROXY").ok().filter(|call| call != "all");
    let whens = [When::Before, When::After];
    let every = Call::ALL.into_iter().flat_map(|call| {
        Fault::ALL.into_iter().flat_map(move |fault| whens.map(|when| rule(call, fault, when)))
    });
    let is_asked = |rule: &Rule| asked.iter().all(|call| format!("{:?}", rule.call) == *call);
    let rules: Vec<_> = every.filter(is_asked).collect();
    assert!(!rules.is_empty(), "EASEL_PROXY is neither `all` nor a call");
    play_all(rules, true);
}

/// Plays faults one after the other, and says of each what became of it if that is asked for.
fn play_all(rules: Vec<Rule>, says: bool) {
    run(async move {
        let studio = Studio::shared().await?;
        let proxy = Proxy::start(studio.edge.url()).await?;
        let browser = Browser::start().await?;
        let mut lost = Vec::new();
        for (number, rule) in rules.into_iter().enumerate() {
            let played = play(studio, &proxy, &browser, rule, number).await;
            if says {
                let end = match &played {
                    Ok(took) => format!("{:.1} s", took.as_secs_f64()),
                    Err(error) => format!("LOST: {error:#}"),
                };
                println!("{rule}: {end}");
            }
            if let Err(error) = played {
                lost.push(format!("{rule}: {error:#}"));
            }
        }
        ensure!(lost.is_empty(), "{}", lost.join("\n"));
        browser.stop().await
    });
}

#[test]
fn an_order_whose_answers_are_lost_is_made_once_also_by_try_again_and_after_a_reload() {
    run(async {
        let studio = Studio::shared().await?;
        let proxy = Proxy::start(studio.edge.url()).await?;
        let browser = Browser::start().await?;
        for reload in [false, true] {
            let prompt = format!("Lost on its way back, {reload}");
            fresh(&browser, &proxy).await?;
            proxy.rule(Some(rule(Call::Order, Fault::Html(502), When::After)));
            ask(&browser, &prompt).await?;
            browser.read(AGAIN).await?;
            if reload {
                browser.reload().await?;
                browser.read(AGAIN).await?;
                proxy.rule(None);
            } else {
                browser.see("button", "Try again").await?;
                proxy.rule(None);
                browser.click("button", "Try again").await?;
            }
            hangs(&browser, &prompt).await?;
            assert_eq!(upstream(studio, &prompt).len(), 1, "{prompt}");
        }
        browser.stop().await
    });
}

#[test]
fn a_cancel_right_after_the_press_ends_the_request_upstream() {
    run(async {
        let (studio, browser) = Browser::on_shared().await?;
        let prompt = "Never mind at once sandbox:slow";
        ask(&browser, prompt).await?;
        browser.click("button", "Cancel").await?;
        let pressed = Instant::now();
        browser.read("Cancelled").await?;
        let closed = || upstream(studio, prompt).iter().all(|call| call.closed_after.is_some());
        while !closed() {
            ensure!(pressed.elapsed() < Duration::from_secs(10), "upstream still works");
            sleep(Duration::from_millis(20)).await;
        }
        browser.see("button", "Create").await?;
        // The second half of a double click on Create is another matter: the browser counts.
        let twice = "Twice at once sandbox:slow";
        Composer(&browser).fill("").await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text(twice).await?;
        browser.double_click("button", "Create").await?;
        browser.see("button", "Cancel").await?;
        studio.sandbox.books().until(|_| !upstream(studio, twice).is_empty()).await;
        sleep(Duration::from_millis(500)).await;
        assert!(upstream(studio, twice).iter().all(|call| call.closed_after.is_none()));
        browser.click("button", "Cancel").await?;
        browser.read("Cancelled").await?;
        browser.stop().await
    });
}

#[test]
fn a_cancel_before_there_is_a_session_sends_nothing() {
    run(async {
        let studio = Studio::shared().await?;
        let proxy = Proxy::start(studio.edge.url()).await?;
        let browser = Browser::start().await?;
        fresh(&browser, &proxy).await?;
        proxy.rule(Some(rule(Call::Session, Fault::Html(502), When::Before)));
        let prompt = "Never mind before it left";
        ask(&browser, prompt).await?;
        browser.click("button", "Cancel").await?;
        browser.read("Cancelled").await?;
        browser.see("button", "Create").await?;
        proxy.rule(None);
        sleep(Duration::from_secs(3)).await;
        browser.see("button", "Create").await?;
        assert!(upstream(studio, prompt).is_empty(), "it was sent");
        browser.stop().await
    });
}

#[test]
fn a_wait_is_counted_right_by_a_clock_that_is_hours_behind() {
    run(async {
        let studio = Studio::shared().await?;
        let browser = Browser::start().await?;
        browser.open("about:blank").await?;
        let behind = "{ const Right = Date; globalThis.behind = 7_200_000; globalThis.Date = class extends Right { constructor(...given) { super(...(given.length ? given : [Right.now() - behind])) } static now() { return Right.now() - behind } } }";
        browser.cdp("Page.enable", json!({})).await?;
        browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": behind })).await?;
        browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
        ask(&browser, "A patient one sandbox:busy-bare").await?;
        let seconds = async || {
            let find = "document.body.innerText.match(/Next try in (\\d+) s/)?.[1] ?? ''";
            anyhow::Ok(browser.eval(find).await?.as_str().and_then(|text| text.parse::<u64>().ok()))
        };
        browser.read("Next try in ").await?;
        let first = seconds().await?.context("no seconds")?;
        assert!((1..=6).contains(&first), "{first} s");
        // Somebody sets the clock.
        let set = Instant::now();
        browser.eval("globalThis.behind = -7_200_000").await?;
        // A busy machine may show the next number late, but no other one.
        let mut second = first;
        let changed = async || {
            second = seconds().await?.context("the wait is over too soon")?;
            Ok(second != first)
        };
        browser.until_true("that the wait goes on", changed).await?;
        let passed = set.elapsed().as_secs();
        assert!(second < first && first - second <= passed + 1, "{first} s, then {second} s");
        browser.stop().await
    });
}

#[test]
fn none_left_stays_so_after_a_reload() {
    run(async {
        let visitor = json!({ "per_hour": 2, "per_day": 9, "concurrent": 2 });
        let studio = Setup::default().site("visitor", visitor).start().await?;
        let browser = Browser::on(&studio, "").await?;
        for prompt in ["One", "Two"] {
            ask(&browser, prompt).await?;
            browser.see("image", prompt).await?;
        }
        browser.read("None left").await?;
        browser.reload().await?;
        for prompt in ["One", "Two"] {
            browser.see("image", prompt).await?;
        }
        // A session does not say whether the pictures are used up or there is a pause: only when there are new ones.
        browser.read("New ones from ").await?;
        sleep(Duration::from_millis(500)).await;
        let text = Composer(&browser).left().await?;
        assert!(text.starts_with("New ones from "), "{text}");
        browser.stop().await?;
        studio.stop().await
    });
}
