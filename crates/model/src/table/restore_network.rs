//! The rows of `restore/` codes about NICs and addresses (`formats/restore.md` section 8.3). What an entry is made of
//! is in the parent.

use super::{Entry, row};
use crate::code::Severity::*;

/// Number of codes whose rows are here.
pub(super) const COUNT: usize = 13;

/// In the order of the codes.
pub(super) static ROWS: [Entry; COUNT] = [
    row(
        Error,
        Some("RESTORE_TARGET_MISSING_DEVICE"),
        "the target does not have this NIC",
        "xapi looks up every physical PIF that the coordinator lists by the name of its device among the physical \
         NICs of the target, and refuses at the first that is not there. It compares nothing but the name. Here all \
         that are missing are told.",
        "Add the NIC, or name one that the target has as the dump needs it: `interface-rename --update <device>=<MAC \
         address>` on the target, then reboot and `xe pif-scan host-uuid=<host uuid>`. A host that the dump fits can \
         also be used as target.",
    ),
    row(
        Error,
        Some("RESTORE_TARGET_MGMT_IF_NOT_IN_BACKUP"),
        "the target is managed through a device the dump does not have",
        "xapi marks as management those PIFs of the restored coordinator that have the device of the target's \
         management interface. If none has, it refuses; its parameters are all devices that it has seen, the last one \
         first.",
        "Move the management of the target to a NIC that the dump has before the restore: `xe \
         host-management-reconfigure pif-uuid=<pif uuid>`, or the console's menu (`xsconsole`, Network and Management \
         Interface).",
    ),
    row(
        Warning,
        None,
        "not exactly one management interface on the target",
        "xapi looks for the one PIF of the target that has the management flag. With none or with several it leaves \
         the check out and clears the flag of every restored PIF; the flags are set at the next start by the bridge \
         that the inventory names as MANAGEMENT_INTERFACE, if the dump has it.",
        "Look at `xe pif-list management=true params=uuid,device,VLAN` on the target. Set the right one with `xe \
         host-management-reconfigure pif-uuid=<pif uuid>` before the restore. Have the console of the host at hand.",
    ),
    row(
        Warning,
        None,
        "the target's management bridge is not in the dump",
        "At its start xapi gives the management flag to the PIF whose network has the bridge that the target's \
         inventory names as MANAGEMENT_INTERFACE. The dump has no network with this bridge, or no PIF of the \
         coordinator on it, so no PIF is management and the host does not answer on the network.",
        "Move the management of the target to a NIC whose bridge is in the dump (`xe network-list \
         params=bridge,PIF-uuids`), or have the console at hand and run `xe host-management-reconfigure pif-uuid=<pif \
         uuid>` there after the restore.",
    ),
    row(
        Error,
        None,
        "the NICs have other names: wires swapped",
        "A NIC of the old coordinator is in the target, under another device name. xapi goes by names only and \
         rewrites MAC addresses to fit, so it accepts this without a word; but what was on one wire (management, \
         storage, a VLAN) is then on another.",
        "Give the NICs the names that they have in the dump before the restore: `interface-rename --update eth0=<MAC \
         address> eth1=<MAC address>` on the target, then reboot. Where the report proposes a renaming, take its \
         command. Re-plugging the wires does as well.",
    ),
    row(
        Note,
        None,
        "another NIC under the same name",
        "The device has a MAC address that no NIC of the dump's coordinator has, as on another machine or with a new \
         card. xapi accepts it and writes the new MAC address. Whether the wire goes to the same network cannot be \
         known.",
        "Check that the wire of each NIC goes to the network that the dump has it on.",
    ),
    row(
        Warning,
        None,
        "a NIC of the target that the dump does not have",
        "The target has a physical NIC whose device is not among the PIFs of the dump's coordinator. The restored \
         database does not know it; networks on it are gone.",
        "After the restore run `xe pif-scan host-uuid=<host uuid>` to make it known, then `xe pif-reconfigure-ip` for \
         its address. If it carries the management, see `xe host-management-reconfigure`.",
    ),
    row(
        Warning,
        None,
        "a bond, VLAN or tunnel stands on a PIF that is not in the dump",
        "A bond, VLAN, tunnel or SR-IOV network of the coordinator names a PIF that the dump does not have. xapi does \
         not look at it during a restore; it cannot be brought up afterwards, and neither can what stands on it.",
        "Take the dump again while the pool runs. Otherwise make the bond or VLAN anew after the restore: `xe \
         bond-destroy uuid=<uuid>` and `xe bond-create`, or `xe vlan-destroy uuid=<uuid>` and `xe vlan-create`.",
    ),
    row(
        Warning,
        None,
        "bonds and VLANs stand on a NIC that the target does not have",
        "These hang on a physical NIC that is missing on the target. While it is missing the restore is refused; with \
         another card under that name they come up on that card.",
        "Give the target a NIC of that name first, or rename one. Make sure that its wire carries these VLANs and \
         that the switch has the bond.",
    ),
    row(
        Note,
        None,
        "a bond keeps the MAC address of the old NIC",
        "A restore rewrites the MAC addresses of physical PIFs only. The bond keeps the one of a NIC that is not in \
         the target: it works, but a DHCP reservation or a port with MAC filtering for the new cards does not fit, \
         and if the old machine still runs, two devices on one network have the same address.",
        "Keep the old machine off the network. To give the bond an address of the new cards, destroy it and create it \
         anew after the restore (`xe bond-destroy`, `xe bond-create`).",
    ),
    row(
        Warning,
        None,
        "the host would come up with another address",
        "IP configuration comes from the dump, not from the target: after the restore the host takes the address, \
         netmask, gateway and mode that the management interface of the coordinator had, whatever the target was \
         installed with.",
        "Expect the host at the address of the dump, and make sure that no other machine has it. To keep the target's \
         address, run on its console after the restore: `xe pif-reconfigure-ip uuid=<pif uuid> mode=static \
         IP=<address> netmask=<netmask> gateway=<gateway> DNS=<servers>`.",
    ),
    row(
        Warning,
        None,
        "rules on the target pin names that the dump uses",
        "A rule of interface-rename on the target gives a name that the dump uses to another card than the one that \
         had it in the dump. The name survives reboots, so the restored configuration lands on that card.",
        "Compare `interface-rename --list` on the target with the report's table of NICs, and change the rule where \
         the wires do not fit: `interface-rename --update <device>=<MAC address>`, then reboot. Rules are in \
         `/etc/sysconfig/network-scripts/interface-rename-data/static-rules.conf`.",
    ),
    row(
        Note,
        None,
        "a NIC is in another slot",
        "The device has another PCI address on the target than in the dump. With another machine that is usual. With \
         the same machine a card was moved, and firmware may count slots in another way, so names can change at the \
         next boot.",
        "If it is the same machine, pin the names by MAC address: `interface-rename --update <device>=<MAC address>`.",
    ),
];
