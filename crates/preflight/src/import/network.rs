//! Networks: found by name, else by bridge, else made (`formats/xva.md` section 11.1). Check 6 of an import.

use xenspect_inventory::Relation;
use xenspect_model::Code;
use xenspect_model::preflight::Changes;

use super::{Import, Objects, quoted};
use crate::checks::Id;
use crate::verdicts::Verdicts;

/// Makes the check.
pub(super) fn check(
    import: &Import<'_>,
    objects: &Objects<'_>,
    verdicts: &mut Verdicts,
    changes: &mut Changes,
) {
    let check = Id::Import(6);
    let mut networks = objects.store.of_class("network").peekable();
    if networks.peek().is_none() {
        return verdicts.nothing(check);
    }
    let Some(known) = &import.target.networks else {
        return verdicts.lack(check, "the target's networks");
    };
    for network in networks {
        let name = network.name().unwrap_or_default();
        let bridge = network.filled("bridge").unwrap_or_default();
        if known
            .iter()
            .any(|known| known.name.as_deref() == Some(&*name))
        {
            continue;
        }
        let by_bridge = known
            .iter()
            .find(|known| known.bridge.as_deref() == Some(&*bridge) && !bridge.is_empty());
        let code = match by_bridge {
            Some(_) => Code::ImportNetworkByBridge,
            None => Code::ImportNetworkCreated,
        };
        let mut finding = import
            .about(code, &network)
            .fact("name", &*name)
            .fact("bridge", &*bridge);
        match by_bridge {
            Some(found) => {
                let taken = found.name.as_deref().or(found.uuid.as_deref());
                finding = finding.fact("taken", taken.unwrap_or_default());
            }
            None => {
                let title = network.title().into_owned();
                finding = finding.advice(format!(
                    "Before the import, make it on the right NIC or VLAN: `xe network-create name-label={0}`, then \
                     `xe vlan-create network-uuid=NETWORK pif-uuid=PIF vlan=TAG`; or name an existing one alike: \
                     `xe network-param-set uuid=NETWORK name-label={0}`. Afterwards: `xe vif-move uuid=VIF \
                     network-uuid=NETWORK`.",
                    quoted(&title)
                ));
                if !changes.networks_created.contains(&title) {
                    changes.networks_created.push(title);
                }
            }
        }
        let vifs = objects.relations.of(Relation::VifsOfNetwork, &network);
        let mut vms: Vec<String> = Vec::new();
        for vm in vifs.iter().filter_map(|vif| vif.follow("VM")) {
            let title = vm.title().into_owned();
            if !vms.contains(&title) {
                vms.push(title);
            }
        }
        if !vms.is_empty() {
            finding = finding.fact("vms", vms);
        }
        verdicts.find(finding);
    }
}
