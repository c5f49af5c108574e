//! The rows of `restore/` codes about storage, VMs and hosts (`formats/restore.md` section 8.4), and of the `clash/`
//! codes. What an entry is made of is in the parent.

use super::{Entry, NOTHING, row};
use crate::code::Severity::*;

/// Number of codes whose rows are here.
pub(super) const COUNT: usize = 25;

/// In the order of the codes.
pub(super) static ROWS: [Entry; COUNT] = [
    row(
        Warning,
        None,
        "a host is forgotten",
        "A restored pool consists of the coordinator alone. xapi deletes the row of every other host and the PIFs \
         that it lists, and at its next start the PBDs of that host and what else belongs to it. Its local SRs stay \
         as rows that nobody reaches. The host itself does not know: it looks for its coordinator at the old address \
         and is told that it is unknown (HOST_UNKNOWN_TO_MASTER).",
        "Shut the host down before the restore, and keep it off. Afterwards reset it or install it again, and join \
         it: `xe pool-join master-address=<new coordinator> master-username=root master-password=<password>`. Do not \
         format disks with local SRs; introduce these again once it has joined.",
    ),
    row(
        Note,
        None,
        "rows of forgotten hosts stay",
        "xapi deletes the PIFs of forgotten hosts directly, so Bond, VLAN, PIF_metrics and network_sriov rows that \
         stood on them are not collected and lead nowhere; control domains of these hosts stay as halted VMs. They do \
         no harm but show in lists. That they stay is inferred from the code and was not tried.",
        "Nothing to do. A control domain that is in the way in lists of VMs can be told by `xe vm-list \
         is-control-domain=true`.",
    ),
    row(
        Note,
        None,
        "VMs come up halted",
        "These VMs ran on the coordinator, or on no host that the dump names. At its next start xapi finds no such \
         domain, and sets them to Halted. Nothing starts by itself unless it is told to (auto_poweron).",
        "After the restore start them: `xe vm-start uuid=<uuid>`. Make sure first that the old coordinator is off.",
    ),
    row(
        Warning,
        None,
        "VMs may still run on a forgotten host",
        "These VMs ran on a host that is forgotten. xapi sets them to Halted since their host is gone, and asks \
         nobody whether they still run. If they do, and are started a second time, both write to the same disks on \
         shared storage and destroy them. No check of xapi stands in the way.",
        "Before the restore shut the VMs down in the old pool (`xe vm-shutdown uuid=<uuid>`), or power off the host. \
         If it does not answer, cut its power. Only then start them in the restored pool.",
    ),
    row(
        Warning,
        None,
        "a VM stays paused on a host that is gone",
        "At its next start xapi resets VMs that are Running on a host that is gone, and these alone. A VM that is \
         Paused there stays Paused, on a host that is not there, and can be neither unpaused nor shut down.",
        "Make sure that it runs on no host any more, then `xe vm-reset-powerstate uuid=<uuid> --force`.",
    ),
    row(
        Warning,
        None,
        "a suspended VM that cannot be resumed",
        "A suspended VM stays suspended. To resume it xapi reads its memory from the VDI that suspend_VDI names. Here \
         that VDI is not in the dump, was missing, or is on a local SR that the restored host does not reach: one of \
         a host that is forgotten, or one whose disk the target does not have. A VM whose memory is on a shared SR is \
         not told here.",
        "If the old pool still runs, resume the VM there, shut it down and take a new dump. Otherwise its memory is \
         lost: `xe vm-reset-powerstate uuid=<uuid> --force`, then start it as after a power cut.",
    ),
    row(
        Warning,
        None,
        "the disk of a local SR is not in the target",
        "The PBD of a local SR names its disk by a path, which the target does not have. The SR stays in the \
         database, its PBD does not plug, and the VMs with disks on it do not start. The path is compared with the \
         disks that are known of the target.",
        "If the disk still exists, put it into the target. If it has another path there, make a new PBD after the \
         restore (`xe pbd-create sr-uuid=<sr> host-uuid=<host> device-config:device=<path>`, `xe pbd-plug \
         uuid=<pbd>`). If it is lost, `xe sr-forget uuid=<sr>`, and take the disks from another backup.",
    ),
    row(
        Warning,
        None,
        "a local SR of the target that the dump does not have",
        "The installation of the target made a local SR, or it had one. The restored database does not know it: it is \
         lost from view, not from the disk. If it was made on the disk of a local SR of the dump, that one is \
         overwritten.",
        "Note its uuid, type and device before the restore. Afterwards `xe sr-introduce uuid=<sr> type=<type> \
         name-label=<name> content-type=user`, `xe pbd-create sr-uuid=<sr> host-uuid=<host> \
         device-config:device=<device>`, `xe pbd-plug uuid=<pbd>`.",
    ),
    row(
        Warning,
        None,
        "the password of an SR is not in the dump",
        "Keys of a PBD's device_config that end in `_secret` hold the uuid of a row of the table secret. That row is \
         not there, so the SR cannot be plugged.",
        "Have the password at hand. After the restore make a secret (`xe secret-create value=<password>`) and a new \
         PBD with its uuid (`xe pbd-create sr-uuid=<sr> host-uuid=<host> device-config:...`).",
    ),
    row(
        Warning,
        None,
        "the pool names an SR that is not there",
        "default_SR, suspend_image_SR or crash_dump_SR of the pool leads to no row. New disks without an SR of their \
         own, imports, and the memory of VMs that are suspended have no place to go, and such calls fail.",
        "After the restore name an SR that is there: `xe pool-param-set uuid=<pool> default-SR=<sr>`.",
    ),
    row(
        Note,
        None,
        "what is on the SRs cannot be known",
        "The dump lists disks as they were when it was taken. Disks that were made since are found again when an SR \
         is scanned, with names and descriptions as the SR keeps them and without a VM; disks that were deleted since \
         become missing. The dump cannot tell.",
        "After the restore scan each SR (`xe sr-scan uuid=<sr>`) and look for disks that no VM has.",
    ),
    row(
        Warning,
        None,
        "a VM has a device of a host",
        "A GPU, a PCI device or a USB device is passed through to the VM. It is bound to the machine it is in: the \
         address may be another device on the target or none, and groups of GPUs and USB devices are empty there. The \
         VM does not start, or starts with another device.",
        "Compare the devices of the target before you start the VM (`lspci`, `xe pgpu-list`, `xe pusb-list`). Take \
         the old device away from the VM and give it the new one.",
    ),
    row(
        Warning,
        None,
        "a disk of a VM is not in the dump",
        "A VBD that is a disk names no VDI that is there. At its next start xapi removes a VBD that misses its VDI, \
         so the VM comes up without the disk and may not boot.",
        "Do not start the VM before its disk is back: scan its SR (`xe sr-scan uuid=<sr>`), find the disk (`xe \
         vdi-list`), and attach it (`xe vbd-create vm-uuid=<vm> vdi-uuid=<vdi> device=<position>`).",
    ),
    row(
        Warning,
        None,
        "a disk was missing when the dump was taken",
        "The VDI is marked missing, which the scan of an SR does when it does not find it, or as not managed, which \
         stands for what only other disks need. A VM that has it does not start.",
        "Look for the disk on its SR before the old pool is switched off (`xe sr-scan uuid=<sr>`, `xe vdi-list \
         uuid=<vdi> params=missing,managed`). If it is gone, take it from another backup.",
    ),
    row(
        Warning,
        None,
        "the contents of a virtual TPM are not in the dump",
        "The contents of a virtual TPM are kept as a row of the table secret, which VTPM.contents names. That row is \
         not there, so the VM starts with an empty TPM or not at all, and what was sealed to it (the keys of an \
         encrypted disk) is lost.",
        "Have the recovery keys of the guest's disks at hand. After the restore `xe vtpm-destroy uuid=<vtpm>` and `xe \
         vtpm-create vm-uuid=<vm>`.",
    ),
    row(
        Warning,
        None,
        "too little room on the target",
        "xapi writes the dump to a temporary file and again to `/var/lib/xcp/restore_db.db`, and at its next start as \
         the database itself: three times its size. With the disk full restore_db.db is cut short, which stops xapi \
         at its next start (inferred from the code). The installer takes no disk of less than 46 GiB.",
        "Make room on the target before the restore: `df -h /var/lib/xcp`, then remove old logs below `/var/log`, \
         crash dumps below `/var/crash`, and old dumps.",
    ),
    row(
        Warning,
        None,
        "the target's CPU lacks features of the pool",
        "The pool keeps the CPU features that all its hosts have (pool.cpu_info). A suspended VM was started with \
         them, and is not resumed where they are missing or the CPU is of another vendor. xapi sets the pool's level \
         anew at its next start and says nothing. VMs that are started anew are fine, except guests that insist on a \
         feature.",
        "Shut down suspended VMs in the old pool before the dump is taken, or resume them on a host with these \
         features. On the target look at the BIOS and at microcode updates, which switch features on and off.",
    ),
    row(
        Error,
        None,
        "another pool has the same uuid",
        "The dump is of a pool that is alive elsewhere. After the restore there are two coordinators of one pool: \
         both take members, plug the same SRs, coalesce and delete disks on them, and start the same VMs with the \
         same MAC addresses. xapi asks only hosts that are in the database whether there is another coordinator, and \
         finds none.",
        "Power off all hosts of the other pool before the restore, and never start its coordinator again in this \
         network before it is installed anew.",
    ),
    row(
        Warning,
        None,
        "another pool has a host of the same uuid",
        "Two pools know a host by the same uuid, as when a host's disk was copied, or the host was in both. Backup \
         programs and consoles that go by uuids take one for the other, and a host cannot join a pool that has its \
         uuid.",
        "Find out which host it is (`xe host-list params=uuid,name-label,address` in the other pool). If a disk was \
         copied, install one of the two anew. If the host left for the other pool, it needs nothing: the restored \
         database forgets it.",
    ),
    row(
        Warning,
        None,
        "another pool has a control domain of the same uuid",
        "Two pools know the control domain of a host by the same uuid, as when a host's disk was copied. If the \
         target is to have this uuid, and the dump has it as well, xapi does not start.",
        "Compare CONTROL_DOMAIN_UUID in `/etc/xensource-inventory` of both hosts. If a disk was copied, install one \
         of the two anew before the restore.",
    ),
    row(
        Warning,
        None,
        "another pool has the same VM",
        "A VM of the dump is in another pool as well, by its uuid. If it is started in both, two machines have the \
         same addresses and names; on storage that both pools reach, both write to the same disks and destroy them, \
         which is an error here where it runs there. In the pool that the target is in now, its entry is replaced by \
         that of the dump.",
        "Decide where the VM is to live, and remove it from the other pool (`xe vm-destroy uuid=<uuid>` leaves its \
         disks) before it is started in the restored one.",
    ),
    row(
        Warning,
        None,
        "another pool has the same SR",
        "An SR of the dump is known to another pool as well, by its uuid. Each pool believes that it alone changes \
         it: metadata is written from two sides, one coalesces or deletes disks that the other uses. xapi does not \
         notice. In the target's own pool, with the target alone in it, the use ends with its database.",
        "Unplug and forget the SR in one of the pools before the other plugs it: `xe pbd-unplug uuid=<pbd>` for each \
         PBD, then `xe sr-forget uuid=<sr>`. Never `xe sr-destroy`.",
    ),
    row(
        Note,
        None,
        "another pool has a network of the same uuid",
        "Networks of the dump are in another pool as well, by their uuids. That harms nothing by itself. It tells \
         that both pools come from one database.",
        NOTHING,
    ),
    row(
        Warning,
        None,
        "another pool has a VM with the same MAC address",
        "A VIF of the dump has the MAC address of a VIF of another VM in another pool. On one network, only one of \
         them is reached, now this one and now that one, and both may get the same address by DHCP. A VM that is in \
         both pools itself is told once, and not here.",
        "Give one of the two another address while it is shut down: `xe vif-destroy uuid=<vif>`, then `xe vif-create \
         vm-uuid=<vm> network-uuid=<network> device=<number> mac=random`.",
    ),
    row(
        Warning,
        None,
        "another pool has a VM with the same MAC seed",
        "MAC addresses of VIFs that are made without one are computed from `other_config:mac_seed` of the VM and the \
         number of the device. Two VMs with one seed get the same addresses for new VIFs. An import with \
         `preserve=true` refuses a seed that is there (DUPLICATE_MAC_SEED).",
        "Give one of the two a new seed: `xe vm-param-set uuid=<vm> other-config:mac_seed=<new uuid>`. VIFs that it \
         has keep their addresses.",
    ),
];
