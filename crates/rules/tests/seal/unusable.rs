//! Seals that tell nothing, or not of this archive.

use xenspect_model::catalog::Flaw;
use xenspect_model::report::{SealOutcome, SignatureOutcome, Verdict};
use xenspect_model::{Code, Severity};
use xenspect_seal::{Seal, SignatureState, Unusable};
use xenspect_synth::{Recipe, SumKind};

use crate::build::{
    Judged, archive, blocks, fact, input, judged, judged_with, position, seal, taken,
};

fn written(seal: &Seal) -> String {
    let mut bytes = Vec::new();
    seal.write(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// What is said of the archive with a seal of this text.
fn with(text: &str) -> Judged {
    judged_with(&archive().encode(), Seal::parse(text.as_bytes()), None)
}

#[test]
fn a_seal_that_was_edited_tells_nothing() {
    let good = archive();
    let text = written(&seal(&good.encode()));
    let name = format!("\"{}\"", blocks(&good)[3]);
    let line = text.lines().find(|line| line.contains(&name)).unwrap();
    let without = text.replace(&format!("{line}\n"), "");
    let edited_digest = text.replace(
        line,
        &line
            .replace("\"sha256\":\"", "\"sha256\":\"00")
            .replace("00\"}", "\"}"),
    );
    for (edited, code, words) in [
        (without.clone(), Code::SealAltered, "claims"),
        (
            without.replace("\"count\":17", "\"count\":16"),
            Code::SealAltered,
            "root is not that of its members",
        ),
        (
            text.replace(line, &line.replace("\"size\":1048576", "\"size\":1048577")),
            Code::SealAltered,
            "root is not that of its members",
        ),
        (
            text.replace("\"metadata\":", "\"meta\":"),
            Code::SealAltered,
            "metadata digest",
        ),
        (edited_digest, Code::SealUnreadable, "64 hexadecimal digits"),
    ] {
        assert_ne!(edited, text);
        let judged = with(&edited);
        let finding = judged.only();
        assert_eq!(finding.code, code);
        assert!(fact(finding, "reason").contains(words), "{finding:?}");
        assert_eq!(judged.sealed().outcome, SealOutcome::Unusable);
        assert!(!judged.sealed().same_file);
        assert_eq!(judged.input.not_checked, judged.alone.not_checked);
    }
}

#[test]
fn a_seal_that_is_cut_short_tells_nothing() {
    let text = written(&seal(&archive().encode()));
    for end in [0, 1, 100, text.len() / 2, text.len() - 3] {
        let judged = with(&text[..end]);
        let finding = judged.only();
        assert_eq!(
            (finding.code, finding.severity),
            (Code::SealUnreadable, Severity::Error)
        );
        assert!(
            fact(finding, "reason").contains("cut short"),
            "{end}: {finding:?}"
        );
    }
}

#[test]
fn a_newer_seal_is_not_looked_at() {
    let judged = with("{\"seal\":2,\n\"other\":[1,2,{}],\"members\":7}");
    let finding = judged.only();
    assert_eq!(
        (finding.code, finding.severity),
        (Code::SealVersion, Severity::Warning)
    );
    assert_eq!(fact(finding, "version"), "2");
    assert_eq!(judged.input.verdict, Verdict::Suspect);
}

#[test]
fn another_archive_is_one_finding() {
    let elsewhere = Recipe {
        first_id: 100,
        ..Recipe::named("two-disks").unwrap()
    };
    let mut same_names = archive();
    for member in &mut same_names.members {
        member.payload.push(b' ');
    }
    for other in [elsewhere.build(), same_names.encode()] {
        let judged = judged(&seal(&other), &archive().encode());
        let only: Vec<_> = judged
            .codes()
            .into_iter()
            .filter(|code| *code != Code::SealOfDamaged)
            .collect();
        assert_eq!(only, [Code::SealOtherArchive]);
        assert_eq!(judged.sealed().outcome, SealOutcome::OtherArchive);
        assert_eq!((judged.sealed().lost, judged.sealed().changed), (0, 0));
        let findings = judged.findings();
        assert_eq!(fact(findings.last().unwrap(), "sealed_file"), "copy.xva");
    }
}

#[test]
fn a_copy_with_most_of_it_gone_is_no_other_archive() {
    let good = archive();
    let seal = seal(&good.encode());
    let mut copy = good;
    copy.members.drain(..copy.members.len() - 2);
    let judged = judged(&seal, &copy.encode());
    assert_eq!(
        judged.codes(),
        [
            Code::SealMemberLost,
            Code::SealMemberLost,
            Code::SealMemberLost
        ]
    );
}

#[test]
fn a_seal_of_a_damaged_archive_says_so_whatever_holds() {
    let mut bad = archive();
    let at = position(&bad, &blocks(&bad)[2]);
    bad.members[at].payload[0] ^= 1;
    let bytes = bad.encode();
    let taken = taken(&bytes, &bytes);
    let of_damaged = Seal::of(&input(&bytes), &taken.stored, taken.manifest).unwrap();
    assert_eq!(of_damaged.about.verdict, Verdict::Damaged);
    let judged_same = judged(&of_damaged, &bytes);
    assert_eq!(judged_same.only().code, Code::SealOfDamaged);
    assert_eq!(fact(judged_same.only(), "verdict"), "damaged");
    assert_eq!(judged_same.input.not_checked, judged_same.alone.not_checked);
    assert_eq!(judged_same.sealed().sealed_as, Some(Verdict::Damaged));
    // The good one is not what was sealed.
    bad.members[at].payload[0] ^= 1;
    bad.members[at + 1] = bad.members[at].sum(SumKind::Xxh64).unwrap();
    let judged_good = judged(&of_damaged, &bad.encode());
    assert_eq!(
        judged_good.codes(),
        [Code::SealOfDamaged, Code::SealMemberChanged]
    );
}

#[test]
fn a_signature_that_is_not_good_leaves_the_seal_out() {
    let bytes = archive().encode();
    let key = "SHA256:abc".to_owned();
    for (state, code, outcome) in [
        (
            SignatureState::Bad(key.clone()),
            Code::SealSignatureBad,
            SignatureOutcome::Bad,
        ),
        (
            SignatureState::OtherKey(key.clone()),
            Code::SealSignatureOtherKey,
            SignatureOutcome::OtherKey,
        ),
        (
            SignatureState::Missing,
            Code::SealSignatureMissing,
            SignatureOutcome::Missing,
        ),
        (
            SignatureState::Unreadable("no".to_owned()),
            Code::SealSignatureUnreadable,
            SignatureOutcome::Unreadable,
        ),
    ] {
        let judged = judged_with(&bytes, Ok(seal(&bytes)), Some(state));
        assert_eq!(judged.codes(), [code]);
        let signature = judged.sealed().signature.clone().unwrap();
        assert_eq!((signature.good, signature.outcome), (false, outcome));
        assert_eq!(judged.sealed().outcome, SealOutcome::Unusable);
        assert_eq!(judged.input.verdict, Verdict::Damaged);
    }
    let good = judged_with(&bytes, Ok(seal(&bytes)), Some(SignatureState::Good(key)));
    assert!(good.findings().is_empty());
    assert_eq!(good.sealed().outcome, SealOutcome::Holds);
}

#[test]
fn a_file_that_was_not_read_to_its_end_is_not_called_another() {
    let bytes = archive().encode();
    let mut read = taken(&bytes, &bytes);
    read.stored.flaw = Some(Flaw::Stopped);
    let judged = crate::build::judged_as(&seal(&bytes), &bytes, &read);
    assert!(judged.findings().is_empty());
    assert!(judged.sealed().same_members && !judged.sealed().same_file);
}

#[test]
fn seals_of_unreadable_files_are_said_with_their_reason() {
    let bytes = archive().encode();
    let missing = Err(Unusable::NotRead("it cannot be opened".to_owned()));
    let judged = judged_with(&bytes, missing, None);
    assert_eq!(judged.only().code, Code::SealUnreadable);
    assert_eq!(fact(judged.only(), "seal"), "copy.xva.seal.json");
}
