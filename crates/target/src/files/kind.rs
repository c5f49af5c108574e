//! What a file of a host is, by its name.

use super::lists::Class;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `etc/xensource-inventory`.
    Inventory,
    /// A pool database.
    Database,
    /// `management.conf`.
    Management,
    /// `local.db`.
    Local,
    /// `networkd.db`.
    Networkd,
    /// `static-rules.conf`.
    StaticRules,
    /// `dynamic-rules.json`.
    DynamicRules,
    /// `initial_network_device_rules.conf`.
    InitialRules,
    /// Records of `xe`.
    Records,
    /// `ip link`, `ip addr`.
    Links,
    /// Names in `/var/lib/xcp`.
    Files,
    /// Names in `/dev/disk/by-id`.
    Disks,
    /// `lsblk`.
    Sizes,
    /// `df`.
    Free,
    /// `lspci`.
    Pci,
    /// One that matters by being there.
    Present,
    /// One whose content will tell.
    Unknown,
}

/// Folders of a host in which text files have other reasons to be.
const SYSTEM: [&str; 16] = [
    "bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "root", "sbin",
    "srv", "tmp", "usr", "var",
];

/// A file's path with `/` and without a leading `./` or `/`.
pub(super) fn plain(name: &str) -> &str {
    name.trim_start_matches("./").trim_start_matches('/')
}

/// The last part of a path.
pub(super) fn base(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The absolute path on the host of a file in one of these folders, whatever the archive has before it.
pub(super) fn on_host(name: &str) -> Option<String> {
    let name = plain(name);
    let begins = |path: &str| {
        let inside = path.strip_prefix("var/lib/xcp/");
        path == "etc/krb5.keytab"
            || inside.is_some_and(|name| !name.is_empty() && !name.contains('/'))
    };
    let rest = name.split_once('/').map(|(_, rest)| rest);
    let path = [Some(name), rest]
        .into_iter()
        .flatten()
        .find(|path| begins(path))?;
    Some(format!("/{path}"))
}

/// What a file is by its name, if it is wanted.
pub(super) fn of(name: &str) -> Option<Kind> {
    let name = plain(name);
    if is_database(name) {
        return Some(Kind::Database);
    }
    let lower = base(name).to_ascii_lowercase();
    let is = |wanted: &str| lower == wanted || lower.ends_with(&format!("-{wanted}"));
    if is("xensource-inventory") && !lower.starts_with('.') {
        return Some(Kind::Inventory);
    }
    let fixed = [
        ("management.conf", Kind::Management),
        ("local.db", Kind::Local),
        ("networkd.db", Kind::Networkd),
        ("static-rules.conf", Kind::StaticRules),
        ("dynamic-rules.json", Kind::DynamicRules),
        ("initial_network_device_rules.conf", Kind::InitialRules),
    ];
    if let Some((_, kind)) = fixed.iter().find(|(wanted, _)| is(wanted)) {
        return Some(*kind);
    }
    if on_host(name).is_some() {
        return Some(Kind::Present);
    }
    loose(name, &lower)
}

/// Files that somebody collected have names of their own and no system folder above them.
fn loose(name: &str, lower: &str) -> Option<Kind> {
    let mut folders = name.split('/').rev().skip(1);
    let above = folders.next();
    if folders.next().is_some() || above.is_some_and(|above| SYSTEM.contains(&above)) {
        return None;
    }
    let stem = lower.replace('_', "-");
    let begins = [
        ("ip-link", Kind::Links),
        ("ip-addr", Kind::Links),
        ("ip-a.", Kind::Links),
        ("var-lib-xcp", Kind::Files),
        ("disks", Kind::Disks),
        ("lsblk", Kind::Sizes),
        ("df.", Kind::Free),
        ("df-", Kind::Free),
        ("lspci", Kind::Pci),
    ];
    if let Some((_, kind)) = begins
        .iter()
        .find(|(start, _)| stem.starts_with(start) || stem.contains(&format!("-{start}")))
    {
        return Some(*kind);
    }
    if Class::of_name(lower).is_some() {
        return Some(Kind::Records);
    }
    let (_, extension) = lower.rsplit_once('.')?;
    let text = matches!(extension, "txt" | "json" | "xml" | "db" | "dump" | "out");
    (text && above.is_none()).then_some(Kind::Unknown)
}

/// Whether a member of an archive may be a pool database, by its name: `var/backup/pool-database-…` of a host backup,
/// `var/lib/xcp/state.db`, and a status report's `xapi-db.xml`.
#[must_use]
pub fn is_database(name: &str) -> bool {
    rank(name).is_some()
}

/// How near a pool database of this name is to the host's own: a fresh dump, the file that xapi keeps, a status report's.
pub(super) fn rank(name: &str) -> Option<u8> {
    let name = plain(name);
    let below = |path: &str| name == path || name.ends_with(&format!("/{path}"));
    let base = base(name);
    let folder = name.strip_suffix(base).unwrap_or_default();
    let backup = folder == "var/backup/" || folder.ends_with("/var/backup/");
    if backup && base.starts_with("pool-database-") {
        Some(0)
    } else if below("var/lib/xcp/state.db") || below("var/xapi/state.db") {
        Some(1)
    } else if matches!(base, "xapi-db.xml" | "xapi-db-dumped.xml") {
        Some(2)
    } else {
        None
    }
}

/// What a text of no telling name is.
pub(super) fn of_content(bytes: &[u8]) -> Kind {
    let start = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    let start = String::from_utf8_lossy(start);
    let begins = start.trim_start_matches('\u{feff}').trim_start();
    if start.contains("<database") {
        Kind::Database
    } else if super::xe::is_list(begins) {
        Kind::Records
    } else if begins.starts_with("1: lo")
        || begins.starts_with('[') && begins.contains("\"ifname\"")
    {
        Kind::Links
    } else if begins.contains("\"lastboot\"") {
        Kind::DynamicRules
    } else if begins.contains("\"interface_order\"") {
        Kind::Networkd
    } else if begins.starts_with("Filesystem") {
        Kind::Free
    } else if begins.contains("<config>") {
        Kind::Local
    } else if start.lines().any(is_of_inventory) {
        Kind::Inventory
    } else if begins.starts_with("LABEL=") {
        Kind::Management
    } else {
        Kind::Unknown
    }
}

fn is_of_inventory(line: &str) -> bool {
    line.starts_with("INSTALLATION_UUID=") || line.starts_with("PRODUCT_VERSION=")
}
