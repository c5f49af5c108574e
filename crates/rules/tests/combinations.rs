//! Faults that could hide behind one another, and good archives that look odd. Each case is one
//! way in which damage was once told too mildly, or an intact archive too harshly.

use xenspect_model::report::{ImportAnswer, Input, Kind, Verdict};
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::xmlrpc::Value;
use xenspect_synth::{Archive, Ending, Envelope, Member, Recipe, Role, SumKind};

fn verify(bytes: Vec<u8>) -> Input {
    let options = Options {
        threads: 2,
        ..Options::default()
    };
    let catalog = scan(Source::memory(bytes), &options, &Progress::default()).unwrap();
    xenspect_rules::input("fixture".to_owned(), &catalog)
}

fn archive(recipe: &str) -> Archive {
    Recipe::named(recipe).unwrap().archive()
}

/// Codes above notes.
fn codes(input: &Input) -> Vec<&'static str> {
    let told = input
        .findings
        .iter()
        .filter(|f| f.severity > xenspect_model::Severity::Note);
    told.map(|finding| finding.code.name()).collect()
}

fn has(input: &Input, code: &str) -> bool {
    input
        .findings
        .iter()
        .any(|finding| finding.code.name() == code)
}

fn ending(zero_blocks: usize) -> Ending {
    Ending {
        zero_blocks,
        ..Ending::default()
    }
}

/// Index of the checksum member of the first disk's second block.
fn second_sum(archive: &Archive) -> usize {
    let block = archive.blocks("Ref:24")[1];
    archive.sum_of(block).unwrap()
}

#[test]
fn a_stray_sum_in_front_of_a_block_is_told_whatever_it_says() {
    for text in ["0123456789ABCDEF", "no digest at all", ""] {
        let mut archive = archive("two-disks");
        let sum = second_sum(&archive);
        let mut stray = archive.members[sum].clone();
        stray.payload = text.as_bytes().to_vec();
        archive.members.insert(sum - 1, stray);
        let input = verify(archive.encode());
        assert_eq!(codes(&input), ["xva/checksum-doubled"], "{text:?}");
        assert_eq!(input.verdict, Verdict::Damaged);
    }
}

#[test]
fn a_malformed_sum_in_front_of_its_block_is_told_as_both() {
    let mut archive = archive("two-disks");
    let sum = second_sum(&archive);
    archive.members[sum].payload = b"no digest".to_vec();
    archive.members.swap(sum, sum - 1);
    let input = verify(archive.encode());
    assert!(has(&input, "xva/checksum-misplaced") && has(&input, "xva/checksum-malformed"));
}

type Breaking = fn(&mut Archive);

#[test]
fn a_second_archive_excuses_nothing_in_the_first() {
    let whole = archive("two-disks");
    let broken: [(&str, Breaking); 4] = [
        ("xva/last-block-missing", |a| {
            a.members.truncate(a.members.len() - 2);
        }),
        ("xva/disk-missing", |a| {
            a.members.retain(|m| !m.name.starts_with(b"Ref:27/"));
        }),
        ("xva/disk-missing", |a| a.members.truncate(1)),
        ("xva/checksum-missing", |a| {
            a.members.truncate(a.members.len() - 1);
        }),
    ];
    for (code, breaking) in broken {
        let mut first = whole.clone();
        breaking(&mut first);
        let joined = [first.encode(), whole.encode()].concat();
        let input = verify(joined);
        assert_eq!(
            input.verdict,
            Verdict::Damaged,
            "{code}: {:?}",
            codes(&input)
        );
        assert!(has(&input, code), "{code}: {:?}", codes(&input));
    }
    // How the second one ends is its own affair.
    let mut second = whole.encode();
    second.truncate(second.len() / 2);
    let input = verify([whole.encode(), second].concat());
    assert_eq!(codes(&input), ["tar/members-after-end"]);
}

#[test]
fn the_last_sum_is_missed_whatever_the_end_looks_like() {
    for (zero_blocks, code, verdict) in [
        (2, "xva/checksum-missing", Verdict::Damaged),
        (1, "xva/checksum-missing", Verdict::Damaged),
        (0, "xva/truncated-in-pair", Verdict::Incomplete),
    ] {
        let mut archive = archive("two-disks");
        archive.members.pop();
        archive.ending = ending(zero_blocks);
        let input = verify(archive.encode());
        assert!(has(&input, code), "{zero_blocks}: {:?}", codes(&input));
        assert_eq!(input.verdict, verdict, "{zero_blocks}: {:?}", codes(&input));
    }
}

#[test]
fn a_stray_sum_at_the_end_is_told_whatever_the_end_looks_like() {
    for zero_blocks in 0..3 {
        let mut archive = archive("two-disks");
        let again = archive.members.last().unwrap().clone();
        archive.members.push(again);
        archive.ending = ending(zero_blocks);
        let input = verify(archive.encode());
        assert!(
            has(&input, "xva/checksum-doubled"),
            "{zero_blocks}: {:?}",
            codes(&input)
        );
    }
}

#[test]
fn only_the_end_marker_tells_that_a_per_disk_export_is_whole() {
    let whole = archive("per-disk-export");
    assert_eq!(verify(whole.encode()).verdict, Verdict::Sound);
    let mut cut = whole.clone();
    cut.ending = ending(0);
    let input = verify(cut.encode());
    assert_eq!(codes(&input), ["xva/truncated-between-pairs"]);
    let mut zeros = whole.encode();
    zeros.resize(zeros.len() + (3 << 20), 0);
    assert_eq!(codes(&verify(zeros)), ["tar/trailing-data"]);
}

#[test]
fn chunks_of_version_1_without_their_description_are_not_sound() {
    let mut archive = archive("xva-version-1");
    archive.members.remove(0);
    let input = verify(archive.encode());
    assert_eq!(input.kind, Some(Kind::XvaVersion1));
    assert_eq!(codes(&input), ["xva/metadata-missing"]);
}

#[test]
fn zeros_in_place_of_the_disks_are_no_metadata_export() {
    let whole = archive("two-disks").encode();
    let mut alone = archive("two-disks");
    alone.members.truncate(1);
    let mut hollow = alone.encode();
    hollow.resize(whole.len(), 0);
    for bytes in [hollow.clone(), Envelope::Gzip.encode(&hollow)] {
        let input = verify(bytes);
        assert_eq!(input.kind, Some(Kind::Xva));
        assert_eq!(codes(&input), ["xva/disk-missing", "xva/disk-missing"]);
    }
    let input = verify(alone.encode());
    assert_eq!(input.kind, Some(Kind::Metadata));
    assert_eq!(input.verdict, Verdict::Suspect);
}

#[test]
fn an_error_is_not_lost_among_many_warnings() {
    let mut archive = archive("two-disks");
    let victim = archive.blocks("Ref:24")[1];
    archive.members[victim].header.typeflag = Some(b'2');
    let folder = Member {
        name: b"folder/".to_vec(),
        payload: Vec::new(),
        header: archive.members[0].header.clone(),
        role: Role::Directory,
    };
    let mut folders = vec![folder; 1001];
    for folder in &mut folders {
        folder.header.typeflag = Some(b'5');
    }
    archive.members.splice(1..1, folders);
    let input = verify(archive.encode());
    assert_eq!(input.verdict, Verdict::Damaged);
    assert_eq!(input.omitted.values().sum::<u64>(), 1);
}

#[test]
fn tables_before_their_blocks_and_second_tables_are_told() {
    let mut early = archive("export-vsn-1");
    let table = early.members.pop().unwrap();
    early.members.insert(1, table.clone());
    let input = verify(early.encode());
    assert_eq!(codes(&input), ["xva/legacy-table-misplaced"]);
    assert_eq!(input.import.unwrap().answer, ImportAnswer::Refused);
    let mut doubled = archive("export-vsn-1");
    doubled.members.push(table);
    assert_eq!(
        codes(&verify(doubled.encode())),
        ["xva/legacy-table-doubled"]
    );
}

#[test]
fn a_keep_alive_is_no_last_block() {
    let mut archive = archive("two-disks");
    let blocks = archive.blocks("Ref:24");
    let last = *blocks.last().unwrap();
    let header = archive.members[last].header.clone();
    // Only block 0 is left, and a keep-alive whose number makes up for the rest.
    let keep_alive = Member::block(header, "Ref:24", 5, Vec::new());
    let sum = keep_alive.sum(SumKind::Xxh64).unwrap();
    archive
        .members
        .splice(blocks[1]..=last + 1, [keep_alive, sum]);
    let input = verify(archive.encode());
    assert!(has(&input, "xva/last-block-missing"), "{:?}", codes(&input));
    assert_eq!(input.verdict, Verdict::Damaged);
}

#[test]
fn a_disk_that_was_never_there_is_not_called_not_reached() {
    let mut archive = archive("two-disks");
    archive
        .members
        .retain(|member| !member.name.starts_with(b"Ref:24/"));
    archive.ending = ending(0);
    let input = verify(archive.encode());
    assert!(has(&input, "xva/disk-missing"), "{:?}", codes(&input));
    assert_eq!(input.verdict, Verdict::Damaged);
}

#[test]
fn an_intact_archive_packed_with_a_dot_is_suspect_and_refused() {
    let mut archive = archive("two-disks");
    for member in &mut archive.members {
        member.name.splice(0..0, *b"./");
    }
    let input = verify(archive.encode());
    assert_eq!(codes(&input), ["xva/member-name-prefixed"]);
    assert_eq!(input.verdict, Verdict::Suspect);
    let import = input.import.unwrap();
    assert_eq!(import.answer, ImportAnswer::Refused);
    assert_eq!(
        import.xapi_error.as_deref(),
        Some("IMPORT_ERROR_PREMATURE_EOF")
    );
}

#[test]
fn a_block_of_an_unknown_type_is_a_file() {
    let mut archive = archive("two-disks");
    let victim = archive.blocks("Ref:24")[1];
    archive.members[victim].header.typeflag = Some(b'Z');
    let input = verify(archive.encode());
    assert_eq!(codes(&input), ["tar/member-type"]);
    assert_eq!(input.verdict, Verdict::Suspect);
    assert_eq!(input.disks[0].good, 5);
}

#[test]
fn many_odd_blocks_do_not_hide_one_another() {
    let recipe = Recipe::named("tiny-blocks").unwrap();
    let mut archive = recipe.archive();
    let disk = archive.disks()[0].clone();
    let blocks = archive.blocks(&disk);
    let header = archive.members[blocks[0]].header.clone();
    let mut members = Vec::new();
    for number in 0..66 {
        let len = if number == 65 { 500 } else { 512 };
        let block = Member::block(header.clone(), &disk, number, vec![7; len]);
        let sum = block.sum(SumKind::Xxh64).unwrap();
        members.extend([block, sum]);
    }
    archive
        .members
        .splice(blocks[0]..=blocks[blocks.len() - 1] + 1, members);
    let input = verify(archive.encode());
    assert!(has(&input, "xva/block-not-sectors"), "{:?}", codes(&input));
    assert_eq!(input.verdict, Verdict::Damaged);
    assert!(input.omitted.values().sum::<u64>() >= 1);
}

#[test]
fn a_skippable_frame_in_front_is_zstd_all_the_same() {
    let mut packed = vec![0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4];
    packed.extend(Envelope::Zstd.encode(&archive("small").encode()));
    let input = verify(packed);
    assert_eq!(input.verdict, Verdict::Sound);
    // Importers look for the magic of zstd, and otherwise try gzip (`formats/xva.md` section 7).
    let import = input.import.unwrap();
    assert_eq!(
        (import.answer, import.offset),
        (ImportAnswer::Refused, Some(0))
    );
    let error = import.xapi_error.unwrap();
    assert_eq!(error, "IMPORT_ERROR_PREMATURE_EOF");
}

#[test]
fn a_skippable_frame_behind_is_not_seen_by_importers() {
    let mut packed = Envelope::Zstd.encode(&archive("small").encode());
    packed.extend([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);
    let input = verify(packed);
    assert_eq!(input.import.unwrap().answer, ImportAnswer::Accepted);
}

#[test]
fn a_field_that_is_refused_is_not_lost_among_many_that_are_not() {
    let recipe = Recipe::named("two-disks").unwrap();
    let mut archive = recipe.archive();
    let mut document = recipe.document().unwrap();
    let objects = document.objects.as_mut().unwrap();
    let drive = objects
        .iter()
        .find(|object| object.class == "VBD" && object.text("type") == Some("CD"))
        .or_else(|| objects.iter().find(|object| object.class == "VBD"))
        .unwrap()
        .clone();
    for nth in 0..=1001 {
        let mut drive = drive.clone();
        drive.id = format!("Ref:{}", 90_000 + nth);
        drive.set("type", Value::text("CD"));
        // Within its tag any text but 1 is read as false; without the tag the record is refused.
        let odd = if nth == 1001 {
            "1"
        } else {
            "<boolean>yes</boolean>"
        };
        drive.set("bootable", Value::Raw(odd.to_owned()));
        objects.push(drive);
    }
    archive.members[0].payload = document.to_xml().into_bytes();
    let input = verify(archive.encode());
    assert_eq!(input.verdict, Verdict::Damaged, "{:?}", input.omitted);
    assert_eq!(input.import.unwrap().answer, ImportAnswer::Refused);
    assert_eq!(
        input.omitted.values().sum::<u64>(),
        1,
        "{:?}",
        input.omitted
    );
}
