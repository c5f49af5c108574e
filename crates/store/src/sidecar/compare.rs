//! What is expected of a file by what lies beside it, and how the file compares.

use xenspect_model::catalog::{DigestKind, StoredFile};
use xenspect_model::report::{Sidecar, SidecarOutcome};

use xenspect_model::hex::encode as hex;

/// What one sidecar says of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The sidecar, as it is shown.
    pub path: String,
    /// What it says.
    pub says: Expected,
    /// What else is to be known of it.
    pub detail: Option<String>,
}

/// What a sidecar says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// The file's digest.
    Digest(DigestKind, Vec<u8>),
    /// The file's length in bytes.
    Size(u64),
    /// Nothing of this file: a list of such digests without a line for it.
    Missing(DigestKind),
    /// Nothing that can be understood; the kind where it is known.
    Malformed(Option<DigestKind>),
}

/// The digests that are needed to compare, each once.
#[must_use]
pub fn kinds(expectations: &[Expectation]) -> Vec<DigestKind> {
    let mut kinds: Vec<DigestKind> = expectations
        .iter()
        .filter_map(|expectation| match expectation.says {
            Expected::Digest(kind, _) => Some(kind),
            _ => None,
        })
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// How a file compares. `stored` is what its reading gave, `length` its length where that is known without reading.
#[must_use]
pub fn compare(
    expectation: &Expectation,
    stored: Option<&StoredFile>,
    length: Option<u64>,
) -> Sidecar {
    let whole = stored.filter(|stored| stored.is_whole());
    let (tells, outcome, expected, found) = match &expectation.says {
        Expected::Digest(kind, digest) => {
            let found = stored.and_then(|stored| stored.digest(*kind));
            (
                kind.name(),
                outcome(found.map(|found| found == digest.as_slice())),
                Some(hex(digest)),
                found.map(hex),
            )
        }
        Expected::Size(bytes) => {
            let found = whole.map(|stored| stored.bytes).or(length);
            (
                "size",
                outcome(found.map(|found| found == *bytes)),
                Some(bytes.to_string()),
                found.map(|found| found.to_string()),
            )
        }
        Expected::Missing(kind) => (kind.name(), SidecarOutcome::Missing, None, None),
        Expected::Malformed(kind) => (
            kind.map_or("digest", DigestKind::name),
            SidecarOutcome::Malformed,
            None,
            None,
        ),
    };
    Sidecar {
        path: expectation.path.clone(),
        tells: tells.to_owned(),
        outcome,
        expected,
        found,
        detail: expectation.detail.clone(),
    }
}

fn outcome(equal: Option<bool>) -> SidecarOutcome {
    match equal {
        Some(true) => SidecarOutcome::Good,
        Some(false) => SidecarOutcome::Wrong,
        None => SidecarOutcome::Untold,
    }
}

#[cfg(test)]
mod tests {
    use xenspect_model::catalog::Flaw;

    use super::*;

    fn said(says: Expected) -> Expectation {
        Expectation {
            path: "SHA256SUMS".to_owned(),
            says,
            detail: None,
        }
    }

    #[test]
    fn each_outcome_is_told() {
        let stored = StoredFile {
            bytes: 3,
            digests: vec![
                (DigestKind::Md5, vec![1; 16]),
                (DigestKind::Sha256, vec![2; 32]),
            ],
            flaw: None,
        };
        let cut = StoredFile {
            flaw: Some(Flaw::Stopped),
            ..stored.clone()
        };
        let right = said(Expected::Digest(DigestKind::Sha256, vec![2; 32]));
        let wrong = said(Expected::Digest(DigestKind::Md5, vec![2; 16]));
        let other = said(Expected::Digest(DigestKind::Sha512, vec![2; 64]));
        for (says, stored, outcome) in [
            (&right, Some(&stored), SidecarOutcome::Good),
            (&wrong, Some(&stored), SidecarOutcome::Wrong),
            (&other, Some(&stored), SidecarOutcome::Untold),
            (&right, Some(&cut), SidecarOutcome::Untold),
            (&right, None, SidecarOutcome::Untold),
            (
                &said(Expected::Size(3)),
                Some(&stored),
                SidecarOutcome::Good,
            ),
            (
                &said(Expected::Size(4)),
                Some(&stored),
                SidecarOutcome::Wrong,
            ),
            (&said(Expected::Size(4)), Some(&cut), SidecarOutcome::Untold),
            (
                &said(Expected::Missing(DigestKind::Md5)),
                Some(&stored),
                SidecarOutcome::Missing,
            ),
            (
                &said(Expected::Malformed(None)),
                Some(&stored),
                SidecarOutcome::Malformed,
            ),
        ] {
            let sidecar = compare(says, stored, None);
            assert_eq!(sidecar.outcome, outcome, "{says:?}");
            let told = matches!(outcome, SidecarOutcome::Good | SidecarOutcome::Wrong);
            assert_eq!(sidecar.found.is_some(), told, "{says:?}");
        }
        let size = compare(&said(Expected::Size(4)), None, Some(4));
        assert_eq!(
            (size.tells.as_str(), size.outcome),
            ("size", SidecarOutcome::Good)
        );
        assert_eq!(
            kinds(&[right, wrong, other]),
            [DigestKind::Md5, DigestKind::Sha256, DigestKind::Sha512]
        );
    }
}
