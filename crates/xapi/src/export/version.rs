//! The `version` struct at the head of an export (`formats/xva.md` section 3.1). It says which xapi wrote the archive;
//! whether another xapi would take it is decided elsewhere.

use super::Oddity;
use crate::error::clip;
use crate::xmlrpc::Value;

/// Which xapi wrote an export. Members are `None` when they are absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Version {
    /// `localhost` since xapi 7.3, the build machine before. Never the exporting host.
    pub hostname: Option<String>,
    /// Build date of xapi, not the date of the export.
    pub date: Option<String>,
    /// Product version of the host, for example `8.2.1`.
    pub product_version: Option<String>,
    /// Product brand of the host, for example `XCP-ng`.
    pub product_brand: Option<String>,
    /// Build number of the host.
    pub build_number: Option<String>,
    /// First half of the number the import gate compares (section 11.2).
    pub xapi_major: Option<u32>,
    /// Second half of the number the import gate compares.
    pub xapi_minor: Option<u32>,
    /// Version of the archive format: 2 since XenServer 4.1; 0 when absent or not a number, as xapi has it.
    pub export_vsn: u32,
}

impl Version {
    /// Reads the members. Names are matched as they stand: xapi looks these up itself (`importexport.ml`).
    pub(super) fn read(members: &[(String, Value)]) -> (Version, Vec<Oddity>) {
        let mut oddities = Vec::new();
        let mut text = |field| match find(members, field) {
            Some(Value::Text(text)) => Some(text.clone()),
            Some(other) => {
                let found = other.type_name().to_owned();
                oddities.push(Oddity::BadVersionField { field, found });
                None
            }
            None => {
                oddities.push(Oddity::MissingVersionField { field });
                None
            }
        };
        let hostname = text("hostname");
        let date = text("date");
        let product_version = text("product_version");
        let product_brand = text("product_brand");
        let build_number = text("build_number");
        let xapi_major = text("xapi_major");
        let xapi_minor = text("xapi_minor");
        let mut number = |field, text: Option<String>| {
            let text = text?;
            let number = read_u32(&text);
            if number.is_none() {
                let found = clip(&text);
                oddities.push(Oddity::BadVersionField { field, found });
            }
            number
        };
        let version = Version {
            hostname,
            date,
            product_version,
            product_brand,
            build_number,
            xapi_major: number("xapi_major", xapi_major),
            xapi_minor: number("xapi_minor", xapi_minor),
            export_vsn: number("export_vsn", export_vsn(members)).unwrap_or(0),
        };
        (version, oddities)
    }
}

/// An absent `export_vsn` is the mark of the oldest format and no oddity.
fn export_vsn(members: &[(String, Value)]) -> Option<String> {
    Some(match find(members, "export_vsn")? {
        Value::Text(text) => text.clone(),
        other => other.type_name().to_owned(),
    })
}

fn find<'a>(members: &'a [(String, Value)], name: &str) -> Option<&'a Value> {
    members
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value)
}

fn read_u32(text: &str) -> Option<u32> {
    u32::try_from(crate::parse_integer(text)?).ok()
}
