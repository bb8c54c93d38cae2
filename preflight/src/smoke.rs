//! Whether a deployed edge keeps its promises, as functions from its responses to sentences: the headers of each kind of
//! response, the files that its pages name, its errors, a job's life, and the search for secrets.
//!
//! Owns the list of checks and what to do where one fails. Must not send a request, and must not keep or print a secret.

pub mod answer;
pub mod embedding;
pub mod errors;
pub mod headers;
pub mod jobs;
pub mod links;
pub mod policy;
pub mod scan;
pub mod spend;

/// One check, in the order in which the results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// Which service answers at the address.
    Edge,
    /// The site's public facts.
    Site,
    /// An order is granted.
    Order,
    /// Which pages may embed the studio.
    Embedding,
    /// The documents and their policies.
    Documents,
    /// Every file that a document or a script names.
    Files,
    /// The errors that cost nothing.
    Errors,
    /// A job ends without a viewer.
    Unwatched,
    /// After a reload the job and its bytes are the same.
    Reload,
    /// A cancelled job stays cancelled.
    Cancel,
    /// No response holds a secret.
    Secrets,
}

impl Check {
    /// Every check, in that order.
    pub const ALL: [Self; 11] = [
        Self::Edge,
        Self::Site,
        Self::Order,
        Self::Embedding,
        Self::Documents,
        Self::Files,
        Self::Errors,
        Self::Unwatched,
        Self::Reload,
        Self::Cancel,
        Self::Secrets,
    ];

    /// Its name in the output.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Edge => "edge",
            Self::Site => "site",
            Self::Order => "order",
            Self::Embedding => "embedding",
            Self::Documents => "documents",
            Self::Files => "scripts and files",
            Self::Errors => "errors",
            Self::Unwatched => "job without a viewer",
            Self::Reload => "reload",
            Self::Cancel => "cancel",
            Self::Secrets => "secrets",
        }
    }

    /// What to do where it fails.
    pub const fn next_step(self) -> &'static str {
        match self {
            Self::Edge => {
                "Look at the address and at `npx wrangler tail --config edge/wrangler.jsonc`; deploy the last good \
                 version if the edge does not open."
            }
            Self::Site => "Name a site of this deployment with --site.",
            Self::Order => {
                "docs/operations.md, \"What to do when\", has the kind of the problem: a cap, the key, a closed site."
            }
            Self::Embedding => "Correct the site's `origins`, run `cargo xtask check`, and deploy.",
            Self::Documents | Self::Files => {
                "Look for a rule of the zone that changes responses (Transform Rules, Rocket Loader, Email Obfuscation, \
                 Bot Fight Mode) and switch it off for this host; else deploy this version again."
            }
            Self::Errors => {
                "Look for a rule of the zone that answers in place of the Worker (WAF, custom error pages); else deploy \
                 this version again."
            }
            Self::Unwatched => {
                "Close the site (`PUT /v1/operator/switch`) and look for the job's first eight digits in \
                 `npx wrangler tail --config edge/wrangler.jsonc`."
            }
            Self::Reload => {
                "Look for a cache in front of the edge (Cache Rules: /v1/ must bypass it) and for two deployments under \
                 one address; see that EASEL_SIGNING_KEY was not replaced without the old one behind it."
            }
            Self::Cancel => {
                "Close the site (`PUT /v1/operator/switch`): visitors pay for what they cancelled. Deploy the last good \
                 version."
            }
            Self::Secrets => {
                "Close the site now, replace each secret that was found where it was made, then look for how it came \
                 into the response. It must be counted as known to strangers."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_a_name_of_its_own_and_a_next_step() {
        for check in Check::ALL {
            let same = Check::ALL.iter().filter(|other| other.label() == check.label());
            assert_eq!(same.count(), 1, "{check:?}");
            assert!(check.next_step().ends_with('.'), "{check:?}");
        }
        assert!(Check::ALL.is_sorted());
    }
}
