//! NICs of VMs (VIFs).

use std::borrow::Cow;

use crate::Record;

/// A record of class `VIF`.
#[derive(Debug, Clone, Copy)]
pub struct Vif<'a>(pub Record<'a>);

impl<'a> Vif<'a> {
    /// Its number in the VM, as text.
    #[must_use]
    pub fn device(&self) -> Option<Cow<'a, str>> {
        self.0.filled("device")
    }

    /// The network it is on.
    #[must_use]
    pub fn network(&self) -> Option<Record<'a>> {
        self.0.follow("network")
    }

    /// The VM it is of.
    #[must_use]
    pub fn vm(&self) -> Option<Record<'a>> {
        self.0.follow("VM")
    }
}
