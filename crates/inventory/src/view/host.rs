//! Hosts.

use std::borrow::Cow;

use super::{Pool, Role, Vm};
use crate::{Record, Relation, Relations};

/// A record of class `host`. In an export most of its fields are empty.
#[derive(Debug, Clone, Copy)]
pub struct Host<'a>(pub Record<'a>);

impl<'a> Host<'a> {
    /// Product and version, for example `XCP-ng 8.3.0`; `None` where the host does not say.
    #[must_use]
    pub fn product(&self) -> Option<String> {
        let part = |key| self.software(key);
        // Plain builds of XCP name the platform only.
        let brand = part("product_brand").or_else(|| part("platform_name"));
        let version = part("product_version").or_else(|| part("platform_version"));
        let parts: Vec<_> = [brand, version].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// A value of `software_version`, unless it is empty.
    #[must_use]
    pub fn software(&self, key: &str) -> Option<Cow<'a, str>> {
        self.0.map_text("software_version", key)
    }

    /// Build of xapi, the more exact spelling of those there are.
    #[must_use]
    pub fn xapi(&self) -> Option<Cow<'a, str>> {
        // `xapi_build` is the package's version; `xapi` is the first two numbers of it.
        self.software("xapi_build")
            .or_else(|| self.software("xapi"))
    }

    /// Whether it is the pool's coordinator.
    #[must_use]
    pub fn is_coordinator(&self, pool: Option<&Pool<'a>>) -> bool {
        pool.and_then(|pool| pool.0.link("master"))
            .is_some_and(|master| master == self.0.reference())
    }

    /// Memory of the machine in bytes.
    #[must_use]
    pub fn memory(&self) -> Option<u64> {
        self.0.follow("metrics")?.count("memory_total")
    }

    /// Number of logical processors.
    #[must_use]
    pub fn cpus(&self) -> Option<i64> {
        let count = self.0.map_text("cpu_info", "cpu_count")?;
        xenspect_xapi::parse_integer(&count)
    }

    /// Model of the processors.
    #[must_use]
    pub fn cpu_model(&self) -> Option<Cow<'a, str>> {
        let model = self.0.map_text("cpu_info", "modelname")?;
        // Padded with blanks by the processor itself.
        Some(Cow::Owned(
            model.split_whitespace().collect::<Vec<_>>().join(" "),
        ))
    }

    /// Its control domain. Before 7.1 a host did not name it: then it is the control domain that is on it.
    #[must_use]
    pub fn control_domain(&self, relations: &Relations<'a>) -> Option<Record<'a>> {
        self.0.follow("control_domain").or_else(|| {
            let on_it = relations.of(Relation::VmsOfHost, &self.0);
            let is_domain = |vm: &&Record<'a>| Vm(**vm).role() == Role::ControlDomain;
            on_it.iter().find(is_domain).copied()
        })
    }

    /// VMs that were on it, its control domain not counted.
    #[must_use]
    pub fn running(&self, relations: &Relations<'a>) -> usize {
        let on_it = relations.of(Relation::VmsOfHost, &self.0);
        let is_vm = |record: &&Record<'a>| Vm(**record).role() == Role::Vm;
        on_it.iter().filter(is_vm).count()
    }
}
