//! Rules by which the target names its NICs: check 32. A rule for a name that the dump uses decides which card gets it.

use xenspect_model::target::RenameRule;
use xenspect_model::{Code, Finding};

use super::own::{Own, mac_of, pci_of};
use super::table::whole;
use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::Verdicts;

pub(super) fn check(restore: &Restore<'_>, own: &Own<'_>, verdicts: &mut Verdicts) {
    let Some(rules) = &restore.target.rename_rules else {
        verdicts.lack(Id::Restore(32), "the target's rules for names of NICs");
        return;
    };
    for (at, rule) in rules.iter().enumerate() {
        // Of two rules for one name the later counts.
        let rest = rules.iter().skip(at + 1);
        let is_last = rest.into_iter().all(|later| later.device != rule.device);
        if is_last && let Some(expected) = contradicts(own, rule) {
            let finding = Finding::new(Code::RestoreRenameRules)
                .fact("device", rule.device.as_str())
                .fact(
                    "rule",
                    format!("{}:{}=\"{}\"", rule.device, rule.method, rule.value),
                )
                .fact("in_dump", expected);
            verdicts.find(finding);
        }
    }
}

/// What the dump has under the rule's name, where the rule asks for another thing. Rules by place on the board or by
/// label cannot be compared, and a guess pins nothing.
fn contradicts(own: &Own<'_>, rule: &RenameRule) -> Option<String> {
    let pif = own.of_device(&rule.device)?;
    match rule.method.as_str() {
        "mac" => mac_of(pif).filter(|mac| !mac.eq_ignore_ascii_case(&rule.value)),
        "pci" => {
            // A card with several ports counts them in brackets.
            let (address, index) = match rule.value.split_once('[') {
                Some((address, index)) => (address, Some(index.trim_end_matches(']'))),
                None => (rule.value.as_str(), None),
            };
            let many = index.is_some_and(|index| index != "0");
            pci_of(pif).filter(|pci| !many && whole(pci) != whole(address))
        }
        _ => None,
    }
}
