//! An archive, its seal, and an input that is judged by it. Members are taken by the tar crate, so that no code of the project
//! has a part in what is sealed.

use std::io::{Cursor, Read};

use sha2::{Digest, Sha256};
use xenspect_host::files::{is_named, is_wanted};
use xenspect_model::catalog::{DigestKind, Manifest, ManifestEntry, StoredFile, SumState};
use xenspect_model::report::{Input, Sealed, Verdict};
use xenspect_model::{Code, Fact, Finding, Severity};
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_seal::{Found, Seal, SealEvidence, SignatureState, Unusable};
use xenspect_synth::{Archive, Recipe, Role};

/// Five blocks on one disk and three on the other, each with its sum behind it.
pub(crate) fn archive() -> Archive {
    Recipe::named("two-disks").unwrap().archive()
}

/// The position of a member by its name.
pub(crate) fn position(archive: &Archive, name: &str) -> usize {
    let is_it = |member: &xenspect_synth::Member| member.name == name.as_bytes();
    archive.members.iter().position(is_it).expect(name)
}

/// The names of the blocks of the first disk.
pub(crate) fn blocks(archive: &Archive) -> Vec<String> {
    let mut folder = None;
    let blocks = archive
        .members
        .iter()
        .filter_map(|member| match &member.role {
            Role::Block { disk, .. } if folder.get_or_insert(disk) == &disk => {
                Some(String::from_utf8(member.name.clone()).unwrap())
            }
            _ => None,
        });
    blocks.collect()
}

/// Takes a block and its sum out.
pub(crate) fn lose(archive: &mut Archive, block: &str) {
    let at = position(archive, block);
    archive.members.drain(at..at + 2);
}

/// What a reading takes of an input.
pub(crate) struct Taken {
    pub(crate) stored: StoredFile,
    pub(crate) manifest: Manifest,
}

pub(crate) fn stored(bytes: &[u8]) -> StoredFile {
    StoredFile {
        bytes: bytes.len() as u64,
        digests: vec![(DigestKind::Sha256, Sha256::digest(bytes).to_vec())],
        flaw: None,
    }
}

/// Stored bytes, and the members of the tar stream in them.
pub(crate) fn taken(bytes: &[u8], stream: &[u8]) -> Taken {
    let mut manifest = Manifest::default();
    let mut archive = tar::Archive::new(Cursor::new(stream));
    let mut ends_well = true;
    for entry in archive.entries().unwrap() {
        let Ok(mut entry) = entry else {
            ends_well = false;
            break;
        };
        let name = entry.path_bytes().into_owned();
        let mut contents = Vec::new();
        let read = entry.read_to_end(&mut contents);
        let is_whole = read.is_ok() && contents.len() as u64 == entry.size();
        ends_well &= is_whole;
        manifest.push(&ManifestEntry {
            name: name.into(),
            size: entry.size(),
            sha256: is_whole.then(|| Sha256::digest(&contents).into()),
            offset: entry.raw_header_position(),
            start: None,
            sum: SumState::None,
            attributes: None,
        });
    }
    manifest.complete = ends_well && stream.ends_with(&[0; 1024]);
    Taken {
        stored: stored(bytes),
        manifest,
    }
}

/// What is said of an input by itself.
pub(crate) fn input(bytes: &[u8]) -> Input {
    let source = Source::memory(bytes.to_vec());
    let options = Options {
        host_files: is_wanted,
        host_table: is_named,
        ..Options::default()
    };
    let catalog = scan(source, &options, &Progress::default()).unwrap();
    xenspect_rules::input("copy.xva".to_owned(), &catalog)
}

/// Seals an archive that is not packed.
pub(crate) fn seal(bytes: &[u8]) -> Seal {
    let taken = taken(bytes, bytes);
    Seal::of(&input(bytes), &taken.stored, taken.manifest).unwrap()
}

/// The seal, written and read again.
pub(crate) fn reread(seal: &Seal) -> Seal {
    let mut written = Vec::new();
    seal.write(&mut written).unwrap();
    Seal::parse(&written).unwrap()
}

/// What is said of an archive that is not packed, with its seal.
pub(crate) fn judged(seal: &Seal, bytes: &[u8]) -> Judged {
    judged_as(seal, bytes, &taken(bytes, bytes))
}

pub(crate) fn judged_as(seal: &Seal, bytes: &[u8], taken: &Taken) -> Judged {
    let mut input = input(bytes);
    let alone = input.clone();
    let found = Found {
        kind: input.kind,
        envelope: input.envelope,
        stored: Some(&taken.stored),
        manifest: Some(&taken.manifest),
    };
    let path = "copy.xva.seal.json".to_owned();
    let evidence = SealEvidence::new(path, Ok(reread(seal)), None, &found);
    xenspect_rules::copy::sealed(&mut input, &evidence);
    Judged { input, alone }
}

/// What is said of an archive whose seal cannot be used, or is signed.
pub(crate) fn judged_with(
    bytes: &[u8],
    seal: Result<Seal, Unusable>,
    signature: Option<SignatureState>,
) -> Judged {
    let mut input = input(bytes);
    let alone = input.clone();
    let taken = taken(bytes, bytes);
    let found = Found {
        kind: input.kind,
        envelope: input.envelope,
        stored: Some(&taken.stored),
        manifest: Some(&taken.manifest),
    };
    let path = "copy.xva.seal.json".to_owned();
    let evidence = SealEvidence::new(path, seal, signature, &found);
    xenspect_rules::copy::sealed(&mut input, &evidence);
    Judged { input, alone }
}

/// An input with and without its seal.
pub(crate) struct Judged {
    pub(crate) input: Input,
    pub(crate) alone: Input,
}

impl Judged {
    /// The findings that the seal gave.
    pub(crate) fn findings(&self) -> Vec<&Finding> {
        let of_seal = |finding: &&Finding| finding.code.name().starts_with("seal/");
        self.input.findings.iter().filter(of_seal).collect()
    }

    /// Their codes.
    pub(crate) fn codes(&self) -> Vec<Code> {
        self.findings().iter().map(|finding| finding.code).collect()
    }

    /// The only one.
    pub(crate) fn only(&self) -> &Finding {
        let findings = self.findings();
        assert_eq!(findings.len(), 1, "{findings:#?}");
        findings[0]
    }

    pub(crate) fn sealed(&self) -> &Sealed {
        self.input.copy.seal.as_deref().unwrap()
    }

    /// Whether the archive by itself is as good as any.
    pub(crate) fn is_sound_alone(&self) -> bool {
        self.alone.verdict == Verdict::Sound
            && self
                .alone
                .findings
                .iter()
                .all(|finding| finding.severity == Severity::Note)
    }
}

pub(crate) fn member(finding: &Finding) -> &str {
    &finding.place.member.as_ref().unwrap().text
}

pub(crate) fn fact(finding: &Finding, name: &str) -> String {
    match finding.facts.get(name) {
        Some(Fact::Text(text)) => text.clone(),
        Some(Fact::Number(number)) => number.to_string(),
        Some(Fact::Truth(truth)) => truth.to_string(),
        other => panic!("{name}: {other:?}"),
    }
}
