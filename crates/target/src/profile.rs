//! Profiles: a target in TOML or JSON.

use crate::{Error, Target};

/// Reads a profile in either form.
///
/// # Errors
///
/// [`Error::Profile`] and [`Error::ProfileVersion`].
pub fn from_profile(text: &str) -> Result<Target, Error> {
    toml::from_str(text).map_err(|error| Error::Profile(error.to_string()))
}

/// A target as a profile in TOML.
#[must_use]
pub fn to_toml(target: &Target) -> String {
    toml::to_string(target).unwrap_or_default()
}

/// A target as a profile in JSON.
#[must_use]
pub fn to_json(target: &Target) -> String {
    serde_json::to_string_pretty(target).unwrap_or_default()
}
