//! What goes with the other hosts, and what stays behind. xapi deletes the PIFs that a host's row lists and then the
//! row (`formats/restore.md` section 3, 2). Most of the rest is collected at the next start; what stood on a PIF that
//! was deleted so is not (section 6, 3).

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use xenspect_inventory::Record;

use crate::restore::Restore;

/// What is deleted.
pub(in crate::restore) struct Forgotten<'a> {
    /// References of the host rows.
    pub(in crate::restore) hosts: HashSet<Cow<'a, str>>,
    /// References of the PIF rows that these list.
    pub(in crate::restore) pifs: HashSet<Cow<'a, str>>,
}

impl<'a> Forgotten<'a> {
    pub(in crate::restore) fn of(restore: &Restore<'a>) -> Self {
        let members = restore.members();
        let listed = members.iter().flat_map(listed_pifs);
        Self {
            pifs: listed.map(|pif| pif.reference()).collect(),
            hosts: members.iter().map(Record::reference).collect(),
        }
    }

    /// Whether a field names a host that is forgotten, or none that is there.
    pub(in crate::restore) fn is_without_host(&self, record: &Record<'a>, field: &str) -> bool {
        match record.link(field) {
            Some(host) => self.hosts.contains(&host) || record.store().resolve(&host).is_none(),
            None => true,
        }
    }

    /// Rows that stay although what they belong to is gone, by table.
    pub(in crate::restore) fn orphans(&self, restore: &Restore<'a>) -> BTreeMap<String, u64> {
        let store = restore.store;
        let mut orphans = BTreeMap::new();
        let mut add = |table: &str, count: usize| {
            if count > 0 {
                orphans.insert(table.to_owned(), count as u64);
            }
        };
        for (table, fields) in [
            ("Bond", &["master", "primary_slave"][..]),
            ("VLAN", &["tagged_PIF", "untagged_PIF"]),
            ("network_sriov", &["physical_PIF", "logical_PIF"]),
        ] {
            let on_gone = |row: &Record<'a>| {
                let mut links = fields.iter().filter_map(|field| row.link(field));
                links.any(|pif| self.pifs.contains(&pif))
            };
            add(table, store.of_class(table).filter(on_gone).count());
        }
        let pifs = store
            .of_class("PIF")
            .filter(|pif| self.pifs.contains(&pif.reference()));
        let metrics = pifs.filter_map(|pif| pif.follow("metrics"));
        let metrics: HashSet<_> = metrics.map(|metrics| metrics.reference()).collect();
        add("PIF_metrics", metrics.len());
        let domains = store
            .of_class("VM")
            .filter(|vm| self.is_domain_of_gone(restore, vm));
        add("VM", domains.count());
        orphans
    }

    /// Whether a VM is the control domain of a host that is forgotten: by where it runs, as before 7.1, or by its
    /// host's row.
    fn is_domain_of_gone(&self, restore: &Restore<'a>, vm: &Record<'a>) -> bool {
        let own = restore
            .coordinator
            .and_then(|host| host.link("control_domain"));
        vm.is("is_control_domain")
            && own.as_deref() != Some(&*vm.reference())
            && vm
                .link("resident_on")
                .is_some_and(|host| self.hosts.contains(&host))
    }
}

/// PIFs that a host's row lists and that are there.
pub(in crate::restore) fn listed_pifs<'a>(host: &Record<'a>) -> Vec<Record<'a>> {
    let listed = host.set("PIFs").unwrap_or_default();
    listed
        .iter()
        .filter_map(|pif| host.store().resolve(pif))
        .collect()
}
