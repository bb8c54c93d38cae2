//! A challenge's token: taken first, then verified.
//!
//! Owns the order that makes one token open one session, however many show it at once. Must not judge: the engine does.

use super::Call;
use crate::{clock, failure::Failure, objects, post, random, setup};
use contract::problem::ProblemKind;
use engine::{
    challenge::{self, ChallengeVerdict},
    config::{challenge::Challenge, site::Site},
    ledger::Taken,
    origin,
};

/// Times that the verifier is asked: again only when it could not tell, under the same id.
const TRIES: u8 = 2;
/// Patience with it, each time.
const PATIENCE_MS: u32 = 2_500;

/// Whether the token opens a session. A token that was taken is used up, whatever the verifier says.
pub(super) async fn pass(
    call: &Call<'_>,
    site: &Site,
    challenge: &Challenge,
    token: Option<&str>,
    network: &str,
) -> Result<(), Failure> {
    let failed = || Failure::of(ProblemKind::ChallengeFailed);
    let token = token.filter(|token| challenge::is_token(token)).ok_or_else(failed)?;
    let id = random::bytes().ok_or_else(|| Failure::Ours("no random bytes".to_owned()))?;
    let ledger = objects::ledger(call.env, &site.id)?;
    let path = ["/", &site.id, "/take"].concat();
    match objects::call_json(&ledger, &path, &(challenge::fingerprint(token), network)).await? {
        Taken::Fresh => {}
        Taken::Spent => return Err(failed()),
        Taken::Refused(refused) => return Err(Failure::limited(refused.kind, refused.resets_at)),
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
            ChallengeVerdict::Passed => return Ok(()),
            ChallengeVerdict::Failed => return Err(failed()),
            ChallengeVerdict::Unsure => {}
        }
    }
    // Nobody gets in because the verifier is away.
    Err(Failure::Ours("the challenge's verifier does not answer".to_owned()))
}
