//! The two sides of a restore: a pool of three hosts, and its coordinator installed anew.

mod host;
mod machines;
mod network;
mod storage;

use super::{Extent, NULL, Pool, machines as common};
use crate::content::mac;
use crate::dump::value::{map, set};

/// CPU features of all hosts, as `cpu_info` has them.
pub(crate) const FEATURES: &str = "17cbfbff-f7fa3223-2d93fbff-00000123-00000001-000007ab-00000000";

/// A NIC of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) device: String,
    pub(crate) mac: String,
    pub(crate) pci: &'static str,
}

/// A machine, and what its host is called.
pub(super) struct Site {
    at: usize,
    name: String,
    address: String,
    cards: Vec<Card>,
}

impl Site {
    fn new(at: usize, cards: Vec<Card>) -> Self {
        Self {
            at,
            name: format!("xcp-{}", at + 1),
            address: format!("192.0.2.{}", at + 11),
            cards,
        }
    }

    /// The disk it is installed on.
    fn disk(&self) -> String {
        format!("/dev/disk/by-id/scsi-3600508b1001c00{}", self.at + 1)
    }
}

/// The four NICs of a machine of the pool.
pub(crate) fn cards(seed: u64, at: usize) -> Vec<Card> {
    let slots = [
        "0000:02:00.0",
        "0000:02:00.1",
        "0000:03:00.0",
        "0000:03:00.1",
    ];
    let card = |(number, pci)| Card {
        device: format!("eth{number}"),
        mac: mac(seed, &format!("machine {at} card {number}")),
        pci,
    };
    slots.into_iter().enumerate().map(card).collect()
}

/// Three hosts: `eth0` for management, `eth1` and `eth2` bonded with VLAN 50 on them, `eth3` for storage.
pub(super) fn three_hosts(pool: &mut Pool, busy: bool) {
    let sites: Vec<Site> = (0..3)
        .map(|at| Site::new(at, cards(pool.seed, at)))
        .collect();
    let networks = network::networks(pool, true);
    for site in &sites {
        host::add(pool, site);
        network::interfaces(pool, site, &networks);
    }
    let storage = storage::add(pool, &sites, true);
    machines::add(pool, &sites, &storage, &networks, busy);
    pool_row(pool, "Example pool", &storage.nfs);
}

/// One host without anything, with the NICs of the first machine.
pub(super) fn fresh_host(pool: &mut Pool, cards: &[Card]) {
    let site = Site::new(0, cards.to_vec());
    let networks = network::networks(pool, false);
    host::add(pool, &site);
    network::interfaces(pool, &site, &networks);
    let sites = [site];
    let storage = storage::add(pool, &sites, false);
    host::control_domain(pool, &sites[0]);
    host::nvme(pool, Vec::new());
    common::templates(pool, Extent::FreshHost);
    pool_row(pool, "", &storage.local[0]);
}

fn pool_row(pool: &mut Pool, name: &str, sr: &str) {
    let master = pool.reference("host", "host 0");
    pool.add(
        "pool",
        "pool",
        &[
            ("name_label", name.to_owned()),
            ("master", master),
            ("default_SR", sr.to_owned()),
            ("suspend_image_SR", sr.to_owned()),
            ("crash_dump_SR", sr.to_owned()),
            ("redo_log_vdi", NULL.into()),
            (
                "cpu_info",
                map(&[
                    ("cpu_count", "4"),
                    ("socket_count", "1"),
                    ("vendor", "GenuineIntel"),
                    ("features_hvm", FEATURES),
                    ("features_pv", FEATURES),
                ]),
            ),
        ],
    );
    pool.add(
        "user",
        "root",
        &[
            ("short_name", "root".into()),
            ("fullname", "superuser".into()),
        ],
    );
    pool.add(
        "role",
        "pool-admin",
        &[
            ("name__label", "pool-admin".into()),
            ("subroles", set::<&str>([])),
        ],
    );
}
