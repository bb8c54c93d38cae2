//! Firefox and WebKit, driven by W3C WebDriver alone: the same steps in each, by the roles and names that the browser
//! itself computes.
//!
//! Owns the actions in a window and their time limits; [`process`] owns the programs. Must not use what one browser's
//! driver has and another one's lacks: for that there is [`crate::browser`].

mod process;

use crate::page::{
    engines::{IS_WITHIN_REACH, LABEL, LISTS, OPTIONS},
    roles,
};
use anyhow::{Context, Result, bail};
use process::{MISSING, Process};
use reqwest::Method;
use serde_json::{Value, json};
use std::{path::Path, time::Duration};
use thirtyfour::{
    By, Capabilities, Key, RequestData, SessionId, WebDriver, WebElement,
    common::command::FormatRequestData, session::scriptret::ScriptRet,
};
use tokio::time::{Instant, sleep};

/// The time limit for anything to appear.
const PATIENCE: Duration = Duration::from_secs(40);

/// The flag of WebKit's browser with which it obeys a driver.
const AUTOMATION: &str = "--automation";

/// A browser engine, as it is shipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Firefox ESR.
    Firefox,
    /// Firefox ESR with the setting that Tor Browser has too: its canvas gives back noise.
    ResistingFirefox,
    /// WebKitGTK, the engine of Safari.
    WebKit,
}

/// A window with a page in it, in a profile of its own.
pub struct Window {
    engine: Engine,
    driver: WebDriver,
    process: Process,
}

impl Engine {
    /// Why this machine cannot have the engines, if set-up could not install them.
    pub async fn missing() -> Option<String> {
        xtask::setup::engines::impossible().await
    }

    fn capabilities(self, folder: &Path) -> Result<Capabilities> {
        let wanted = match self {
            Self::Firefox | Self::ResistingFirefox => json!({
                "browserName": "firefox",
                "moz:firefoxOptions": {
                    "binary": xtask::setup::engines::firefox().context(MISSING)?,
                    "args": ["-headless"],
                    "prefs": {
                        "privacy.resistFingerprinting": self == Self::ResistingFirefox,
                        "browser.download.folderList": 2,
                        "browser.download.dir": folder,
                    },
                },
            }),
            Self::WebKit => json!({
                "browserName": "MiniBrowser",
                "webkitgtk:browserOptions": {
                    "binary": xtask::setup::engines::mini_browser().context(MISSING)?,
                    "args": [AUTOMATION],
                },
            }),
        };
        let Value::Object(wanted) = wanted else { bail!("capabilities are an object") };
        Ok(wanted.into())
    }
}

impl Window {
    /// Starts a driver and its browser, and opens a window of 1280 by 900.
    pub async fn start(engine: Engine) -> Result<Self> {
        let process = Process::start(engine).await?;
        let wanted = engine.capabilities(process.folder())?;
        let driver = WebDriver::new(process.url(), wanted).await.context("no session")?;
        let window = Self { engine, driver, process };
        window.resize(1280, 900).await?;
        Ok(window)
    }

    /// Ends the session, the browser and its driver, and deletes the profile.
    pub async fn stop(self) -> Result<()> {
        self.driver.quit().await?;
        self.process.end().await
    }

    /// The engine's name.
    pub const fn engine(&self) -> &'static str {
        match self.engine {
            Engine::Firefox => "firefox",
            Engine::ResistingFirefox => "firefox-resisting",
            Engine::WebKit => "webkit",
        }
    }

    /// The folder of the profile, where downloads land too.
    pub fn folder(&self) -> &Path {
        self.process.folder()
    }

    /// Goes to a page and waits until it is loaded.
    pub async fn open(&self, url: &str) -> Result<()> {
        Ok(self.driver.goto(url).await?)
    }

    /// Loads the page again.
    pub async fn reload(&self) -> Result<()> {
        Ok(self.driver.refresh().await?)
    }

    /// Gives the window this size, with its frame; a browser may hold to a least width of its own.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        Ok(self.driver.set_window_rect(0, 0, width, height).await?)
    }

    /// Writes a screenshot of the window to a file.
    pub async fn screenshot(&self, file: &Path) -> Result<()> {
        Ok(std::fs::write(file, self.driver.screenshot_as_png().await?)?)
    }

    /// The value of a JavaScript expression in the selected frame; of a promise, what it resolves to.
    pub async fn eval(&self, expression: &str) -> Result<Value> {
        let found = self.driver.execute(format!("return ({expression})"), Vec::new()).await;
        Ok(found.with_context(|| expression.to_owned())?.json().clone())
    }

    /// Waits until an expression is true.
    pub async fn until(&self, expression: &str) -> Result<()> {
        let holds = async || Ok((self.eval(expression).await? == json!(true)).then_some(()));
        self.wait(&format!("that {expression}"), holds).await
    }

    /// Selects the frame that an expression finds.
    pub async fn enter(&self, find: &str) -> Result<()> {
        let find = format!("return {find}");
        let frame = self.wait("the frame", async || {
            Ok(self.driver.execute(find.as_str(), Vec::new()).await?.element().ok())
        });
        Ok(frame.await?.enter_frame().await?)
    }

    /// Selects the page again.
    pub async fn leave(&self) -> Result<()> {
        Ok(self.driver.enter_default_frame().await?)
    }

    /// The elements with this role and name within a visitor's reach, in the page's order.
    async fn elements(&self, role: &str, name: &str) -> Result<Vec<WebElement>> {
        let all = format!(
            "return [...document.querySelectorAll({})].filter({IS_WITHIN_REACH})",
            json!(roles::candidates(role)?)
        );
        let all = self.driver.execute(all, Vec::new()).await?.elements()?;
        let mut found = Vec::new();
        for element in all {
            // WebKit has no answer for what is hidden from assistive technology.
            if self.label(&element).await.is_ok_and(|label| label == name)
                && self.role(&element).await.is_ok_and(|computed| computed == role)
            {
                found.push(element);
            }
        }
        Ok(found)
    }

    /// The number of parts with this role and name in the page now.
    pub async fn count(&self, role: &str, name: &str) -> Result<usize> {
        Ok(self.elements(role, name).await?.len())
    }

    /// Waits until there is a part with this role and name.
    pub async fn see(&self, role: &str, name: &str) -> Result<WebElement> {
        self.wait(&format!("{role} “{name}”"), async || {
            Ok(self.elements(role, name).await?.into_iter().next())
        })
        .await
    }

    /// Waits until there are that many parts with this role and name.
    pub async fn until_count(&self, role: &str, name: &str, count: usize) -> Result<()> {
        self.wait(&format!("{count} times {role} “{name}”"), async || {
            Ok((self.count(role, name).await? == count).then_some(()))
        })
        .await
    }

    /// Waits until there is none.
    pub async fn vanishes(&self, role: &str, name: &str) -> Result<()> {
        self.wait(&format!("that {role} “{name}” is gone"), async || {
            Ok(self.elements(role, name).await?.is_empty().then_some(()))
        })
        .await
    }

    /// Waits until the page's text contains this.
    pub async fn read(&self, text: &str) -> Result<()> {
        self.wait(&format!("the words “{text}”"), async || {
            let all = self.eval("document.body.innerText").await?;
            Ok(all.as_str().is_some_and(|all| all.contains(text)).then_some(()))
        })
        .await
    }

    /// Clicks a part as soon as the browser lets a person do so: in the window, at rest, and not covered.
    pub async fn click(&self, role: &str, name: &str) -> Result<()> {
        self.wait(&format!("{role} “{name}” to click"), async || {
            let Some(element) = self.elements(role, name).await?.into_iter().next() else {
                return Ok(None);
            };
            // A choice is drawn by its label, which is what a person presses.
            let label = self.call(LABEL, &element).await?.element().ok();
            Ok(Some(label.unwrap_or(element).click().await?))
        })
        .await
    }

    /// Chooses an option of the list with this name by its label. WebKit computes another role for a list that folds, and
    /// knows no text of the options of one that is folded.
    pub async fn choose(&self, name: &str, option: &str) -> Result<()> {
        let mut found = Vec::new();
        let what = format!("the option {option} of the list “{name}”");
        let chosen = self.wait(&what, async || {
            found.clear();
            let lists = format!(
                "return [...document.querySelectorAll('{LISTS}')].filter({IS_WITHIN_REACH})"
            );
            for list in self.driver.execute(lists, Vec::new()).await?.elements()? {
                let label = self.label(&list).await?;
                let options: Vec<String> =
                    serde_json::from_value(self.call(OPTIONS, &list).await?.json().clone())?;
                let place = options.iter().position(|one| one == option);
                if let (true, Some(place)) = (label == name, place) {
                    let options = list.find_all(By::Tag("option")).await?;
                    let one = options.get(place).context("the list has changed")?;
                    return Ok(Some(one.click().await?));
                }
                found.push((label, options));
            }
            Ok(None)
        });
        let chosen = chosen.await;
        chosen.with_context(|| format!("the lists are {found:?}"))
    }

    /// A function's value for a part, which is its first argument.
    pub async fn of(&self, role: &str, name: &str, function: &str) -> Result<Value> {
        let part = self.see(role, name).await?;
        Ok(self.call(function, &part).await?.json().clone())
    }

    /// Waits until a function is true of a part.
    pub async fn until_of(&self, role: &str, name: &str, function: &str) -> Result<()> {
        self.wait(&format!("that {role} “{name}” is so: {function}"), async || {
            let Some(part) = self.elements(role, name).await?.into_iter().next() else {
                return Ok(None);
            };
            Ok((self.call(function, &part).await?.json() == &json!(true)).then_some(()))
        })
        .await
    }

    async fn call(&self, function: &str, element: &WebElement) -> Result<ScriptRet> {
        let call = format!("return ({function})(arguments[0])");
        Ok(self.driver.execute(call, vec![element.to_json()?]).await?)
    }

    /// Chooses a file as the dialogue of the only field for files would.
    pub async fn choose_file(&self, field: &str, file: &Path) -> Result<()> {
        let field = self.driver.find(By::Css(field)).await?;
        Ok(field.send_keys(file.to_string_lossy().into_owned()).await?)
    }

    /// Types into whatever has the focus, key by key.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        Ok(self.driver.action_chain().send_keys(text).perform().await?)
    }

    /// Types over all that is in the field which has the focus.
    pub async fn replace_text(&self, text: &str) -> Result<()> {
        let control = char::from(Key::Control);
        let all = self.driver.action_chain().key_down(control).key_down('a');
        all.key_up('a').key_up(control).perform().await?;
        self.type_text(text).await
    }

    /// Presses a key.
    pub async fn press(&self, key: Key) -> Result<()> {
        let key = char::from(key);
        Ok(self.driver.action_chain().key_down(key).key_up(key).perform().await?)
    }

    /// The role and the name of what has the focus.
    pub async fn focused(&self) -> Result<(String, String)> {
        // WebKit's driver tells the page's own, whatever frame is selected.
        let at = self.driver.execute("return document.activeElement", Vec::new()).await?;
        let at = at.element()?;
        Ok((self.role(&at).await?, self.label(&at).await?))
    }

    /// Waits until a part of this role and name has the focus.
    pub async fn focus_is(&self, role: &str, name: &str) -> Result<()> {
        let mut at = None;
        let what = format!("the focus on {role} “{name}”");
        let waited = self.wait(&what, async || {
            let (found_role, found_name) = self.focused().await?;
            let is = found_role == role && found_name == name;
            at = Some((found_role, found_name));
            Ok(is.then_some(()))
        });
        let waited = waited.await;
        waited.with_context(|| format!("the focus is on {at:?}"))
    }

    /// Presses Tab until a part has the focus; the error lists where it was.
    pub async fn tab_to(&self, role: &str, name: &str) -> Result<Vec<(String, String)>> {
        let mut stops = Vec::new();
        for _ in 0..20 {
            self.press(Key::Tab).await?;
            let at = self.focused().await?;
            let is = at.0 == role && at.1 == name;
            stops.push(at);
            if is {
                return Ok(stops);
            }
        }
        bail!("Tab does not lead to {role} “{name}” but to {stops:?}")
    }

    async fn role(&self, element: &WebElement) -> Result<String> {
        let role = self.computed(element, "role").await?;
        // Both are names of one role; ARIA 1.3 added the second.
        Ok(if role == "img" { "image".to_owned() } else { role })
    }

    async fn label(&self, element: &WebElement) -> Result<String> {
        self.computed(element, "label").await
    }

    /// What the browser computes of an element for assistive technology.
    async fn computed(&self, element: &WebElement, what: &'static str) -> Result<String> {
        let asked = Computed { path: format!("element/{}/computed{what}", element.element_id()) };
        let answer = self.driver.cmd(asked).await?;
        Ok(answer.value_json()?.as_str().unwrap_or_default().to_owned())
    }

    /// Looks again until something is found. An element may be replaced between two commands: that is no failure before
    /// the time is over.
    async fn wait<T>(
        &self,
        what: &str,
        mut look: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let until = Instant::now() + PATIENCE;
        loop {
            let found = look().await;
            if let Ok(Some(found)) = found {
                return Ok(found);
            }
            if Instant::now() > until {
                let text = self.eval("document.body.innerText").await.unwrap_or_default();
                let why = found.err().map(|error| format!("{error:#}")).unwrap_or_default();
                bail!("the page does not show {what}; it shows: {text} {why}");
            }
            sleep(Duration::from_millis(100)).await;
        }
    }
}

/// The command that asks for a computed role or name.
#[derive(Debug)]
struct Computed {
    path: String,
}

impl FormatRequestData for Computed {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(Method::GET, format!("session/{session}/{}", self.path))
    }
}
