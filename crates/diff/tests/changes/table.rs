//! What must be told of each change: the objects, what it means, the fields, in the order of a report, and no more.
//! A line has the group, whether the object came (`+`), went (`-`) or changed (`~`), its class, role, title and what it is of,
//! the meanings in brackets, and behind the bar the fields; `UUID` stands for a title that is the uuid.

/// A change by its name, and what is told of it.
pub(crate) type Row = (&'static str, &'static [&'static str]);

pub(crate) static TABLE: &[Row] = &[
    (
        "vm-added",
        &[
            "vms + VM proxy | power_state, memory_static_max, VCPUs_max",
            "disks + VBD xvda of proxy [attached proxy as xvda of proxy] | VDI, userdevice, type",
            "disks + VDI proxy of Local storage | virtual_size, SR",
            "nics + VIF NIC 0 of proxy | MAC, network",
        ],
    ),
    (
        "vm-removed",
        &[
            "vms - VM database | power_state, memory_static_max, VCPUs_max, resident_on",
            "disks - VBD xvda of database [detached database as xvda of database] | VDI, userdevice, type",
            "disks - VDI database of iSCSI virtual disk storage | virtual_size, SR",
            "nics - VIF NIC 0 of database | MAC, network",
        ],
    ),
    (
        "vm-renamed",
        &["vms ~ VM web-old [renamed web -> web-old] | name_label: web -> web-old"],
    ),
    (
        "vm-started",
        &[
            "vms ~ VM build [state Halted -> Running] | power_state: Halted -> Running, resident_on: none -> host-1",
        ],
    ),
    (
        "vm-moved-host",
        &["vms ~ VM web [moved host-1 -> host-2] | resident_on: host-1 -> host-2"],
    ),
    (
        "vm-memory",
        &[
            "vms ~ VM build | memory_dynamic_max: 4294967296 -> 8589934592, memory_static_max: 4294967296 -> 8589934592",
        ],
    ),
    (
        "vm-description-long",
        &[
            "vms ~ VM web | name_description: Lines -Updates are installed on Mondays. +Updates are installed on Fridays.",
        ],
    ),
    ("vm-tags", &["vms ~ VM web | tags: -front end +billing"]),
    (
        "vm-other-config-key",
        &[
            "vms ~ VM web | other_config: -folder=/shop +owner=operations ~base_template_name=Debian Bookworm 12->Debian Trixie 13",
        ],
    ),
    (
        "vm-secret",
        &["vms ~ VM web | other_config: secret Changed auto_password"],
    ),
    (
        "snapshot-taken",
        &[
            "vms + VM (snapshot) before update 3 of web | snapshot_of, memory_static_max, VCPUs_max",
            "vms ~ VM web | parent: before update 2 -> before update 3",
            "disks + VBD xvda of before update 3 [attached web root as xvda of before update 3] | VDI, userdevice, type",
            "disks + VBD xvdb of before update 3 [attached web data as xvdb of before update 3] | VDI, userdevice, type",
            "disks + VDI (snapshot) web data of NFS virtual disk storage | virtual_size, SR, snapshot_of",
            "disks + VDI (snapshot) web root of NFS virtual disk storage | virtual_size, SR, snapshot_of",
            "nics + VIF NIC 0 of before update 3 | MAC, network",
        ],
    ),
    (
        "snapshot-deleted",
        &[
            "vms - VM (snapshot) before update 1 of web | snapshot_of, memory_static_max, VCPUs_max",
            "vms ~ VM (snapshot) before update 2 of web | parent: before update 1 -> none",
            "disks - VBD xvda of before update 1 [detached web root as xvda of before update 1] | VDI, userdevice, type",
            "disks - VBD xvdb of before update 1 [detached web data as xvdb of before update 1] | VDI, userdevice, type",
            "disks - VDI (snapshot) web data of NFS virtual disk storage | virtual_size, SR, snapshot_of",
            "disks - VDI (snapshot) web root of NFS virtual disk storage | virtual_size, SR, snapshot_of",
            "nics - VIF NIC 0 of before update 1 | MAC, network",
        ],
    ),
    (
        "disk-grown",
        &[
            "disks ~ VDI web data of NFS virtual disk storage [grown 21474836480 -> 42949672960] | virtual_size: 21474836480 -> 42949672960",
        ],
    ),
    (
        "disk-moved-sr",
        &[
            "disks ~ VDI build of NFS virtual disk storage [moved Local storage -> NFS virtual disk storage] | SR: Local storage -> NFS virtual disk storage",
        ],
    ),
    (
        "disk-renamed",
        &[
            "disks ~ VDI web archive of NFS virtual disk storage [renamed web data -> web archive] | name_label: web data -> web archive",
        ],
    ),
    (
        "disk-detached",
        &["disks - VBD xvdb of web [detached web data as xvdb of web] | VDI, userdevice, type"],
    ),
    (
        "disk-attached",
        &[
            "disks + VBD xvdb of build [attached left over from a migration as xvdb of build] | VDI, userdevice, type",
        ],
    ),
    (
        "disk-swapped",
        &[
            "disks ~ VBD xvda of build [detached build as xvda of build] [attached left over from a migration as xvda of build] | VDI: build -> left over from a migration",
        ],
    ),
    (
        "iso-changed",
        &[
            "disks ~ VBD xvdd of web [detached guest-tools.iso as xvdd of web] [attached debian.iso as xvdd of web] | VDI: guest-tools.iso -> debian.iso",
        ],
    ),
    (
        "sr-added",
        &[
            "srs + PBD Backups of host-1",
            "srs + PBD Backups of host-2",
            "srs + SR Backups | type, shared, physical_size",
        ],
    ),
    (
        "sr-removed",
        &[
            "srs - PBD ISO library of host-1",
            "srs - PBD ISO library of host-2",
            "srs - SR ISO library | type, shared, physical_size",
            "rest - secret UUID",
            "rest - secret UUID",
        ],
    ),
    (
        "sr-renamed",
        &[
            "srs ~ SR Old filer [renamed NFS virtual disk storage -> Old filer] | name_label: NFS virtual disk storage -> Old filer",
        ],
    ),
    (
        "pbd-device-config",
        &[
            "srs ~ PBD iSCSI virtual disk storage of host-1 | device_config: ~target=198.51.100.21->198.51.100.31, device_config: secret Changed incoming_chappassword",
        ],
    ),
    ("nic-added", &["nics + VIF NIC 2 of web | MAC, network"]),
    ("nic-removed", &["nics - VIF NIC 1 of web | MAC, network"]),
    (
        "nic-rewired",
        &[
            "nics ~ VIF NIC 0 of web [moved Bond 0+1 -> Servers, VLAN 100] | network: Bond 0+1 -> Servers, VLAN 100",
        ],
    ),
    (
        "nic-mac",
        &["nics ~ VIF NIC 0 of build | MAC: d6:ca:1f:90:05:9a -> 02:00:5e:00:53:07"],
    ),
    (
        "nic-unplugged",
        &["nics ~ VIF NIC 0 of web | currently_attached: true -> false"],
    ),
    (
        "link-lost",
        &["nics ~ PIF_metrics link of eth2 of host-1 | carrier: true -> false"],
    ),
    (
        "guest-restarted-elsewhere",
        &["vms ~ VM_guest_metrics guest agent of web | networks: ~0/ip=192.0.2.80->192.0.2.81"],
    ),
    (
        "pif-ip-changed",
        &["nics ~ PIF eth2 of host-2 | IP: 10.0.0.12 -> 10.0.0.112"],
    ),
    (
        "pif-management-moved",
        &[
            "nics ~ PIF bond0 of host-2 | management: true -> false",
            "nics ~ PIF eth2 of host-2 | management: false -> true",
            "hosts ~ host host-2 | address: 192.0.2.12 -> 10.0.0.12",
        ],
    ),
    (
        "bond-added",
        &[
            "nics + Bond bond1 of host-1 | master, mode",
            "nics + PIF bond1 of host-1 | MAC",
            "nics ~ PIF eth3 of host-1 | bond_slave_of: none -> bond1 of host-1",
            "nics ~ PIF eth4 of host-1 | bond_slave_of: none -> bond1 of host-1",
            "networks + network Bond 3+4 | bridge",
        ],
    ),
    (
        "vlan-added",
        &[
            "nics + PIF bond0 VLAN 200 of host-1 | MAC, VLAN",
            "nics + VLAN VLAN 200 of host-1 | tag, tagged_PIF",
            "networks + network Backup, VLAN 200 | bridge",
        ],
    ),
    ("network-added", &["networks + network Laboratory | bridge"]),
    (
        "network-renamed",
        &[
            "networks ~ network Servers [renamed Servers, VLAN 100 -> Servers] | name_label: Servers, VLAN 100 -> Servers",
        ],
    ),
    (
        "network-mtu",
        &["networks ~ network Storage <&\"'> | MTU: 9000 -> 1500"],
    ),
    (
        "host-added",
        &[
            "vms + VM (control domain) Control domain on host: host-3 | power_state, memory_static_max, VCPUs_max, resident_on",
            "nics + Bond bond0 of host-3 | master, mode",
            "nics + PIF bond0 of host-3 | MAC, management, IP",
            "nics + PIF bond0 VLAN 100 of host-3 | MAC, VLAN",
            "nics + PIF eth0 of host-3 | MAC",
            "nics + PIF eth1 of host-3 | MAC",
            "nics + PIF eth2 of host-3 | MAC, IP",
            "nics + VLAN VLAN 100 of host-3 | tag, tagged_PIF",
            "hosts + Certificate certificate of host-3 | not_after",
            "hosts + Cluster_host host-3",
            "hosts + PCI GP104GL [Tesla P4] of host-3",
            "hosts + PCI NVMe controller of host-3",
            "hosts + PGPU GP104GL [Tesla P4] of host-3",
            "hosts + host host-3 | address, hostname, edition",
            "srs + PBD DVD drives of host-3",
            "srs + PBD ISO library of host-3",
            "srs + PBD Local storage of host-3",
            "srs + PBD NFS virtual disk storage of host-3",
            "srs + PBD XenServer Tools of host-3",
            "srs + PBD iSCSI virtual disk storage of host-3",
            "srs + SR DVD drives of host-3 | type, physical_size",
            "srs + SR Local storage of host-3 | type, physical_size",
            "rest + secret UUID",
            "rest + secret UUID",
            "rest + secret UUID",
        ],
    ),
    (
        "host-removed",
        &[
            "vms - VM (control domain) Control domain on host: host-3 | power_state, memory_static_max, VCPUs_max, resident_on",
            "nics - Bond bond0 of host-3 | master, mode",
            "nics - PIF bond0 of host-3 | MAC, management, IP",
            "nics - PIF bond0 VLAN 100 of host-3 | MAC, VLAN",
            "nics - PIF eth0 of host-3 | MAC",
            "nics - PIF eth1 of host-3 | MAC",
            "nics - PIF eth2 of host-3 | MAC, IP",
            "nics - VLAN VLAN 100 of host-3 | tag, tagged_PIF",
            "hosts - Certificate certificate of host-3 | not_after",
            "hosts - Cluster_host host-3",
            "hosts - PCI GP104GL [Tesla P4] of host-3",
            "hosts - PCI NVMe controller of host-3",
            "hosts - PGPU GP104GL [Tesla P4] of host-3",
            "hosts - host host-3 | address, hostname, edition",
            "srs - PBD DVD drives of host-3",
            "srs - PBD ISO library of host-3",
            "srs - PBD Local storage of host-3",
            "srs - PBD NFS virtual disk storage of host-3",
            "srs - PBD XenServer Tools of host-3",
            "srs - PBD iSCSI virtual disk storage of host-3",
            "srs - SR DVD drives of host-3 | type, physical_size",
            "srs - SR Local storage of host-3 | type, physical_size",
            "rest - secret UUID",
            "rest - secret UUID",
            "rest - secret UUID",
        ],
    ),
    (
        "host-renamed",
        &[
            "hosts ~ host rack2-lower [renamed host-2 -> rack2-lower] | name_label: host-2 -> rack2-lower",
        ],
    ),
    (
        "host-updated",
        &[
            "hosts ~ host host-1 | software_version: ~build_number=release/yangtze/master/58->release/yangtze/master/65 ~date=2024-03-04->2024-09-10",
        ],
    ),
    (
        "certificate-renewed",
        &[
            "hosts - Certificate certificate of host-1 | not_after",
            "hosts + Certificate certificate of host-1 | not_after",
        ],
    ),
    (
        "patch-applied",
        &[
            "hosts ~ host host-1 | updates: +XS82ECU1064",
            "hosts ~ host host-2 | updates: +XS82ECU1064",
            "pool + pool_update XS82ECU1064 | version",
        ],
    ),
    (
        "pool-renamed",
        &[
            "pool ~ pool Production [renamed Example pool -> Production] | name_label: Example pool -> Production",
        ],
    ),
    (
        "default-sr-changed",
        &[
            "pool ~ pool Example pool | default_SR: NFS virtual disk storage -> iSCSI virtual disk storage",
        ],
    ),
    (
        "ha-enabled",
        &[
            "pool ~ pool Example pool | ha_configuration: +timeout=60, ha_enabled: false -> true, ha_host_failures_to_tolerate: 0 -> 1",
        ],
    ),
    (
        "pool-coordinator-moved",
        &["pool ~ pool Example pool | master: host-1 -> host-2"],
    ),
    (
        "secret-value",
        &["rest ~ secret UUID | value: secret Changed"],
    ),
    (
        "subject-added",
        &["rest + subject EXAMPLE\\auditors | subject_identifier"],
    ),
    ("volatile-only", &[]),
    ("schema-raised", &[]),
    ("rewritten-lines", &[]),
    ("rewritten-old", &[]),
];
