//! The tables of checks: those of `formats/restore.md` section 8 by their number, those against other pools, those of an
//! import, and in `host` those of the restore of a host. What a check does is elsewhere; here stands what it is called, who
//! makes it, and which codes it gives.

mod host;

pub(crate) use host::HOST;

use xenspect_model::Code;
use xenspect_model::preflight::Enforced::{self, AtBoot, Beyond, ByXapi};

/// Names a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Id {
    /// One of `formats/restore.md` section 8.
    Restore(u8),
    /// One against another pool: its place in [`CLASHES`].
    Clash(u8),
    /// One of an import: its place in [`IMPORT`].
    Import(u8),
    /// One of the restore of a host: its place in [`HOST`].
    Host(u8),
}

impl Id {
    /// The number in `formats/restore.md`.
    pub(crate) fn number(self) -> Option<u8> {
        match self {
            Self::Restore(number) => Some(number),
            Self::Import(10) => Some(47),
            Self::Clash(_) | Self::Import(_) | Self::Host(_) => None,
        }
    }
}

/// A check.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) id: Id,
    pub(crate) title: &'static str,
    pub(crate) enforced: Enforced,
    pub(crate) codes: &'static [Code],
}

const fn row(id: Id, title: &'static str, enforced: Enforced, codes: &'static [Code]) -> Row {
    Row {
        id,
        title,
        enforced,
        codes,
    }
}

const fn restore(
    number: u8,
    title: &'static str,
    enforced: Enforced,
    codes: &'static [Code],
) -> Row {
    row(Id::Restore(number), title, enforced, codes)
}

/// `formats/restore.md` section 8, in its order.
pub(crate) static RESTORE: [Row; 46] = [
    restore(
        1,
        "the file is closed and well-formed",
        ByXapi,
        &[
            Code::DbCutShort,
            Code::DbNotClosed,
            Code::DbNotWellFormed,
            Code::DbEntities,
            Code::DbElementUnknown,
            Code::DbElementMisplaced,
            Code::DbElementInvalid,
            Code::DbTrailing,
            Code::DbManifestMissing,
            Code::DbManifestMisplaced,
            Code::DbManifestKey,
            Code::DbRefMissing,
            Code::EnvelopeTruncated,
            Code::EnvelopeCorrupt,
            Code::EnvelopeChecksum,
            Code::EnvelopeLength,
            Code::ScanLimit,
            Code::ScanInterrupted,
            Code::SourceReadError,
            Code::SourceChanged,
            Code::RestoreForm,
        ],
    ),
    restore(
        2,
        "it is no stand-in of a rolling upgrade",
        ByXapi,
        &[Code::DbStub, Code::DbNoRows],
    ),
    restore(
        3,
        "it is no redacted copy",
        Beyond,
        &[Code::DbRedactedCopy, Code::DbRemoved],
    ),
    restore(
        4,
        "the schema is the target's",
        ByXapi,
        &[Code::RestoreSchemaOlder, Code::RestoreSchemaNewer],
    ),
    restore(
        5,
        "vendor and build are the target's",
        Beyond,
        &[Code::RestoreOtherBuild],
    ),
    restore(
        6,
        "the target has all tables and columns",
        ByXapi,
        &[
            Code::RestoreTableUnknown,
            Code::RestoreColumnUnknown,
            Code::RestoreColumnMissing,
        ],
    ),
    restore(7, "sets and maps can be read", ByXapi, &[Code::DbValue]),
    restore(
        8,
        "there is one pool, and its coordinator",
        ByXapi,
        &[Code::DbPoolRows, Code::DbCoordinator],
    ),
    restore(
        9,
        "the coordinator has its control domain",
        ByXapi,
        &[Code::DbControlDomain],
    ),
    restore(
        10,
        "references and uuids are unique",
        AtBoot,
        &[Code::DbRefDiffers, Code::DbRefDoubled, Code::DbUuidDoubled],
    ),
    restore(
        11,
        "the coordinator lists its own PIFs",
        ByXapi,
        &[Code::RestorePifListedMissing, Code::RestorePifNotListed],
    ),
    restore(
        12,
        "references lead somewhere, generations are in order",
        Beyond,
        &[
            Code::DbReferenceDangling,
            Code::DbReferenceTable,
            Code::DbGenerationOrder,
            Code::DbGenerationInvalid,
            Code::DbSetSide,
        ],
    ),
    restore(
        13,
        "the dump is recent",
        Beyond,
        &[Code::RestoreRollBack, Code::RestoreDumpAge],
    ),
    restore(
        14,
        "the target's inventory has its uuids",
        ByXapi,
        &[Code::RestoreInventoryKey],
    ),
    restore(
        15,
        "the target's uuids are free in the dump",
        AtBoot,
        &[Code::RestoreUuidClash],
    ),
    restore(
        16,
        "what the target was in this pool",
        Beyond,
        &[Code::RestoreTargetIdentity],
    ),
    restore(
        17,
        "the old pool is off",
        Beyond,
        &[Code::RestoreSamePool, Code::RestoreOtherPool],
    ),
    restore(
        18,
        "no other database wins at the next start",
        AtBoot,
        &[Code::RestoreHaEnabled, Code::RestoreDatabaseLeftOver],
    ),
    restore(
        19,
        "the pool was no cluster",
        Beyond,
        &[Code::RestoreClustering],
    ),
    restore(
        20,
        "the hosts were joined to no directory",
        Beyond,
        &[Code::RestoreDirectory],
    ),
    restore(
        21,
        "certificates within the pool",
        Beyond,
        &[Code::RestoreTls],
    ),
    restore(
        22,
        "no change of the pool secret was pending",
        Beyond,
        &[Code::RestoreSecretRotation],
    ),
    restore(23, "licence edition", Beyond, &[Code::RestoreEdition]),
    restore(
        24,
        "the target has all NICs",
        ByXapi,
        &[Code::RestoreNicMissing, Code::RestoreStackedOnMissing],
    ),
    restore(
        25,
        "the target's management device is in the dump",
        ByXapi,
        &[Code::RestoreManagementNotInDump],
    ),
    restore(
        26,
        "the target has one management interface",
        Beyond,
        &[Code::RestoreManagementCount],
    ),
    restore(
        27,
        "the target's management bridge is in the dump",
        Beyond,
        &[Code::RestoreManagementBridge],
    ),
    restore(
        28,
        "NICs have the names they had",
        Beyond,
        &[Code::RestoreNicMoved, Code::RestoreNicReplaced],
    ),
    restore(
        29,
        "the dump has all NICs of the target",
        Beyond,
        &[Code::RestoreNicForgotten],
    ),
    restore(
        30,
        "bonds, VLANs and tunnels stand on something",
        Beyond,
        &[Code::RestoreBondMember, Code::RestoreBondMac],
    ),
    restore(
        31,
        "the host keeps its address",
        Beyond,
        &[Code::RestoreAddress],
    ),
    restore(
        32,
        "rules for names of NICs",
        Beyond,
        &[Code::RestoreRenameRules],
    ),
    restore(
        33,
        "NICs are in the slots they were in",
        Beyond,
        &[Code::RestorePciOrder],
    ),
    restore(
        34,
        "hosts that are forgotten",
        Beyond,
        &[Code::RestoreHostForgotten, Code::RestoreRowsOrphaned],
    ),
    restore(
        35,
        "VMs that ran",
        Beyond,
        &[
            Code::RestoreVmHalted,
            Code::RestoreVmElsewhere,
            Code::RestoreVmPaused,
        ],
    ),
    restore(
        36,
        "suspended VMs can be resumed",
        Beyond,
        &[Code::RestoreVmSuspended],
    ),
    restore(
        37,
        "disks of local SRs are there",
        Beyond,
        &[Code::RestoreLocalSrGone],
    ),
    restore(
        38,
        "the dump has the target's local SRs",
        Beyond,
        &[Code::RestoreLocalSrNew],
    ),
    restore(
        39,
        "passwords of SRs are there",
        Beyond,
        &[Code::RestoreDeviceSecret],
    ),
    restore(
        40,
        "the SRs that the pool names are there",
        Beyond,
        &[Code::RestoreDefaultSr],
    ),
    restore(41, "what is on the SRs", Beyond, &[Code::RestoreContentAge]),
    restore(
        42,
        "VMs have no devices of a host",
        Beyond,
        &[Code::RestorePassThrough],
    ),
    restore(
        43,
        "disks of VMs are there",
        Beyond,
        &[Code::RestoreVbdWithoutVdi, Code::RestoreVdiNotUsable],
    ),
    restore(
        44,
        "contents of virtual TPMs are there",
        Beyond,
        &[Code::RestoreVtpmContents],
    ),
    restore(45, "there is room", Beyond, &[Code::RestoreSpace]),
    restore(
        46,
        "the CPU has the pool's features",
        Beyond,
        &[Code::RestoreCpuFeatures],
    ),
];

/// Against the target's own pool, and other pools that live.
pub(crate) static CLASHES: [Row; 7] = [
    row(
        Id::Clash(0),
        "no other pool has this uuid",
        Beyond,
        &[Code::ClashPool],
    ),
    row(
        Id::Clash(1),
        "no other pool has these hosts",
        Beyond,
        &[Code::ClashHost, Code::ClashControlDomain],
    ),
    row(
        Id::Clash(2),
        "no other pool has these VMs",
        Beyond,
        &[Code::ClashVm],
    ),
    row(
        Id::Clash(3),
        "no other pool has these SRs",
        Beyond,
        &[Code::ClashSr],
    ),
    row(
        Id::Clash(4),
        "no other pool has these networks",
        Beyond,
        &[Code::ClashNetwork],
    ),
    row(
        Id::Clash(5),
        "no other pool has these MAC addresses",
        Beyond,
        &[Code::ClashMac],
    ),
    row(
        Id::Clash(6),
        "no other pool has these MAC seeds",
        Beyond,
        &[Code::ClashMacSeed],
    ),
];

/// An export against a pool (`formats/xva.md` sections 11 and 13).
pub(crate) static IMPORT: [Row; 15] = [
    row(
        Id::Import(0),
        "the archive is accepted by itself",
        ByXapi,
        &[Code::ImportArchive],
    ),
    row(
        Id::Import(1),
        "xapi is new enough",
        ByXapi,
        &[Code::ImportVersion],
    ),
    row(
        Id::Import(2),
        "checksums can be read",
        ByXapi,
        &[Code::ImportSums],
    ),
    row(
        Id::Import(3),
        "the compression can be read",
        ByXapi,
        &[Code::ImportCompression],
    ),
    row(
        Id::Import(4),
        "there is an SR for the disks",
        ByXapi,
        &[Code::ImportNoSr, Code::ImportSrKind],
    ),
    row(
        Id::Import(5),
        "the SR has room",
        Beyond,
        &[Code::ImportSrRoom],
    ),
    row(
        Id::Import(6),
        "networks are there",
        Beyond,
        &[Code::ImportNetworkCreated, Code::ImportNetworkByBridge],
    ),
    row(
        Id::Import(7),
        "vCPUs and memory",
        Beyond,
        &[Code::ImportVcpus, Code::ImportMemory],
    ),
    row(
        Id::Import(8),
        "MAC addresses and their seeds",
        ByXapi,
        &[Code::ImportMacSeed, Code::ImportMac],
    ),
    row(
        Id::Import(9),
        "the VM is not there yet",
        ByXapi,
        &[
            Code::ImportVmExists,
            Code::ImportVmNotHalted,
            Code::ImportVmNotNewer,
            Code::ImportVmReplaced,
        ],
    ),
    row(
        Id::Import(10),
        "disks of a metadata-only export are in the pool",
        ByXapi,
        &[Code::ImportVdiMissing, Code::ImportAttachedDisk],
    ),
    row(Id::Import(11), "firmware", Beyond, &[Code::ImportFirmware]),
    row(Id::Import(12), "virtual TPM", Beyond, &[Code::ImportVtpm]),
    row(
        Id::Import(13),
        "suspend image",
        Beyond,
        &[Code::ImportSuspend],
    ),
    row(Id::Import(14), "GPU groups", ByXapi, &[Code::ImportGpu]),
];

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    const PAGE: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/manual/src/preflight.md"
    );

    /// The page lists the checks as they stand here. `XENSPECT_BLESS=1` rewrites it.
    #[test]
    fn the_page_lists_all_checks() {
        let page = std::fs::read_to_string(PAGE).unwrap();
        let (begin, end) = ("<!-- checks: begin -->\n", "<!-- checks: end -->");
        let (head, rest) = page.split_once(begin).unwrap();
        let (listed, tail) = rest.split_once(end).unwrap();
        let now = listing();
        if std::env::var_os("XENSPECT_BLESS").is_some() {
            std::fs::write(PAGE, format!("{head}{begin}{now}{end}{tail}")).unwrap();
        } else {
            assert_eq!(
                listed, now,
                "XENSPECT_BLESS=1 rewrites docs/manual/src/preflight.md"
            );
        }
    }

    fn listing() -> String {
        let parts: [(&str, &[Row]); 4] = [
            ("Of a host backup, before those of its pool database", &HOST),
            ("Of a pool database", &RESTORE),
            ("Of a pool database against other pools", &CLASHES),
            ("Of an export", &IMPORT),
        ];
        let mut text = String::new();
        for (heading, rows) in parts {
            let _ = write!(
                text,
                "\n### {heading}\n\n| # | check | made by | codes |\n| --- | --- | --- | --- |\n"
            );
            for row in rows {
                let number = row.id.number().map(|number| number.to_string());
                let by = match row.enforced {
                    ByXapi => "xapi",
                    Enforced::ByInstaller => "installer",
                    AtBoot => "xapi, at boot",
                    Beyond => "beyond",
                };
                let codes: Vec<_> = row.codes.iter().map(|code| format!("`{code}`")).collect();
                let (number, codes) = (number.unwrap_or_default(), codes.join(", "));
                let _ = writeln!(text, "| {number} | {} | {by} | {codes} |", row.title);
            }
        }
        text.push('\n');
        text
    }

    /// Every code of a preflight's own is given by a check, and by one alone.
    #[test]
    fn every_code_belongs_to_one_check() {
        let rows = || RESTORE.iter().chain(&CLASHES).chain(&IMPORT).chain(&HOST);
        for code in Code::ALL {
            let own = ["restore/", "clash/", "import/", "host-restore/"];
            if own.iter().any(|prefix| code.name().starts_with(prefix)) {
                let checks = rows().filter(|row| row.codes.contains(code)).count();
                assert_eq!(checks, 1, "{code}");
            }
        }
        let numbers: Vec<_> = rows().filter_map(|row| row.id.number()).collect();
        let all: Vec<u8> = (1..=47).collect();
        assert_eq!(numbers, all, "those of restore.md, in its order");
    }
}
