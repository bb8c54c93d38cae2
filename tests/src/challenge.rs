//! A studio whose site has a challenge, and its tokens.
//!
//! Owns the challenge's configuration. Must not verify a token: the sandbox does that.

use crate::studio::{Setup, Studio};
use anyhow::Result;
use sandbox::{ChallengeToken, Sandbox};
use serde_json::json;

/// The site key of the challenge.
pub const SITE_KEY: &str = "0x4AAAAAAAwidget";

impl Setup {
    /// Starts a studio whose site has a challenge that its sandbox verifies.
    pub async fn start_challenged(self) -> Result<Studio> {
        let gate = Sandbox::start(self.sandbox.clone()).await?;
        let challenge = json!({
            "provider": "turnstile", "site_key": SITE_KEY, "verify_url": gate.siteverify_url()
        });
        let setup = self.site("challenge", challenge);
        setup.secret("TURNSTILE_SECRET_KEY", "0x4AAAAAAACANARYsecret").start_on(gate).await
    }
}

/// A token as the widget on our page gets it.
pub fn challenge_token() -> ChallengeToken {
    ChallengeToken {
        hostname: "127.0.0.1".to_owned(),
        action: "easel".to_owned(),
        ..ChallengeToken::default()
    }
}
