//! The WordPress plugin in a real WordPress, from its activation to its removal: what its owner sets and writes, and
//! what a visitor finds.
//!
//! `EASEL_WORDPRESS=DIR` names the files of another WordPress than Debian's.

use super::screenshots::folder;
use anyhow::Result;
use serde_json::{Value, json};
use std::path::Path;
use tests::{
    browser::Browser,
    page::{
        embedded::{self, REST},
        wordpress::{Admin, ELEMENT},
    },
    run,
    studio::{Setup, Studio},
    wordpress::WordPress,
};
use xtask::setup;

const NAME: &str = "Easel Studio";
const SETTINGS: &str = "options-general.php?page=easel-studio";
const PROMPT: &str = "A poster of a fox on skis";

/// What the plugin has stored, as JSON.
async fn stored(site: &WordPress) -> Result<Value> {
    Ok(serde_json::from_str(
        &site.php("echo wp_json_encode( get_option( 'easel_studio' ) );").await?,
    )?)
}

/// Keeps a picture of the page, if pictures are kept.
async fn shoot(browser: &Browser, name: &str) -> Result<()> {
    let Some(folder) = folder()? else { return Ok(()) };
    browser.eval(REST).await?;
    browser.screenshot(&folder.join(format!("wordpress-{name}.png"))).await
}

/// Types into a field of the settings page, and sends it.
async fn set(browser: &Browser, field: &str, text: &str) -> Result<()> {
    browser.click("textbox", field).await?;
    browser.eval("document.activeElement.select()").await?;
    browser.type_text(text).await?;
    browser.press("Enter").await
}

/// The settings page takes an edge and a site, and refuses everything else in words.
async fn sets_the_edge(
    browser: &Browser,
    admin: &Admin<'_>,
    site: &WordPress,
    edge: &str,
) -> Result<()> {
    admin.open(SETTINGS).await?;
    // What the operator of the edge is to list.
    browser.read(&site.origin()).await?;
    for wrong in ["http://studio.example.com", "https://owner@studio.example.com"] {
        set(browser, "Address of the edge", wrong).await?;
        browser.read("This is no address of an edge").await?;
        assert_eq!(stored(site).await?["edge"], "", "{wrong}");
        admin.open(SETTINGS).await?;
    }
    // More than the origin is no mistake: who copies the loader's address means its edge.
    set(browser, "Address of the edge", &format!("{edge}/easel.js")).await?;
    browser.read("Settings saved.").await?;
    let right = json!({ "edge": edge, "site": "demo" });
    assert_eq!(stored(site).await?, right);
    shoot(browser, "settings").await?;
    set(browser, "Site", "No Site").await?;
    browser.read("This is no site").await?;
    assert_eq!(stored(site).await?, right);
    Ok(())
}

/// The block is found in the editor, its settings are stored, and the editor has nothing to say against it.
async fn writes_with_the_editor(browser: &Browser, admin: &Admin<'_>) -> Result<String> {
    admin.new_post().await?;
    browser.console().await?;
    admin.insert(NAME).await?;
    assert_eq!(admin.content().await?, "<!-- wp:easel/studio /-->");
    admin.set("What the description begins with", "A poster of ").await?;
    browser
        .until("wp.data.select('core/editor').getEditedPostContent().includes('poster')")
        .await?;
    assert_eq!(admin.content().await?, "<!-- wp:easel/studio {\"prompt\":\"A poster of \"} /-->");
    shoot(browser, "editor").await?;
    let address = admin.publish("Make a poster").await?;
    // The editor itself asks other hosts for pictures and for more blocks: they have no address here.
    let theirs = ["NAME_NOT_RESOLVED", "/block-directory/search"];
    let mut said = browser.console().await?;
    said.retain(|line| !theirs.iter().any(|part| line.contains(part)));
    assert!(said.is_empty(), "in the editor: {said:?}");
    Ok(address)
}

/// A visitor finds the studio in a post and makes a picture; the page has nothing to say against it.
async fn makes_a_picture(
    browser: &Browser,
    studio: &Studio,
    post: &str,
    element: &Value,
) -> Result<()> {
    let before = studio.sandbox.books().count();
    browser.open(post).await?;
    embedded::find(browser).await?;
    assert_eq!(&browser.eval(ELEMENT).await?, element, "{post}");
    browser.eval("studio().scrollIntoView({ block: 'center', behavior: 'instant' }), 0").await?;
    browser.until(&format!("{} === 'frame'", embedded::shown(0))).await?;
    browser.eval("{ window.done = 0; addEventListener('easel:done', () => done++); 0 }").await?;
    browser.eval(&format!("studio().generate({})", json!(PROMPT))).await?;
    browser.until("done === 1").await?;
    assert_eq!(studio.sandbox.books().count(), before + 1, "{post}");
    browser.enter("inside()").await?;
    browser.press_in_frame(&format!("Open picture: {PROMPT}")).await?;
    browser.press_in_frame("Close").await?;
    browser.leave().await?;
    let said = browser.console().await?;
    assert!(said.is_empty(), "{post}: {said:?}");
    Ok(())
}

/// Nothing of the plugin is left.
async fn is_removed(browser: &Browser, admin: &Admin<'_>, site: &WordPress) -> Result<()> {
    admin.plugin("Deactivate", NAME).await?;
    browser.see("link", &format!("Activate {NAME}")).await?;
    assert_ne!(stored(site).await?, json!(false), "who only deactivates it keeps the settings");
    admin.plugin("Delete", NAME).await?;
    browser.read("was successfully deleted").await?;
    assert!(!site.plugin().exists());
    let left = "global $wpdb; echo $wpdb->get_var( \"SELECT COUNT(*) FROM $wpdb->options WHERE option_name LIKE '%easel%'\" );";
    assert_eq!(site.php(left).await?, "0", "rows that are left");
    Ok(())
}

async fn works(files: &Path) -> Result<()> {
    let site = WordPress::start(files).await?;
    let origins = json!([site.origin()]);
    let studio = Setup::default().quick().site("origins", origins).start().await?;
    let owners = Browser::alone().await?;
    let visitors = Browser::alone().await?;
    owners.look(1200, 760, false, true).await?;

    let admin = Admin::log_in(&owners, &site).await?;
    admin.plugin("Activate", NAME).await?;
    owners.see("link", &format!("Deactivate {NAME}")).await?;

    // Without an edge, who may write posts reads what is missing, and visitors see nothing of it.
    let shortcode = "[easel theme=\"dark\" height=\"30rem\" onclick=\"alert(1)\"]";
    let shortcode = site.post("A shortcode", shortcode).await?;
    owners.open(&shortcode).await?;
    owners.read("enter the address of your edge").await?;
    visitors.open(&shortcode).await?;
    visitors.read("A shortcode").await?;
    let text = visitors.eval("document.body.innerText.includes('your edge')").await?;
    assert_eq!(text, json!(false));

    sets_the_edge(&owners, &admin, &site, studio.edge.url()).await?;
    let block = "<!-- wp:easel/studio {\"loading\":\"eager\",\"align\":\"wide\"} /-->";
    let block = site.post("A block", block).await?;
    let written = writes_with_the_editor(&owners, &admin).await?;
    visitors.console().await?;
    for (post, element) in [
        (&shortcode, json!({ "site": "demo", "theme": "dark" })),
        (&block, json!({ "site": "demo", "loading": "eager" })),
        (&written, json!({ "site": "demo", "prompt": "A poster of " })),
    ] {
        makes_a_picture(&visitors, &studio, post, &element).await?;
    }
    visitors.look(1200, 760, false, true).await?;
    visitors.eval("studio().scrollIntoView({ block: 'center', behavior: 'instant' }), 0").await?;
    shoot(&visitors, "post").await?;

    is_removed(&owners, &admin, &site).await?;
    assert_eq!(site.complaints()?, Vec::<String>::new());
    owners.stop().await?;
    visitors.stop().await?;
    studio.stop().await?;
    site.stop().await
}

#[test]
#[ignore = "minutes: `cargo xtask test --long` installs PHP, MariaDB and WordPress"]
fn a_real_wordpress_installs_the_plugin_shows_the_studio_and_forgets_it() {
    run(async {
        if let Some(reason) = setup::wordpress::impossible().await {
            eprintln!("WordPress: {reason}");
            return Ok(());
        }
        works(&setup::wordpress::ensure().await?).await
    });
}
