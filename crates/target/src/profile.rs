//! Profiles: a target in TOML, to be written by hand, or in JSON, to be kept by programs. Both are the shape of
//! [`Target`] itself. What is not there is not known.

use xenspect_model::target::PROFILE;

use crate::{Error, Target};

/// What a saved profile begins with.
const HEADER: &str = "\
# A host as a target of `xenspect preflight`. A fact that is not here counts as not known; an empty list says that
# there are none. The manual tells what each means (profile.md).
";

/// Reads a profile in either form; JSON begins with a brace.
///
/// # Errors
///
/// [`Error::Profile`] with the line and the field at fault, and [`Error::ProfileVersion`].
pub fn from_profile(text: &str) -> Result<Target, Error> {
    // Editors of Windows put one in front.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let read: Result<Target, String> = if text.trim_start().starts_with('{') {
        serde_json::from_str(text).map_err(|error| error.to_string())
    } else {
        toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())
    };
    let mut target = read.map_err(Error::Profile)?;
    match target.profile {
        Some(version) if version != PROFILE => return Err(Error::ProfileVersion(version)),
        _ => {}
    }
    for nic in target.nics.iter_mut().flatten() {
        if let Some(mac) = &mut nic.mac {
            mac.make_ascii_lowercase();
        }
    }
    for vm in target.vms.iter_mut().flatten() {
        vm.macs = vm.macs.iter().map(|mac| mac.to_ascii_lowercase()).collect();
    }
    Ok(target)
}

/// A target as a profile in TOML.
///
/// # Errors
///
/// [`Error::NoToml`] where a size is a number that TOML does not have; JSON does.
pub fn to_toml(target: &Target) -> Result<String, Error> {
    let text = toml::to_string(&of_this_shape(target));
    let text = text.map_err(|error| Error::NoToml(error.to_string()))?;
    Ok(format!("{HEADER}{text}"))
}

/// A target as a profile in JSON.
#[must_use]
pub fn to_json(target: &Target) -> String {
    let text = serde_json::to_string_pretty(&of_this_shape(target)).unwrap_or_default();
    format!("{text}\n")
}

fn of_this_shape(target: &Target) -> Target {
    Target {
        profile: Some(PROFILE),
        ..target.clone()
    }
}

#[cfg(test)]
mod tests {
    use xenspect_synth::restore::fresh_host;
    use xenspect_xapi::db::{Database, DumpLimits};

    use super::*;
    use crate::of_database;

    #[test]
    fn a_host_comes_out_as_it_was() {
        let bytes = fresh_host().database();
        let target =
            of_database(&Database::read(&bytes, &DumpLimits::default()).expect("a database"));
        let saved = Target {
            profile: Some(PROFILE),
            ..target
        };
        assert_eq!(
            from_profile(&to_toml(&saved).expect("TOML")),
            Ok(saved.clone())
        );
        assert_eq!(from_profile(&to_json(&saved)), Ok(saved));
    }

    #[test]
    fn nothing_known_and_none_are_not_the_same() {
        let none = Target {
            nics: Some(Vec::new()),
            vms: Some(Vec::new()),
            ..Target::default()
        };
        for text in [to_toml(&none).expect("TOML"), to_json(&none)] {
            let again = from_profile(&text).expect("a profile");
            assert_eq!(
                (again.nics, again.vms, again.srs),
                (none.nics.clone(), none.vms.clone(), None),
                "{text}"
            );
        }
    }

    #[test]
    fn the_largest_numbers_come_out_as_they_were() {
        let huge = Target {
            profile: Some(PROFILE),
            free_bytes: Some(u64::MAX),
            ..Target::default()
        };
        assert_eq!(
            from_profile(&to_toml(&huge).expect("TOML")),
            Ok(huge.clone())
        );
        assert_eq!(from_profile(&to_json(&huge)), Ok(huge));
    }

    #[test]
    fn errors_name_what_is_wrong() {
        for (text, said) in [
            ("[host]\nnaem = \"x\"\n", "naem"),
            ("[[nic]]\ndevice = 3\n", "device = 3"),
            ("{\"host\": {\"naem\": \"x\"}}", "naem"),
            ("profile = 7\n", "shape 7"),
            ("nothing of interest\n", "nothing of interest"),
        ] {
            let error = from_profile(text).expect_err(text).to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn addresses_are_compared_in_lower_case() {
        let target = from_profile("[[nic]]\ndevice = \"eth0\"\nmac = \"00:16:3E:AA:BB:CC\"\n")
            .expect("a profile");
        let nics = target.nics.expect("NICs");
        assert_eq!(nics[0].mac.as_deref(), Some("00:16:3e:aa:bb:cc"));
        assert!(nics[0].physical, "unless said otherwise");
    }
}
