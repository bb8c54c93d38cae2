//! The loader on other people's pages: what owners may rely on, and what neither side can do to the other.
//!
//! The frame is one that tells what it hears (`embed/frame.html`), since no page can look into a real one.

mod described;
mod form;
mod hosts;
pub(super) mod real;
mod released;
mod stage;
mod two;
mod values;
mod walk;

use serde_json::json;
use stage::{REST, Stage};
use tests::{page::embedded, run};

#[test]
fn attributes_properties_and_colours_reach_the_frame_also_when_they_change_later() {
    run(async {
        let body = "<easel-studio site=\"acme\" prompt=\"A fox\" style=\"--easel-accent:red\"></easel-studio>";
        let stage = Stage::set(body, None).await?;
        stage.ready().await?;
        let address = stage.eval("told().find(({ type }) => type === 'address')").await?;
        let page = stage.host.origin("localhost");
        for (name, value) in [
            ("path", "/studio/acme"),
            ("query", "?locale=de-AT"),
            ("origin", &page),
            ("easel", "1"),
            ("element", "0"),
            ("theme", "auto"),
            ("prompt", "A fox"),
            ("accent", "red"),
            ("radius", ""),
        ] {
            assert_eq!(address[name], value, "{name}");
        }
        assert_eq!(stage.eval("inside().title").await?, "Bildstudio");
        assert_eq!(stage.eval("inside().allow").await?, "clipboard-write; web-share; fullscreen");
        assert_eq!(stage.eval("inside().hasAttribute('sandbox')").await?, json!(false));

        assert_eq!(stage.heard("studio().theme = 'dark'").await?["theme"], "dark");
        assert_eq!(
            stage.heard("studio().setAttribute('prompt', 'A cat')").await?["prompt"],
            "A cat"
        );
        let set = "studio().style.setProperty('--easel-accent', 'blue')";
        assert_eq!(stage.heard(set).await?["accent"], "blue");
        let sheet = "document.styleSheets[0].insertRule('easel-studio { --easel-radius: 3px; transition: none !important }')";
        assert_eq!(stage.heard(sheet).await?["radius"], "3px");

        let reflected = "(() => { const s = studio(); s.name = 'picture'; s.theme = null; s.loading = 'eager'; return [s.getAttribute('name'), s.theme, s.getAttribute('loading')].join() })()";
        assert_eq!(stage.eval(reflected).await?, "picture,auto,eager");
        for (change, place) in [
            ("studio().site = 'other'", "/studio/other?locale=de-AT"),
            ("studio().locale = 'fr'", "/studio/other?locale=fr"),
        ] {
            stage.eval(&format!("{{ events.length = 0; {change}; 0 }}")).await?;
            stage.ready().await?;
            let address = stage.eval("told().find(({ type }) => type === 'address')").await?;
            let found =
                [&address["path"], &address["query"]].map(|v| v.as_str().unwrap_or_default());
            assert_eq!(found.concat(), place);
        }
        stage.browser.stop().await
    });
}

#[test]
fn what_was_set_before_the_loader_came_counts() {
    run(async {
        let body = "<easel-studio></easel-studio><script>Object.assign(studio(), { site: 'acme', theme: 'dark' })</script>";
        let stage = Stage::set(body, None).await?;
        stage.ready().await?;
        let address = stage.eval("told().find(({ type }) => type === 'address')").await?;
        assert_eq!((&address["path"], &address["theme"]), (&json!("/studio/acme"), &json!("dark")));
        assert_eq!(stage.eval("Object.keys(studio()).length").await?, json!(0));
        stage.browser.stop().await
    });
}

#[test]
fn events_tell_what_they_may_and_nothing_else() {
    run(async {
        let stage = Stage::set("<easel-studio site=\"acme\"></easel-studio>", None).await?;
        stage.ready().await?;
        let details = [
            ("ready", json!({ "version": "1.2.3" })),
            ("start", json!({ "count": 1, "size": "1024x1024", "quality": "low" })),
            ("progress", json!({ "elapsed_ms": 10, "expected_ms": null })),
            ("picture", json!({ "index": 0, "width": 8, "height": 8, "media_type": "image/png" })),
            ("done", json!({ "pictures": 1 })),
            ("problem", json!({ "kind": "{}" })),
            ("cancel", json!({})),
            ("download", json!({ "media_type": "image/png" })),
        ];
        for (name, detail) in details {
            let mut message = detail.clone();
            message["type"] = name.into();
            message["prompt"] = "LEAK".into();
            let say = format!("say {message}");
            stage.eval("events.length = 0").await?;
            stage.eval(&format!("studio().generate({})", json!(say))).await?;
            stage.until(&format!("events.some(([name]) => name === '{name}')")).await?;
            let event = stage.eval(&format!("events.find(([name]) => name === '{name}')")).await?;
            assert_eq!(event, json!([name, detail, "easel-studio"]));
        }
        stage.browser.stop().await
    });
}

#[test]
fn methods_reach_the_frame_and_wait_for_it() {
    run(async {
        let body =
            "<div style=\"height: 9000px\"></div><easel-studio site=\"acme\"></easel-studio>";
        let stage = Stage::set(body, None).await?;
        stage.until("!!customElements.get('easel-studio')").await?;
        stage.heard("studio().generate('A fox')").await?;
        stage
            .until("told().some(({ type, prompt }) => type === 'generate' && prompt === 'A fox')")
            .await?;
        for (call, kind) in
            [("cancel()", "cancel"), ("clear()", "clear"), ("generate()", "generate")]
        {
            let heard = stage.heard(&format!("studio().{call}")).await?;
            assert_eq!((&heard["type"], heard.get("prompt")), (&json!(kind), None));
        }
        stage.eval("studio().focus()").await?;
        stage.until("told().some(({ type }) => type === 'focus')").await?;
        assert_eq!(stage.eval("document.activeElement === studio()").await?, json!(true));
        stage.browser.stop().await
    });
}

#[test]
fn it_opens_over_the_window_without_a_reload_and_gives_everything_back() {
    run(async {
        let body = "<button id=\"before\">Before</button><easel-studio site=\"acme\"></easel-studio><div style=\"height: 3000px\"></div>";
        let stage = Stage::set(body, None).await?;
        stage.ready().await?;
        let load = stage.eval("told()[0].load").await?;
        stage.eval("own('before').focus()").await?;
        let opened = stage.heard("studio().expand()").await?;
        assert_eq!((&opened["expanded"], &opened["load"]), (&json!(true), &load));
        let look = "(() => { const box = inside().getBoundingClientRect(); return [box.x, box.y, box.width === innerWidth, box.height === innerHeight, modal(), getComputedStyle(document.documentElement).overflow, studio().offsetHeight].join() })()";
        assert_eq!(stage.eval(look).await?, "0,0,true,true,true,hidden,640");

        // Esc: the frame asks.
        let say = json!("say {\"type\":\"expand\",\"expanded\":false}");
        let closed = stage.heard(&format!("studio().generate({say})")).await?;
        assert_eq!((&closed["expanded"], &closed["load"]), (&json!(false), &load));
        let given_back = "[document.documentElement.style.cssText, inside().offsetHeight, document.activeElement.id].join()";
        assert_eq!(stage.eval(given_back).await?, ",640,before");

        // Esc: the focus is on the page.
        assert_eq!(stage.heard("studio().expand()").await?["expanded"], json!(true));
        assert_eq!(
            stage.heard("inside().parentNode.requestClose()").await?["expanded"],
            json!(false)
        );
        // The `close` event of the dialog comes one frame late, and must not close what is open again.
        stage.heard("studio().expand()").await?;
        stage.eval(&format!("{{ studio().collapse(); studio().expand(); {REST} }}")).await?;
        assert_eq!(stage.eval("modal()").await?, json!(true));
        assert_eq!(stage.heard("studio().collapse()").await?["expanded"], json!(false));

        // Gone while open: nothing of it stays.
        assert_eq!(stage.heard("studio().expand()").await?["expanded"], json!(true));
        stage.eval("{ window.kept = studio(); kept.remove(); events.length = 0; 0 }").await?;
        assert_eq!(stage.eval("document.documentElement.style.overflow").await?, "");
        stage.eval("{ document.body.prepend(kept); 0 }").await?;
        stage.ready().await?;
        assert_eq!(stage.eval(embedded::FRAMES).await?, json!(1));
        stage.browser.stop().await
    });
}

#[test]
fn the_page_stays_where_it_is_and_has_its_own_styles_back_as_they_were() {
    run(async {
        let body =
            "<easel-studio site=\"acme\"></easel-studio><div style=\"height: 3000px\"></div>";
        let stage = Stage::set(body, None).await?;
        stage.ready().await?;
        for own in [
            "",
            "overflow: clip;",
            "overflow-y: scroll; color: red;",
            "padding: 3px; overflow: auto hidden;",
            "scrollbar-gutter: stable;",
            "scrollbar-gutter: stable both-edges; margin-left: 20px;",
            "overflow: hidden; scrollbar-gutter: stable;",
            "max-width: 500px; margin: auto;",
            "width: 3000px;",
            "width: 3000px; direction: rtl;",
        ] {
            stage.eval(&format!("document.documentElement.style.cssText = '{own}'")).await?;
            let to = if own.contains("rtl") { -40 } else { 40 };
            stage.eval(&format!("scrollTo({to}, 0)")).await?;
            let before = stage.eval("document.documentElement.style.cssText").await?;
            let place = "(() => { const { x, width } = studio().getBoundingClientRect(); return [x, width] })()";
            let stood = stage.eval(place).await?;
            assert_eq!(stage.heard("studio().expand()").await?["expanded"], json!(true));
            let open = "(() => { const { x, width } = inside().getBoundingClientRect(); return [getComputedStyle(document.documentElement).overflow, x, width - innerWidth] })()";
            assert_eq!(stage.eval(open).await?, json!(["hidden", 0, 0]), "{own}");
            assert_eq!(stage.eval(place).await?, stood, "{own}");
            // What the page sets meanwhile stays.
            stage.eval("document.documentElement.style.setProperty('--own', '1')").await?;
            assert_eq!(stage.heard("studio().collapse()").await?["expanded"], json!(false));
            let meanwhile = "document.documentElement.style.getPropertyValue('--own')";
            assert_eq!(stage.eval(meanwhile).await?, "1");
            stage.eval("document.documentElement.style.removeProperty('--own')").await?;
            let after = stage.eval("document.documentElement.style.cssText").await?;
            assert_eq!(after, before, "{own}");
            assert_eq!(stage.eval(place).await?, stood, "{own}");
        }
        stage.browser.stop().await
    });
}

#[test]
fn without_a_top_layer_it_is_fixed_over_the_window() {
    run(async {
        let body = "<script>delete HTMLDialogElement.prototype.showModal</script><p>A page</p><easel-studio site=\"acme\"></easel-studio>";
        let stage = Stage::set(body, None).await?;
        stage.ready().await?;
        assert_eq!(stage.heard("studio().expand()").await?["expanded"], json!(true));
        let box_of = "(() => { const box = inside().getBoundingClientRect(); return [box.x, box.y, box.width === innerWidth, box.height === innerHeight].join() })()";
        assert_eq!(stage.eval(box_of).await?, "0,0,true,true");
        stage.browser.stop().await
    });
}

#[test]
fn a_hostile_page_forges_nothing_and_changes_nothing() {
    run(async {
        let body = "<style>* { color: red !important } iframe, dialog { display: none !important; width: 1px !important; opacity: 0 !important }</style><easel-studio site=\"acme\"></easel-studio>";
        let stage = Stage::set(body, None).await?;
        stage.ready().await?;
        // What reaches the window is counted beside the loader: so that it did reach it is known.
        stage.eval("{ window.raw = []; addEventListener('message', ({ source, data }) => raw.push([source, data.type])); 0 }").await?;
        let before = stage.eval("events.length").await?;
        // Neither is the page a frame, nor is a frame of the same page the studio's.
        stage.eval("{ postMessage({ easel: 1, type: 'done', pictures: 9 }, '*'); 0 }").await?;
        stage.until("raw.some(([source]) => source === window)").await?;
        let other = stage.edge.origin("127.0.0.1");
        let impostor = format!(
            "{{ window.other = document.createElement('iframe'); other.src = '{other}/studio/acme#easel=1&origin=' + origin; document.body.append(other); 0 }}"
        );
        stage.eval(&impostor).await?;
        stage
            .until("raw.filter(([source]) => source === other.contentWindow).length === 2")
            .await?;
        assert_eq!(stage.eval("events.length").await?, before);
        let unknown = json!("say {\"type\":\"constructor\"}");
        stage.eval(&format!("studio().generate({unknown})")).await?;
        let old = json!("say {\"easel\":2,\"type\":\"done\",\"pictures\":9}");
        stage.eval(&format!("studio().generate({old})")).await?;
        // What a frame says comes in order: after the answer to this nothing of those is on its way.
        assert_eq!(stage.heard("studio().cancel()").await?["type"], "cancel");
        assert_eq!(stage.eval("events.length").await?, json!(before.as_u64().map(|n| n + 1)));
        let reach = "(() => { try { return inside().contentWindow.document.title } catch (error) { return error.name } })()";
        assert_eq!(stage.eval(reach).await?, "SecurityError");
        assert_eq!(
            stage.eval("frames.length").await?,
            json!(1),
            "the studio's frame is not among the page's"
        );
        // A frame that was led away is not believed any more.
        stage.eval("{ events.length = raw.length = 0; inside().src = '/forger'; 0 }").await?;
        let forged =
            "raw.some(([source, type]) => source === inside().contentWindow && type === 'done')";
        stage.until(forged).await?;
        assert_eq!(stage.eval("events.length").await?, json!(0));
        let look = "[inside().offsetHeight, getComputedStyle(inside()).opacity, inside().offsetWidth === studio().offsetWidth].join()";
        assert_eq!(stage.eval(look).await?, "640,1,true");
        stage.browser.stop().await
    });
}

#[test]
fn nothing_is_asked_for_before_it_comes_near_and_nothing_moves() {
    run(async {
        let body = "<p>A page</p><div style=\"height: 9000px\"></div><easel-studio site=\"acme\"><p id=\"children\">No studio</p></easel-studio><p>More</p>";
        let stage = Stage::set(body, None).await?;
        // One who watches after the loader is told after it.
        let looked = "(async () => { await customElements.whenDefined('easel-studio'); await new Promise((then) => new IntersectionObserver(then, { rootMargin: '100%' }).observe(studio())); return inside() === null })()";
        assert_eq!(stage.eval(looked).await?, json!(true));
        let asked: Vec<_> = stage.edge.asked().into_iter().map(|(line, _)| line).collect();
        assert_eq!(asked, ["GET /easel.js"]);
        let seen = "own('children').checkVisibility({ opacityProperty: true })";
        assert_eq!(stage.eval(seen).await?, json!(false));
        stage.eval("{ scrollTo(0, 8600); 0 }").await?;
        stage.ready().await?;
        stage.heard("studio().expand()").await?;
        stage.heard("studio().collapse()").await?;
        stage.eval(REST).await?;
        assert_eq!(stage.eval("shifted").await?, json!(0));
        stage.browser.stop().await
    });
}

#[test]
fn whoever_sizes_it_decides() {
    run(async {
        for (style, height) in [
            ("min-height: 300px", 300),
            ("min-height: 0; height: 500px", 500),
            ("min-height: 0; aspect-ratio: 2; width: 600px", 300),
            ("min-height: 0", 600), // 40rem of a page whose rem is 15 px
        ] {
            let body = format!(
                "<style>html {{ font-size: 15px }}</style><easel-studio site=\"acme\" style=\"{style}\"></easel-studio>"
            );
            let stage = Stage::set(&body, None).await?;
            stage.ready().await?;
            let heights = stage.eval("[studio().offsetHeight, inside().offsetHeight]").await?;
            assert_eq!(heights, json!([height, height]), "{style}");
            stage.browser.stop().await?;
        }
        Ok(())
    });
}

#[test]
fn its_children_stand_in_for_a_frame_until_it_answers() {
    run(async {
        let body = "<easel-studio site=\"late\"><p id=\"children\">No studio</p></easel-studio>";
        let stage = Stage::set(body, None).await?;
        let shown = "[own('children'), inside()].map((part) => part.checkVisibility({ opacityProperty: true, visibilityProperty: true })).join()";
        stage.until("inside() !== null").await?;
        // It has painted nothing yet.
        assert_eq!(stage.eval(shown).await?, "false,false");
        stage.until(&format!("{shown} === 'true,false'")).await?;
        stage.ready().await?;
        assert_eq!(stage.eval(shown).await?, "false,true");
        stage.browser.stop().await
    });
}

#[test]
fn a_frame_is_shown_once_it_is_painted_and_one_that_says_nothing_never() {
    run(async {
        let shown = "inside().checkVisibility({ opacityProperty: true })";
        let stage = Stage::set("<easel-studio site=\"painted\"></easel-studio>", None).await?;
        stage.until(shown).await?;
        assert_eq!(stage.eval("events.length").await?, json!(0), "painting is no event");
        // One that says nothing may be the browser's own page: a note stands in for it.
        stage.eval("{ studio().site = 'mute'; 0 }").await?;
        stage.until("inside()?.src.includes('mute')").await?;
        stage.until("studio().innerText === 'Bildstudio: offline'").await?;
        assert_eq!(stage.eval(shown).await?, json!(false));
        stage.browser.stop().await
    });
}

#[test]
fn children_keep_their_place_with_their_margins_and_the_page_after_it_stands_still() {
    run(async {
        // Taller than what was reserved, and the first one's margin is also the element's.
        let body = "<style>easel-studio { min-height: 5rem !important } p { margin: 30px 0; height: 200px; visibility: visible }</style><easel-studio site=\"acme\"><p id=\"children\">No studio</p></easel-studio><p id=\"next\">After it</p>";
        let place =
            "[studio(), own('next')].map((part) => part.getBoundingClientRect().top).join()";
        let stage = Stage::set(&body.replace("site=\"acme\"", ""), None).await?;
        stage.until("!!studio().shadowRoot").await?;
        assert_eq!(stage.eval(place).await?, "30,260");
        stage.eval("{ studio().site = 'acme'; 0 }").await?;
        stage.ready().await?;
        stage.eval(REST).await?;
        assert_eq!(stage.eval(place).await?, "30,260");
        assert_eq!(stage.eval("inside().offsetHeight").await?, json!(200));
        assert_eq!(stage.eval("shifted").await?, json!(0));
        let seen = "own('children').checkVisibility({ opacityProperty: true })";
        assert_eq!(stage.eval(seen).await?, json!(false));
        stage.browser.stop().await
    });
}

#[test]
fn a_strict_policy_needs_its_script_and_its_frame_and_nothing_else() {
    run(async {
        let policy = "default-src 'none'; script-src EDGE; frame-src EDGE; require-trusted-types-for 'script'";
        let stage = Stage::set("<easel-studio site=\"acme\"></easel-studio>", Some(policy)).await?;
        // The policy let the page have no script of its own.
        embedded::find(&stage.browser).await?;
        stage.until("inside()?.offsetHeight === 640").await?;
        stage.eval("studio().expand()").await?;
        assert_eq!(
            stage.eval("getComputedStyle(document.documentElement).overflow").await?,
            "hidden"
        );
        let framed =
            stage.edge.asked().iter().any(|(line, _)| line.starts_with("GET /studio/acme?"));
        assert!(framed);
        stage.browser.stop().await
    });
}
