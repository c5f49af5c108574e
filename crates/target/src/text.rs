//! One text that was given as a target by itself: a profile, or a file of a host.

use crate::{Error, NamedFile, Reading, from_profile, of_files};

/// Reads a profile, or else a text file of a host that is known by its name or by what is in it.
///
/// # Errors
///
/// Those of [`from_profile()`] where the text is like a profile, else [`Error::NothingKnown`].
pub fn of_text(name: &str, bytes: &[u8]) -> Result<Reading, Error> {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let known = of_files(&[NamedFile {
        name: base.to_owned(),
        bytes: bytes.to_vec(),
    }]);
    if known.is_ok() {
        return known;
    }
    let text = str::from_utf8(bytes).map_err(|_| Error::NothingKnown)?;
    match from_profile(text) {
        Ok(target) => Ok(Reading {
            target,
            sources: vec!["profile".to_owned()],
            remarks: Vec::new(),
        }),
        Err(error) if is_like_a_profile(base, text) => Err(error),
        Err(_) => Err(Error::NothingKnown),
    }
}

/// Whether somebody meant it for a profile, who then wants to know what is wrong with it.
fn is_like_a_profile(name: &str, text: &str) -> bool {
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'));
    let extension = name.rsplit('.').next().unwrap_or_default();
    matches!(extension, "toml" | "json")
        || first.is_some_and(|line| {
            line.starts_with('[') || line.starts_with('{') || line.starts_with("profile")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_told() {
        let inventory = b"INSTALLATION_UUID='3b1dccee-9da4-49c6-8250-e3725e0e4b2d'\n";
        let reading = of_text("xensource-inventory", inventory).expect("an inventory");
        assert!(reading.target.host.installation_uuid.is_some());
        let reading = of_text("host.toml", b"[product]\nschema = \"5.603\"\n").expect("a profile");
        assert_eq!(
            (reading.sources, reading.target.schema()),
            (vec!["profile".to_owned()], Some((5, 603)))
        );
        let misspelt =
            of_text("x", b"# mine\n[host]\nnaem = \"x\"\n").expect_err("a field that is none");
        assert!(misspelt.to_string().contains("naem"), "{misspelt}");
        assert_eq!(
            of_text("notes.txt", b"nothing of interest\n"),
            Err(Error::NothingKnown)
        );
        assert_eq!(of_text("x.bin", &[0xff, 0xfe, 0]), Err(Error::NothingKnown));
    }
}
