//! `supply.toml`: what is allowed of crates of others, each with its reason.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::Result;

/// The file. A key of a table is a crate's name, or the beginning of names with `*` behind it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Allowed {
    /// Licences by their SPDX names.
    pub(super) licences: BTreeSet<String>,
    /// Crates whose build script runs while the program is built.
    pub(super) build_scripts: BTreeMap<String, String>,
    /// Crates that are run by the compiler.
    pub(super) macros: BTreeMap<String, String>,
    /// Crates that are there in more than one version.
    pub(super) doubled: BTreeMap<String, String>,
    /// Crates that must not come in.
    pub(super) banned: BTreeMap<String, String>,
    /// Advisories that do not concern the program, by their ids.
    #[serde(default)]
    pub(super) advisories: BTreeMap<String, String>,
}

impl Allowed {
    /// Reads it.
    pub(super) fn read(text: &str) -> Result<Self> {
        let allowed: Self =
            toml::from_str(text).map_err(|error| format!("supply.toml: {error}"))?;
        let tables = [
            &allowed.build_scripts,
            &allowed.macros,
            &allowed.doubled,
            &allowed.banned,
            &allowed.advisories,
        ];
        let silent = tables.into_iter().flatten();
        for (name, reason) in silent {
            if reason.split_whitespace().count() < 2 {
                return Err(format!("supply.toml: {name} has no reason").into());
            }
        }
        Ok(allowed)
    }
}
