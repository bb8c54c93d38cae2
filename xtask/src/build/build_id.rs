//! The build's id, which the Worker writes into the studio's document and the program compares with its own.
//!
//! Owns what it depends on: all that decides which components are rendered, and with which texts. A development build
//! has always the same id, so that a saved text compiles the Worker alone. Must not depend on what a cargo call does.

use crate::{build::Profile, stamp::Stamp};
use anyhow::Result;

/// The variable by which cargo compiles it in, in `app`.
pub const NAME: &str = "EASEL_BUILD";

const INPUTS: &[&str] = &["app/Cargo.toml", "app/src", "contract/src", "texts", "Cargo.lock"];

/// The id: sixteen hex digits for visitors.
pub fn read(profile: Profile) -> Result<String> {
    if profile == Profile::Development {
        return Ok("development".to_owned());
    }
    Ok(Stamp::of("build-id", INPUTS, "")?.digest()[..16].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo;

    #[test]
    fn each_input_exists() {
        for input in INPUTS {
            assert!(!repo::files_under(input).is_empty(), "{input}");
        }
        let [one, other] = [Profile::Release, Profile::Release].map(|it| read(it).unwrap());
        assert_eq!(one.len(), 16);
        assert_eq!(one, other);
    }
}
