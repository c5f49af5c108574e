//! The recipes of pool databases with a name.

use super::redo_log::Half;
use super::write::{Layout, Style};
use super::{DumpKind, DumpRecipe, Extent};
use crate::envelope::{Envelope, PIECE};

pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) make: fn() -> DumpRecipe,
}

const fn entry(name: &'static str, description: &'static str, make: fn() -> DumpRecipe) -> Entry {
    Entry {
        name,
        description,
        make,
    }
}

pub(super) static RECIPES: &[Entry] = &[
    entry(
        "pool-8.2",
        "XCP-ng 8.2 (schema 603): two hosts, bond, VLAN, shared storage, VMs in all states, snapshots, secrets",
        || DumpRecipe::new(603),
    ),
    entry(
        "pool-xs8",
        "XenServer 8 (schema 783): otherwise as pool-8.2, VTPM state and proxy password too",
        || DumpRecipe::new(783),
    ),
    entry(
        "pool-6.5",
        "XenServer 6.5 (schema 72): pairs of spaces protected",
        || DumpRecipe::new(72),
    ),
    entry(
        "pool-6.0",
        "XenServer 6.0 (schema 63): columns descending, no __ctime and __mtime",
        || DumpRecipe::new(63),
    ),
    entry(
        "pool-5.6",
        "XenServer 5.6 FP1 (schema 61): twelve manifest keys with the pool token, passwords in clear, hash order",
        || DumpRecipe::new(61),
    ),
    entry(
        "pool-5.6-lines",
        "as pool-5.6, each element on a line of its own, CRLF, indented",
        || DumpRecipe {
            style: Some(Style {
                layout: Layout::Lines("\r\n"),
                ..Style::of_schema(61)
            }),
            ..DumpRecipe::new(61)
        },
    ),
    entry("pool-small", "schema 603: one host, one VM", || {
        DumpRecipe {
            extent: Extent::Small,
            ..DumpRecipe::new(603)
        }
    }),
    entry(
        "pool-three-hosts",
        "schema 603: three hosts with four NICs each, VMs in all states on all of them: to be restored to fresh-host",
        || DumpRecipe {
            extent: Extent::ThreeHosts,
            ..DumpRecipe::new(603)
        },
    ),
    entry(
        "pool-three-hosts-quiet",
        "the same after its VMs were shut down and unbound from their hosts",
        || DumpRecipe {
            extent: Extent::ThreeHostsQuiet,
            ..DumpRecipe::new(603)
        },
    ),
    entry(
        "fresh-host",
        "schema 603: the coordinator of pool-three-hosts installed anew, with new uuids and nothing on it",
        || DumpRecipe {
            extent: Extent::FreshHost,
            ..DumpRecipe::new(603)
        },
    ),
    entry(
        "pool-large",
        "schema 603, streamed: 40,000 VMs with a disk and a network interface each, about 139 MB",
        || DumpRecipe {
            vms: Some(40_000),
            ..DumpRecipe::new(603)
        },
    ),
    entry(
        "pool-gzip",
        "pool-8.2 in gzip, as a host with compress:true keeps it",
        || DumpRecipe {
            envelope: Envelope::Gzip,
            ..DumpRecipe::new(603)
        },
    ),
    entry(
        "pool-gzip-members",
        "pool-8.2 in several gzip members",
        || DumpRecipe {
            envelope: Envelope::GzipMembers(PIECE / 20),
            ..DumpRecipe::new(603)
        },
    ),
    entry(
        "pool-zstd",
        "pool-8.2 in zstd, as people archive it",
        || DumpRecipe {
            envelope: Envelope::Zstd,
            ..DumpRecipe::new(603)
        },
    ),
    entry(
        "rolling-upgrade-stub",
        "what a pool sends during a rolling upgrade: thirty empty tables of schema 35",
        || DumpRecipe {
            kind: DumpKind::Stub,
            ..DumpRecipe::new(35)
        },
    ),
    entry(
        "bugtool-copy",
        "pool-8.2 as the bug tool writes it: secrets REMOVED, other quotes and spaces",
        || DumpRecipe {
            kind: DumpKind::Bugtool,
            ..DumpRecipe::new(603)
        },
    ),
    entry(
        "redo-log",
        "redo log of pool-8.2, first half valid, changes of all three kinds",
        || DumpRecipe {
            kind: DumpKind::RedoLog(Half::First),
            ..DumpRecipe::new(603)
        },
    ),
    entry(
        "redo-log-second",
        "the same with the second half valid and an older first one: 60 MiB",
        || DumpRecipe {
            kind: DumpKind::RedoLog(Half::Second),
            ..DumpRecipe::new(603)
        },
    ),
];
