//! Named faults of host backups: each breaks exactly one thing of a good one. They are listed by what they are about:
//! `inventory`, `boot`, `database` (and the host against it), `names` of members, and `stream`, which is the file as a whole.

mod boot;
mod database;
mod inventory;
mod names;
mod stream;

use super::HostBackup;

/// One thing that is wrong with a host backup.
#[derive(Debug, Clone, Copy)]
pub struct HostFault {
    name: &'static str,
    description: &'static str,
    codes: &'static [&'static str],
    variant: &'static str,
    edit: fn(&mut HostBackup) -> Option<()>,
}

impl HostFault {
    const fn new(
        name: &'static str,
        description: &'static str,
        codes: &'static [&'static str],
        edit: fn(&mut HostBackup) -> Option<()>,
    ) -> Self {
        Self {
            name,
            description,
            codes,
            variant: "coordinator",
            edit,
        }
    }

    /// The same in the backup of another kind of host.
    const fn of(self, variant: &'static str) -> Self {
        Self { variant, ..self }
    }

    /// Every fault.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        [
            inventory::FAULTS,
            boot::FAULTS,
            database::FAULTS,
            names::FAULTS,
            stream::FAULTS,
        ]
        .into_iter()
        .flatten()
    }

    /// The fault of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().find(|fault| fault.name == name)
    }

    /// Its name, in kebab-case.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it does, in one line.
    #[must_use]
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// The code that must be found; empty for what is lawful and only looks wrong.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.codes.first().copied().unwrap_or_default()
    }

    /// All codes that it leads to, of which [`HostFault::code`] is the first. Some are but notes.
    #[must_use]
    pub fn codes(&self) -> &'static [&'static str] {
        self.codes
    }

    /// The backup without it.
    ///
    /// # Panics
    ///
    /// Never: there is such a kind of host.
    #[must_use]
    pub fn good(&self) -> HostBackup {
        HostBackup::named(self.variant).expect("a kind of host")
    }

    /// The backup with it.
    ///
    /// # Panics
    ///
    /// When the backup lacks what it would break, which a test rules out.
    #[must_use]
    pub fn build(&self) -> HostBackup {
        let mut backup = self.good();
        (self.edit)(&mut backup).expect("a fault applies to its own backup");
        backup
    }
}
