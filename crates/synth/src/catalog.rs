//! The recipes with a name.

use crate::content::Content::{Mixed, Random, Repeats, Zero};
use crate::envelope::{Envelope, PIECE};
use crate::header::HeaderStyle;
use crate::member::Ending;
use crate::recipe::{DiskRecipe, Kind, MIB, Recipe, Sums};
use crate::release::Release;
use crate::sum::SumKind;

pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) make: fn() -> Recipe,
}

const fn entry(name: &'static str, description: &'static str, make: fn() -> Recipe) -> Entry {
    Entry {
        name,
        description,
        make,
    }
}

pub(crate) static RECIPES: &[Entry] = &[
    entry(
        "good-6.2",
        "XenServer 6.2: SHA-1 sums, gaps, a keep-alive chunk",
        || good(Release::V6_2),
    ),
    entry("good-7.0", "XenServer 7.0: SHA-1 sums, gaps", || {
        good(Release::V7_0)
    }),
    entry(
        "good-8.0",
        "Citrix Hypervisor 8.0: SHA-1 sums, gaps",
        || good(Release::V8_0),
    ),
    entry(
        "good-8.2",
        "XCP-ng 8.2: XXH64 sums, gaps, CD drives",
        || good(Release::V8_2),
    ),
    entry(
        "good-8.3",
        "XCP-ng 8.3 (xapi 24.19): mode 0400, dated ova.xml",
        || good(Release::V8_3),
    ),
    entry(
        "good-26.1",
        "XCP-ng 8.3 with updates (xapi 26.1): VM_metrics record",
        || good(Release::V26_1),
    ),
    entry("small", "8.2, two disks of 64 KiB", || {
        disks(Release::V8_2, [kib(64), kib(64)])
    }),
    entry("small-sha1", "6.2, two disks of 64 KiB", || {
        disks(Release::V6_2, [kib(64), kib(64)])
    }),
    entry("tiny", "8.2, two disks of 512 and 1024 bytes", || {
        disks(Release::V8_2, [bytes(512), bytes(1024)])
    }),
    entry(
        "tiny-blocks",
        "8.2, chunk size 512 bytes: many blocks in few bytes, not what an exporter writes",
        || Recipe {
            chunk_size: 512,
            ..disks(Release::V8_2, [bytes(4096), bytes(1536)])
        },
    ),
    entry(
        "two-disks",
        "8.2, disks of 5 and 2.3 blocks without gaps: the ground for most faults",
        || disks(Release::V8_2, [mib(5), two_and_a_bit()]),
    ),
    entry("two-disks-sha1", "6.2, otherwise as two-disks", || {
        disks(Release::V6_2, [mib(5), two_and_a_bit()])
    }),
    entry(
        "two-disks-26.1",
        "xapi 26.1, otherwise as two-disks",
        || disks(Release::V26_1, [mib(5), two_and_a_bit()]),
    ),
    entry(
        "no-disks",
        "8.2, a VM with an empty CD drive and nothing else",
        || Recipe {
            empty_cd: true,
            ..Recipe::new(Release::V8_2)
        },
    ),
    entry(
        "sparse",
        "8.2, gaps of one and of many blocks, a stored block of zeros",
        sparse,
    ),
    entry(
        "zero-disk",
        "8.2, an all-zero disk of 64 blocks: only the first and last are stored",
        || disks(Release::V8_2, [DiskRecipe::new(64 * MIB, Zero)]),
    ),
    entry(
        "keep-alive",
        "8.2, empty keep-alive chunks before data, before a gap, and two in one disk",
        keep_alive,
    ),
    entry(
        "string-order",
        "8.2, disks Ref:2 and Ref:10, streamed in the order Ref:10, Ref:2",
        || disks(Release::V8_2, [mib(2).id(2), mib(3).id(10)]),
    ),
    entry("prefix-ids", "8.2, disks Ref:1 and Ref:10", || {
        disks(Release::V8_2, [mib(3).id(1), mib(3).id(10)])
    }),
    entry(
        "partial-last",
        "8.2, disks whose sizes are not multiples of 1 MiB",
        || {
            disks(
                Release::V8_2,
                [bytes(3 * MIB + 512), bytes(MIB + 777 * 512)],
            )
        },
    ),
    entry(
        "tiny-first-disk",
        "8.2, first disk below 1 MiB, second one with a gap: xapi misplaces it",
        || disks(Release::V8_2, [kib(64), mib(4).hole(1..2)]),
    ),
    entry("tiny-disk-26.1", "xapi 26.1, one disk of 64 KiB", || {
        disks(Release::V26_1, [kib(64)])
    }),
    entry(
        "empty-disk",
        "8.2, a disk of size 0 between two others",
        || disks(Release::V8_2, [mib(1), bytes(0), mib(2)]),
    ),
    entry(
        "suspended",
        "8.2, suspended VM with power state preserved: memory image streamed too",
        || Recipe {
            suspend_image: Some(3 * MIB + 4096),
            ..disks(Release::V8_2, [mib(2)])
        },
    ),
    entry(
        "vtpm-nvram",
        "8.3, VTPM with contents, UEFI variables",
        || Recipe {
            vtpm: true,
            nvram: true,
            ..disks(Release::V8_3, [kib(64)])
        },
    ),
    entry(
        "host-leftovers",
        "8.2, host record present, references of the source pool kept",
        || Recipe {
            host: true,
            leftovers: true,
            vifs: 2,
            ..disks(Release::V8_2, [kib(64)])
        },
    ),
    entry(
        "sha1-in-8.2",
        "8.2 with SHA-1 sums: legal, no release wrote it",
        || Recipe {
            sums: Sums::Always(SumKind::Sha1),
            ..disks(Release::V8_2, [mib(2)])
        },
    ),
    entry(
        "export-vsn-1",
        "XenServer 4.0: inline sums and checksum.xml",
        || Recipe {
            export_vsn: 1,
            ..disks(Release::V4_0, [kib(64), kib(96)])
        },
    ),
    entry(
        "export-vsn-0",
        "XenServer 4.0 beta: checksum.xml alone",
        || Recipe {
            export_vsn: 0,
            ..disks(Release::V4_0, [kib(64), kib(96)])
        },
    ),
    entry(
        "metadata-only",
        "8.2, GET /export_metadata: ova.xml alone, running VM",
        || Recipe {
            kind: Kind::MetadataOnly,
            empty_cd: true,
            ..disks(Release::V8_2, [mib(8192)])
        },
    ),
    entry(
        "metadata-pool",
        "8.3, GET /export_metadata?all=true: VMs in all states, snapshots, VTPM, GPU, control domain, secrets",
        || Recipe {
            kind: Kind::MetadataOnly,
            pool: true,
            host: true,
            leftovers: true,
            ..Recipe::new(Release::V8_3)
        },
    ),
    entry(
        "per-disk-export",
        "8.2, GET /export_raw_vdi with format=tar",
        || Recipe {
            kind: Kind::PerDisk,
            ..disks(Release::V8_2, [kib(192)])
        },
    ),
    entry(
        "per-disk-sparse",
        "8.2, as per-disk-export with gaps and a partial last block",
        || Recipe {
            kind: Kind::PerDisk,
            ..disks(Release::V8_2, [bytes(5 * MIB + 1536).hole(1..4)])
        },
    ),
    entry(
        "xva-version-1",
        "XenServer 3.x: <appliance version=\"0.1\"> and gzipped chunks of 64 KiB",
        || Recipe {
            kind: Kind::Version1,
            style: Some(HeaderStyle::Gnu),
            chunk_size: 64 * 1024,
            vm_name: "example VM of 3.2".to_owned(),
            ending: records(),
            ..disks(Release::V4_0, [kib(200), kib(64)])
        },
    ),
    entry(
        "xen-orchestra",
        "Xen Orchestra: ustar headers, Ref:002, last block padded",
        || Recipe {
            kind: Kind::XenOrchestra,
            style: Some(HeaderStyle::TarStream),
            ..disks(Release::V8_2, [bytes(2 * MIB + 65_536), mib(3).hole(1..2)])
        },
    ),
    entry(
        "gnu-tar",
        "8.2 repacked with GNU tar: directory members, real modes, 10 240-byte records",
        || Recipe {
            style: Some(HeaderStyle::Gnu),
            directories: true,
            ending: records(),
            ..disks(Release::V8_2, [mib(2), kib(64)])
        },
    ),
    entry(
        "ustar-tar",
        "8.2 repacked as ustar with directory members",
        || Recipe {
            style: Some(HeaderStyle::Ustar),
            directories: true,
            ending: records(),
            ..disks(Release::V8_2, [mib(2), kib(64)])
        },
    ),
    entry(
        "xva-img",
        "8.3 unpacked and repacked with xva-img: mode 0",
        || Recipe {
            style: Some(HeaderStyle::XapiOld),
            ..disks(Release::V8_3, [mib(2), mib(1)])
        },
    ),
    entry("gzip", "two-disks in one gzip member", || {
        enveloped(Envelope::Gzip)
    }),
    entry("gzip-members", "two-disks in several gzip members", || {
        enveloped(Envelope::GzipMembers(PIECE))
    }),
    entry("zstd", "two-disks in one zstd frame", || {
        enveloped(Envelope::Zstd)
    }),
    entry("zstd-frames", "two-disks in several zstd frames", || {
        enveloped(Envelope::ZstdFrames(PIECE))
    }),
    entry(
        "random",
        "8.2, one disk of 8 MiB that does not compress",
        || disks(Release::V8_2, [DiskRecipe::new(8 * MIB, Random)]),
    ),
    entry(
        "mixed",
        "8.2, one disk of 8 MiB that compresses like a file system",
        || disks(Release::V8_2, [DiskRecipe::new(8 * MIB, Mixed)]),
    ),
];

fn bytes(len: u64) -> DiskRecipe {
    DiskRecipe::new(len, Repeats)
}

fn kib(len: u64) -> DiskRecipe {
    bytes(len * 1024)
}

fn mib(len: u64) -> DiskRecipe {
    bytes(len * MIB)
}

fn two_and_a_bit() -> DiskRecipe {
    bytes(2 * MIB + 300 * 1024)
}

/// The end general tar programs write.
fn records() -> Ending {
    Ending {
        record: 10_240,
        ..Ending::default()
    }
}

fn disks<const N: usize>(release: Release, disks: [DiskRecipe; N]) -> Recipe {
    let mut recipe = Recipe::new(release);
    recipe.disks = disks.into();
    for (at, disk) in recipe.disks.iter_mut().enumerate() {
        disk.name_label = format!("disk {at}");
    }
    recipe
}

fn enveloped(envelope: Envelope) -> Recipe {
    Recipe {
        envelope,
        ..disks(Release::V8_2, [mib(5), two_and_a_bit()])
    }
}

fn good(release: Release) -> Recipe {
    let mut recipe = disks(
        release,
        [
            DiskRecipe::new(6 * MIB, Repeats).hole(2..4),
            DiskRecipe::new(2 * MIB + 512 * 1024, Repeats),
        ],
    );
    if release == Release::V6_2 {
        recipe.disks[0].keep_alives = vec![4];
    }
    recipe.cd_image = true;
    recipe.empty_cd = true;
    recipe.host = true;
    recipe
}

fn sparse() -> Recipe {
    let mut recipe = disks(
        Release::V8_2,
        [mib(12).hole(1..2).hole(4..10), mib(4).hole(0..4)],
    );
    recipe.disks[0].stored_zeros = vec![6];
    recipe
}

fn keep_alive() -> Recipe {
    let mut recipe = disks(Release::V8_2, [mib(6).hole(3..4), mib(3)]);
    recipe.disks[0].keep_alives = vec![1, 3];
    recipe.disks[1].keep_alives = vec![1];
    recipe
}
