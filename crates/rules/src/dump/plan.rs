//! What there is to check of a value, by table and column. Types are looked up once for all rows of a shape; plain texts,
//! words of enumerations that are not listed here and columns that nobody knows need no check and are in no plan.

use xenspect_xapi::datamodel::{self, Type};

use super::Context;
use super::relation::Side;

/// The checks for rows of one table and shape.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) checks: Vec<Planned>,
    /// Positions of `__ctime` and `__mtime`.
    pub(super) generations: Vec<usize>,
    /// A reference among them is the naming side of a relation.
    pub(super) names: bool,
}

/// A check, and the position of its value among the row's attributes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planned {
    pub(super) position: usize,
    pub(super) check: Check,
}

/// What a value is checked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Check {
    Int,
    Bool,
    /// One reference.
    Reference(Link),
    /// A set of references.
    References(Link),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A map of texts.
    Map,
    /// A set of texts.
    Set,
    /// Anything else, by decoding it.
    Other(&'static Type),
}

/// What a reference must lead to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    /// The class that it is of.
    pub(super) class: &'static str,
    pub(super) need: Need,
    /// The relation that it is a part of.
    pub(super) side: Option<Side>,
}

/// What a reference that leads nowhere means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// The row cannot be without the other.
    Row,
    /// It is left over.
    Nothing,
    /// The row cannot be without it where it is a disk that is in use.
    InsertedDisk,
    /// The row cannot be without it while it is suspended.
    Suspended,
    /// It goes when a host is forgotten, and some rows then stay.
    Host,
    /// Another rule looks at it.
    Elsewhere,
}

/// Columns without whose row a row makes no sense. xapi deletes such rows when it cleans up (xapi
/// `ocaml/xapi/db_gc_util.ml`), or could not work with them.
const STRUCTURAL: [(&str, &str); 20] = [
    ("VBD", "VM"),
    ("VIF", "VM"),
    ("VIF", "network"),
    ("VDI", "SR"),
    ("PBD", "SR"),
    ("PIF", "network"),
    ("VGPU", "VM"),
    ("VGPU", "GPU_group"),
    ("VTPM", "VM"),
    ("VUSB", "VM"),
    ("Bond", "master"),
    ("VLAN", "tagged_PIF"),
    ("VLAN", "untagged_PIF"),
    ("tunnel", "access_PIF"),
    ("tunnel", "transport_PIF"),
    ("network_sriov", "physical_PIF"),
    ("network_sriov", "logical_PIF"),
    ("Cluster_host", "cluster"),
    ("PVS_proxy", "VIF"),
    ("PVS_proxy", "site"),
];

/// Hosts whose rows may be gone while what they had is still there.
const OF_HOSTS: [(&str, &str); 5] = [
    ("PBD", "host"),
    ("PIF", "host"),
    ("PGPU", "host"),
    ("PUSB", "host"),
    ("Cluster_host", "host"),
];

/// Enumerations whose words are the same in all releases.
const WORDS: [(&str, &str, &[&str]); 3] = [
    (
        "VM",
        "power_state",
        &["Halted", "Paused", "Running", "Suspended"],
    ),
    ("VBD", "type", &["Disk", "CD", "Floppy"]),
    ("VBD", "mode", &["RO", "RW"]),
];

/// What becomes of a VM that shuts down or reboots by itself.
const NORMAL_EXIT: &[&str] = &["destroy", "restart"];

/// Enumerations to which later releases may add words: all that are known by now, the most frequent first
/// (`formats/pool-db.md` section 5 for PIF; xapi `ocaml/idl/datamodel.ml` for the others, as in the export record).
const WORDS_BY_NOW: [(&str, &str, &[&str]); 9] = [
    ("VM", "actions__after_shutdown", NORMAL_EXIT),
    ("VM", "actions__after_reboot", NORMAL_EXIT),
    (
        "VM",
        "actions__after_crash",
        &[
            "restart",
            "destroy",
            "preserve",
            "coredump_and_destroy",
            "coredump_and_restart",
            "rename_restart",
        ],
    ),
    (
        "VM",
        "domain_type",
        &["hvm", "unspecified", "pv", "pv_in_pvh", "pvh"],
    ),
    (
        "VDI",
        "type",
        &[
            "user",
            "system",
            "suspend",
            "cbt_metadata",
            "ephemeral",
            "crashdump",
            "ha_statefile",
            "metadata",
            "redo_log",
            "rrd",
            "pvs_cache",
        ],
    ),
    ("VDI", "on_boot", &["persist", "reset"]),
    (
        "VIF",
        "locking_mode",
        &["network_default", "locked", "unlocked", "disabled"],
    ),
    ("network", "default_locking_mode", &["unlocked", "disabled"]),
    ("PIF", "ip_configuration_mode", &["None", "DHCP", "Static"]),
];

/// References that `contents` and `logins` look at.
const ELSEWHERE: [(&str, &str); 4] = [
    ("pool", "master"),
    ("pool", "repository_proxy_password"),
    ("pool", "telemetry_uuid"),
    ("host", "control_domain"),
];

impl Plan {
    pub(super) fn of(context: Context<'_>, table: &str, shape: u32) -> Self {
        let mut plan = Plan::default();
        let names = context.dump.database.shape_names(shape);
        for (position, column) in names.enumerate() {
            if matches!(column, "__ctime" | "__mtime") {
                plan.generations.push(position);
            }
            if let Some(check) = check(table, column, context.newer) {
                if let Check::Reference(link) | Check::References(link) = check {
                    plan.names |= link.side.is_some_and(|side| !side.is_set);
                }
                plan.checks.push(Planned { position, check });
            }
        }
        plan
    }
}

/// `newer` says that the schema is newer than all that are known.
fn check(table: &str, column: &str, newer: bool) -> Option<Check> {
    let by_now = WORDS_BY_NOW.iter().filter(|_| !newer);
    if let Some((_, _, words)) = WORDS
        .iter()
        .chain(by_now)
        .find(|word| (word.0, word.1) == (table, column))
    {
        return Some(Check::Word(words));
    }
    let field = datamodel::field(table, column)?;
    Some(match &field.ty {
        Type::String | Type::Enum(_) | Type::Unlisted | Type::Record(_) => return None,
        Type::Int => Check::Int,
        Type::Bool => Check::Bool,
        Type::Ref(class) => Check::Reference(link(field.class, field.column, class)),
        Type::Set(Type::Ref(class)) => Check::References(link(field.class, field.column, class)),
        Type::Set(inner) if is_text(inner) => Check::Set,
        Type::Map(key, value) if is_text(key) && is_text(value) => Check::Map,
        other => Check::Other(other),
    })
}

fn link(table: &'static str, column: &'static str, class: &'static str) -> Link {
    let is = |known: &(&str, &str)| *known == (table, column);
    Link {
        class,
        need: if OF_HOSTS.iter().any(is) {
            Need::Host
        } else if (table, column) == ("VBD", "VDI") {
            Need::InsertedDisk
        } else if (table, column) == ("VM", "suspend_VDI") {
            Need::Suspended
        } else if STRUCTURAL.iter().any(is) {
            Need::Row
        } else if ELSEWHERE.iter().any(is) {
            Need::Elsewhere
        } else {
            Need::Nothing
        },
        side: Side::of(table, column),
    }
}

/// Whether any quoted string is a value of the type.
fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::String | Type::Enum(_))
}
