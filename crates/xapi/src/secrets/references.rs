//! References to rows of the table `secret`: `<name>_secret` holds the uuid of one, and there is the value. Telling such
//! a reference from a secret that looks like a uuid lives here.

use std::collections::HashSet;

use super::lookup::secret_name;
use crate::db::Database;

/// What a reference may refer to.
#[derive(Debug, Default)]
pub(crate) struct References {
    /// The uuids of the rows there are, in small letters. `None` where that is not known: in an export, in a value
    /// alone, in a dump that ends too early.
    rows: Option<HashSet<String>>,
}

impl References {
    /// Those of a database. Its first releases spelled the table `Secret`.
    pub(crate) fn of(database: &Database<'_>) -> References {
        if !database.is_complete() {
            return References::default();
        }
        let tables = database.tables();
        let rows = tables
            .filter(|table| table.name().eq_ignore_ascii_case("secret"))
            .flat_map(|table| table.rows())
            .filter_map(|row| Some(row.uuid()?.to_ascii_lowercase()));
        References {
            rows: Some(rows.collect()),
        }
    }

    /// True when the value under a key is a reference and no secret.
    pub(crate) fn has(&self, key: &str, text: &str) -> bool {
        let suffix = "secret";
        let name = key
            .len()
            .checked_sub(suffix.len())
            .and_then(|start| key.split_at_checked(start))
            .filter(|(name, tail)| !name.is_empty() && tail.eq_ignore_ascii_case(suffix))
            .map(|(name, _)| name);
        let Some(name) = name.filter(|_| is_uuid(text)) else {
            return false;
        };
        match &self.rows {
            Some(rows) => rows.contains(&text.to_ascii_lowercase()),
            // What is not known to be a reference has to be called one.
            None => name.strip_suffix('_').and_then(secret_name).is_some(),
        }
    }
}

/// True for a text in the form of a uuid.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::DumpLimits;

    const UUID: &str = "61b6ac70-9062-fe58-bb77-47fe5d806037";

    #[test]
    fn by_name_where_rows_are_not_known() {
        let references = References::default();
        for (key, expected) in [
            ("password_secret", true),
            ("cifspassword_SECRET", true),
            ("client_secret", false),
            ("DiagnosticToken.Secret", false),
            ("passwordsecret", false),
            ("_secret", false),
            ("secret", false),
            ("password", false),
        ] {
            assert_eq!(references.has(key, UUID), expected, "{key}");
            assert!(!references.has(key, "hunter2"), "{key}");
        }
    }

    #[test]
    fn by_row_where_they_are() {
        let dump = format!(
            "<database><manifest/><table name=\"Secret\"><row ref=\"r\" uuid=\"{UUID}\"/></table></database>"
        );
        let read =
            |bytes: &[u8]| References::of(&Database::read(bytes, &DumpLimits::default()).unwrap());
        let references = read(dump.as_bytes());
        let other = UUID.replace('6', "7");
        for key in ["password_secret", "client_secret", "UploadToken.Secret"] {
            assert!(references.has(key, UUID), "{key}");
            assert!(references.has(key, &UUID.to_uppercase()), "{key}");
            assert!(!references.has(key, &other), "{key}");
        }
        assert!(!references.has("secret", UUID));
    }
}
