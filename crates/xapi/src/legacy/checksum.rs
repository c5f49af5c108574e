//! The table of checksums at the end of an archive whose `export_vsn` is 0 or 1. It is read here and compared with the
//! blocks elsewhere.

use crate::xmlrpc::{self, Parsed, Value};
use crate::{Error, ErrorKind, Limits};

/// Reads `checksum.xml`: a struct of member name to SHA-1 in hexadecimal, in document order. Neither side is checked
/// beyond being text.
///
/// # Errors
///
/// Whatever [`xmlrpc::parse`] refuses, a root that is no struct, and a digest that is no text.
pub fn parse_checksum_table(bytes: &[u8], limits: &Limits) -> Result<Vec<(String, String)>, Error> {
    let Parsed {
        value: root,
        offset,
        ..
    } = xmlrpc::read(bytes, limits)?;
    let wrong = |what: &str, expected, found: &Value| {
        ErrorKind::WrongShape {
            what: crate::error::clip(what),
            expected,
            found: found.type_name(),
        }
        .at(offset)
    };
    let Value::Struct(members) = root else {
        return Err(wrong("the document", "struct", &root));
    };
    members
        .into_iter()
        .map(|(name, value)| match value {
            Value::Text(digest) => Ok((name, digest)),
            other => Err(wrong(&name, "text", &other)),
        })
        .collect()
}
