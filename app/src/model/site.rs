//! What the studio must know of its site. The form's choices are already in the document.
//!
//! Owns reading it from the document's data block (`contract::site::Site`).

use super::json::Json;

/// The site's facts that decide something here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Site {
    /// Its id.
    pub id: String,
    /// Unicode scalar values of a prompt at most, after trimming.
    pub max_prompt_chars: u32,
    /// Whether the token and the jobs' ids may outlive a reload.
    pub keeps: bool,
}

impl Site {
    /// The facts in the data block's text.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let json = Json::read(text)?;
        Some(Self {
            id: json.get("id").text()?.to_owned(),
            max_prompt_chars: json.get("max_prompt_chars").small()?,
            keeps: json.get("history").text()? != "off",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_are_found() {
        let text =
            r#"{"id":"acme","sizes":["1024x1024"],"max_prompt_chars":900,"history":"session"}"#;
        let site = Site { id: "acme".to_owned(), max_prompt_chars: 900, keeps: true };
        assert_eq!(Site::read(text), Some(site.clone()));
        let off = text.replace("session", "off");
        assert_eq!(Site::read(&off), Some(Site { keeps: false, ..site }));
        assert_eq!(Site::read("{}"), None);
    }
}
