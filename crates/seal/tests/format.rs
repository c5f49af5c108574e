//! Seals and proofs as they are written, and what is taken of them.

use std::borrow::Cow;
use std::io::Write;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use xenspect_model::catalog::{
    DigestKind, Flaw, Manifest, ManifestEntry, Sha256, StoredFile, SumState,
};
use xenspect_model::report::{Envelope, Input, Kind, Verdict};
use xenspect_seal::{Mismatch, NotSealed, Proof, Seal, Unusable, hex, leaf};

fn entry<'a>(name: &'a [u8], size: u64, sha256: Option<Sha256>) -> ManifestEntry<'a> {
    ManifestEntry {
        name: Cow::Borrowed(name),
        size,
        sha256,
        offset: 0,
        start: None,
        sum: SumState::None,
        attributes: None,
    }
}

fn sealed(entries: &[ManifestEntry<'_>]) -> Seal {
    let mut members = Manifest::default();
    for entry in entries {
        members.push(entry);
    }
    members.complete = true;
    let mut input = Input::unreadable("folder/web01.xva".to_owned(), String::new());
    input.kind = Some(Kind::Xva);
    input.envelope = Some(Envelope::Zstd);
    input.verdict = Verdict::Sound;
    let stored = StoredFile {
        bytes: 4096,
        digests: vec![(DigestKind::Sha256, vec![0xab; 32])],
        flaw: None,
    };
    Seal::of(&input, &stored, members).unwrap()
}

fn written(seal: &Seal) -> String {
    let mut bytes = Vec::new();
    seal.write(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The example of docs/manual/src/seal.md: two members with the contents `one` and `two`.
fn example() -> Seal {
    let digest = |text| hex::sha256(text).unwrap();
    sealed(&[
        entry(
            b"ova.xml",
            3,
            Some(digest(
                "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
            )),
        ),
        entry(
            b"Ref:4/00000000",
            3,
            Some(digest(
                "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3",
            )),
        ),
    ])
}

#[test]
fn the_example_of_the_page_is_what_is_written() {
    let page = include_str!("../../../docs/manual/src/seal.md");
    let seal = written(&example());
    assert!(page.contains(&seal), "{seal}");
    let mut proof = Vec::new();
    example()
        .prove(b"ova.xml")
        .unwrap()
        .write(&mut proof)
        .unwrap();
    let proof = String::from_utf8(proof).unwrap();
    assert!(page.contains(&proof), "{proof}");
}

#[test]
fn the_shell_of_the_page_gives_the_root_of_the_example() {
    let page = include_str!("../../../docs/manual/src/seal.md");
    let script = page
        .split("```sh\n")
        .filter_map(|block| block.split("```").next())
        .find(|block| block.contains("xxd"))
        .unwrap();
    let run = Command::new("bash")
        .args(["-euo", "pipefail"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let has = |tool: &str| Command::new(tool).arg("--version").output().is_ok();
    let Some(mut shell) = run.ok().filter(|_| has("xxd") && has("sha256sum")) else {
        let _ = writeln!(
            std::io::stderr(),
            "skipped: bash, xxd or sha256sum is missing"
        );
        return;
    };
    shell
        .stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    let output = shell.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.trim(), hex::encode(&example().about.root));
}

#[test]
fn a_seal_comes_back_whole() {
    let unread = entry(b"Ref:4/00000001", 7, None);
    let strange = entry(b"a\"\\\n\x1b\x7f\xff/b", u64::MAX, Some([1; 32]));
    let with_attributes = ManifestEntry {
        attributes: Some([0x5a; 16]),
        ..entry("./ä".as_bytes(), 0, Some([2; 32]))
    };
    let seal = sealed(&[strange, unread, with_attributes]);
    let text = written(&seal);
    assert_eq!(
        text.lines()
            .filter(|line| line.starts_with("{\"name\":"))
            .count(),
        3
    );
    let again = Seal::parse(text.as_bytes()).unwrap();
    assert_eq!(again.about, seal.about);
    assert!(again.members.iter().eq(seal.members.iter()));
    assert_eq!(written(&again), text);
    assert_eq!(seal.about.file.as_deref(), Some("web01.xva"));
}

#[test]
fn other_spacing_and_later_fields_are_taken() {
    let text = written(&example());
    let loose = text
        .replace("{\"seal\":1,", "  { \"seal\" : 1 , \"later\": [{}], ")
        .replace(",\"size\":3", ", \"more\": {\"x\":[null]}, \"size\" : 3")
        .replace('\n', "\r\n\t");
    assert_eq!(
        Seal::parse(loose.as_bytes()).unwrap().about,
        example().about
    );
}

#[test]
fn what_is_no_seal_is_refused_with_its_reason() {
    let text = written(&example());
    let malformed = |text: &str| match Seal::parse(text.as_bytes()) {
        Err(Unusable::Malformed(words)) => words,
        other => panic!("{text}: {other:?}"),
    };
    for (bad, words) in [
        ("[]".to_owned(), "expected a seal"),
        ("{}".to_owned(), "it is no seal"),
        ("{\"size\":1}".to_owned(), "it is no seal"),
        (
            text.replace("\"kind\":\"xva\",", ""),
            "missing field `kind`",
        ),
        (
            text.replace("\"size\":4096", "\"size\":1,\"size\":4096"),
            "duplicate field `size`",
        ),
        (
            text.replace("\"kind\":\"xva\"", "\"kind\":\"zip\""),
            "unknown variant",
        ),
        (format!("{text}x"), "trailing characters"),
        (format!("{text}{text}"), "trailing characters"),
        (
            text.replace(
                "\"name\":\"ova.xml\"",
                "\"name\":\"ova.xml\",\"name_base64\":\"Yg==\"",
            ),
            "not the one in its base64",
        ),
        (
            text.replace(
                "\"name\":\"ova.xml\"",
                "\"name\":\"ova.xml\",\"name_base64\":\"!\"",
            ),
            "no base64",
        ),
        (
            text.replacen("\"size\":3,", "\"size\":3,\"attributes\":\"12\",", 1),
            "no 32 digits",
        ),
        (
            text.replacen("\"size\":3,", "\"size\":-3,", 1),
            "invalid value",
        ),
    ] {
        let told = malformed(&bad);
        assert!(told.contains(words), "{told}");
    }
    let deep = format!("{{\"seal\":1,\"later\":{}", "[".repeat(100_000));
    assert!(Seal::parse(deep.as_bytes()).is_err());
}

#[test]
fn each_part_of_a_member_is_under_the_root() {
    let text = written(&example());
    for altered in [
        text.replace("\"name\":\"ova.xml\"", "\"name\":\"ova.xm1\""),
        text.replacen("\"size\":3", "\"size\":4", 1),
        text.replace("sha256\":\"3fc4", "sha256\":\"4fc4"),
        text.replacen(
            "\"size\":3,",
            &format!("\"attributes\":\"{}\",\"size\":3,", "0".repeat(32)),
            1,
        ),
    ] {
        assert_ne!(altered, text);
        assert!(matches!(
            Seal::parse(altered.as_bytes()),
            Err(Unusable::Altered(_))
        ));
    }
}

#[test]
fn what_cannot_be_sealed_is_told() {
    let members = Manifest::default;
    let stored = |whole: bool| StoredFile {
        bytes: 1,
        digests: vec![(DigestKind::Sha256, vec![0; 32])],
        flaw: (!whole).then_some(Flaw::Stopped),
    };
    let mut input = Input::unreadable("-".to_owned(), String::new());
    assert_eq!(
        Seal::of(&input, &stored(true), members()).unwrap_err(),
        NotSealed::Kind
    );
    (input.kind, input.envelope) = (Some(Kind::VdiTar), Some(Envelope::Plain));
    assert_eq!(
        Seal::of(&input, &stored(false), members()).unwrap_err(),
        NotSealed::NotRead
    );
    let mut too_many = members();
    too_many.left_out = 3;
    assert_eq!(
        Seal::of(&input, &stored(true), too_many).unwrap_err(),
        NotSealed::TooMany(3)
    );
    let seal = Seal::of(&input, &stored(true), members()).unwrap();
    assert_eq!((seal.about.file.clone(), seal.about.metadata), (None, None));
    assert_eq!(
        Seal::parse(written(&seal).as_bytes()).unwrap().about,
        seal.about
    );
}

#[test]
fn a_proof_holds_for_its_member_alone() {
    let names: Vec<String> = (0..21).map(|number| format!("member {number}")).collect();
    let entries: Vec<_> = (0..)
        .zip(&names)
        .map(|(number, name)| entry(name.as_bytes(), u64::from(number), Some([number; 32])))
        .collect();
    let seal = sealed(&entries);
    for (number, name) in (0_u8..).zip(&names) {
        let proof = seal.prove(name.as_bytes()).unwrap();
        let mut text = Vec::new();
        proof.write(&mut text).unwrap();
        assert_eq!(Proof::parse(&text).as_ref(), Ok(&proof));
        let (size, digest) = (u64::from(number), [number; 32]);
        assert_eq!(proof.check(size, &digest, None), Ok(()));
        assert_eq!(proof.check(size, &digest, Some(&seal.about.root)), Ok(()));
        assert_eq!(
            proof.check(size, &digest, Some(&[0; 32])),
            Err(Mismatch::Root)
        );
        assert_eq!(
            proof.check(size + 1, &digest, None),
            Err(Mismatch::Contents)
        );
        assert_eq!(
            proof.check(size, &[number + 1; 32], None),
            Err(Mismatch::Contents)
        );
        let elsewhere = Proof {
            index: proof.index ^ 1,
            ..proof.clone()
        };
        assert_eq!(elsewhere.check(size, &digest, None), Err(Mismatch::Path));
    }
    assert_eq!(seal.prove(b"member 21"), None);
    assert_eq!(seal.prove(b"./member 3").unwrap().index, 3);
}

#[test]
fn what_is_no_proof_is_refused() {
    let mut text = Vec::new();
    example()
        .prove(b"ova.xml")
        .unwrap()
        .write(&mut text)
        .unwrap();
    let text = String::from_utf8(text).unwrap();
    for (bad, words) in [
        ("{}".to_owned(), "missing field `proof`"),
        (text.replace("\"proof\":1", "\"proof\":2"), "version 2"),
        (
            text.replace("\"size\":3", "\"size\":4"),
            "its leaf is not that of its member",
        ),
        (text.replace("\"index\":0", "\"index\":-1"), "invalid value"),
        (
            text.replace(
                "\"path\":[",
                &format!(
                    "\"path\":[{}",
                    format!("\"{}\",", "0".repeat(64)).repeat(64)
                ),
            ),
            "longer",
        ),
    ] {
        let told = Proof::parse(bad.as_bytes()).unwrap_err();
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn leaves_are_apart() {
    // The same bytes cut elsewhere.
    assert_ne!(leaf(&entry(b"ab", 1, None)), leaf(&entry(b"a", 1, None)));
}

fn any_entry() -> impl Strategy<Value = (Vec<u8>, u64, Option<Sha256>, Option<[u8; 16]>)> {
    let name = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..20),
        "(Ref:[0-9]{1,3}|vdi)/[0-9]{7,9}(\\.checksum|\\.xxhash)?".prop_map(String::into_bytes),
        ".{0,12}".prop_map(String::into_bytes),
    ];
    (
        name,
        any::<u64>(),
        any::<Option<Sha256>>(),
        any::<Option<[u8; 16]>>(),
    )
}

proptest! {
    #[test]
    fn any_members_come_back(entries in proptest::collection::vec(any_entry(), 0..30)) {
        let entries: Vec<_> = entries
            .iter()
            .map(|(name, size, sha256, attributes)| ManifestEntry {
                attributes: *attributes,
                ..entry(name, *size, *sha256)
            })
            .collect();
        let seal = sealed(&entries);
        let text = written(&seal);
        let again = Seal::parse(text.as_bytes()).unwrap();
        prop_assert_eq!(&again.about, &seal.about);
        prop_assert!(again.members.iter().eq(entries));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Seal::parse(&bytes);
        let _ = Proof::parse(&bytes);
        let behind = [b"{\"seal\":1,\"members\":[{\"name\":", bytes.as_slice()].concat();
        let _ = Seal::parse(&behind);
    }
}
