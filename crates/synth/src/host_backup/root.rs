//! The small root of a host: what is in it that is worth reading, and what a tar archive can hold besides.

use std::collections::BTreeSet;

use super::entry::{Entry, What};
use super::files;
use super::host::{Firmware, Site};
use crate::content::Content;

/// When the backup was made: 2024-05-31 13:07:09 UTC.
const STAMP: u64 = 1_717_160_829;
/// The same in the name of the dump.
pub(super) const DUMP: &str = "var/backup/pool-database-2024-05-31--13-07-09";
/// When the host was installed.
const INSTALLED: u64 = 1_709_570_364;
pub(super) const EFI: &str = "boot/efi";

/// Folders with nothing in them: those of other file systems, and those whose contents are left out.
const EMPTY: [&str; 10] = [
    "proc",
    "sys",
    "dev",
    "run",
    "tmp",
    "mnt",
    "var/log",
    "var/crash",
    "var/tmp",
    "var/lib/xcp/blobs/rrds",
];

/// The members without their order.
pub(super) struct Root {
    entries: Vec<Entry>,
    known: BTreeSet<String>,
}

impl Root {
    pub(super) fn new() -> Self {
        Self {
            entries: vec![Entry::new("./", What::Folder, STAMP)],
            known: BTreeSet::new(),
        }
    }

    fn folder(&mut self, path: &str) {
        if let Some((above, _)) = path.rsplit_once('/') {
            self.folder(above);
        }
        if self.known.insert(path.to_owned()) {
            let name = format!("./{path}/");
            self.entries.push(Entry::new(name, What::Folder, INSTALLED));
        }
    }

    pub(super) fn put(&mut self, path: &str, what: What) -> &mut Entry {
        if let Some((above, _)) = path.rsplit_once('/') {
            self.folder(above);
        }
        let entry = Entry::new(format!("./{path}"), what, INSTALLED);
        self.entries.push(entry);
        self.entries.last_mut().expect("it was just put there")
    }

    fn file(&mut self, path: &str, bytes: impl Into<Vec<u8>>) -> &mut Entry {
        self.put(path, What::File(bytes.into()))
    }

    /// For root's eyes.
    fn secret(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.file(path, bytes).mode = 0o600;
    }

    /// In an order that looks like that of a file system: folders before what is in them, otherwise none. What is below
    /// `boot/efi` comes last and without `./`, when it is a partition of its own; when it is none, it comes again. Without the
    /// operand `boot/efi`, which is of 2020, it does neither.
    pub(super) fn ordered(mut self, partition: bool, operand: bool) -> Vec<Entry> {
        self.entries.sort_by_cached_key(|entry| {
            let parts = entry.path().split('/');
            parts
                .map(|part| (scatter(part), part.to_owned()))
                .collect::<Vec<_>>()
        });
        let root = self.entries.iter().position(|entry| entry.name == "./");
        let root = self.entries.remove(root.expect("there is a root"));
        let mut first = vec![root];
        let mut last = Vec::new();
        for mut entry in self.entries {
            let path = entry.path().to_owned();
            let below = path == EFI || path.starts_with("boot/efi/");
            if !below {
                first.push(entry);
                continue;
            }
            if path == EFI || !partition {
                first.push(entry.clone());
            }
            if operand {
                entry.name = entry.name.trim_start_matches("./").to_owned();
                last.push(entry);
            }
        }
        first.append(&mut last);
        links_behind(&mut first);
        first
    }
}

/// A number that has nothing to do with the order of names.
fn scatter(name: &str) -> u32 {
    name.bytes().fold(5381, |sum: u32, byte| {
        sum.wrapping_mul(33) ^ u32::from(byte)
    })
}

/// Of the names of a file, tar makes the first one the file.
fn links_behind(entries: &mut [Entry]) {
    for at in 0..entries.len() {
        let What::HardLink(target) = entries[at].what.clone() else {
            continue;
        };
        let there = entries.iter().position(|entry| entry.name == target);
        if let Some(file) = there.filter(|&file| file > at) {
            let name = entries[at].name.clone();
            let what = std::mem::replace(&mut entries[file].what, What::HardLink(name));
            entries[at].what = what;
        }
    }
}

/// The files of a host.
pub(super) fn of(site: &Site) -> Root {
    let mut root = Root::new();
    configuration(site, &mut root);
    databases(site, &mut root);
    boot(site, &mut root);
    programs(&mut root);
    for path in EMPTY {
        root.folder(path);
    }
    root
}

fn configuration(site: &Site, root: &mut Root) {
    let rules = "etc/sysconfig/network-scripts/interface-rename-data";
    root.file("etc/xensource-inventory", files::inventory(site));
    root.file("etc/xensource/pool.conf", files::pool_conf(site));
    root.secret("etc/xensource/ptoken", site.secret());
    root.file(
        "etc/xensource/db.conf",
        "[/var/lib/xcp/state.db]\nmode:no_limit\nformat:xml\n\
         compress:false\n",
    );
    root.file("etc/xensource/network.conf", "openvswitch\n");
    root.secret(
        "etc/xensource/xapi-ssl.pem",
        files::pem(site, "key of the host"),
    );
    root.secret(
        "etc/xensource/xapi-pool-tls.pem",
        files::pem(site, "key of the pool"),
    );
    root.file(
        "etc/xapi.conf",
        "# Configuration of xapi\ninventory = /etc/xensource-inventory\n\
         disable-logging-for = http db_write redo_log\n",
    );
    let data = "etc/firstboot.d/data";
    root.file(&format!("{data}/management.conf"), files::management(site));
    root.file(
        &format!("{data}/default-storage.conf"),
        files::storage(site),
    );
    root.file(
        &format!("{data}/sr-multipathing.conf"),
        "MULTIPATHING_ENABLED='False'",
    );
    root.file(
        &format!("{data}/iqn.conf"),
        "IQN='iqn.2024-03.net.example:xcp'",
    );
    root.file(
        &format!("{rules}/static-rules.conf"),
        files::static_rules(site),
    );
    root.file(
        &format!("{rules}/dynamic-rules.json"),
        files::dynamic_rules(site),
    );
    root.file(
        "etc/sysconfig/xencommons",
        format!("XEN_DOM0_UUID={}\n", site.control_domain()),
    );
    root.file("etc/fstab", files::fstab(site));
    root.file("etc/passwd", files::passwd());
    root.file("etc/shadow", files::shadow(site)).mode = 0o600;
    root.file("etc/group", "root:x:0:\nbin:x:1:\n");
    root.secret(
        "etc/ssh/ssh_host_ed25519_key",
        site.planted("key of the shell"),
    );
    root.secret(
        "etc/iscsi/iscsid.conf",
        format!("node.session.auth.password = {}\n", site.planted("CHAP")),
    );
    root.file(
        "etc/xensource/installed-repos/xcp:main/XS-REPOSITORY",
        files::repository(site),
    );
    root.file(
        "etc/xensource/installed-repos/xcp:main/repo.conf",
        "[main]\nname=main\n",
    );
    root.secret("root/.bash_history", site.planted("history"));
}

fn databases(site: &Site, root: &mut Root) {
    root.secret("var/lib/xcp/state.db", site.database(0));
    root.secret("var/lib/xcp/local.db", files::local_database());
    root.file("var/lib/xcp/networkd.db", files::networkd(site));
    root.put("var/xapi", What::Symlink("/var/lib/xcp".to_owned()));
    let dump = root.file(DUMP, site.database(5));
    dump.modified = STAMP;
    dump.mode = 0o600;
}

fn boot(site: &Site, root: &mut Root) {
    root.file(
        "boot/vmlinuz-4.19.0+1",
        Content::Random.chunk(1, 0, 0, 9000),
    );
    root.put(
        "boot/vmlinuz-4.19-xen",
        What::Symlink("vmlinuz-4.19.0+1".to_owned()),
    );
    match site.variant.firmware {
        Firmware::Uefi => {
            let folder = "boot/efi/EFI/xenserver";
            // A FAT file system knows no permissions.
            root.file(&format!("{folder}/grub.cfg"), files::grub(site))
                .mode = 0o700;
            let loader = Content::Random.chunk(2, 0, 0, 3000);
            root.file(&format!("{folder}/grubx64.efi"), loader).mode = 0o700;
        }
        Firmware::Bios => {
            root.file("boot/grub/grub.cfg", files::grub(site));
            root.folder(EFI);
        }
        Firmware::Extlinux => {
            root.file("boot/extlinux.conf", files::extlinux());
        }
    }
}

/// One of each kind of member.
fn programs(root: &mut Root) {
    root.file("usr/bin/bash", Content::Random.chunk(3, 0, 0, 20_000))
        .mode = 0o755;
    root.put("usr/bin/sh", What::Symlink("bash".to_owned()));
    root.put("bin", What::Symlink("usr/bin".to_owned()));
    root.file("usr/bin/sudo", "#!/bin/bash\n").mode = 0o4755;
    root.file("usr/bin/perl", Content::Random.chunk(4, 0, 0, 1500))
        .mode = 0o755;
    root.put(
        "usr/bin/perl5.16.3",
        What::HardLink("./usr/bin/perl".to_owned()),
    );
    let deep = format!("usr/share/doc/{}/{}", "x".repeat(80), "y".repeat(70));
    root.file(&format!("{deep}/README"), "A long name.\n");
    root.put(
        "usr/share/doc/README",
        What::Symlink(format!("{}/{}/README", "x".repeat(80), "y".repeat(70))),
    );
    root.put("lib/udev/devices/null", What::Character(1, 3))
        .mode = 0o666;
    root.put("lib/udev/devices/loop0", What::Block(7, 0)).mode = 0o660;
    root.put("var/spool/postfix/public/pickup", What::Fifo).mode = 0o622;
    let pieces = (0..30).map(|at| (at * 262_144, vec![b's'; 4096])).collect();
    let sparse = What::Sparse {
        length: 8 << 20,
        pieces,
    };
    root.put("var/lib/rpm/__db.001", sparse);
    let large = root.file("opt/xensource/libexec/large-owner", "x\n");
    large.owner = (4_000_000, 4_000_000);
}
