//! The same members in another file.

use std::fs;
use std::io::Write;
use std::process::Command;

use xenspect_model::Code;
use xenspect_model::report::{Packing, SealOutcome, Verdict};
use xenspect_seal::Seal;
use xenspect_synth::Envelope;

use crate::build::{archive, fact, input, judged, judged_as, reread, seal, taken};

#[test]
fn the_same_file_holds() {
    let bytes = archive().encode();
    let seal = seal(&bytes);
    let judged = judged(&seal, &bytes);
    assert!(judged.findings().is_empty());
    let sealed = judged.sealed();
    assert!(sealed.same_file && sealed.same_members);
    assert_eq!(sealed.outcome, SealOutcome::Holds);
    assert_eq!(judged.input.verdict, Verdict::Sound);
    let open = "a change that still reads well is not seen";
    let is_open = |input: &xenspect_model::report::Input| {
        input
            .not_checked
            .iter()
            .any(|sentence| sentence.contains(open))
    };
    assert!(is_open(&judged.alone) && !is_open(&judged.input));
    let members = format!("({} members)", sealed.members);
    assert!(
        judged
            .input
            .checked
            .iter()
            .any(|sentence| sentence.contains(&members))
    );
}

#[test]
fn blocks_that_are_absent_were_so_when_the_seal_holds() {
    let mut gap = archive();
    let blocks = crate::build::blocks(&gap);
    crate::build::lose(&mut gap, &blocks[3]);
    let bytes = gap.encode();
    let judged = judged(&seal(&bytes), &bytes);
    let is_open = |input: &xenspect_model::report::Input| {
        input
            .not_checked
            .iter()
            .any(|sentence| sentence.contains("lost together with its sum"))
    };
    assert!(is_open(&judged.alone) && !is_open(&judged.input));
}

#[test]
fn another_compression_is_a_note() {
    let stream = archive().encode();
    let gzip = Envelope::Gzip.encode(&stream);
    let zstd = Envelope::Zstd.encode(&stream);
    let of_gzip = taken(&gzip, &stream);
    let seal = Seal::of(&input(&gzip), &of_gzip.stored, of_gzip.manifest).unwrap();
    let judged = judged_as(&seal, &zstd, &taken(&zstd, &stream));
    let note = judged.only();
    assert_eq!(note.code, Code::SealRecompressed);
    assert_eq!(
        (fact(note, "sealed_envelope"), fact(note, "found_envelope")),
        ("gzip".to_owned(), "zstd".to_owned())
    );
    assert_eq!(judged.sealed().packing, Some(Packing::Recompressed));
    assert!(judged.sealed().same_members && !judged.sealed().same_file);
    assert_eq!(judged.input.verdict, Verdict::Sound);
}

#[test]
fn other_bytes_at_the_end_are_a_note() {
    let mut good = archive();
    let seal = seal(&good.encode());
    good.ending.record = 10_240;
    let judged = judged(&seal, &good.encode());
    assert_eq!(judged.only().code, Code::SealRepacked);
    assert_eq!(judged.sealed().packing, Some(Packing::Repacked));
}

#[test]
fn what_gnu_tar_packs_anew_holds() {
    let good = archive();
    let seal = seal(&good.encode());
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = good
        .members
        .iter()
        .map(|member| String::from_utf8(member.name.clone()).unwrap())
        .collect();
    fs::write(folder.path().join("in.tar"), good.encode()).unwrap();
    fs::write(folder.path().join("names"), names.join("\n")).unwrap();
    let tar = |args: &[&str]| {
        Command::new("tar")
            .current_dir(folder.path())
            .args(args)
            .status()
            .is_ok_and(|status| status.success())
    };
    let unpacked = tar(&["-xf", "in.tar"])
        && tar(&[
            "-cf",
            "out.tar",
            "--format=ustar",
            "--no-recursion",
            "-T",
            "names",
        ]);
    if !unpacked {
        let _ = writeln!(std::io::stderr(), "skipped: there is no GNU tar");
        return;
    }
    let again = fs::read(folder.path().join("out.tar")).unwrap();
    assert_ne!(again, good.encode());
    let judged = judged(&seal, &again);
    assert_eq!(judged.only().code, Code::SealRepacked);
    assert!(judged.sealed().same_members);
}

#[test]
fn a_seal_is_written_the_same_each_time() {
    let seal = seal(&archive().encode());
    let written = |seal: &Seal| {
        let mut bytes = Vec::new();
        seal.write(&mut bytes).unwrap();
        bytes
    };
    assert_eq!(written(&seal), written(&reread(&seal)));
}
