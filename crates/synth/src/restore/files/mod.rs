//! What a host tells of itself in files: a folder of what commands print, a status report, a host backup.

mod inventory;
mod links;
mod record;

pub(crate) use record::pairs;

use super::File;
use super::host::FreshHost;

const DATA: &str = "etc/sysconfig/network-scripts/interface-rename-data";

fn file(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> File {
    (name.into(), bytes.into())
}

/// `docs/manual/src/collect.md`: what commands print that are on every host.
pub(super) fn folder(host: &FreshHost) -> Vec<File> {
    vec![
        file("xensource-inventory", inventory::inventory(host)),
        file("management.conf", inventory::management(host)),
        file("local.db", inventory::local_database(host)),
        file("static-rules.conf", links::static_rules(host)),
        file("dynamic-rules.json", links::dynamic_rules(host)),
        file("ip-link.json", links::link(host, false)),
        file("ip-addr.json", links::link(host, true)),
        file("lspci.txt", links::lspci(host)),
        file("var-lib-xcp.txt", lines(host.files.iter())),
        file("disks.txt", lines(host.disks.iter())),
        file("df.txt", df(host.free)),
        file("pif-list.txt", record::pifs(host)),
        file("host-list.txt", record::hosts(host)),
        file("sr-list.txt", record::srs(host)),
        file("network-list.txt", record::networks(host)),
        file("pool-list.txt", record::pools(host)),
        file("vm-list.txt", record::vms(host)),
        file("vif-list.txt", Vec::new()),
    ]
}

/// Files of the host below a root, as both archives have them.
fn tree(host: &FreshHost, root: &str) -> Vec<File> {
    let mut files = vec![
        file(
            format!("{root}etc/xensource-inventory"),
            inventory::inventory(host),
        ),
        file(
            format!("{root}etc/firstboot.d/data/management.conf"),
            inventory::management(host),
        ),
        file(
            format!("{root}{DATA}/static-rules.conf"),
            links::static_rules(host),
        ),
        file(
            format!("{root}{DATA}/dynamic-rules.json"),
            links::dynamic_rules(host),
        ),
        file(
            format!("{root}var/lib/xcp/local.db"),
            inventory::local_database(host),
        ),
    ];
    for name in &host.files {
        if name == "ha_metadata.db" || name == "gen_metadata.db" {
            files.push(file(format!("{root}var/lib/xcp/{name}"), Vec::new()));
        }
    }
    files
}

/// One top folder, the database beside the files.
pub(super) fn status_report(host: &FreshHost) -> Vec<File> {
    let root = "bug-report-20240531130709/";
    let mut files = vec![file(format!("{root}xapi-db.xml"), host.database())];
    files.extend(tree(host, root));
    files
}

/// The root file system, with the dump that `xe host-backup` adds.
pub(super) fn host_backup(host: &FreshHost) -> Vec<File> {
    let database = host.database();
    let mut files = tree(host, "./");
    files.extend([
        file(
            "./var/backup/pool-database-2024-05-31--13-07-09",
            database.clone(),
        ),
        file("./var/lib/xcp/state.db", database),
        file("./etc/xensource/pool.conf", "master"),
    ]);
    files
}

fn lines<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(|name| format!("{name}\n")).collect()
}

/// `df -Pk /var/lib/xcp`: `/` is 18 GiB.
fn df(free: u64) -> String {
    let size = 18_576_432_u64;
    let used = size.saturating_sub(free);
    let percent = used * 100 / size;
    format!(
        "Filesystem     1024-blocks      Used Available Capacity Mounted on\n\
         /dev/sda1         {size} {used:>9} {free:>9} {percent:>7}% /\n"
    )
}
