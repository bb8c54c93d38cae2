//! A browser that lacks what only secure pages have, and whose canvas gives back something else than was painted.

use contract::options::Format;
use painter::{Subject, encode, paint};
use serde_json::json;
use std::{path::PathBuf, time::Duration};
use tests::{
    browser::Browser,
    page::{composer::Composer, structure, viewer::Viewer},
    proxy::{Proxy, build},
    run,
    studio::Studio,
};
use tokio::time::sleep;

/// Takes away what no page without https has.
const POOR: &str = "
for (const [kind, name] of [[Navigator, 'clipboard'], [Navigator, 'share'], [Navigator, 'canShare'], [Navigator, 'storage'], [Navigator, 'locks'], [Crypto, 'randomUUID'], [Crypto, 'subtle']])
  delete kind.prototype[name];";

/// Before the script of canvas work: lets the canvas lie, as protection against fingerprinting does.
const LIE: &str = "{
  const own = OffscreenCanvasRenderingContext2D.prototype, get = own.getImageData;
  own.getImageData = function (...at) {
    const read = get.apply(this, at);
    for (let part = 0; part < read.data.length; part++) if (part % 4 !== 3) read.data[part] = part * 91;
    return read;
  };
}
";

#[test]
fn a_browser_that_lacks_and_lies_keeps_the_original_and_says_what_it_cannot() {
    run(async {
        let proxy = Proxy::start(Studio::quick().await?.edge.url()).await?;
        proxy.change(build::File::Script, |text| [LIE, &text].concat());
        let browser = Browser::start().await?;
        browser.before_each_page(POOR).await?;
        browser.open(&format!("{}/studio/demo", proxy.url())).await?;
        Composer(&browser).order("A fox").await?;
        browser.see("image", "A fox").await?;
        // By then a browser that does not lie shows a smaller copy.
        sleep(Duration::from_secs(4)).await;
        assert_eq!(browser.eval(structure::SOURCES).await?, json!(["http:"]));
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("poor.png");
        std::fs::write(
            &file,
            encode(&paint(&Subject::default()), Format::Png, 90).expect("a picture"),
        )?;
        Composer(&browser).choose_files(&[&file]).await?;
        browser.read("This browser does not let the studio prepare pictures.").await?;
        browser.click("button", "Open picture: A fox").await?;
        Viewer(&browser).unfold().await?;
        for button in ["Copy description", "Copy picture"] {
            browser.eval(structure::RECORD_ANNOUNCEMENTS).await?;
            browser.click("button", button).await?;
            browser.until("spoken.includes('This browser did not let us copy that.')").await?;
        }
        browser.stop().await
    });
}
