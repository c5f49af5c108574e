//! A VM record with its fields by name. It reads what is there and supplies no defaults.

use super::{Export, Object};

/// A VM record: a VM, a template or a snapshot.
#[derive(Debug, Clone, Copy)]
pub struct Vm<'a> {
    export: &'a Export,
    object: &'a Object,
}

/// State of a VM when it was exported. A full export says [`Halted`](PowerState::Halted) unless it was asked to keep
/// the state (`formats/xva.md` section 3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerState {
    /// Not running.
    Halted,
    /// In memory, not scheduled.
    Paused,
    /// Running.
    Running,
    /// Memory is in a VDI of type `suspend`.
    Suspended,
}

impl<'a> Vm<'a> {
    pub(super) fn new(export: &'a Export, object: &'a Object) -> Self {
        Vm { export, object }
    }

    /// The record itself.
    pub fn object(&self) -> &'a Object {
        self.object
    }

    /// Id within the document.
    pub fn id(&self) -> &'a str {
        &self.object.id
    }

    /// `uuid`.
    pub fn uuid(&self) -> Option<&'a str> {
        self.object.uuid()
    }

    /// `name_label`.
    pub fn name_label(&self) -> Option<&'a str> {
        self.object.name_label()
    }

    /// `name_description`.
    pub fn name_description(&self) -> Option<&'a str> {
        self.object.text("name_description")
    }

    /// `power_state`, in any case; `None` when it is missing or no state xapi knows.
    pub fn power_state(&self) -> Option<PowerState> {
        [
            ("Halted", PowerState::Halted),
            ("Paused", PowerState::Paused),
            ("Running", PowerState::Running),
            ("Suspended", PowerState::Suspended),
        ]
        .into_iter()
        .find(|(name, _)| self.object.is("power_state", name))
        .map(|(_, state)| state)
    }

    /// `is_a_template`; false when missing. Snapshots carry it too.
    pub fn is_a_template(&self) -> bool {
        self.flag("is_a_template")
    }

    /// True for a template that came with the product: `is_default_template`, or before that field existed the key
    /// `default_template` of `other_config`.
    pub fn is_default_template(&self) -> bool {
        self.flag("is_default_template")
            || self.is_a_template()
                && self.object.map_text("other_config", "default_template") == Some("true")
    }

    /// `is_a_snapshot`; false when missing.
    pub fn is_a_snapshot(&self) -> bool {
        self.flag("is_a_snapshot")
    }

    /// `is_control_domain`; false when missing.
    pub fn is_control_domain(&self) -> bool {
        self.flag("is_control_domain")
    }

    /// `snapshot_of`, unless null.
    pub fn snapshot_of(&self) -> Option<&'a str> {
        self.reference("snapshot_of")
    }

    /// `snapshot_time`, as it stands.
    pub fn snapshot_time(&self) -> Option<&'a str> {
        self.object.field("snapshot_time")?.as_date_time()
    }

    /// `suspend_VDI`, unless null.
    pub fn suspend_vdi(&self) -> Option<&'a str> {
        self.reference("suspend_VDI")
    }

    /// `memory_static_max` in bytes.
    pub fn memory_static_max(&self) -> Option<u64> {
        self.object.count("memory_static_max")
    }

    /// `memory_dynamic_max` in bytes.
    pub fn memory_dynamic_max(&self) -> Option<u64> {
        self.object.count("memory_dynamic_max")
    }

    /// `VCPUs_max`.
    pub fn vcpus_max(&self) -> Option<u64> {
        self.object.count("VCPUs_max")
    }

    /// `VCPUs_at_startup`.
    pub fn vcpus_at_startup(&self) -> Option<u64> {
        self.object.count("VCPUs_at_startup")
    }

    /// `domain_type` as spelled; `None` in exports of releases before 7.5.
    pub fn domain_type(&self) -> Option<&'a str> {
        self.object.text("domain_type")
    }

    /// `firmware` of `HVM_boot_params`: `bios` or `uefi`.
    pub fn firmware(&self) -> Option<&'a str> {
        self.object.map_text("HVM_boot_params", "firmware")
    }

    /// `version`: how often this VM has been restored. An import with `restore=true` compares it.
    pub fn version(&self) -> Option<i64> {
        self.object.integer("version")
    }

    /// `mac_seed` of `other_config`. An import with `restore=true` refuses one that another VM has.
    pub fn mac_seed(&self) -> Option<&'a str> {
        self.object.map_text("other_config", "mac_seed")
    }

    /// True when the record holds UEFI variables (`NVRAM`, key `EFI-variables`). They are sensitive.
    pub fn has_efi_variables(&self) -> bool {
        self.object
            .map_text("NVRAM", "EFI-variables")
            .is_some_and(|text| !text.is_empty())
    }

    /// The VBDs that name this VM, in document order. Looks at every VBD of the export.
    pub fn vbds(&self) -> impl Iterator<Item = &'a Object> + use<'a> {
        self.export.referring("VBD", "VM", &self.object.id)
    }

    /// The VIFs that name this VM, in document order. Looks at every VIF of the export.
    pub fn vifs(&self) -> impl Iterator<Item = &'a Object> + use<'a> {
        self.export.referring("VIF", "VM", &self.object.id)
    }

    /// The VTPMs that name this VM, in document order. Looks at every VTPM of the export.
    pub fn vtpms(&self) -> impl Iterator<Item = &'a Object> + use<'a> {
        let id = &self.object.id;
        self.export.of_class("VTPM").filter(move |vtpm| {
            vtpm.vtpm_field("VM")
                .is_some_and(|(_, value)| value.as_text() == Some(id))
        })
    }

    fn flag(&self, field: &str) -> bool {
        self.object.boolean(field) == Some(true)
    }

    fn reference(&self, field: &str) -> Option<&'a str> {
        self.object
            .reference(field)
            .filter(|id| !self.export.is_null(id))
    }
}
