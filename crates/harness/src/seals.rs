//! Seals, proofs and signatures as anybody may write them.

use xenspect_model::catalog::{DigestKind, Manifest, StoredFile};
use xenspect_model::report::Input;
use xenspect_seal::{Found, Outcome, Proof, Seal, SealEvidence, SealSignature, TrustedKeys};

/// Reads the bytes as a seal, as a proof, as a signature and as keys, and what is read as a seal also without its first and with
/// its last member moved to the front.
///
/// Invariants:
/// - what is taken as a seal reads the same after it was written, and its first member proves;
/// - a seal holds for its own members, and with one of them gone or elsewhere it does not;
/// - rules take whatever a comparison gives;
/// - what is taken as a proof reads the same after it was written.
///
/// # Panics
///
/// When one of them does not hold.
pub fn seals(data: &[u8]) {
    let _ = SealSignature::parse(data);
    let _ = TrustedKeys::parse(&String::from_utf8_lossy(data));
    if let Ok(proof) = Proof::parse(data) {
        let mut written = Vec::new();
        proof.write(&mut written).expect("memory takes all");
        assert_eq!(Proof::parse(&written).as_ref(), Ok(&proof));
    }
    let seal = Seal::parse(data);
    judge(&seal, &Manifest::default());
    let Ok(seal) = seal else {
        return;
    };
    let mut written = Vec::new();
    seal.write(&mut written).expect("memory takes all");
    let again = Seal::parse(&written).expect("it was written as a seal");
    assert_eq!(again.about, seal.about);
    assert!(again.members.iter().eq(seal.members.iter()));
    if let Some(first) = seal.members.get(0) {
        let proof = seal.prove(&first.name).expect("it is a member");
        if let Some(sha256) = first.sha256 {
            assert_eq!(
                proof.check(first.size, &sha256, Some(&seal.about.root)),
                Ok(())
            );
        }
    }
    let readable = seal.members.iter().all(|entry| entry.sha256.is_some());
    let same = compare(&seal, &seal.members);
    assert!(
        !readable || matches!(same, Outcome::SameMembers(_)),
        "{same:?}"
    );
    let last = seal.members.len().saturating_sub(1);
    let without = order(&seal.members, 1..=last);
    let turned = order(&seal.members, std::iter::once(last).chain(0..last));
    let differs = (0..last).any(|index| seal.members.get(index) != seal.members.get(last));
    for (changed, is_other) in [(without, !seal.members.is_empty()), (turned, differs)] {
        judge(&Ok(seal.clone()), &changed);
        let outcome = compare(&seal, &changed);
        assert!(
            !is_other || !matches!(outcome, Outcome::SameMembers(_)),
            "{outcome:?}"
        );
    }
}

fn order(members: &Manifest, indexes: impl Iterator<Item = usize>) -> Manifest {
    let mut ordered = Manifest::default();
    for entry in indexes.filter_map(|index| members.get(index)) {
        ordered.push(&entry);
    }
    ordered.complete = members.complete;
    ordered
}

/// A file that is not the sealed one.
fn other_file() -> StoredFile {
    StoredFile {
        bytes: 0,
        digests: vec![(
            DigestKind::Sha256,
            b"no SHA-256 of any file, likewise".to_vec(),
        )],
        flaw: None,
    }
}

fn compare(seal: &Seal, members: &Manifest) -> Outcome {
    seal.compare(&Found {
        kind: Some(seal.about.kind),
        envelope: Some(seal.about.envelope),
        stored: Some(&other_file()),
        manifest: Some(members),
    })
}

fn judge(seal: &Result<Seal, xenspect_seal::Unusable>, members: &Manifest) {
    let mut input = Input::unreadable("input".to_owned(), String::new());
    input.kind = seal.as_ref().ok().map(|seal| seal.about.kind);
    let stored = other_file();
    let found = Found {
        kind: input.kind,
        envelope: None,
        stored: Some(&stored),
        manifest: Some(members),
    };
    let evidence = SealEvidence::new("seal".to_owned(), seal.clone(), None, &found);
    xenspect_rules::copy::sealed(&mut input, &evidence);
    assert!(input.copy.seal.is_some());
}
