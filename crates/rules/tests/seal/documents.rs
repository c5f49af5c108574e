//! Pool databases and host backups.

use xenspect_model::Code;
use xenspect_model::catalog::{Manifest, ManifestEntry, SumState};
use xenspect_model::report::Kind;
use xenspect_seal::Seal;
use xenspect_synth::{DumpRecipe, HostBackup};

use crate::build::{Taken, fact, input, judged_as, member, stored};
use sha2::{Digest, Sha256};

/// A document as its only member.
fn document(bytes: &[u8]) -> Taken {
    let mut manifest = Manifest::default();
    manifest.push(&ManifestEntry {
        name: b"pool-db".into(),
        size: bytes.len() as u64,
        sha256: Some(Sha256::digest(bytes).into()),
        offset: 0,
        start: None,
        sum: SumState::None,
        attributes: None,
    });
    manifest.complete = true;
    Taken {
        stored: stored(bytes),
        manifest,
    }
}

#[test]
fn a_pool_database_that_changed_is_seen() {
    let good = DumpRecipe::named("pool-8.2").unwrap().build();
    let of_good = document(&good);
    let seal = Seal::of(&input(&good), &of_good.stored, of_good.manifest).unwrap();
    assert_eq!(seal.about.kind, Kind::PoolDb);
    assert_eq!(seal.about.metadata, Some(Sha256::digest(&good).into()));
    let text = String::from_utf8(good).unwrap();
    let at = text.find("name__label=\"").unwrap() + 13;
    let changed = format!("{}x{}", &text[..at], &text[at..]).into_bytes();
    let judged = judged_as(&seal, &changed, &document(&changed));
    let finding = judged.only();
    assert_eq!(
        (finding.code, member(finding)),
        (Code::SealMemberChanged, "pool-db")
    );
}

#[test]
fn a_packed_pool_database_holds() {
    let good = DumpRecipe::named("pool-8.2").unwrap().build();
    let of_good = document(&good);
    let seal = Seal::of(&input(&good), &of_good.stored, of_good.manifest).unwrap();
    let packed = xenspect_synth::Envelope::Gzip.encode(&good);
    let of_packed = Taken {
        stored: stored(&packed),
        ..document(&good)
    };
    let judged = judged_as(&seal, &packed, &of_packed);
    assert_eq!(judged.only().code, Code::SealRecompressed);
    let open = "a dump bears no checksum";
    assert!(
        judged
            .alone
            .not_checked
            .iter()
            .any(|sentence| sentence.contains(open))
    );
    assert!(
        !judged
            .input
            .not_checked
            .iter()
            .any(|sentence| sentence.contains(open))
    );
}

/// The members of a host backup that is not packed, with a digest of their modes as attributes.
fn host(bytes: &[u8]) -> Taken {
    let mut taken = crate::build::taken(bytes, bytes);
    let mut with_modes = Manifest::default();
    let mut archive = tar::Archive::new(bytes);
    for (index, entry) in archive.entries().unwrap().enumerate() {
        let entry = entry.unwrap();
        let mode = Sha256::digest(entry.header().mode().unwrap().to_be_bytes());
        with_modes.push(&ManifestEntry {
            attributes: mode.first_chunk().copied(),
            ..taken.manifest.get(index).unwrap()
        });
    }
    with_modes.complete = true;
    taken.manifest = with_modes;
    taken
}

#[test]
fn a_mode_that_changed_is_seen() {
    let mut backup = HostBackup::named("coordinator").unwrap();
    backup.envelope = xenspect_synth::Envelope::Plain;
    let good = backup.bytes();
    let of_good = host(&good);
    let seal = Seal::of(&input(&good), &of_good.stored, of_good.manifest).unwrap();
    assert_eq!(seal.about.kind, Kind::HostBackup);
    assert!(seal.about.metadata.is_some());
    backup.entry_mut("etc/fstab").unwrap().mode = 0o666;
    let other = backup.bytes();
    let judged = judged_as(&seal, &other, &host(&other));
    let finding = judged.only();
    assert_eq!(
        (finding.code, member(finding)),
        (Code::SealMemberChanged, "./etc/fstab")
    );
    assert_eq!(fact(finding, "same_attributes"), "false");
    assert_eq!(finding.facts.get("sealed_sha256"), None);
    // Back again it holds, and what nothing else checks is said no longer.
    backup.entry_mut("etc/fstab").unwrap().mode = 0o644;
    let same = backup.bytes();
    let judged = judged_as(&seal, &same, &host(&same));
    let open = "no checksums of its own";
    assert!(
        judged
            .alone
            .not_checked
            .iter()
            .any(|sentence| sentence.contains(open))
    );
    assert!(
        !judged
            .input
            .not_checked
            .iter()
            .any(|sentence| sentence.contains(open))
    );
}
