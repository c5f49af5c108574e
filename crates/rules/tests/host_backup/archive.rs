//! The archive as a stream, and the names in it.

use xenspect_archive::tar;
use xenspect_model::catalog::{Compression, Counted, Ending, Fact, Member, Source};
use xenspect_model::report::{Envelope, Verdict};
use xenspect_model::{Code, Severity};

use crate::build::{GRUB, INVENTORY, Scene, fact, found, only, verify};

#[test]
fn a_good_one_is_good() {
    let input = Scene::good().verify();
    let codes: Vec<_> = input.findings.iter().map(|f| f.code.name()).collect();
    assert_eq!(
        codes,
        ["host/identity", "host/sensitive", "db/secrets-inside"]
    );
    assert_eq!(input.worst(), Some(Severity::Note));
    assert_eq!(input.verdict, Verdict::Sound);
    assert_eq!(
        input.checked,
        [
            "Header, name and links of 1000 members",
            "CRC and length of the gzip stream",
            "etc/xensource-inventory, as xapi, the installer and a shell read it",
            "Boot loader, label of the root and etc/fstab, as the installer needs them",
            &of_database(
                &input.checked,
                "var/backup/pool-database-2024-06-01--10-00-00"
            ),
            &of_database(&input.checked, "var/lib/xcp/state.db"),
            "Uuid, control domain, role and product version of the host against its pool database",
            "Room for the files on the spare partition",
        ]
    );
    assert!(
        input
            .not_checked
            .iter()
            .all(|open| !open.contains("missing")),
        "{:?}",
        input.not_checked
    );
}

/// The sentence about a database, whose numbers do not matter here.
fn of_database(checked: &[String], path: &str) -> String {
    let mut of_it = checked.iter().filter(|sentence| sentence.starts_with(path));
    let sentence = of_it.next().expect("it is named").clone();
    assert!(
        sentence.contains(": XML, references, values and uuids of "),
        "{sentence}"
    );
    sentence
}

#[test]
fn the_first_member_is_the_root() {
    let first = |name: &'static [u8]| found(|scene| scene.first_member = name.to_vec());
    assert_eq!(first(b"etc/"), ["host/first-member"]);
    assert_eq!(first(b"."), ["host/first-member"]);
}

#[test]
fn names_that_no_host_writes() {
    let one = |name: &str| Counted {
        first: vec![(512, name.to_owned())],
        total: 1,
    };
    for (name, stage) in [("../x", true), ("/x", false)] {
        let input = verify(|scene| scene.names.climbing = one(name));
        let finding = only(&input, "host/name-climbs");
        // GNU tar drops the slash, and ends with an error at the dots.
        assert_eq!(finding.facts.get("stage").is_some(), stage, "{name}");
        assert_eq!(finding.xapi_error.is_some(), stage, "{name}");
        assert_eq!(input.verdict, Verdict::Damaged);
    }
    assert_eq!(
        found(|scene| scene.names.links_out = one("a -> ../../b")),
        ["host/link-leads-out"]
    );
    assert_eq!(
        found(|scene| scene.names.through_links = one("a/x")),
        ["host/name-through-link"]
    );
    let input = verify(|scene| scene.names.not_unpacked = one("etc/fstab/x"));
    let finding = only(&input, "host/not-unpacked");
    assert_eq!(finding.xapi_error.as_deref(), Some("RESTORE_SCRIPT_FAILED"));
    assert_eq!(fact(finding, "stage"), "host-restore");
    assert_eq!(
        found(|scene| scene.names.repeated = one("x")),
        ["host/name-repeated"]
    );
    let twice = verify(|scene| scene.names.repeated = one("x"));
    assert_eq!(twice.verdict, Verdict::Suspect);
    let many = verify(|scene| {
        scene.names.repeated = Counted {
            total: 7,
            ..one("x")
        };
    });
    assert_eq!(many.omitted.get(&Code::HostNameRepeated), Some(&6));
}

#[test]
fn what_is_packed_otherwise_is_not_taken() {
    for envelope in [Envelope::Plain, Envelope::Zstd] {
        let input = verify(|scene| scene.envelope = envelope);
        let finding = only(&input, "host/not-gzip");
        assert_eq!(finding.xapi_error.as_deref(), Some("RESTORE_SCRIPT_FAILED"));
        assert_eq!(fact(finding, "stage"), "host-restore");
        assert_eq!(fact(finding, "formatted"), "the spare partition");
        assert_eq!(input.verdict, Verdict::Suspect);
    }
}

#[test]
fn others_may_read_it() {
    let input = verify(|scene| scene.readable_by_others = true);
    assert_eq!(
        only(&input, "host/readable-by-others").severity,
        Severity::Warning
    );
    assert_eq!(input.verdict, Verdict::Suspect);
}

/// A good one that ends in some way before its end.
fn cut(ending: Ending) -> impl FnOnce(&mut Scene) {
    move |scene| {
        scene.incomplete = true;
        scene.ending = ending;
    }
}

#[test]
fn cut_short_it_is_never_sound() {
    let inside = || Ending::InPayload {
        name: b"./usr/bin/x".to_vec(),
        offset: 4096,
        size: 1000,
        have: 10,
    };
    let input = verify(cut(inside()));
    let finding = only(&input, "host/cut-in-file");
    assert_eq!(finding.place.offset, Some(4096));
    assert_eq!(
        finding.place.member.as_ref().map(|name| name.text.as_str()),
        Some("./usr/bin/x")
    );
    assert_eq!(finding.xapi_error.as_deref(), Some("RESTORE_SCRIPT_FAILED"));
    let ends = [
        (inside(), vec!["host/cut-in-file"]),
        (
            Ending::Tar(tar::Ending::NoEndBlocks),
            vec!["host/cut-between-files"],
        ),
        (
            Ending::Tar(tar::Ending::InHeader { have: 100 }),
            vec!["host/cut-between-files"],
        ),
        (
            Ending::Tar(tar::Ending::InExtension { have: 0 }),
            vec!["host/cut-between-files"],
        ),
        (
            Ending::Tar(tar::Ending::InSparseMap { have: 0 }),
            vec!["host/cut-between-files"],
        ),
        (Ending::Interrupted { offset: 10 }, vec!["scan/interrupted"]),
        // Whatever broke it off says so.
        (
            Ending::Broken {
                offset: 10,
                inside: None,
            },
            vec![],
        ),
    ];
    for (ending, codes) in ends {
        assert_eq!(found(cut(ending.clone())), codes, "{ending:?}");
        let input = verify(cut(ending.clone()));
        assert_eq!(input.verdict, Verdict::Incomplete, "{ending:?}");
        assert!(
            input
                .not_checked
                .iter()
                .any(|open| open.starts_with("Whatever followed")
                    || open.starts_with("Everything behind")),
            "{:?}",
            input.not_checked
        );
    }
}

#[test]
fn what_is_in_the_missing_part_is_not_told_as_missing() {
    let ending = || Ending::Tar(tar::Ending::NoEndBlocks);
    for path in [INVENTORY, GRUB, "etc/fstab", "etc/xensource/pool.conf"] {
        let codes = found(|scene| {
            cut(ending())(scene);
            scene.files.remove(path);
        });
        assert_eq!(codes, ["host/cut-between-files"], "{path}");
    }
    let input = verify(|scene| {
        cut(ending())(scene);
        scene.files.clear();
        scene.databases.clear();
    });
    assert_eq!(input.findings.len(), 1, "{:?}", input.findings);
    let whether = "Whether the backup has etc/xensource-inventory, var/backup/pool-database-<stamp>, \
        etc/xensource/pool.conf, etc/fstab, a configuration of the boot loader, the files of boot/efi: a part of the \
        archive is missing or was not read";
    assert!(
        input.not_checked.iter().any(|open| open == whether),
        "{:?}",
        input.not_checked
    );
    assert!(!input.checked.iter().any(|done| done.contains("inventory")));
    // Damage in the middle hides files as well.
    let damaged = found(|scene| {
        scene.incomplete = true;
        scene.files.remove(INVENTORY);
        scene.facts = vec![(512, Fact::Tar(tar::Oddity::Lost { bytes: 512 }))];
    });
    assert_eq!(damaged, ["tar/bytes-lost"]);
}

#[test]
fn a_configuration_that_another_may_come_before_is_not_judged() {
    let codes = found(|scene| {
        cut(Ending::Tar(tar::Ending::NoEndBlocks))(scene);
        scene.files.remove(GRUB);
        scene
            .files
            .insert("boot/grub/grub.cfg".to_owned(), b"nothing".to_vec());
    });
    assert_eq!(codes, ["host/cut-between-files"]);
}

#[test]
fn what_a_part_of_it_says_is_told() {
    let codes = found(|scene| {
        cut(Ending::Tar(tar::Ending::NoEndBlocks))(scene);
        scene.replace(INVENTORY, "PRIMARY_DISK=", "DISK=");
    });
    assert_eq!(
        codes,
        ["host/cut-between-files", "host/inventory-key-missing"]
    );
}

#[test]
fn one_zero_block_is_enough_for_tar() {
    let input = verify(|scene| scene.ending = Ending::Tar(tar::Ending::SingleZeroBlock));
    let finding = only(&input, "tar/end-missing");
    assert_eq!(finding.severity, Severity::Warning);
    assert!(
        !finding
            .advice
            .as_deref()
            .unwrap_or_default()
            .contains("export")
    );
    assert_eq!(input.verdict, Verdict::Suspect);
}

#[test]
fn bytes_behind_the_end() {
    let input = verify(|scene| {
        scene.trailing = tar::Trailing {
            bytes: 4096,
            first_odd: Some(900_000),
        };
    });
    assert_eq!(
        only(&input, "tar/trailing-data").place.offset,
        Some(900_000)
    );
    let zeros = found(|scene| {
        scene.trailing = tar::Trailing {
            bytes: 8192,
            first_odd: None,
        };
    });
    assert_eq!(zeros, Vec::<&str>::new());
}

#[test]
fn deviations_of_the_stream() {
    let truncated = Compression::Truncated { at: 9 };
    let trailing = |zero| Compression::Trailing {
        at: 9,
        bytes: 4,
        zero,
    };
    let header = Member::HeaderSum {
        name: b"./a".to_vec(),
        stored: Some(1),
        computed: 2,
    };
    let read_error = Source::ReadError {
        len: 512,
        reason: "Input/output error".to_owned(),
    };
    for (fact, code, refused) in [
        (Fact::Envelope(truncated), "envelope/truncated", true),
        (
            Fact::Envelope(Compression::Checksum { at: 9 }),
            "envelope/checksum-mismatch",
            true,
        ),
        (
            Fact::Envelope(Compression::Length { at: 9 }),
            "envelope/length-mismatch",
            true,
        ),
        (
            Fact::Envelope(trailing(false)),
            "envelope/trailing-data",
            true,
        ),
        (
            Fact::Envelope(trailing(true)),
            "envelope/trailing-data",
            false,
        ),
        (
            Fact::Tar(tar::Oddity::Lost { bytes: 9 }),
            "tar/bytes-lost",
            true,
        ),
        (
            Fact::Tar(tar::Oddity::SizeTooLarge { size: 9 }),
            "tar/size-invalid",
            true,
        ),
        (
            Fact::Tar(tar::Oddity::MembersAfterEnd {
                end_marker: 1,
                between: 2,
            }),
            "tar/members-after-end",
            false,
        ),
        (
            Fact::Tar(tar::Oddity::LoneZeroBlock),
            "tar/single-zero-block",
            false,
        ),
        (Fact::Member(header), "tar/header-checksum-mismatch", true),
        (Fact::Source(read_error), "source/read-error", false),
    ] {
        let input = verify(|scene| scene.facts = vec![(77, fact)]);
        let finding = only(&input, code);
        assert_eq!(finding.place.offset, Some(77), "{code}");
        let expected = refused.then_some("RESTORE_SCRIPT_FAILED");
        assert_eq!(finding.xapi_error.as_deref(), expected, "{code}");
        let of_others = |input: &xenspect_model::report::Input| input.findings.len();
        assert_eq!(
            of_others(&input),
            of_others(&Scene::good().verify()) + 1,
            "{code}"
        );
        let advice = finding.advice.as_deref().unwrap_or_default();
        assert!(!advice.contains("export the VM"), "{code}: {advice}");
    }
}

#[test]
fn a_zero_block_between_members_is_a_header_that_was_lost() {
    let fact = Fact::Tar(tar::Oddity::LoneZeroBlock);
    let input = verify(|scene| scene.facts = vec![(77, fact)]);
    assert_eq!(input.verdict, Verdict::Damaged);
}

#[test]
fn gnu_tar_takes_sums_of_signed_bytes() {
    let fact = Fact::Tar(tar::Oddity::HeaderSumSigned);
    let input = verify(|scene| scene.facts = vec![(77, fact)]);
    let finding = only(&input, "tar/header-checksum-signed");
    assert_eq!(
        (finding.severity, &finding.xapi_error),
        (Severity::Note, &None)
    );
    assert_eq!(input.verdict, Verdict::Sound);
}

#[test]
fn where_the_compressed_stream_gave_out() {
    let input = verify(|scene| {
        cut(Ending::Broken {
            offset: 5000,
            inside: Some(b"./usr/lib/y".to_vec()),
        })(scene);
        scene.facts = vec![(5000, Fact::Envelope(Compression::Truncated { at: 9 }))];
    });
    let finding = only(&input, "envelope/truncated");
    let member = finding.place.member.as_ref().map(|name| name.text.as_str());
    assert_eq!(member, Some("./usr/lib/y"));
    assert_eq!(input.verdict, Verdict::Incomplete);
    assert!(!input.checked.iter().any(|done| done.contains("CRC")));
}

#[test]
fn what_the_reader_could_not_read_is_said() {
    let remark = "the contents of etc/fstab are unknown: it lies where the storage cannot be read";
    let input = verify(|scene| scene.remarks = vec![remark.to_owned()]);
    assert!(
        input.not_checked.iter().any(|open| open == remark),
        "{:?}",
        input.not_checked
    );
}

#[test]
fn what_a_restore_hangs_on_and_is_not_known_is_never_sound() {
    for path in [INVENTORY, GRUB, "etc/fstab", "etc/xensource/pool.conf"] {
        let input = verify(|scene| scene.unread = vec![path]);
        let finding = only(&input, "host/file-not-read");
        let member = finding.place.member.as_ref().map(|name| name.text.as_str());
        assert_eq!(member, Some(path));
        assert_eq!(input.verdict, Verdict::Incomplete, "{path}");
        let said = format!("What is in {path}: it was not read, or may not be what counts");
        assert!(input.not_checked.contains(&said), "{:?}", input.not_checked);
    }
}
