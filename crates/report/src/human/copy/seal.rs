//! The line on a seal: whether it holds, and if not, in how many members the input differs.

use xenspect_model::report::{Packing, SealOutcome, Sealed, Signature, SignatureOutcome};

use super::super::{Style, plural};
use crate::quantity::count;
use crate::text::escape;

/// What came of the seal, in one sentence, and what its signature is worth.
pub(super) fn words(sealed: &Sealed, style: &Style) -> String {
    let path = escape(&sealed.path, style.unicode);
    let signature = sealed
        .signature
        .as_ref()
        .map_or_else(String::new, |signature| {
            format!("; {}", signed(signature, style))
        });
    format!("{path}: {}{signature}", compared(sealed))
}

fn compared(sealed: &Sealed) -> String {
    let all = match sealed.members {
        1 => "its one member is".to_owned(),
        members => format!("all {} are", plural(members, "member")),
    };
    let holds = match (sealed.same_file, sealed.packing) {
        (true, _) => format!(
            "the file is the one that was sealed, with {}",
            plural(sealed.members, "member")
        ),
        (false, Some(Packing::Recompressed)) => {
            format!("{all} as sealed; the file was compressed anew")
        }
        (false, Some(Packing::Repacked)) => format!("{all} as sealed; the file was packed anew"),
        (false, _) => format!("{all} as sealed"),
    };
    match sealed.outcome {
        SealOutcome::Holds => match sealed.sealed_as {
            Some(verdict) => format!("{holds}; it was sealed as {}", verdict.word()),
            None => holds,
        },
        SealOutcome::Differs => differs(sealed),
        SealOutcome::OtherArchive => "of another archive".to_owned(),
        SealOutcome::OtherFile => "the file is not the one that was sealed".to_owned(),
        SealOutcome::NotCompared => {
            "not compared, since the input was not read to its end".to_owned()
        }
        SealOutcome::Unusable => "cannot be used".to_owned(),
    }
}

fn differs(sealed: &Sealed) -> String {
    let parts: Vec<String> = [
        (sealed.lost, "lost"),
        (sealed.added, "added"),
        (sealed.moved, "moved"),
        (sealed.changed, "changed"),
        (sealed.not_compared, "not compared"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, word)| format!("{} {word}", count(number)))
    .collect();
    format!(
        "of {} sealed, {}",
        plural(sealed.members, "member"),
        parts.join(", ")
    )
}

fn signed(signature: &Signature, style: &Style) -> String {
    let key = signature
        .key
        .as_deref()
        .map_or_else(String::new, |key| escape(key, style.unicode));
    match signature.outcome {
        SignatureOutcome::Good => format!("signed by {key}"),
        SignatureOutcome::Bad => format!("its signature by {key} does not hold"),
        SignatureOutcome::OtherKey => format!("signed by another key, {key}"),
        SignatureOutcome::Missing => "not signed".to_owned(),
        SignatureOutcome::Unreadable => "its signature cannot be read".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use xenspect_model::report::Verdict;

    use super::*;

    fn sealed() -> Sealed {
        Sealed {
            path: "web01.xva.seal.json".to_owned(),
            root: None,
            outcome: SealOutcome::Holds,
            same_file: false,
            same_members: true,
            packing: Some(Packing::Recompressed),
            sealed_as: None,
            members: 2051,
            lost: 0,
            added: 0,
            moved: 0,
            changed: 0,
            not_compared: 0,
            signature: None,
        }
    }

    #[test]
    fn each_outcome_has_its_words() {
        let key = |outcome, key: Option<&str>| {
            Some(Signature {
                good: outcome == SignatureOutcome::Good,
                outcome,
                key: key.map(str::to_owned),
            })
        };
        for (sealed, expected) in [
            (
                sealed(),
                "all 2,051 members are as sealed; the file was compressed anew",
            ),
            (
                Sealed {
                    packing: Some(Packing::Repacked),
                    members: 1,
                    ..sealed()
                },
                "its one member is as sealed; the file was packed anew",
            ),
            (
                Sealed {
                    packing: None,
                    same_file: true,
                    ..sealed()
                },
                "the file is the one that was sealed, with 2,051 members",
            ),
            (
                Sealed {
                    packing: None,
                    sealed_as: Some(Verdict::Damaged),
                    ..sealed()
                },
                "all 2,051 members are as sealed; it was sealed as damaged",
            ),
            (
                Sealed {
                    outcome: SealOutcome::Differs,
                    lost: 2,
                    added: 1,
                    moved: 3,
                    changed: 4000,
                    not_compared: 5,
                    ..sealed()
                },
                "of 2,051 members sealed, 2 lost, 1 added, 3 moved, 4,000 changed, 5 not compared",
            ),
            (
                Sealed {
                    outcome: SealOutcome::OtherArchive,
                    ..sealed()
                },
                "of another archive",
            ),
            (
                Sealed {
                    outcome: SealOutcome::Unusable,
                    signature: key(SignatureOutcome::OtherKey, Some("SHA256:x\u{1b}")),
                    ..sealed()
                },
                "cannot be used; signed by another key, SHA256:x\\u{1b}",
            ),
            (
                Sealed {
                    signature: key(SignatureOutcome::Good, Some("SHA256:x")),
                    ..sealed()
                },
                "all 2,051 members are as sealed; the file was compressed anew; signed by SHA256:x",
            ),
        ] {
            let words = words(&sealed, &Style::default());
            assert_eq!(words, format!("web01.xva.seal.json: {expected}"));
        }
    }
}
