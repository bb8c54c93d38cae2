//! A challenge's token: claimed first, then verified.
//!
//! Owns this order, so that one token opens one session even if several requests send it at the same time. Must not
//! judge the verifier's answer: the engine does.

use super::Call;
use crate::{clock, failure::Failure, objects, post, random, setup};
use contract::problem::ProblemKind;
use engine::{
    challenge::{self, ChallengeVerdict},
    config::{challenge::Challenge, site::Site},
    ledger::Claimed,
    origin,
};

/// How often the verifier is asked. A repetition has the same id, and is sent only if the verifier could not decide.
const TRIES: u8 = 2;
/// How long each attempt waits for the verifier.
const PATIENCE_MS: u32 = 2_500;

/// Whether the token opens a session. A claimed token stays claimed, whatever the verifier answers, and counts as failed
/// until the verifier lets it pass: a client that breaks off meanwhile gains nothing.
pub(super) async fn pass(
    call: &Call<'_>,
    site: &Site,
    challenge: &Challenge,
    token: Option<&str>,
    network: &str,
) -> Result<(), Failure> {
    let failed = || Failure::of(ProblemKind::ChallengeFailed);
    let token = token.filter(|token| challenge::is_token(token)).ok_or_else(failed)?;
    let id = random::bytes().ok_or_else(|| Failure::Internal("no random bytes".to_owned()))?;
    let ledger = objects::ledger(call.env, &site.id)?;
    let path = ["/", &site.id, "/take"].concat();
    match objects::call_json(&ledger, &path, &(challenge::fingerprint(token), network)).await? {
        Claimed::Fresh => {}
        Claimed::Spent => return Err(failed()),
        Claimed::Refused(refused) => return Err(Failure::limited(refused)),
    }
    let secret = setup::turnstile_secret(call.env, challenge.is_local())
        .map_err(|_| Failure::of(ProblemKind::Misconfigured))?;
    let form = secret.form(token, &challenge::idempotency_key(id));
    let host = origin::host_of(call.own).unwrap_or_default();
    for _ in 0..TRIES {
        let response = post::json(&challenge.verify_url, &form, PATIENCE_MS).await;
        let verdict = response.map_or(ChallengeVerdict::Unsure, |(status, body)| {
            challenge::judge(status, &body, host, clock::now())
        });
        match verdict {
            ChallengeVerdict::Passed => {
                let path = ["/", &site.id, "/challenge-passed"].concat();
                // The visitor has passed. If this call fails, the token goes on counting as failed, and expires soon.
                let _counted: Result<(), Failure> =
                    objects::call_json(&ledger, &path, network).await;
                return Ok(());
            }
            ChallengeVerdict::Failed => return Err(failed()),
            ChallengeVerdict::Unsure => {}
        }
    }
    // Without the verifier's answer no session is opened.
    Err(Failure::Internal("the challenge's verifier did not answer".to_owned()))
}
