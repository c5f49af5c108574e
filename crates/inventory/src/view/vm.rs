//! VMs, templates, snapshots and control domains: all are records of class `VM`.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::bounded::{SHARED_MAP, distinct};
use crate::{Record, Relation, Relations};

/// A record of class `VM`.
#[derive(Debug, Clone, Copy)]
pub struct Vm<'a>(pub Record<'a>);

/// What a record of class `VM` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A VM.
    Vm,
    /// A template that someone made.
    Template,
    /// A template that came with the product.
    DefaultTemplate,
    /// A snapshot of a VM.
    Snapshot,
    /// A host's own domain.
    ControlDomain,
}

/// What a VM boots with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Firmware {
    /// BIOS: what an HVM guest has unless it says otherwise.
    Bios,
    /// UEFI.
    Uefi,
    /// None: a paravirtual guest, whose kernel is started directly.
    None,
}

impl Firmware {
    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bios => "BIOS",
            Self::Uefi => "UEFI",
            Self::None => "PV",
        }
    }
}

impl<'a> Vm<'a> {
    /// What it is. Snapshots bear the flag of templates too.
    #[must_use]
    pub fn role(&self) -> Role {
        let vm = &self.0;
        if vm.is("is_control_domain") {
            Role::ControlDomain
        } else if vm.is("is_a_snapshot") {
            Role::Snapshot
        } else if !vm.is("is_a_template") {
            Role::Vm
        } else if vm.is("is_default_template")
            // Before that field existed, and it is false in databases that came from then.
            || vm.map_text("other_config", "default_template").as_deref() == Some("true")
        {
            Role::DefaultTemplate
        } else {
            Role::Template
        }
    }

    /// `Halted`, `Paused`, `Running` or `Suspended`; third parties write it in lower case.
    #[must_use]
    pub fn power_state(&self) -> Option<Cow<'a, str>> {
        let state = self.0.filled("power_state")?;
        const STATES: [&str; 4] = ["Halted", "Paused", "Running", "Suspended"];
        let known = STATES
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(&state));
        Some(known.map_or(state, Cow::Borrowed))
    }

    /// The host it was on.
    #[must_use]
    pub fn host(&self) -> Option<Record<'a>> {
        self.0.follow("resident_on")
    }

    /// The host it should be on.
    #[must_use]
    pub fn home(&self) -> Option<Record<'a>> {
        self.0.follow("affinity")
    }

    /// The most memory it can have, in bytes (`memory_static_max`).
    #[must_use]
    pub fn memory(&self) -> Option<u64> {
        self.0.count("memory_static_max")
    }

    /// The most vCPUs it can have (`VCPUs_max`).
    #[must_use]
    pub fn vcpus(&self) -> Option<i64> {
        self.0.int("VCPUs_max")
    }

    /// How it is virtualised: `hvm`, `pv`, `pv_in_pvh`, `pvh`. Releases before 7.5 do not say, but whether there is a
    /// boot policy does.
    #[must_use]
    pub fn domain_type(&self) -> Option<Cow<'a, str>> {
        match self.0.filled("domain_type") {
            Some(known) if known != "unspecified" => Some(known),
            _ => {
                let policy = self.0.text("HVM_boot_policy")?;
                let ty = if policy.is_empty() { "pv" } else { "hvm" };
                Some(Cow::Borrowed(ty))
            }
        }
    }

    /// What it boots with.
    #[must_use]
    pub fn firmware(&self) -> Option<Firmware> {
        let named = self.0.map_text("HVM_boot_params", "firmware");
        if named.is_some_and(|name| name.eq_ignore_ascii_case("uefi")) {
            return Some(Firmware::Uefi);
        }
        Some(match &*self.domain_type()? {
            "pv" | "pv_in_pvh" | "pvh" => Firmware::None,
            _ => Firmware::Bios,
        })
    }

    /// Whether it boots signed code only: `true`, `false` or `auto`, as the key `secureboot` of `platform` has it.
    /// `None` where it says nothing, or boots without UEFI.
    #[must_use]
    pub fn secure_boot(&self) -> Option<Cow<'a, str>> {
        match self.firmware() {
            Some(Firmware::Uefi) => self.0.map_text("platform", "secureboot"),
            _ => None,
        }
    }

    /// Whether it has a virtual TPM.
    #[must_use]
    pub fn has_vtpm(&self, relations: &Relations<'a>) -> bool {
        !relations.of(Relation::VtpmsOfVm, &self.0).is_empty()
    }

    /// Whether its UEFI variables are there. They are a secret.
    #[must_use]
    pub fn has_nvram(&self) -> bool {
        self.0.map_text("NVRAM", "EFI-variables").is_some()
    }

    /// How it is restarted by high availability: `restart`, `best-effort`, or a number in old releases.
    #[must_use]
    pub fn ha_priority(&self) -> Option<Cow<'a, str>> {
        self.0.filled("ha_restart_priority")
    }

    /// The operating system that its guest agent reported.
    #[must_use]
    pub fn guest_os(&self) -> Option<Cow<'a, str>> {
        let name = self.metrics("os_version")?.map_text("os_version", "name")?;
        // Windows adds where it is installed: `Microsoft Windows Server 2019|C:\Windows|\Device\…`.
        Some(match name.split_once('|') {
            Some((name, _)) => Cow::Owned(name.trim_end().to_owned()),
            None => name,
        })
    }

    /// The addresses that its guest agent reported, each once.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        distinct(self.reported().into_iter().map(|(_, address)| address))
    }

    /// The same by the device of the VIF, `0` for instance.
    #[must_use]
    pub fn addresses_by_device(&self) -> HashMap<String, Vec<String>> {
        let mut devices: HashMap<String, Vec<String>> = HashMap::new();
        for (device, address) in self.reported() {
            devices.entry(device).or_default().push(address);
        }
        for addresses in devices.values_mut() {
            *addresses = distinct(std::mem::take(addresses));
        }
        devices
    }

    /// Devices and addresses. Keys are `0/ip`, `0/ipv4/0`, `0/ipv6/1`.
    fn reported(&self) -> Vec<(String, String)> {
        let networks = self
            .metrics("networks")
            .and_then(|metrics| metrics.map("networks"));
        let mut reported = Vec::new();
        for (key, addresses) in networks.unwrap_or_default() {
            let mut parts = key.split('/');
            let device = parts.next().unwrap_or_default();
            if matches!(parts.next(), Some("ip" | "ipv4" | "ipv6")) {
                // Some agents write all addresses of a NIC into one text.
                let addresses = addresses.split_whitespace();
                reported.extend(addresses.map(|address| (device.to_owned(), address.to_owned())));
            }
        }
        reported
    }

    /// What the guest agent reported, if the field is not so large that to read it for every VM that refers to it
    /// would take for ever.
    fn metrics(&self, field: &str) -> Option<Record<'a>> {
        let metrics = self.0.follow("guest_metrics")?;
        (metrics.weight(field) <= SHARED_MAP).then_some(metrics)
    }

    /// VBDs that are disks.
    pub fn disks<'r>(
        &self,
        relations: &'r Relations<'a>,
    ) -> impl Iterator<Item = Record<'a>> + use<'a, 'r> {
        let vbds = relations.of(Relation::VbdsOfVm, &self.0);
        vbds.iter()
            .copied()
            .filter(|vbd| vbd.text("type").as_deref() != Some("CD") && vbd.link("VDI").is_some())
    }
}
