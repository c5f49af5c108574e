//! Listings: names in a folder, disks, free space, PCI devices.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_model::target::TargetDisk;

use super::MOST;

/// The folder whose files matter.
const FOLDER: &str = "/var/lib/xcp/";

/// Names as `ls -1A /var/lib/xcp` or `ls -1d /var/lib/xcp/*` prints them, as absolute paths.
pub(super) fn files(text: &str) -> BTreeSet<String> {
    let names = text.lines().map(str::trim).filter(|name| !name.is_empty());
    names
        .take(MOST)
        .map(|name| match name.starts_with('/') {
            true => name.to_owned(),
            false => format!("{FOLDER}{name}"),
        })
        .collect()
}

/// Links in `/dev/disk/by-id`, of `ls` with or without `-l`; of `ls -lR /dev` only those below that heading.
#[derive(Debug, Default)]
pub(super) struct Disks {
    /// Path, and the device that it is, without its folder.
    links: BTreeMap<String, Option<String>>,
    /// Bytes by device.
    sizes: BTreeMap<String, u64>,
    told: bool,
}

impl Disks {
    /// Adds a listing of links.
    pub(super) fn add_links(&mut self, text: &str) {
        self.told = true;
        let mut folder = "/dev/disk/by-id";
        for line in text.lines().map(str::trim).take(MOST) {
            if let Some(heading) = line.strip_suffix(':').filter(|line| line.starts_with('/')) {
                folder = heading;
            } else if folder.starts_with("/dev/disk/")
                && !line.is_empty()
                && !line.starts_with("total ")
            {
                let (name, device) = match line.split_once(" -> ") {
                    Some((before, to)) => (before.split_whitespace().next_back(), Some(to)),
                    None if line.contains(' ') => (None, None),
                    None => (Some(line), None),
                };
                let Some(name) = name else {
                    continue;
                };
                let path = match name.starts_with('/') {
                    true => name.to_owned(),
                    false => format!("{folder}/{name}"),
                };
                let device = device.and_then(|to| to.rsplit('/').next());
                self.links.insert(path, device.map(str::to_owned));
            }
        }
    }

    /// Adds sizes, as `lsblk -bP -o NAME,SIZE` or `lsblk -bno NAME,SIZE` prints them.
    pub(super) fn add_sizes(&mut self, text: &str) {
        for line in text.lines().take(MOST) {
            let mut words = line.split_whitespace().map(|word| {
                let value = word
                    .strip_prefix("NAME=")
                    .or_else(|| word.strip_prefix("SIZE="));
                value.unwrap_or(word).trim_matches('"')
            });
            let (Some(name), Some(Ok(size))) = (words.next(), words.next().map(str::parse)) else {
                continue;
            };
            let name = name.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
            self.sizes.insert(name.to_owned(), size);
        }
    }

    /// The disks, where a listing told of them.
    pub(super) fn disks(self) -> Option<Vec<TargetDisk>> {
        let Self { links, sizes, told } = self;
        let disk = |(path, device): (String, Option<String>)| TargetDisk {
            size: device.and_then(|device| sizes.get(&device).copied()),
            path,
        };
        told.then(|| links.into_iter().map(disk).collect())
    }
}

/// Bytes that `df -P` says are free where `/var/lib/xcp` is.
pub(super) fn free(text: &str) -> Option<u64> {
    let mut lines = text.lines();
    let header = lines.find(|line| line.contains("vailable"))?;
    let unit = header
        .split_whitespace()
        .find_map(|word| word.strip_suffix("-blocks"))?;
    let unit: u64 = match unit {
        "1K" => 1024,
        "1M" => 1024 * 1024,
        "1B" => 1,
        number => number.parse().ok()?,
    };
    let mut best: Option<(usize, u64)> = None;
    for line in lines.take(MOST) {
        let mut words = line.split_whitespace().rev();
        let (Some(place), Some(_), Some(free)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let holds = place == "/" || format!("{FOLDER}/").starts_with(&format!("{place}/"));
        let nearer = best.is_none_or(|(length, _)| place.len() > length);
        if let Some(free) = free.parse().ok().filter(|_| holds && nearer) {
            best = Some((place.len(), free));
        }
    }
    best.and_then(|(_, free)| free.checked_mul(unit))
}

/// Addresses that `lspci` lists, with the domain that it leaves out where there is only one.
pub(super) fn pci(text: &str) -> BTreeSet<String> {
    let words = text
        .lines()
        .take(MOST)
        .filter(|line| !line.starts_with(char::is_whitespace));
    words
        .filter_map(|line| address(line.split_whitespace().next()?))
        .collect()
}

fn address(word: &str) -> Option<String> {
    let is_hex = |text: &str, most: usize| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let (rest, function) = word.rsplit_once('.')?;
    let (rest, device) = rest.rsplit_once(':')?;
    let (domain, bus) = rest.rsplit_once(':').unwrap_or(("0000", rest));
    let is_address =
        is_hex(domain, 8) && is_hex(bus, 2) && is_hex(device, 2) && is_hex(function, 1);
    is_address.then(|| format!("{domain}:{bus}:{device}.{function}").to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_folder() {
        let files = files("local.db\n\n/etc/krb5.keytab\n/var/lib/xcp/state.db\n");
        let files: Vec<_> = files.iter().map(String::as_str).collect();
        assert_eq!(
            files,
            [
                "/etc/krb5.keytab",
                "/var/lib/xcp/local.db",
                "/var/lib/xcp/state.db"
            ]
        );
    }

    #[test]
    fn links_and_sizes() {
        let mut disks = Disks::default();
        disks.add_links(
            "/dev:\nlrwxrwxrwx 1 root root 3 Jun  2 09:12 cdrom -> sr0\n\n/dev/disk/by-id:\ntotal 0\n\
             lrwxrwxrwx 1 root root  9 Jun  2 09:12 scsi-1 -> ../../sda\n\
             lrwxrwxrwx 1 root root 10 Jun  2 09:12 scsi-1-part3 -> ../../sda3\n",
        );
        disks.add_sizes(
            "NAME=\"sda\" SIZE=\"500107862016\"\n└─sda3 1024\nNAME=\"sr0\" SIZE=\"x\"\n",
        );
        let disk = |path: &str, size| TargetDisk {
            path: path.to_owned(),
            size: Some(size),
        };
        assert_eq!(
            disks.disks().expect("disks"),
            [
                disk("/dev/disk/by-id/scsi-1", 500_107_862_016),
                disk("/dev/disk/by-id/scsi-1-part3", 1024)
            ]
        );
        assert_eq!(Disks::default().disks(), None);
    }

    #[test]
    fn names_alone() {
        let mut disks = Disks::default();
        disks.add_links("scsi-1\n/dev/disk/by-id/scsi-2\n");
        let disks = disks.disks().expect("disks");
        let paths: Vec<_> = disks.iter().map(|disk| disk.path.as_str()).collect();
        assert_eq!(paths, ["/dev/disk/by-id/scsi-1", "/dev/disk/by-id/scsi-2"]);
    }

    #[test]
    fn free_space_of_the_nearest_mount() {
        let row = "/dev/sda1 18576432 2576432 16000000 14% /";
        for (text, free) in [
            (
                format!("Filesystem 1024-blocks Used Available Capacity Mounted on\n{row}\n"),
                Some(16_384_000_000),
            ),
            (
                format!(
                    "Filesystem 1K-blocks Used Available Use% Mounted on\n{row}\n/dev/sda5 9 1 7 1% /var/log\nx 9 1 8 1% /var\n"
                ),
                Some(8192),
            ),
            (
                format!("Filesystem 512-blocks Used Available Capacity Mounted on\n{row}\n"),
                Some(8_192_000_000),
            ),
            (
                "Filesystem Size Used Avail Use% Mounted on\n/dev/sda1 18G 2G 15G 14% /\n"
                    .to_owned(),
                None,
            ),
            (row.to_owned(), None),
        ] {
            assert_eq!(super::free(&text), free, "{text}");
        }
    }

    #[test]
    fn addresses_of_devices() {
        let found = pci(
            "0000:03:00.0 Ethernet: x\n00:1F.2 SATA\n\tKernel driver in use: a:b.c\nlspci: bad\n",
        );
        let found: Vec<_> = found.iter().map(String::as_str).collect();
        assert_eq!(found, ["0000:00:1f.2", "0000:03:00.0"]);
    }
}
