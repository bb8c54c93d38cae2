//! The pages of a WordPress: its log-in, its list of plugins, its editor of posts.
//!
//! Owns what differs between versions of WordPress, and what of the editor's state only its scripts know. Must not
//! assert what the plugin promises: each test does that.

use crate::{
    browser::Browser,
    wordpress::{PASSWORD, USER, WordPress},
};
use anyhow::{Context, Result};
use serde_json::{Value, json};

/// The names of the button that opens the list of blocks, in the order of WordPress's versions.
const INSERTERS: [&str; 2] = ["Toggle block inserter", "Block Inserter"];

/// The names of the field in which that list is searched.
const SEARCHES: [&str; 2] = ["Search for blocks and patterns", "Search"];

/// Whether the editor has a post, and knows the blocks.
const READY: &str = "(() => {
    const editor = window.wp?.data?.select('core/editor');
    return !!editor?.getCurrentPostId() && wp.blocks.getBlockTypes().length > 0;
})()";

/// Leaves out the tour that is shown to whoever comes first.
const NO_TOUR: &str =
    "wp.data.dispatch('core/preferences').set('core/edit-post', 'welcomeGuide', false), 0";

/// Closes the list of blocks, and opens the selected block's settings, for which a narrow window has no place beside it.
const SHOW_SETTINGS: &str = "(() => {
    const [newer, older] = ['core/editor', 'core/edit-post'].map((name) => wp.data.dispatch(name));
    (newer.setIsInserterOpened ?? older.setIsInserterOpened)(false);
    older.openGeneralSidebar('edit-post/block');
})()";

/// Whether the post is stored and public.
const PUBLISHED: &str = "(() => {
    const editor = wp.data.select('core/editor');
    return !editor.isSavingPost() && editor.isCurrentPostPublished();
})()";

/// The pages of those who run a WordPress, in a window.
pub struct Admin<'window> {
    browser: &'window Browser,
    origin: String,
}

impl<'window> Admin<'window> {
    /// Logs the owner in.
    pub async fn log_in(browser: &'window Browser, site: &WordPress) -> Result<Self> {
        let admin = Self { browser, origin: site.origin() };
        browser.open(&format!("{}/wp-login.php", admin.origin)).await?;
        // The page itself puts the focus there, a moment after it was loaded.
        browser.until("document.activeElement.id === 'user_login'").await?;
        browser.type_text(USER).await?;
        browser.click("textbox", "Password").await?;
        browser.type_text(PASSWORD).await?;
        browser.press("Enter").await?;
        browser.until("location.pathname === '/wp-admin/'").await?;
        Ok(admin)
    }

    /// Opens a page of the administration.
    pub async fn open(&self, page: &str) -> Result<()> {
        self.browser.open(&format!("{}/wp-admin/{page}", self.origin)).await
    }

    /// Follows the link of a plugin's row in the list of plugins.
    pub async fn plugin(&self, action: &str, name: &str) -> Result<()> {
        self.open("plugins.php").await?;
        // WordPress asks before it deletes.
        self.browser.eval("window.confirm = () => true, 0").await?;
        self.browser.click("link", &format!("{action} {name}")).await
    }

    /// Opens the editor with a new post.
    pub async fn new_post(&self) -> Result<()> {
        self.open("post-new.php").await?;
        self.browser.until(READY).await?;
        self.browser.eval(NO_TOUR).await.map(drop)
    }

    /// Inserts a block, found by its name in the editor's list.
    pub async fn insert(&self, block: &str) -> Result<()> {
        for (role, names) in [("button", INSERTERS), ("searchbox", SEARCHES)] {
            let name = self.one_of(role, names).await?;
            self.browser.click(role, name).await?;
        }
        self.browser.type_text(block).await?;
        // While the list gets shorter, the block moves.
        self.browser
            .until_true("one block alone", async || {
                Ok(self.browser.count("option", None).await? == 1)
            })
            .await?;
        self.browser.click("option", block).await?;
        self.browser.eval(SHOW_SETTINGS).await.map(drop)
    }

    /// Waits for a part under the name that this version of WordPress gives it.
    async fn one_of(&self, role: &str, names: [&'static str; 2]) -> Result<&'static str> {
        let what = names.join(" or ");
        let mut found = None;
        self.browser
            .until_true(&what, async || {
                for name in names {
                    if self.browser.count(role, Some(name)).await? > 0 {
                        found = Some(name);
                    }
                }
                Ok(found.is_some())
            })
            .await?;
        found.context(what)
    }

    /// Types into a field of the selected block's settings, whose labels the editor shows in capitals.
    pub async fn set(&self, field: &str, text: &str) -> Result<()> {
        self.browser.click("textbox", &field.to_uppercase()).await?;
        self.browser.type_text(text).await
    }

    /// The post as the editor would store it.
    pub async fn content(&self) -> Result<Value> {
        self.browser.eval("wp.data.select('core/editor').getEditedPostContent()").await
    }

    /// Publishes the post under a title; returns its address.
    pub async fn publish(&self, title: &str) -> Result<String> {
        let publish = format!(
            "{{ const editor = wp.data.dispatch('core/editor'); editor.editPost({{ title: {}, status: 'publish' }}); editor.savePost(); 0 }}",
            json!(title)
        );
        self.browser.eval(&publish).await?;
        self.browser.until(PUBLISHED).await?;
        let address = self.browser.eval("wp.data.select('core/editor').getPermalink()").await?;
        Ok(address.as_str().context("no address")?.to_owned())
    }
}

/// The attributes of the first studio of a post, without its style.
pub const ELEMENT: &str = "(() => {
    const element = studio();
    const attributes = element.getAttributeNames().filter((name) => name !== 'style');
    return Object.fromEntries(attributes.map((name) => [name, element.getAttribute(name)]));
})()";
