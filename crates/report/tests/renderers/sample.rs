//! Reports to render: one per verdict, one of names made to deceive, one of everything.

use std::collections::BTreeMap;

use xenspect_model::report::{
    CopyChecks, DatabaseSummary, Disk, Envelope, Exporter, Formatted, Host, HostDatabase, HostRole,
    HostSummary, Import, ImportAnswer, Input, Kind, Named, RedoLog, Report, RestoreAnswer, SCHEMA,
    StageAnswer, Tool, Verdict, Vm,
};
use xenspect_model::{Code, Finding, Range};

pub(crate) const MIB: u64 = 1 << 20;
const PAIR: u64 = 512 + MIB + 512 + 512;

pub(crate) fn report(inputs: Vec<Input>) -> Report {
    let tool = Tool {
        name: "xenspect".to_owned(),
        version: "0.1.0".to_owned(),
    };
    Report {
        schema: SCHEMA,
        tool,
        inputs,
        left: Vec::new(),
        interrupted: false,
        fail_on: None,
        policy: None,
    }
}

fn disk(id: &str, device: &str, name: &str, mib: u64, blocks: u64) -> Disk {
    Disk {
        id: id.to_owned(),
        uuid: Some("8f1f4b6c-1b51-4d6d-9f0e-0a8d3f1c2e55".to_owned()),
        name: Some(name.to_owned()),
        device: Some(device.to_owned()),
        virtual_size: Some(mib * MIB),
        reached: mib * MIB,
        stored: blocks * MIB,
        blocks,
        absent: mib - blocks,
        good: blocks,
        sums: vec!["XXH64".to_owned()],
        ..Disk::default()
    }
}

/// A sound export of one VM with two disks.
pub(crate) fn sound() -> Input {
    Input {
        below: None,
        path: "/mnt/nas/xen/web01.xva".to_owned(),
        kind: Some(Kind::Xva),
        envelope: Some(Envelope::Gzip),
        verdict: Verdict::Sound,
        error: None,
        bytes: 2_254_857_830,
        stream_bytes: 7_945_689_498,
        members: 15_163,
        exporter: Some(Exporter {
            product_brand: "XCP-ng".to_owned(),
            product_version: "8.3.0".to_owned(),
            build_number: "cloud".to_owned(),
            xapi: Some("25.6".to_owned()),
            export_vsn: 2,
        }),
        database: None,
        host: None,
        vms: vec![Vm {
            name: "web01".to_owned(),
            uuid: "6d1c0c7e-6f5a-4f0b-8c7f-0d3d4a3f9b11".to_owned(),
        }],
        disks: vec![
            disk("Ref:10", "0", "web01 system", 20 * 1024, 5_120),
            disk("Ref:8", "1", "web01 data", 40 * 1024, 2_461),
        ],
        copy: CopyChecks::default(),
        import: Some(Import {
            answer: ImportAnswer::Accepted,
            xapi_error: None,
            offset: None,
            needs_xapi: Some("25.6".to_owned()),
        }),
        findings: Vec::new(),
        omitted: BTreeMap::new(),
        checked: vec![
            "All 15,163 tar headers.".to_owned(),
            "The checksums of all 7,581 blocks.".to_owned(),
            "The CRC-32 of the gzip stream.".to_owned(),
        ],
        not_checked: vec![
            "Whether the blocks left out were zero on the source: an archive does not tell."
                .to_owned(),
        ],
    }
}

/// Warnings only: two kinds, and a note.
pub(crate) fn suspect() -> Input {
    let mut input = sound();
    input.path = "old/db.xva".to_owned();
    input.envelope = Some(Envelope::Plain);
    input.bytes = input.stream_bytes;
    input.verdict = Verdict::Suspect;
    input.findings = vec![
        Finding::new(Code::TarUnsafeName)
            .member(b"../../etc/passwd")
            .at(9_216),
        Finding::new(Code::Sensitive)
            .object("VM Ref:1.NVRAM".to_owned())
            .fact("names", vec!["EFI-variables".to_owned()]),
        Finding::new(Code::TarUnsafeName)
            .member(b"/root/.profile")
            .at(10_240),
        Finding::new(Code::TarTrailingData)
            .at(7_945_689_088)
            .fact("length", 410_u64),
    ];
    input
}

/// Fifty blocks that were altered, one lost disk, and findings that were only counted.
pub(crate) fn damaged() -> Input {
    let mut input = sound();
    input.path = "/mnt/nas/xen/mail.xva".to_owned();
    input.verdict = Verdict::Damaged;
    input.vms[0].name = "mail".to_owned();
    input.disks[0].bad = 50;
    input.disks[0].good -= 50;
    input.disks[0].zero = 3;
    input.disks.push(Disk {
        reached: 0,
        stored: 0,
        absent: 0,
        good: 0,
        sums: Vec::new(),
        ..disk(
            "Ref:9",
            "2",
            "scratch disk of the mail server, rebuilt 2024",
            102_400,
            0,
        )
    });
    input.findings = (0..50)
        .map(|n| {
            let block = 17 + 3 * n;
            let mut finding = Finding::new(Code::BlockChecksum)
                .block("Ref:10", block)
                .member(format!("Ref:10/{block:08}").as_bytes())
                .at(20_480 + block * PAIR)
                .fact(
                    "computed",
                    format!("{:016X}", 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(n + 1)),
                )
                .fact(
                    "stored",
                    format!("{:016X}", 0xC2B2_AE3D_27D4_EB4F_u64.wrapping_mul(n + 7)),
                );
            finding.place.disk_range = Some(Range {
                start: block * MIB,
                length: MIB,
            });
            finding
        })
        .collect();
    input.findings.push(
        Finding::new(Code::DiskMissing)
            .disk("Ref:9")
            .object("VDI Ref:9".to_owned())
            .fact("virtual_size", 102_400 * MIB),
    );
    input.findings.push(
        Finding::new(Code::DanglingHostReference)
            .object("VM Ref:1.resident_on".to_owned())
            .fact("reference", "Ref:3"),
    );
    input.omitted.insert(Code::ChecksumMissing, 1_200);
    input.import = Some(Import {
        answer: ImportAnswer::Refused,
        xapi_error: Some("IMPORT_ERROR_GENERIC".to_owned()),
        offset: Some(20_480 + 17 * PAIR),
        needs_xapi: Some("25.6".to_owned()),
    });
    input
}

/// Only checksums differ, as a program other than xapi writes them.
pub(crate) fn forced() -> Input {
    let mut input = sound();
    input.path = "-".to_owned();
    input.verdict = Verdict::Suspect;
    input.disks.truncate(1);
    input.disks[0].sums = vec!["SHA-1".to_owned()];
    input.findings = vec![
        Finding::new(Code::ChecksumPadded)
            .block("Ref:10", 0)
            .at(1_060_352)
            .fact("computed", "3b71f43ff30f4b15b5cd85dd9e95ebc7e84eb5a3")
            .fact("stored", "3b71f43ff30f4b15b5cd85dd9e95ebc7e84eb5a3\n"),
    ];
    input.import = Some(Import {
        answer: ImportAnswer::OnlyWithForce,
        xapi_error: Some("IMPORT_ERROR_GENERIC".to_owned()),
        offset: Some(1_060_352),
        needs_xapi: None,
    });
    input
}

/// The copy stopped on the way.
pub(crate) fn truncated() -> Input {
    let mut input = sound();
    input.path = "/mnt/nas/xen/web02.xva.part".to_owned();
    input.verdict = Verdict::Incomplete;
    input.bytes = 1_610_612_736;
    input.stream_bytes = 5_675_492_474;
    input.members = 10_831;
    let short = &mut input.disks[1];
    (short.reached, short.stored) = (5_888 * MIB, 295 * MIB);
    (short.blocks, short.good, short.absent) = (295, 295, 5_593);
    input.findings = vec![
        Finding::new(Code::EnvelopeTruncated)
            .at(5_675_492_474)
            .fact("stored_offset", 1_610_612_736),
        Finding::new(Code::TruncatedInBlock)
            .block("Ref:8", 5_888)
            .at(5_675_489_280)
            .fact("expected_length", MIB)
            .fact("found_length", 2_682_u64),
    ];
    input.import = Some(Import {
        answer: ImportAnswer::Refused,
        xapi_error: Some("IMPORT_ERROR_PREMATURE_EOF".to_owned()),
        offset: Some(5_675_492_474),
        needs_xapi: Some("25.6".to_owned()),
    });
    input.checked[0] = "The 10,831 tar headers up to the place where the stream breaks off.".into();
    input
        .not_checked
        .push("Whatever stood behind offset 5675492474.".to_owned());
    input
}

pub(crate) fn unreadable() -> Input {
    Input::unreadable(
        "/mnt/nas/xen/notes.docx".to_owned(),
        "The file is no backup: it is neither tar nor gzip nor zstd (it begins with 50 4B 03 04)."
            .to_owned(),
    )
}

/// A metadata-only export of more VMs than anybody wants to read.
pub(crate) fn metadata() -> Input {
    let mut input = sound();
    input.path = "pool-2026-03-01.vmmeta".to_owned();
    input.kind = Some(Kind::Metadata);
    input.envelope = Some(Envelope::Plain);
    (input.bytes, input.stream_bytes, input.members) = (391_680, 391_680, 1);
    input.verdict = Verdict::Suspect;
    input.vms = (1..=40)
        .map(|n| Vm {
            name: format!("vm{n:02}"),
            uuid: format!("00000000-0000-4000-8000-{n:012}"),
        })
        .collect();
    for disk in &mut input.disks {
        *disk = Disk {
            id: disk.id.clone(),
            name: disk.name.take(),
            virtual_size: disk.virtual_size,
            ..Disk::default()
        };
    }
    input.findings = vec![Finding::new(Code::NoDisks).fact("disks", 2_u64)];
    input
}

/// Every text that an archive brings tries to take over the terminal.
pub(crate) fn hostile() -> Input {
    let mut input = sound();
    input.path = "a\u{1b}[2J\nb.xva".to_owned();
    input.verdict = Verdict::Damaged;
    input.vms = vec![Vm {
        name: "web\u{202e}gpj.\u{9b}31m\u{7}\r\nfake  SOUND".to_owned(),
        uuid: "\u{200b}uuid\u{0}".to_owned(),
    }];
    input.exporter = Some(Exporter {
        product_brand: "XCP\u{1b}]0;owned\u{7}".to_owned(),
        product_version: "8\u{2028}3".to_owned(),
        build_number: "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}".to_owned(),
        xapi: Some("\u{1b}c".to_owned()),
        export_vsn: 2,
    });
    input.disks[0].id = "Ref:1\u{8}\u{8}\u{8}\u{8}\u{8}".to_owned();
    input.disks[0].name =
        Some("日本語のとても長いディスク名・日本語のとても長いディスク名".to_owned());
    input.disks[1].name = Some("\u{2066}\u{1b}[31mred\u{2069}".to_owned());
    input.disks[1].device = Some("\u{1b}[A".to_owned());
    input.disks[1].sums = vec!["SHA-1".to_owned(), "\u{85}".to_owned()];
    input.findings = vec![
        Finding::new(Code::MemberForeign)
            .member(b"\x1b[31m\xff\xfe/\xe2\x80\xaeevil\n")
            .at(4_096)
            .fact("text", "\u{1b}[0m\nchecked      everything")
            .fact("names", vec!["\u{9d}".to_owned(), String::new()])
            .advice("Look at \u{1b}[5mthis\u{1b}[0m."),
    ];
    input.checked = vec!["Nothing\u{1b}[1A of it.".to_owned()];
    input
}

/// Every field of a report set to something.
pub(crate) fn rich() -> Report {
    let mut everything = hostile();
    everything.error = Some("A sentence.".to_owned());
    everything.disks[0].keep_alives = 2;
    everything.disks[0].unchecked = 1;
    everything.findings.extend(damaged().findings);
    everything.findings.push(
        Finding::new(Code::ScanLimit)
            .fact("reached", true)
            .fact("limit", 8_u64 << 20),
    );
    everything.omitted = damaged().omitted;
    everything.import = damaged().import;
    report(vec![
        everything,
        sound(),
        truncated(),
        metadata(),
        unreadable(),
        host_backup(),
        host_backup_damaged(),
    ])
}

/// A pool database with a lost row and two notes.
pub(crate) fn pool_database() -> Input {
    let mut input = sound();
    input.path = "/var/backup/pool-2026-11-01.xml".to_owned();
    input.kind = Some(Kind::PoolDb);
    input.envelope = Some(Envelope::Plain);
    input.verdict = Verdict::Damaged;
    input.bytes = 3_145_728;
    input.stream_bytes = 3_145_728;
    input.members = 0;
    input.exporter = None;
    input.vms = Vec::new();
    input.disks = Vec::new();
    input.import = None;
    let host = |name: &str, uuid: &str| Host {
        name: name.to_owned(),
        uuid: uuid.to_owned(),
        product: Some("XCP-ng 8.3.0 build cloud".to_owned()),
        xapi: Some("25.27.0".to_owned()),
    };
    input.database = Some(DatabaseSummary {
        schema_major: Some(5),
        schema_minor: Some(790),
        releases: vec!["XCP-ng 8.3 updates (xapi 25.27.0)".to_owned()],
        generation: Some(1_048_576),
        pool: Some(Named {
            name: "Hall 2".to_owned(),
            uuid: "9f0c6a52-41b5-4d5f-a3a4-2d6f1c9a7e10".to_owned(),
        }),
        coordinator: Some(Named {
            name: "xcp-2".to_owned(),
            uuid: "3b1d7a3e-0f4c-4a52-8a43-6b52b1f0c102".to_owned(),
        }),
        hosts: vec![
            host("xcp-1", "3b1d7a3e-0f4c-4a52-8a43-6b52b1f0c101"),
            host("xcp-2", "3b1d7a3e-0f4c-4a52-8a43-6b52b1f0c102"),
        ],
        tables: 73,
        rows: 4_210,
        vms: 118,
        templates: 31,
        snapshots: 12,
        control_domains: 2,
        srs: 7,
        vdis: 260,
        networks: 9,
        redo_log: None,
    });
    input.findings = vec![
        Finding::new(Code::DbReferenceLeftOver)
            .table("VBD")
            .column("metrics")
            .fact("count", 240_u64)
            .fact("never_stored", true),
        Finding::new(Code::DbSecrets)
            .fact("count", 5_u64)
            .fact("secret-row", 5_u64),
        Finding::new(Code::DbReferenceDangling)
            .table("VBD")
            .row("OpaqueRef:0c5c1bd0-9d8c-4b6e-9f0a-5b8d2f6a1e77")
            .column("VM")
            .at(1_482_003)
            .fact("to", "OpaqueRef:5a0e2c9e-3c0b-4f7e-8a5d-90b7f1a2c3d4")
            .fact("class", "VM"),
    ];
    input.checked = vec!["XML, references and uuids of 4210 rows in 73 tables".to_owned()];
    input.not_checked = vec![
        "Names, numbers and other values that were changed and still read well: a dump bears no checksum".to_owned(),
    ];
    input
}

/// The same of a redo log, which is sound.
pub(crate) fn redo_log() -> Input {
    let mut input = pool_database();
    input.path = "/dev/mapper/redo-log".to_owned();
    input.kind = Some(Kind::RedoLog);
    input.verdict = Verdict::Sound;
    input.findings.pop();
    if let Some(database) = &mut input.database {
        database.redo_log = Some(RedoLog {
            half: 2,
            generation: 1_048_000,
            applied: 576,
            skipped: 0,
        });
    }
    input
}

/// A sound host backup of a coordinator.
pub(crate) fn host_backup() -> Input {
    let database = |generation| {
        let summary = pool_database().database;
        summary.map(|summary| DatabaseSummary {
            generation: Some(generation),
            ..summary
        })
    };
    Input {
        below: None,
        path: "/mnt/nas/hosts/xcp-2.xbk".to_owned(),
        kind: Some(Kind::HostBackup),
        verdict: Verdict::Sound,
        bytes: 912_680_550,
        stream_bytes: 2_684_364_800,
        members: 71_204,
        database: None,
        host: Some(Box::new(HostSummary {
            product_brand: Some("XCP-ng".to_owned()),
            product_version: Some("8.3.0".to_owned()),
            platform_version: Some("3.4.0".to_owned()),
            build_number: Some("cloud".to_owned()),
            installation_uuid: Some("3b1d7a3e-0f4c-4a52-8a43-6b52b1f0c102".to_owned()),
            control_domain_uuid: Some("04891f22-eab8-4735-a0bb-a24a23654de3".to_owned()),
            primary_disk: Some("/dev/disk/by-id/ata-ST1000NX0423_W470MWXE".to_owned()),
            role: Some(HostRole::Coordinator),
            coordinator_address: None,
            newest_file: Some("2026-11-01T02:30:12Z".to_owned()),
            unpacked_bytes: 2_576_980_378,
            partition_bytes: 18_432 * MIB,
            fits_old_layout: true,
            databases: vec![
                HostDatabase {
                    path: "var/backup/pool-database-2026-11-01--03-30-05".to_owned(),
                    modified: Some("2026-11-01T02:30:07Z".to_owned()),
                    preferred: true,
                    database: database(1_048_576),
                },
                HostDatabase {
                    path: "var/lib/xcp/state.db".to_owned(),
                    modified: Some("2026-11-01T02:29:41Z".to_owned()),
                    preferred: false,
                    database: database(1_048_570),
                },
            ],
            host_restore: StageAnswer {
                answer: RestoreAnswer::Accepted,
                ..StageAnswer::default()
            },
            installer: StageAnswer {
                answer: RestoreAnswer::Accepted,
                needs_platform: Some("3.4.0".to_owned()),
                ..StageAnswer::default()
            },
        })),
        findings: vec![
            Finding::new(Code::HostIdentity)
                .fact("installation_uuid", "3b1d7a3e-0f4c-4a52-8a43-6b52b1f0c102"),
            Finding::new(Code::HostSensitive)
                .fact("accounts", 9_u64)
                .fact("pool", 3_u64)
                .fact("database", 214_u64),
            Finding::new(Code::DbSecrets)
                .member(b"var/backup/pool-database-2026-11-01--03-30-05")
                .fact("count", 5_u64),
        ],
        checked: vec![
            "Header, name and links of 71204 members".to_owned(),
            "CRC and length of the gzip stream".to_owned(),
        ],
        not_checked: vec![
            "Contents of files by themselves: a host backup has no checksums of its own, only the one of its \
             compression"
                .to_owned(),
        ],
        exporter: None,
        vms: Vec::new(),
        disks: Vec::new(),
        import: None,
        copy: CopyChecks::default(),
        ..sound()
    }
}

/// One of a member that was edited, and that the installer would stop at late.
pub(crate) fn host_backup_damaged() -> Input {
    let mut input = host_backup();
    input.path = "/mnt/nas/hosts/xcp-1.xbk".to_owned();
    input.verdict = Verdict::Damaged;
    let dump = b"var/backup/pool-database-2026-11-01--03-30-05";
    let row = "OpaqueRef:0c5c1bd0-9d8c-4b6e-9f0a-5b8d2f6a1e77";
    input.findings.extend([
        Finding::new(Code::HostBootLabel)
            .member(b"boot/efi/EFI/xenserver/grub.cfg")
            .at(2_684_358_656)
            .fact("problem", "there is no dash in the label")
            .fact("label", "rootabcdef")
            .fact("stage", "installer")
            .fact("formatted", "the root and the EFI partition"),
        Finding::new(Code::HostInventoryShell)
            .member(b"etc/xensource-inventory")
            .at(1_024_000)
            .fact("key", "MANAGEMENT_INTERFACE")
            .fact("line", 19_u64)
            .fact("character", "$")
            .fact("stage", "host-restore")
            .fact("formatted", "the spare partition"),
        Finding::new(Code::DbReferenceDangling)
            .member(dump)
            .at(700_000_256)
            .table("VBD")
            .row(row)
            .column("VM")
            .fact("to", "OpaqueRef:5a0e2c9e-3c0b-4f7e-8a5d-90b7f1a2c3d4")
            .fact("class", "VM")
            .fact("offset_in_file", 1_482_003_u64),
        Finding::new(Code::HostMember)
            .member(b"etc/xensource/pool.conf")
            .at(1_030_144)
            .fact("coordinator", "10.0.0.1"),
    ]);
    if let Some(host) = &mut input.host {
        host.role = Some(HostRole::Member);
        host.coordinator_address = Some("10.0.0.1".to_owned());
        host.unpacked_bytes = 5 << 30;
        host.fits_old_layout = false;
        host.databases.truncate(1);
        host.host_restore.code = Some(Code::HostInventoryShell);
        host.installer = StageAnswer {
            answer: RestoreAnswer::Stops,
            code: Some(Code::HostBootLabel),
            formatted: Some(Formatted::RootAndEfi),
            ..StageAnswer::default()
        };
    }
    input
}

/// One that is cut short.
pub(crate) fn host_backup_cut() -> Input {
    let mut input = host_backup();
    input.path = "xcp-3.xbk".to_owned();
    input.verdict = Verdict::Incomplete;
    input.findings = vec![
        Finding::new(Code::HostCutInFile)
            .member(b"./usr/lib64/libLLVM-7.so")
            .at(700_000_256)
            .fact("present_bytes", 1_402_880_u64)
            .fact("expected_bytes", 69_206_016_u64)
            .fact("stage", "host-restore")
            .fact("formatted", "the spare partition"),
    ];
    if let Some(host) = &mut input.host {
        **host = HostSummary {
            partition_bytes: host.partition_bytes,
            unpacked_bytes: 700_000_000,
            fits_old_layout: true,
            host_restore: StageAnswer {
                answer: RestoreAnswer::Refused,
                code: Some(Code::HostCutInFile),
                xapi_error: Some("RESTORE_SCRIPT_FAILED".to_owned()),
                formatted: Some(Formatted::SparePartition),
                ..StageAnswer::default()
            },
            installer: StageAnswer {
                answer: RestoreAnswer::NotListed,
                code: Some(Code::HostCutInFile),
                formatted: Some(Formatted::SparePartition),
                ..StageAnswer::default()
            },
            ..HostSummary::default()
        };
    }
    input
}
