//! The elements that can have a role, for browsers whose drivers cannot search by role.
//!
//! Owns the candidates of each role. Must not decide that a candidate has it: the browser computes the role.

use anyhow::{Result, bail};

/// A selector of all elements that can have this role in Easel's pages.
pub fn candidates(role: &str) -> Result<&'static str> {
    Ok(match role {
        "button" => "button, summary, input[type=file], [role=button]",
        "checkbox" => "input[type=checkbox]",
        "dialog" => "dialog, [role=dialog]",
        "heading" => "h1, h2, h3",
        "image" => "img, [role=img]",
        "link" => "a[href]",
        "radio" => "input[type=radio]",
        "textbox" => "textarea, input[type=text]",
        _ => bail!("the tests know no element of the role {role}"),
    })
}
