//! What of a site's settings a browser may know.
//!
//! Owns the choice. Must not make the prefix, the suffix or the budget public.

use super::Site;
use crate::{candidates::Inputs, config::challenge::Challenge};
use contract::site::{CallToAction, CallToActionWhen};
use serde::Deserialize;

/// A suggested prompt.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct Preset {
    /// The text of its button.
    pub label: String,
    /// The prompt that it fills in.
    pub prompt: String,
    /// The name of a picture that this prompt made, a file under `public/sites/{id}/`.
    pub picture: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(in crate::config) struct CallToActionJson {
    label: String,
    pub(super) url: String,
    #[serde(default = "default_when")]
    when: CallToActionWhen,
}

impl CallToActionJson {
    pub(super) fn public(self) -> CallToAction {
        CallToAction { label: self.label, url: self.url, when: self.when }
    }
}

/// What a link without `when` did before there was a choice.
const fn default_when() -> CallToActionWhen {
    CallToActionWhen::Limit
}

impl Site {
    /// The facts that a browser may know. `inputs`: see [`crate::candidates::inputs`]. The presets have no pictures: only
    /// the build knows their paths, see [`Self::public_presets`].
    pub fn public(&self, inputs: Inputs, sandbox: bool) -> contract::site::Site {
        contract::site::Site {
            id: self.id.clone(),
            sizes: self.sizes.clone(),
            default_size: self.default_size,
            qualities: self.qualities.clone(),
            default_quality: self.default_quality,
            max_inputs: inputs.most,
            max_input_side: inputs.side,
            concurrent: self.visitor.concurrent,
            formats: self.formats.clone(),
            backgrounds: self.backgrounds.clone(),
            max_count: self.max_count,
            max_prompt_chars: self.prompt.max_chars,
            presets: self.public_presets(|_| None),
            texts: self.texts.clone(),
            challenge: self.challenge.as_ref().map(Challenge::public),
            history: self.history,
            choose: self.choose,
            show_cost: self.show_cost,
            estimates: None,
            call_to_action: self.call_to_action.clone(),
            privacy_url: self.privacy_url.clone(),
            report_url: self.report_url.clone(),
            retention_minutes: self.retention_minutes,
            sandbox,
        }
    }

    /// The presets, each with the path of its picture. `path_of` finds it by the file's name; a picture that it does not
    /// find is left out, so that no browser asks for a file that is not there.
    pub fn public_presets(
        &self,
        path_of: impl Fn(&str) -> Option<String>,
    ) -> Vec<contract::site::Preset> {
        let public = |preset: &Preset| contract::site::Preset {
            label: preset.label.clone(),
            prompt: preset.prompt.clone(),
            picture: preset.picture.as_deref().and_then(&path_of),
        };
        self.presets.iter().map(public).collect()
    }
}
