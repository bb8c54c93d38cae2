//! The loaders of earlier releases: pages pin them with a hash, so that the frame of today must speak to each of them.

use super::stage::head;
use anyhow::ensure;
use serde_json::json;
use tests::{
    browser::Browser,
    host::{File, Host},
    page::embedded,
    run,
    studio::Setup,
};
use xtask::build::released;

#[test]
fn each_released_loader_makes_a_picture_with_the_frame_of_today() {
    run(async {
        let host = Host::start(vec![File::page("/", page())]).await?;
        let setup = Setup::default().quick();
        let studio = setup.site("origins", json!([host.origin("localhost")])).start().await?;
        let browser = Browser::start().await?;
        let all = released::all()?;
        ensure!(all.iter().any(|(version, _)| version == "0.1.0"), "0.1.0 is pinned by pages");
        for (version, bytes) in all {
            let pinned = format!("{} {version} {}", studio.edge.url(), released::integrity(&bytes));
            let address = format!("{}/?{}", host.origin("localhost"), pinned.replace(' ', "&"));
            browser.open(&address).await?;
            embedded::find(&browser).await?;
            browser.until("events.some(([name]) => name === 'ready')").await?;
            browser.eval("studio().theme = 'dark'").await?;
            browser.eval("studio().generate('A paper boat')").await?;
            browser.until("events.some(([name]) => name === 'done')").await?;
            for name in ["start", "picture"] {
                let told = format!("events.some(([name]) => name === '{name}')");
                assert_eq!(browser.eval(&told).await?, json!(true), "{version}: {name}");
            }
            assert_eq!(browser.eval("events[0][1].version").await?, contract::VERSION, "{version}");
            browser.eval("studio().expand()").await?;
            browser.until("modal()").await?;
            browser.eval("studio().collapse()").await?;
            browser.until("!modal()").await?;
            assert_eq!(browser.eval("studio().theme").await?, "dark", "{version}");
        }
        browser.stop().await?;
        studio.stop().await
    });
}

/// A page whose address names the edge, the loader's version and its hash.
fn page() -> String {
    format!(
        "<!doctype html><html lang=\"en\"><title>A page</title>{}<script>
         const [edge, version, integrity] = location.search.slice(1).split('&').map(decodeURIComponent);
         document.head.append(Object.assign(document.createElement('script'), {{
           type: 'module', src: `${{edge}}/v/${{version}}/easel.js`, integrity, crossOrigin: 'anonymous' }}));</script>
         <style>easel-studio {{ display: block; min-height: 40rem }}</style>
         <easel-studio site=\"demo\" loading=\"eager\"></easel-studio>",
        head()
    )
}
