//! The forms older releases wrote (`formats/xva.md` section 9): the checksum table at the end of an archive, and the
//! `<appliance>` document of XVA "version 1". Current exports are in [`crate::export`].

mod appliance;
mod checksum;
#[cfg(test)]
mod tests;

pub use appliance::{
    Appliance, ApplianceVbd, ApplianceVdi, ApplianceVm, is_appliance, parse_appliance,
};
pub use checksum::parse_checksum_table;
