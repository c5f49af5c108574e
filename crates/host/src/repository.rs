//! `etc/xensource/installed-repos/ORIGINATOR:NAME/XS-REPOSITORY`: a supplemental pack that was installed
//! (host-installer `repository.py`).

use crate::local_db::{attribute, plain};

/// Where packs are recorded, a folder for each.
pub const FOLDER: &str = "etc/xensource/installed-repos/";
/// The file in such a folder that describes the pack.
pub const FILE: &str = "XS-REPOSITORY";

/// What the file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repository {
    /// `6.2.0`.
    pub version: Option<String>,
    /// `70446c`.
    pub build: Option<String>,
    /// A sentence.
    pub description: Option<String>,
}

/// Reads the file. What is not there is `None`.
#[must_use]
pub fn parse(bytes: &[u8]) -> Repository {
    let xml = String::from_utf8_lossy(bytes);
    let element = between(&xml, "<repository", ">").unwrap_or_default();
    let description = between(&xml, "<description>", "</description>");
    let description = description.map(|text| plain(text.trim()));
    Repository {
        version: attribute(element, "version"),
        build: attribute(element, "build"),
        description: description.filter(|text| !text.is_empty()),
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_says_its_version() {
        let xml = br#"<?xml version="1.0"?><repository originator="xs" name="main" product="XenServer" version="6.2.0" build="70446c"><description> Linux &amp; more
</description></repository>"#;
        let some = |text: &str| Some(text.to_owned());
        let expected = Repository {
            version: some("6.2.0"),
            build: some("70446c"),
            description: some("Linux & more"),
        };
        assert_eq!(parse(xml), expected);
        assert_eq!(parse(b"nothing"), Repository::default());
        // The version of the XML is not the pack's.
        assert_eq!(parse(b"<?xml version=\"1.0\"?><x/>"), Repository::default());
    }
}
