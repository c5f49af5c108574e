//! Telling what an input is by the members met so far, and when to give up.

use xenspect_archive::xva::MemberName;
use xenspect_model::report::{Envelope, Kind};
use xenspect_xapi::export::{Export, PowerState, Vm};

use crate::error::Error;
use crate::foreign;

/// Characters of a foreign name that an error shows.
const SHOWN_NAME: usize = 60;

/// Whether no export with disks has such a description: it has one VM and none of its snapshots, and that VM does not run
/// (`formats/xva.md` section 13). Devices that are attached tell nothing, since those of a suspended VM are.
pub(crate) fn never_has_disks(export: &Export) -> bool {
    let runs = |vm: Vm<'_>| {
        let state = vm.power_state();
        matches!(state, Some(PowerState::Running | PowerState::Paused))
    };
    export.vms().nth(1).is_some() || export.vms().any(runs)
}

/// What was seen before the kind was known.
#[derive(Debug, Default)]
pub(crate) struct Recognition {
    kind: Option<Kind>,
    pub(crate) first_member: Option<Vec<u8>>,
    pub(crate) foreign: u64,
    first_bytes: Vec<u8>,
    nonzero: bool,
}

impl Recognition {
    /// The kind, once known.
    pub(crate) fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// The document says more than its name.
    pub(crate) fn correct(&mut self, kind: Kind) {
        self.kind = Some(kind);
    }

    /// Looks at a block of the stream while the kind is unknown.
    pub(crate) fn block(&mut self, block: &[u8]) {
        if self.kind.is_none() {
            if self.first_bytes.is_empty() {
                self.first_bytes = block.to_owned();
            }
            self.nonzero |= !crate::hash::is_zero(block);
        }
    }

    /// Looks at a member while the kind is unknown.
    pub(crate) fn member(&mut self, name: &MemberName, raw: &[u8]) {
        if self.first_member.is_none() {
            self.first_member = Some(crate::member::shown(raw));
        }
        if self.kind.is_some() {
            return;
        }
        match name {
            MemberName::Metadata => self.kind = Some(Kind::Xva),
            MemberName::Block(block) | MemberName::Sum(block, _) => {
                let per_disk = block.disk == "vdi";
                self.kind = Some(if per_disk { Kind::VdiTar } else { Kind::Xva });
            }
            MemberName::ApplianceChunk { .. } => self.kind = Some(Kind::XvaVersion1),
            _ => self.foreign += 1,
        }
    }

    /// What to say of an input whose kind never became known.
    pub(crate) fn give_up(&self, envelope: Envelope) -> Error {
        if let Some(first) = &self.first_member {
            let first = String::from_utf8_lossy(first)
                .chars()
                .take(SHOWN_NAME)
                .collect();
            return Error::OtherTar { first };
        }
        if self.first_bytes.is_empty() {
            return Error::Empty;
        }
        if !self.nonzero {
            return Error::Zeros;
        }
        match envelope {
            Envelope::Plain => match foreign::told(&self.first_bytes) {
                Some((what, next)) => Error::Foreign { what, next },
                None => Error::NotTar,
            },
            other => Error::NotTarInside(other.name()),
        }
    }
}
