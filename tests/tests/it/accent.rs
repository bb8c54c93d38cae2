//! Any accent that an owner names can be read and seen, in light and dark: measured on the colours that Chromium computes.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::{browser::Browser, page::structure, run, studio::Studio};

/// Names, dark and light ones, greys, both ends, and those next to where black and white stand out alike.
const ACCENTS: &str = "#ffe000 #ff7a00 #00b8d4 #ff0000 #00ff00 #0000ff #ff00ff #00ffff #ffff00 #000000 #ffffff #767676 #777777 #747474 \
    #b4431c #a8432a #1c2b4a #7a2e6a #4c6420 #f0906f #b8caf2 #808000 #800080 #008080 #c0c0c0 #8a5300 #ff69b4 #2e8b57 #d2691e #e91e63 \
    #1877f2 #1db954 oklch(0.7_0.25_150) color(display-p3_1_0.8_0) hsl(48_100%_50%)";

/// Runs with “Create” as `this`; sets an accent and measures: text on it, text on it while it is pressed, and what is drawn in it on each ground.
const MEASURE: &str = "async function (accent) {
    const root = document.documentElement;
    root.style.setProperty('--easel-accent', accent);
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const probe = document.body.appendChild(document.createElement('i'));
    const seen = (colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const linear = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const contrast = (one, other) => {
        const [dark, light] = [seen(one), seen(other)].sort((a, b) => a - b);
        return (light + 0.05) / (dark + 0.05);
    };
    const token = (name) => {
        probe.style.color = `var(${name})`;
        return getComputedStyle(probe).color;
    };
    const still = () => Promise.all(document.getAnimations().filter(({ effect }) => effect.getComputedTiming().iterations !== Infinity).map(({ finished }) => finished.catch(() => 0)));
    await still();
    const button = getComputedStyle(this);
    const grounds = ['--paper', '--raised', '--bath'].map(token);
    const text = { create: contrast(button.color, button.backgroundColor), pressed: contrast(token('--on-accent'), token('--accent-pressed')) };
    const drawn = {
        border: button.borderTopColor,
        dot: CHOSEN_DOT,
        mark: token('--accent-mark'),
        pressed: token('--accent-mark-pressed'),
    };
    const marks = Object.entries(drawn).map(([name, colour]) => [name, Math.min(...grounds.map((ground) => contrast(colour, ground)))]);
    probe.remove();
    return { text, marks: Object.fromEntries(marks) };
}";

/// Everything below its bound, with its accent.
async fn faults(browser: &Browser, dark: bool) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let create = browser.see("button", "Create").await?;
    let measure = MEASURE.replace("CHOSEN_DOT", structure::CHOSEN_DOT);
    for accent in ACCENTS.split_whitespace().map(|accent| accent.replace('_', " ")) {
        let measured = browser.ask(create, &measure, &[json!(accent)]).await?;
        for (part, least) in [("text", 4.5), ("marks", 3.0)] {
            let found = measured[part].as_object().context("nothing was measured")?;
            assert!(found.len() > 1, "{measured}");
            let low = found.iter().filter(|(_, value)| value.as_f64().is_none_or(|it| it < least));
            faults
                .extend(low.map(|(name, value)| format!("{accent}, dark {dark}: {name} {value}")));
        }
    }
    Ok(faults)
}

#[test]
fn any_accent_can_be_read_and_seen_in_light_and_dark() {
    run(async {
        let (_, browser) = Browser::on_shared().await?;
        browser.see("button", "Create").await?;
        let mut found = Vec::new();
        for dark in [false, true] {
            browser.look(1280, 900, dark, true).await?;
            found.extend(faults(&browser, dark).await?);
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
        browser.stop().await
    });
}

#[test]
fn an_owners_own_text_colour_wins_and_the_accent_of_a_button_stays_as_it_is() {
    run(async {
        let (_, browser) = Browser::on_shared().await?;
        browser.see("button", "Create").await?;
        let set = "['accent', '#ffe000'], ['on-accent', '#123456']";
        browser
            .eval(&format!("void [{set}].map(([name, value]) => document.documentElement.style.setProperty(`--easel-${{name}}`, value))"))
            .await?;
        let colours = "function () { const { color, backgroundColor } = getComputedStyle(this); return [color, backgroundColor] }";
        let expected: Value = json!(["rgb(18, 52, 86)", "rgb(255, 224, 0)"]);
        let are = async || Ok(browser.of("button", "Create", colours).await? == expected);
        browser.until_true(&format!("a button in {expected}"), are).await?;
        browser.stop().await
    });
}

/// Surfaces that owners have: paper, cream, sky, white, and night, navy, wine, black.
const SURFACES: [&str; 8] = [
    "#ffffff",
    "#fff8e7",
    "#e3f2fd",
    "oklch(0.9 0.04 150)",
    "#0b1020",
    "#14213d",
    "#3b0d1b",
    "#000000",
];

/// Runs with “Create” as `this`; sets a surface and measures what stands and what is drawn on it, and how far the hue of what
/// is raised is from the surface's own.
const MEASURE_SURFACE: &str = "async function (surface) {
    document.documentElement.style.setProperty('--easel-surface', surface);
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const probe = document.body.appendChild(document.createElement('i'));
    const token = (name) => {
        probe.style.color = `var(${name})`;
        return getComputedStyle(probe).color;
    };
    const seen = (colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const linear = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const contrast = (one, other) => {
        const [dark, light] = [seen(token(one)), seen(token(other))].sort((a, b) => a - b);
        return (light + 0.05) / (dark + 0.05);
    };
    const lch = (name) => {
        probe.style.color = `oklch(from var(${name}) l c h)`;
        return getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number);
    };
    const on = (marks, grounds) => Object.fromEntries(marks.flatMap((mark) => grounds.map((ground) => [`${mark} on ${ground}`, contrast(mark, ground)])));
    const [, chroma, hue] = lch('--paper'), [, , raised] = lch('--raised');
    const turn = Math.abs(hue - raised) % 360;
    const measured = {
        text: { ...on(['--ink', '--ink-soft', '--danger'], ['--paper', '--raised', '--bath']), ...on(['--ink-faint'], ['--paper', '--raised']) },
        marks: on(['--edge', '--focus'], ['--paper', '--raised']),
        turn: chroma > 0.01 ? Math.min(turn, 360 - turn) : 0,
    };
    probe.remove();
    return measured;
}";

#[test]
fn what_lies_on_an_owners_surface_is_of_its_hue_and_can_be_read() {
    run(async {
        let (_, browser) = Browser::on_shared().await?;
        let create = browser.see("button", "Create").await?;
        let mut faults = Vec::new();
        for dark in [false, true] {
            browser.look(1280, 900, dark, true).await?;
            for surface in SURFACES {
                let measured = browser.ask(create, MEASURE_SURFACE, &[json!(surface)]).await?;
                for (part, least) in [("text", 4.5), ("marks", 3.0)] {
                    for (name, value) in measured[part].as_object().context("nothing")? {
                        if value.as_f64().is_none_or(|it| it < least) {
                            faults.push(format!("{surface}, dark {dark}: {name} {value}"));
                        }
                    }
                }
                if measured["turn"].as_f64().is_none_or(|turn| turn > 10.0) {
                    faults.push(format!("{surface}, dark {dark}: turned by {}", measured["turn"]));
                }
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        browser.stop().await
    });
}

#[test]
fn the_owners_page_says_what_is_adjusted() {
    run(async {
        let (studio, browser) = (Studio::shared().await?, Browser::start().await?);
        browser.look(1280, 900, false, true).await?;
        browser.open(&format!("{}/", studio.edge.url())).await?;
        let choose = "function (colour) { this.value = colour; this.dispatchEvent(new Event('input', { bubbles: true })) }";
        let set = async |name: &str, colour: &str| {
            let field = browser.see("ColorWell", name).await?;
            browser.ask(field, choose, &[json!(colour)]).await.map(drop)
        };
        set("Accent", "#ffe000").await?;
        browser.read("against the surface: what is drawn in it is made darker").await?;
        browser.read("The text on the accent becomes black or white").await?;
        set("On accent", "#fff8e7").await?;
        browser.read("4.5:1 can be read by all: it is shown as you set it").await?;
        set("Accent", "#1c2b4a").await?;
        let silent = "!document.body.innerText.includes('against the surface')";
        browser.until(silent).await?;
        browser.stop().await
    });
}
