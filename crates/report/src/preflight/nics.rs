//! NICs side by side, in lines of a width. A NIC takes one line for its addresses and one for what it is used for.

use xenspect_model::preflight::{NicRow, NicSide, NicState};

use crate::human::Style;
use crate::text::shorten;
use crate::wrap::{ALARM, CAUTION, DIM, wrap};

const DEVICE: usize = 8;
const MAC: usize = 17;
/// Columns that a line with both PCI addresses takes.
const WITH_PCI: usize = 76;

/// The heads and the rows.
pub(super) fn lines(nics: &[NicRow], style: &Style) -> Vec<String> {
    if nics.is_empty() {
        return Vec::new();
    }
    let has_room = style.columns() >= WITH_PCI;
    let has_pci = has_room
        && nics.iter().any(|nic| {
            let sides = [&nic.in_input, &nic.in_target];
            sides.into_iter().flatten().any(|side| side.pci.is_some())
        });
    let pci = |text: &str| {
        if has_pci {
            format!("  {text:12}")
        } else {
            String::new()
        }
    };
    let head = format!(
        "  {:DEVICE$}  {:MAC$}{}  {:MAC$}{}",
        "device",
        "MAC in backup",
        pci("PCI"),
        "MAC on target",
        pci("PCI")
    );
    let mut lines = vec![style.paint().paint(DIM, head.trim_end())];
    for nic in nics {
        let part = |side: &Option<NicSide>, of: fn(&NicSide) -> &Option<String>| {
            let text = side.as_ref().and_then(|side| of(side).clone());
            shorten(text.as_deref().unwrap_or("-"), MAC, style.unicode)
        };
        let mac = |side| part(side, |side| &side.mac);
        let address = |side| pci(&part(side, |side| &side.pci));
        let device = shorten(&nic.device, DEVICE, style.unicode);
        let line = format!(
            "  {device:DEVICE$}  {:MAC$}{}  {:MAC$}{}",
            mac(&nic.in_input),
            address(&nic.in_input),
            mac(&nic.in_target),
            address(&nic.in_target)
        );
        lines.push(line.trim_end().to_owned());
        lines.extend(below(nic, style));
    }
    lines
}

/// The state, and what the NIC is used for on either side.
fn below(nic: &NicRow, style: &Style) -> Vec<String> {
    let mut state = nic.state.word().to_owned();
    if let Some(device) = &nic.now_at {
        state = format!("{state} to {}", shorten(device, DEVICE, style.unicode));
    }
    let mut text = state.clone();
    for (name, side) in [("backup", &nic.in_input), ("target", &nic.in_target)] {
        let uses = side.as_ref().map(uses).unwrap_or_default();
        if !uses.is_empty() {
            let uses = shorten(&uses, 300, style.unicode);
            text.push_str(&format!("; {name}: {uses}"));
        }
    }
    let indent = " ".repeat(DEVICE + 4);
    let rest = " ".repeat(DEVICE + 6);
    let mut lines = wrap(&text, style.columns(), &indent, &rest);
    let colour = match nic.state {
        NicState::Missing | NicState::Moved => ALARM,
        NicState::Replaced | NicState::Forgotten => CAUTION,
        NicState::Same | NicState::Unknown => DIM,
    };
    if let Some(first) = lines.first_mut() {
        *first = style.paint().head(colour, first, &state);
    }
    lines
}

/// `management, bond0, VLAN 50, "storage", 10.0.0.5`.
pub(super) fn uses(side: &NicSide) -> String {
    let mut parts = Vec::new();
    if side.management {
        parts.push("management".to_owned());
    }
    parts.extend(side.uses.iter().cloned());
    parts.extend(side.network.iter().map(|network| format!("\"{network}\"")));
    parts.extend(side.ip.iter().cloned());
    parts.join(", ")
}
