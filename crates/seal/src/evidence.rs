//! What a seal has to say of an input, for the rules.

use xenspect_model::catalog::Manifest;

use crate::compare::{Found, Outcome};
use crate::read::Unusable;
use crate::seal::{About, Seal};
use crate::sshsig::SignatureState;

/// What a seal has to say of an input.
#[derive(Debug, Clone)]
pub struct SealEvidence {
    /// The seal's file, as reports show it.
    pub path: String,
    /// What it says; or why nothing can be concluded from it.
    pub judged: Result<Judged, Unusable>,
    /// What its signature is worth, if that was asked for.
    pub signature: Option<SignatureState>,
}

/// What a seal that does not contradict itself says.
#[derive(Debug, Clone)]
pub struct Judged {
    /// All but its members.
    pub about: About,
    /// How many it has.
    pub members: u64,
    /// How the input compares; `None` if the signature that was asked for is not good, so that the seal may be anybody's.
    pub outcome: Option<Outcome>,
}

impl SealEvidence {
    /// Compares an input with what was read of its seal.
    #[must_use]
    pub fn new(
        path: String,
        seal: Result<Seal, Unusable>,
        signature: Option<SignatureState>,
        found: &Found<'_>,
    ) -> Self {
        let is_trusted = matches!(signature, None | Some(SignatureState::Good(_)));
        let judged = seal.map(|seal| Judged {
            members: number(&seal.members),
            outcome: is_trusted.then(|| seal.compare(found)),
            about: seal.about,
        });
        Self {
            path,
            judged,
            signature,
        }
    }
}

fn number(members: &Manifest) -> u64 {
    u64::try_from(members.len()).unwrap_or(u64::MAX)
}
