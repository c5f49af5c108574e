//! What is known of the host or pool that something is to be restored to: the facts that `preflight` compares a backup
//! with. The same shape whatever they were read from; a hand-written profile is this shape in TOML, a saved one in JSON
//! (`docs/manual/src/profile.md`). A fact that is not there is not known, which is never the same as "there is none": a list that
//! is absent is not known, an empty one says that there are none.
//!
//! The facts are those of `formats/restore.md` section 8, B.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Version of the shape of a profile.
pub const PROFILE: u32 = 1;

/// A host, and the pool it is in, as something is to be restored to them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Target {
    /// Version of the shape of the profile; 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<u32>,
    /// The host.
    #[serde(skip_serializing_if = "is_default")]
    pub host: TargetHost,
    /// What runs on it.
    #[serde(skip_serializing_if = "is_default")]
    pub product: TargetProduct,
    /// How the host is managed.
    #[serde(skip_serializing_if = "is_default")]
    pub management: TargetManagement,
    /// The pool that it is in now. A freshly installed host is a pool of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<TargetPool>,
    /// NICs of this host as xapi knows them (PIFs), physical ones and those that stand on them. From a kernel's list
    /// of links only physical ones are known.
    #[serde(rename = "nic", skip_serializing_if = "Option::is_none")]
    pub nics: Option<Vec<TargetNic>>,
    /// Rules by which the host names its NICs.
    #[serde(rename = "rename-rule", skip_serializing_if = "Option::is_none")]
    pub rename_rules: Option<Vec<RenameRule>>,
    /// Disks of this host.
    #[serde(rename = "disk", skip_serializing_if = "Option::is_none")]
    pub disks: Option<Vec<TargetDisk>>,
    /// All hosts of the pool, this one included.
    #[serde(rename = "member", skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<TargetMember>>,
    /// Networks of the pool.
    #[serde(rename = "network", skip_serializing_if = "Option::is_none")]
    pub networks: Option<Vec<TargetNetwork>>,
    /// Storage repositories of the pool.
    #[serde(rename = "sr", skip_serializing_if = "Option::is_none")]
    pub srs: Option<Vec<TargetSr>>,
    /// VMs of the pool: those that are neither templates nor snapshots nor control domains.
    #[serde(rename = "vm", skip_serializing_if = "Option::is_none")]
    pub vms: Option<Vec<TargetVm>>,
    /// Virtual disks of the pool.
    #[serde(rename = "vdi", skip_serializing_if = "Option::is_none")]
    pub vdis: Option<Vec<TargetVdi>>,
    /// GPU groups of the pool, each by its `GPU_types` in ascending order, joined by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpu_groups: Option<Vec<String>>,
    /// Files of the host that matter, by their absolute path: of `/var/lib/xcp` those that are there, and machine
    /// accounts of a directory (`/etc/krb5.keytab`). `None`: nobody looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<BTreeSet<String>>,
    /// Bytes free on the file system of `/var/lib/xcp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_bytes: Option<u64>,
    /// Tables and their columns that the host's xapi has, as its own database shows them; of a table without rows the
    /// columns are not known and the list is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<BTreeMap<String, BTreeSet<String>>>,
}

/// The host itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TargetHost {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Address by which it is reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// `INSTALLATION_UUID` of its inventory, which is the uuid of its row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installation_uuid: Option<String>,
    /// `CONTROL_DOMAIN_UUID` of its inventory, which is the uuid of its dom0's row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_domain_uuid: Option<String>,
    /// `/dev/disk/by-id/…` of the disk it is installed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_disk: Option<String>,
    /// `BACKUP_PARTITION` of its inventory, to which host-restore unpacks; empty where the inventory has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_partition: Option<String>,
    /// `PARTITION_LAYOUT` of its inventory; empty where the inventory has none, as before 7.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_layout: Option<String>,
    /// Memory in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<u64>,
    /// Number of physical CPUs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpus: Option<u64>,
    /// CPU vendor, `GenuineIntel` for instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_vendor: Option<String>,
    /// CPU features, as `cpu_info` has them under `features`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_features: Option<String>,
    /// Licence edition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// Keys that the inventory file lacks although xapi needs them; present only where that file was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inventory_lacks: Option<BTreeSet<String>>,
    /// Addresses of PCI devices, `0000:03:00.0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pci_devices: Option<BTreeSet<String>>,
    /// Whether the local database says that high availability is armed (`ha.armed`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ha_armed: Option<bool>,
}

/// What runs on the host. Texts are as the host spells them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TargetProduct {
    /// `XenServer`, `Citrix Hypervisor`, `XCP-ng`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Product version: `8.2.1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Build number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// Platform version: `3.2.1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// xapi's version, the most exact spelling that is known: `1.249.32`, or `1.20`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xapi: Option<String>,
    /// Schema of its database: `5.603`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
}

/// How the host is managed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TargetManagement {
    /// `MANAGEMENT_INTERFACE` of the inventory: a bridge, `xenbr0`. Empty when the inventory says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bridge: Option<String>,
    /// NIC that the installer made the management interface (`LABEL` of `management.conf`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// How it gets its IPv4 address: `none`, `dhcp` or `static`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// IPv4 address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// Netmask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub netmask: Option<String>,
    /// Gateway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gateway: Option<String>,
}

/// The pool that the host is in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TargetPool {
    /// Its uuid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Its name; often empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Uuid of the coordinator's host row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinator: Option<String>,
    /// Generation of its database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<i64>,
    /// Whether high availability is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ha_enabled: Option<bool>,
    /// Whether a redo log is written without high availability.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redo_log_enabled: Option<bool>,
    /// Uuid of the default SR; empty where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_sr: Option<String>,
    /// CPU features that all hosts have, as `pool.cpu_info` has them under `features_hvm`, or `features`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_features: Option<String>,
}

/// A NIC: a PIF of this host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TargetNic {
    /// Name of the device: `eth0`. A VLAN has that of the NIC below it, a bond `bond0`.
    pub device: String,
    /// MAC address, in lower case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
    /// PCI address: `0000:03:00.0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pci: Option<String>,
    /// Whether it is a NIC of the machine, and no bond, VLAN or tunnel. `true` unless said otherwise.
    #[serde(skip_serializing_if = "is_true")]
    pub physical: bool,
    /// Whether it is the management interface. `None` where the source does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub management: Option<bool>,
    /// VLAN tag, where it is a VLAN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vlan: Option<i64>,
    /// Bridge of its network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bridge: Option<String>,
    /// IPv4 address that it has, or is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// Whether it has a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<bool>,
}

impl Default for TargetNic {
    fn default() -> Self {
        Self {
            device: String::new(),
            mac: None,
            pci: None,
            physical: true,
            management: None,
            vlan: None,
            bridge: None,
            ip: None,
            carrier: None,
        }
    }
}

impl TargetNic {
    /// Whether it has the device of the management interface by its own flag.
    #[must_use]
    pub fn is_management(&self) -> bool {
        self.management == Some(true)
    }
}

impl Target {
    /// The one management device that xapi would find (`formats/restore.md` section 3, 4): that of the only NIC that
    /// bears the flag. `None` where none does, several do, or no flags are known.
    #[must_use]
    pub fn management_device(&self) -> Option<&str> {
        let nics = self.nics.as_deref().unwrap_or_default();
        let mut flagged = nics.iter().filter(|nic| nic.is_management());
        match (flagged.next(), flagged.next()) {
            (Some(nic), None) => Some(&nic.device),
            _ => None,
        }
    }

    /// Its physical NICs, in their order; `None` where no NICs are known.
    #[must_use]
    pub fn physical_nics(&self) -> Option<Vec<&TargetNic>> {
        let nics = self.nics.as_ref()?;
        Some(nics.iter().filter(|nic| nic.physical).collect())
    }

    /// The schema's numbers; `None` where it is not known or not of the form `5.603`.
    #[must_use]
    pub fn schema(&self) -> Option<(i64, i64)> {
        let (major, minor) = self.product.schema.as_deref()?.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    }
}

/// A rule of `interface-rename`: this device is the NIC that has this (`formats/host-backup.md` section 8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RenameRule {
    /// The name that it gives: `eth0`.
    pub device: String,
    /// What it looks at: `mac`, `pci`, `ppn`, `label` or `guess`.
    pub method: String,
    /// What it looks for.
    pub value: String,
}

/// A disk of the host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TargetDisk {
    /// Its path: `/dev/disk/by-id/scsi-…`, or a partition's.
    pub path: String,
    /// Its size in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

/// A host of the pool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TargetMember {
    /// Its uuid.
    pub uuid: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Uuid of its control domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_domain_uuid: Option<String>,
}

/// A network of the pool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TargetNetwork {
    /// Its uuid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its bridge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bridge: Option<String>,
}

/// A storage repository of the pool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TargetSr {
    /// Its uuid.
    pub uuid: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its type: `lvm`, `nfs`, `ext`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// `user`, `iso` and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Whether all hosts reach it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<bool>,
    /// Its size in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Bytes in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<u64>,
}

/// A VM of the pool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TargetVm {
    /// Its uuid.
    pub uuid: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `Halted`, `Paused`, `Running` or `Suspended`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power_state: Option<String>,
    /// `VM.version`, which `preserve` compares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// The seed that MAC addresses are made from (`other_config:mac_seed`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac_seed: Option<String>,
    /// MAC addresses of its VIFs, in lower case.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub macs: BTreeSet<String>,
}

/// A virtual disk of the pool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TargetVdi {
    /// Its uuid.
    pub uuid: String,
    /// Uuid of its SR.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sr: Option<String>,
    /// Where it is in its SR.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// SCSI id of a raw LUN (`sm_config:SCSIid`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scsi_id: Option<String>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_true(value: &bool) -> bool {
    *value
}
