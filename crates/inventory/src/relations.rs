//! From an object to those that refer to it: the set side of the two-way relations of `formats/pool-db.md` section 5.
//! It is derived from the side that holds one reference, since old dumps do not write the sets, and an importer does
//! not read them. Each relation is put together in one pass when it is first asked for.

use std::sync::OnceLock;

use crate::{Groups, Record, Store};

macro_rules! relations {
    ($($(#[$doc:meta])* $name:ident: $class:literal . $field:literal,)*) => {
        /// A relation, seen from the object that is referred to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Relation {
            $($(#[$doc])* $name,)*
        }

        impl Relation {
            const COUNT: usize = [$(Relation::$name),*].len();

            /// The class that refers, and the field it does so by.
            #[must_use]
            pub const fn class_and_field(self) -> (&'static str, &'static str) {
                match self {
                    $(Relation::$name => ($class, $field),)*
                }
            }
        }
    };
}

relations! {
    /// VBDs of a VM.
    VbdsOfVm: "VBD"."VM",
    /// VBDs that attach a VDI.
    VbdsOfVdi: "VBD"."VDI",
    /// VIFs of a VM.
    VifsOfVm: "VIF"."VM",
    /// VIFs on a network.
    VifsOfNetwork: "VIF"."network",
    /// VTPMs of a VM.
    VtpmsOfVm: "VTPM"."VM",
    /// Virtual GPUs of a VM.
    VgpusOfVm: "VGPU"."VM",
    /// Virtual USB devices of a VM.
    VusbsOfVm: "VUSB"."VM",
    /// The VM whose guest reported something.
    VmOfGuestMetrics: "VM"."guest_metrics",
    /// The VM that was measured.
    VmOfMetrics: "VM"."metrics",
    /// The host that was measured.
    HostOfMetrics: "host"."metrics",
    /// VMs on a host.
    VmsOfHost: "VM"."resident_on",
    /// Snapshots of a VM.
    SnapshotsOfVm: "VM"."snapshot_of",
    /// Snapshots of a VDI.
    SnapshotsOfVdi: "VDI"."snapshot_of",
    /// VMs whose memory is in a VDI.
    SuspendedInVdi: "VM"."suspend_VDI",
    /// Dumps of crashed VMs in a VDI.
    CrashDumpsInVdi: "crashdump"."VDI",
    /// VDIs of an SR.
    VdisOfSr: "VDI"."SR",
    /// PBDs of an SR.
    PbdsOfSr: "PBD"."SR",
    /// PBDs of a host.
    PbdsOfHost: "PBD"."host",
    /// PIFs of a host.
    PifsOfHost: "PIF"."host",
    /// The PIF whose link was measured.
    PifOfMetrics: "PIF"."metrics",
    /// PIFs on a network.
    PifsOfNetwork: "PIF"."network",
    /// PIFs that are slaves of a bond.
    SlavesOfBond: "PIF"."bond_slave_of",
    /// Bonds whose device a PIF is.
    BondOfMaster: "Bond"."master",
    /// VLANs whose device a PIF is.
    VlanOfDevice: "VLAN"."untagged_PIF",
    /// VLANs on top of a PIF.
    VlansOnPif: "VLAN"."tagged_PIF",
    /// Tunnels whose device a PIF is.
    TunnelOfDevice: "tunnel"."access_PIF",
    /// SR-IOV networks whose device a PIF is.
    SriovOfDevice: "network_sriov"."logical_PIF",
    /// Certificates of a host.
    CertificatesOfHost: "Certificate"."host",
    /// Physical GPUs of a PCI device.
    PgpusOfPci: "PGPU"."PCI",
    /// Physical USB devices of a group.
    PusbsOfGroup: "PUSB"."USB_group",
    /// Physical GPUs of a group.
    PgpusOfGroup: "PGPU"."GPU_group",
}

/// The relations of a store.
#[derive(Debug)]
pub struct Relations<'a> {
    store: Store<'a>,
    groups: [OnceLock<Groups<'a>>; Relation::COUNT],
}

impl<'a> Relations<'a> {
    /// Nothing is looked up yet.
    #[must_use]
    pub fn new(store: Store<'a>) -> Self {
        Self {
            store,
            groups: [const { OnceLock::new() }; Relation::COUNT],
        }
    }

    /// The store whose relations these are.
    #[must_use]
    pub fn store(&self) -> Store<'a> {
        self.store
    }

    /// The records that refer to this one, in the order of the document.
    #[must_use]
    pub fn of(&self, relation: Relation, record: &Record<'a>) -> &[Record<'a>] {
        self.of_reference(relation, &record.reference())
    }

    /// The records that refer to this reference, which may be one of no record.
    #[must_use]
    pub fn of_reference(&self, relation: Relation, reference: &str) -> &[Record<'a>] {
        self.groups.get(relation as usize).map_or(&[], |cell| {
            let (class, field) = relation.class_and_field();
            cell.get_or_init(|| self.store.group_by(class, field))
                .get(reference)
        })
    }

    /// The one record that refers to this one; the first, if there are several.
    #[must_use]
    pub fn first(&self, relation: Relation, record: &Record<'a>) -> Option<Record<'a>> {
        self.of(relation, record).first().copied()
    }
}
