//! Parts of a page in the accessibility tree, and the facts about one that was found.
//!
//! Owns their roles, names and states, and the focus. Must not find anything by class or id.

use super::Browser;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// A part of the page, as a screen reader presents it.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its node in the page, for [`Browser::ask`].
    pub node: i64,
    /// Its role.
    pub role: String,
    /// Its name.
    pub name: String,
    /// The value of a field, or the selected option of a list.
    pub value: String,
    /// Its states by their names: `checked`, `expanded`, `disabled`.
    states: Vec<(String, Value)>,
}

impl Part {
    fn new(node: &Value) -> Option<Self> {
        let text = |of: &str| node[of]["value"].as_str().unwrap_or_default().to_owned();
        let states = node["properties"].as_array().map(Vec::as_slice).unwrap_or_default();
        Some(Self {
            node: node["backendDOMNodeId"].as_i64()?,
            role: text("role"),
            name: text("name"),
            value: text("value"),
            states: states
                .iter()
                .filter_map(|one| {
                    Some((one["name"].as_str()?.to_owned(), one["value"]["value"].clone()))
                })
                .collect(),
        })
    }

    /// Whether it has a state at all, whatever its value.
    #[must_use]
    pub fn has(&self, state: &str) -> bool {
        self.states.iter().any(|(name, _)| name == state)
    }

    /// Whether it is in a state. A checkbox with three states has a word as its value, one with two has a boolean.
    #[must_use]
    pub fn is(&self, state: &str) -> bool {
        self.states
            .iter()
            .any(|(name, value)| name == state && (*value == json!(true) || *value == "true"))
    }
}

/// What Chromium says of a node that has left the document since it was found.
const REPLACED: [&str; 4] = [
    "node with given id",
    "node found for given backend id",
    "find object with given id",
    "Node is detached from document",
];

/// Whether a command failed because its node has left the document.
pub(super) fn was_replaced(error: &anyhow::Error) -> bool {
    let text = format!("{error:#}");
    REPLACED.iter().any(|words| text.contains(words))
}

impl Browser {
    /// Waits for the part with this role and name, and returns the result of a function that gets it as `this`. For
    /// facts that a person perceives and the accessibility tree does not contain: position, size, distance.
    pub async fn of(&self, role: &str, name: &str, function: &str) -> Result<Value> {
        self.with_part(role, name, async |node| self.ask(node, function, &[]).await).await
    }

    /// The result of a function for a node that [`Self::see`] or [`Self::parts`] found, with these arguments.
    pub async fn ask(&self, node: i64, function: &str, arguments: &[Value]) -> Result<Value> {
        let resolved = self.cdp("DOM.resolveNode", json!({ "backendNodeId": node })).await?;
        let arguments: Vec<_> = arguments.iter().map(|value| json!({ "value": value })).collect();
        let call = json!({
            "objectId": resolved["object"]["objectId"],
            "functionDeclaration": function,
            "arguments": arguments,
            "returnByValue": true,
            "awaitPromise": true,
            "userGesture": true,
        });
        let answer = self.cdp("Runtime.callFunctionOn", call).await?;
        ensure!(answer["exceptionDetails"].is_null(), "{function}: {}", answer["exceptionDetails"]);
        Ok(answer["result"]["value"].clone())
    }

    /// All parts of this role, in the page's order: in the whole page, or in the part with this node.
    pub async fn parts(&self, role: &str, within: Option<i64>) -> Result<Vec<Part>> {
        let found = self.query(within, role, None).await?;
        Ok(found.iter().filter_map(Part::new).collect())
    }

    /// The part that has the focus. The page itself has the role `RootWebArea`.
    pub async fn focused(&self) -> Result<Part> {
        let active = json!({ "expression": "document.activeElement" });
        let active = self.cdp("Runtime.evaluate", active).await?;
        let tree = json!({ "objectId": active["result"]["objectId"], "fetchRelatives": false });
        let tree = self.cdp("Accessibility.getPartialAXTree", tree).await?;
        Part::new(&tree["nodes"][0]).context("nothing has the focus")
    }

    /// Waits until a part of this role and name has the focus.
    pub async fn focus_is(&self, role: &str, name: &str) -> Result<()> {
        self.wait(&format!("the focus on {role} “{name}”"), async || {
            let at = self.focused().await?;
            Ok((at.role == role && at.name == name).then_some(()))
        })
        .await
    }

    /// Focuses a part, as the Tab key would after enough presses.
    pub async fn focus(&self, role: &str, name: &str) -> Result<()> {
        let focus = async |node| self.cdp("DOM.focus", json!({ "backendNodeId": node })).await;
        self.with_part(role, name, focus).await.map(drop)
    }
}
