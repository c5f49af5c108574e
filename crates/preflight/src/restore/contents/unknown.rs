//! What neither the dump nor the facts of the target tell.

use xenspect_inventory::view::Pool;

use super::fate::Fates;
use crate::restore::Restore;

/// What the dump leaves alone.
pub(crate) const OWN_SECRETS: &str = "The root password, certificates and pool secret: they are not in the dump, and stay those of the target.";

/// What cannot be known, in sentences: only what applies.
pub(in crate::restore) fn not_checked(restore: &Restore<'_>) -> Vec<String> {
    let mut all = Vec::new();
    let mut say = |applies: bool, sentence: &str| {
        if applies {
            all.push(sentence.to_owned());
        }
    };
    let store = restore.store;
    say(
        store.count("VDI") > 0,
        "Whether the disks on the SRs are those that the dump names, and what is in them: a dump has no disks.",
    );
    say(
        store.of_class("SR").any(|sr| sr.is("shared")),
        "Whether the target reaches the shared storage: its network, zones, initiator names and export lists.",
    );
    say(
        true,
        "Whether the old pool still runs: neither the dump nor xapi can tell.",
    );
    say(
        restore.target.files.is_none(),
        "Whether high availability or a redo log left a database on the target that wins over the restored one: \
         `ls /var/lib/xcp/ha_metadata.db /var/lib/xcp/gen_metadata.db` there must find nothing.",
    );
    let fates = Fates::of(restore);
    say(
        !fates.elsewhere.is_empty() || !fates.halted.is_empty(),
        "Whether VMs that ran when the dump was taken run now.",
    );
    say(true, OWN_SECRETS);
    say(
        store.count("Certificate") > 0,
        "The keys of the certificates that the dump lists: those are files of the old hosts.",
    );
    say(
        true,
        "RRDs, messages and patches' files: they are not in the dump, and are lost with the old hosts.",
    );
    let ha = restore
        .pool
        .is_some_and(|pool| Pool(pool).ha_enabled() == Some(true));
    say(ha, "The state of high availability on the heartbeat SR.");
    say(
        store.count("Cluster") > 0,
        "The state of the cluster stack: it is in files of the hosts.",
    );
    say(
        restore.members().iter().any(|host| host.uuid().is_some()),
        "Whether the other hosts still have their disks and can be joined again: joining needs the same level, and \
         no running VMs.",
    );
    all
}
