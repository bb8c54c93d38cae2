//! Parts of a page as a screen reader has them, and what is asked of one that was found.
//!
//! Owns their roles, names and states, and the focus. Must not find anything by class or id.

use super::Browser;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// A part of the page as a screen reader has it.
#[derive(Clone, Debug)]
pub struct Part {
    /// Where it is in the page, for [`Browser::ask`].
    pub node: i64,
    /// What it is.
    pub role: String,
    /// What it is called.
    pub name: String,
    /// What a field holds, or the shown choice of a list.
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

    /// Whether it is in a state. A box of three states answers in words, one of two in truth.
    #[must_use]
    pub fn is(&self, state: &str) -> bool {
        self.states
            .iter()
            .any(|(name, value)| name == state && (*value == json!(true) || *value == "true"))
    }
}

impl Browser {
    /// What a function says of the part of this role and name, which it gets as `this`, once that part is there. For what
    /// a person perceives of it and the accessibility tree does not hold: where it is, how large, how near.
    pub async fn of(&self, role: &str, name: &str, function: &str) -> Result<Value> {
        let node = self.see(role, name).await?;
        self.ask(node, function, &[]).await
    }

    /// What a function says of a node that [`Self::see`] or [`Self::parts`] found, with these arguments.
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

    /// The role and the name of what has the focus. The page itself has the role `RootWebArea`.
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

    /// Gives a part the focus, as the Tab key would after enough presses.
    pub async fn focus(&self, role: &str, name: &str) -> Result<()> {
        let node = self.see(role, name).await?;
        self.cdp("DOM.focus", json!({ "backendNodeId": node })).await.map(drop)
    }
}
