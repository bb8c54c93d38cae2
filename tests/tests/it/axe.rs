//! Axe finds nothing: on our own pages, in the frames inside of them, and in every state of the studio.
//!
//! It is injected by the driver, which no policy binds: the policies stay what they are, and the test says so.
//!
//! Decision: docs/decisions/2026-11-29-audit-tools-are-never-shipped.md.

use anyhow::{Context, Result};
use contract::problem::{Problem, ProblemKind};
use sandbox::{Pace, Settings};
use serde_json::{Value, json};
use tests::{
    browser::Browser,
    page::{composer::Composer, embedded, viewer::Viewer, wall::Wall},
    run,
    studio::{Setup, Studio},
};
use xtask::repo;

/// What axe says of one document. Frames are entered one by one, since it cannot reach into those of others; what moves
/// comes to rest first, because a colour on its way is nobody's contrast.
const CHECK: &str = "return (async () => {
    const still = (animation) => animation.effect.getComputedTiming().iterations !== Infinity && animation.finished.catch(() => 0);
    await Promise.all(document.getAnimations().map(still));
    const { violations, passes } = await axe.run(document, { iframes: false, resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } });
    return { passed: passes.length, found: violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`) };
})()";

/// A browser with axe at hand, and what it has found.
struct Axe {
    source: String,
    browser: Browser,
    found: Vec<String>,
}

impl Axe {
    async fn start() -> Result<Self> {
        let source = std::fs::read_to_string(repo::path("node_modules/axe-core/axe.min.js"))
            .context("axe-core is missing; `cargo xtask setup` installs it")?;
        Ok(Self { source, browser: Browser::start().await?, found: Vec::new() })
    }

    /// Checks the document that the driver stands in.
    async fn here(&mut self, place: &str) -> Result<()> {
        if self.browser.script("return typeof axe").await? != "object" {
            self.browser.script(&self.source).await?;
        }
        let said = self.browser.script(CHECK).await?;
        assert!(said["passed"].as_u64() > Some(5), "{place}: axe looked at nothing: {said}");
        let found = said["found"].as_array().context("no list")?;
        self.found.extend(found.iter().map(|one| format!("{place}: {one}")));
        Ok(())
    }

    /// Checks the page, and the frame of each of its studios, in each look.
    async fn everywhere(&mut self, place: &str, studios: usize) -> Result<()> {
        for (width, height) in [(1280, 900), (320, 640)] {
            for dark in [false, true] {
                self.browser.look(width, height, dark, true).await?;
                let theme = if dark { "dark" } else { "light" };
                let place = format!("{place}, {width} px, {theme}");
                self.here(&place).await?;
                for at in 0..studios {
                    self.browser.enter(&format!("inside({at})")).await?;
                    self.here(&format!("{place}, frame {at}")).await?;
                    self.browser.leave().await?;
                }
            }
        }
        self.browser.look(1280, 900, false, true).await
    }

    async fn finish(self) -> Result<()> {
        assert!(self.found.is_empty(), "{}", self.found.join("\n"));
        self.browser.stop().await
    }
}

async fn ask(browser: &Browser, prompt: &str) -> Result<()> {
    Composer(browser).fill("").await?;
    browser.click("textbox", "Describe a picture").await?;
    browser.type_text(prompt).await?;
    browser.press("Enter").await
}

/// A studio that shows whatever it can.
async fn studio(per_hour: u32) -> Result<Studio> {
    let settings = Settings { pace: Pace::Instant, ..Settings::for_tests() };
    let visitor = json!({ "per_hour": per_hour, "per_day": 30, "concurrent": 2 });
    Setup { sandbox: settings, ..Setup::default() }
        .site("choose", json!(true))
        .site("visitor", visitor)
        .start()
        .await
}

#[test]
fn axe_finds_nothing_on_our_pages_and_in_their_frames() {
    run(async {
        let base = Studio::shared().await?.edge.url();
        let mut axe = Axe::start().await?;
        let mut pages = vec![String::new(), "statements.html".to_owned()];
        for file in repo::files_under("dist/demo") {
            let name = file.file_name().context("no name")?.to_string_lossy().into_owned();
            pages.push(format!("demo/{name}"));
        }
        assert!(pages.len() > 7, "{pages:?}");
        for page in pages {
            axe.browser.look(1280, 900, false, true).await?;
            axe.browser.open(&format!("{base}/{page}")).await?;
            // Every frame is there before anything is looked at.
            let mounted = "(async () => { let ready = 0; addEventListener('easel:ready', () => ready++); const all = studios(); for (const studio of all) { studio.loading = 'eager'; studio.locale = 'en'; } for (let turn = 0; turn < 400 && ready < all.length; turn++) await new Promise((then) => setTimeout(then, 25)); return [all.length, ready] })()";
            embedded::find(&axe.browser).await?;
            let counts = axe.browser.eval(mounted).await?;
            assert_eq!(counts[0], counts[1], "/{page}");
            let studios = usize::try_from(counts[0].as_u64().context("no number")?)?;
            axe.everywhere(&format!("/{page}"), studios).await?;
        }
        axe.finish().await
    });
}

/// The key of the text that a card of this kind says first: the kind's own word, but for faults of the studio itself.
const fn headline(kind: ProblemKind) -> &'static str {
    match kind {
        // Nothing that a visitor does brings these about.
        ProblemKind::OperatorOnly
        | ProblemKind::NotFound
        | ProblemKind::MethodNotAllowed
        | ProblemKind::IdempotencyMismatch => "ours",
        _ => kind.word(),
    }
}

/// Answers every request for a picture with `answer`, as the edge would in these cases.
const ANSWERS: &str = "((own) => { window.fetch = (path, init) => String(path.url ?? path).endsWith('/v1/jobs') ? answer() : own(path, init) })(fetch)";

/// Each problem: its name, the key of its headline, and what answers.
fn problems() -> Result<Vec<(&'static str, &'static str, String)>> {
    let mut rows = vec![
        ("no network", "offline", "Object.defineProperty(navigator, 'onLine', { value: false, configurable: true }), Promise.reject(new TypeError())".to_owned()),
        ("no answer", "unreachable", "delete navigator.onLine, Promise.reject(new TypeError())".to_owned()),
        ("no sense", "ours", "Promise.resolve(new Response('<html>', { status: 500 }))".to_owned()),
    ];
    for kind in ProblemKind::ALL {
        let body = json!(serde_json::to_string(&Problem::new(*kind, "r"))?);
        let status = kind.status();
        let answer = format!(
            "Promise.resolve(new Response({body}, {{ status: {status}, headers: {{ 'content-type': 'application/problem+json' }} }}))"
        );
        rows.push((kind.word(), headline(*kind), answer));
    }
    Ok(rows)
}

#[test]
fn axe_finds_nothing_on_the_card_of_any_problem() {
    run(async {
        let words: Value = serde_json::from_slice(&std::fs::read(repo::path("texts/en.json"))?)?;
        let mut axe = Axe::start().await?;
        axe.browser.look(1280, 900, false, true).await?;
        let studio = Studio::shared().await?;
        axe.browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
        axe.browser.eval(ANSWERS).await?;
        let problems = problems()?;
        for (name, key, answer) in &problems {
            axe.browser.eval(&format!("void (window.answer = () => ({answer}))")).await?;
            ask(&axe.browser, name).await?;
            let told = [words[key].as_str().context("no words")?, name].map(str::to_owned);
            let is_told = async || Ok(Wall(&axe.browser).problems().await?.contains(&told));
            axe.browser.until_true(&format!("a card with {told:?}"), is_told).await?;
            axe.browser.see("button", "Create").await?;
            // Now, because an older card is one line.
            axe.here(name).await?;
        }
        // Only cards near the screen are there: one that shows all of them.
        for (width, height) in [(1280, 12_000), (320, 24_000)] {
            for dark in [false, true] {
                axe.browser.look(width, height, dark, true).await?;
                let all = async || Ok(Wall(&axe.browser).problems().await?.len() == problems.len());
                axe.browser.until_true("all cards", all).await?;
                axe.here(&format!("every problem, {width} px, dark: {dark}")).await?;
            }
        }
        axe.finish().await
    });
}

#[test]
fn axe_finds_nothing_in_any_state_and_no_policy_was_weakened_for_it() {
    run(async {
        let open = studio(20).await?;
        let mut axe = Axe::start().await?;
        axe.browser.look(1280, 900, false, true).await?;
        axe.browser.open(&format!("{}/studio/demo", open.edge.url())).await?;
        axe.browser.see("button", "Create").await?;
        axe.everywhere("idle", 0).await?;
        // Axe is in, and yet the page itself runs nothing that is inline.
        let inline = "(() => { const script = document.createElement('script'); script.textContent = 'window.ran = 1'; document.body.append(script); script.remove(); return [typeof axe, typeof ran] })()";
        assert_eq!(axe.browser.eval(inline).await?, json!(["object", "undefined"]));
        for prompt in ["A night sky over mountains", "A quiet sea at dusk"] {
            ask(&axe.browser, prompt).await?;
            axe.browser.see("image", prompt).await?;
            axe.browser.see("button", "Create").await?;
        }
        axe.everywhere("done", 0).await?;
        axe.browser.click("button", "Select").await?;
        axe.browser.click("button", "Select all").await?;
        axe.everywhere("selection", 0).await?;
        axe.browser.click("button", "Delete").await?;
        axe.browser.read("2 pictures deleted.").await?;
        axe.here("nothing left but the toast").await?;
        axe.browser.click("button", "Undo").await?;
        axe.browser.click("button", "Open picture: A quiet sea at dusk").await?;
        axe.browser.see("dialog", "Picture").await?;
        axe.everywhere("viewer", 0).await?;
        Viewer(&axe.browser).unfold().await?;
        axe.everywhere("viewer with all that can be done", 0).await?;
        axe.browser.click("button", "Delete").await?;
        axe.here("the toast in the viewer").await?;
        axe.browser.click("button", "Undo").await?;
        axe.browser.click("button", "Change this picture").await?;
        axe.browser.see("image", "Picture 1").await?;
        axe.everywhere("with references", 0).await?;
        axe.browser.click("button", "Remove picture 1").await?;
        ask(&axe.browser, "Something unkind sandbox:refuse").await?;
        axe.browser.read("refused this description").await?;
        axe.browser.see("button", "Create").await?;
        axe.everywhere("problem", 0).await?;
        ask(&axe.browser, "A slow one sandbox:slow").await?;
        axe.browser.see("button", "Cancel").await?;
        axe.everywhere("running", 0).await?;
        axe.browser.see("button", "Cancel").await?;
        open.stop().await?;

        let full = studio(1).await?;
        axe.browser.open(&format!("{}/studio/demo", full.edge.url())).await?;
        ask(&axe.browser, "The only one").await?;
        axe.browser.see("image", "The only one").await?;
        axe.browser.see("button", "Create").await?;
        ask(&axe.browser, "One too many").await?;
        axe.browser.read(ProblemKind::VisitorLimit.title()).await?;
        axe.everywhere("limit reached", 0).await?;
        full.stop().await?;
        axe.finish().await
    });
}
