//! Disks (VDIs): who has them, and which nobody has.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Pool, Sr};
use crate::{Record, Relation, Relations};

/// A record of class `VDI`.
#[derive(Debug, Clone, Copy)]
pub struct Disk<'a>(pub Record<'a>);

/// A VBD that attaches a disk.
#[derive(Debug, Clone)]
pub struct Attachment<'a> {
    /// The VBD.
    pub vbd: Record<'a>,
    /// The VM; `None` where the VBD names none that is there.
    pub vm: Option<Record<'a>>,
    /// Position in the VM: `0`.
    pub position: Option<Cow<'a, str>>,
    /// Device in the guest: `xvda`. It is known for VMs that were started.
    pub device: Option<Cow<'a, str>>,
}

/// Why a disk counts as an orphan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orphan {
    /// No VBD attaches it.
    Unattached,
    /// The VBDs that attach it belong to no VM that is there.
    OfNoVm,
    /// It is a snapshot of a disk that is not there, and no VBD attaches it.
    SnapshotOfNone,
}

impl Orphan {
    /// The reason in words.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Unattached => "no VM has it",
            Self::OfNoVm => "its VM is gone",
            Self::SnapshotOfNone => "snapshot of a disk that is gone",
        }
    }
}

impl<'a> Disk<'a> {
    /// Its size in bytes.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.0.count("virtual_size")
    }

    /// Bytes it takes in its SR; `None` also where the driver does not know.
    #[must_use]
    pub fn used(&self) -> Option<u64> {
        self.0.count("physical_utilisation")
    }

    /// What it is for, in lower case: `user`, `system`, `suspend` and so on.
    #[must_use]
    pub fn kind(&self) -> Option<String> {
        self.0.filled("type").map(|kind| kind.to_lowercase())
    }

    /// The VHD that its own is a difference to, by its uuid.
    #[must_use]
    pub fn vhd_parent(&self) -> Option<Cow<'a, str>> {
        self.0.map_text("sm_config", "vhd-parent")
    }

    /// The VBDs that attach it, in the order of the document.
    #[must_use]
    pub fn attachments(&self, relations: &Relations<'a>) -> Vec<Attachment<'a>> {
        let vbds = relations.of(Relation::VbdsOfVdi, &self.0);
        vbds.iter().map(|vbd| Attachment::of(*vbd)).collect()
    }

    /// Why nobody has it; `None` for one that somebody has, or that need not be had. `in_use` is [`Disk::in_use`].
    ///
    /// An orphan is a VDI that no VM has through a VBD, that holds no suspended VM's memory and no crash dump, that the
    /// pool does not use for itself and no other disk is a difference to, that xapi manages, that is of type user,
    /// system or ephemeral (or says none), and that is in an SR of disks and not of ISO images or drives. A snapshot is
    /// one only if what it is a snapshot of is not there.
    #[must_use]
    pub fn orphan(
        &self,
        relations: &Relations<'a>,
        in_use: &HashSet<Cow<'a, str>>,
    ) -> Option<Orphan> {
        let vdi = &self.0;
        let kind = self.kind();
        let is_disk = matches!(
            kind.as_deref(),
            None | Some("user" | "system" | "ephemeral")
        );
        if !is_disk || vdi.bool("managed") == Some(false) {
            return None;
        }
        let vbds = relations.of(Relation::VbdsOfVdi, vdi);
        if vbds.iter().any(|vbd| vbd.follow("VM").is_some()) {
            return None;
        }
        let uses = [Relation::SuspendedInVdi, Relation::CrashDumpsInVdi];
        let is_used = uses
            .into_iter()
            .any(|relation| !relations.of(relation, vdi).is_empty())
            || in_use.contains(&vdi.reference())
            || vdi.uuid().is_some_and(|uuid| in_use.contains(&uuid))
            || vdi.link("metadata_of_pool").is_some()
            // Where `xe-backup-metadata` writes (`formats/pool-db.md` section 8.1).
            || vdi.map_text("other_config", "ctxs-pool-backup").as_deref() == Some("true");
        let of_media = vdi.follow("SR").is_some_and(|sr| Sr(sr).is_of_media());
        if is_used || of_media {
            None
        } else if !vbds.is_empty() {
            Some(Orphan::OfNoVm)
        } else if !vdi.is("is_a_snapshot") {
            Some(Orphan::Unattached)
        } else if vdi.follow("snapshot_of").is_none() {
            Some(Orphan::SnapshotOfNone)
        } else {
            None
        }
    }

    /// References and uuids of the VDIs that are in use without any VM: those of the pools for themselves, and those
    /// that other disks are differences to.
    #[must_use]
    pub fn in_use(relations: &Relations<'a>) -> HashSet<Cow<'a, str>> {
        let store = relations.store();
        let pools = store.of_class("pool");
        let pools = pools.flat_map(|pool| Pool(pool).own_vdis());
        let parents = store.of_class("VDI").flat_map(|vdi| {
            let parent = Disk(vdi).vhd_parent();
            parent.into_iter().chain(vdi.link("parent"))
        });
        pools.chain(parents).collect()
    }
}

impl<'a> Attachment<'a> {
    /// What a VBD says.
    #[must_use]
    pub fn of(vbd: Record<'a>) -> Self {
        Self {
            vbd,
            vm: vbd.follow("VM"),
            position: vbd.filled("userdevice"),
            device: vbd.filled("device"),
        }
    }
}

/// The name Linux gives a disk in a position: `xvda` for `0`.
#[must_use]
pub fn disk_name(position: &str) -> Option<String> {
    let number: u8 = position.parse().ok()?;
    let letter = |n: u8| char::from(b'a' + n);
    match number {
        0..26 => Some(format!("xvd{}", letter(number))),
        _ => Some(format!(
            "xvd{}{}",
            letter(number / 26 - 1),
            letter(number % 26)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_have_letters() {
        for (position, name) in [
            ("0", Some("xvda")),
            ("25", Some("xvdz")),
            ("26", Some("xvdaa")),
            ("255", Some("xvdiv")),
            ("256", None),
            ("autodetect", None),
        ] {
            assert_eq!(disk_name(position).as_deref(), name);
        }
    }
}
