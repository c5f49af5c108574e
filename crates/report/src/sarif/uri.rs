//! The URI of an input (RFC 3986).

/// The URI of a path as it stands in a report: relative where the path is, `file:` where it is not, and that of an object as it is.
/// Standard input has none; it goes by a word that no file can have.
pub(super) fn of(path: &str) -> String {
    if path == "-" {
        return "stdin:".to_owned();
    }
    if is_url(path) {
        return encoded(path, true);
    }
    if path.starts_with('/') {
        return format!("file://{}", encoded(path, false));
    }
    if is_drive(path) {
        return format!("file:///{}", encoded(&path.replace('\\', "/"), false));
    }
    let relative = encoded(path, false);
    // What stands before a colon would be a scheme; what is empty would be the report itself.
    match relative.split('/').next() {
        Some(first) if first.is_empty() || first.contains(':') => format!("./{relative}"),
        _ => relative,
    }
}

/// `s3://bucket/key` and the like.
fn is_url(path: &str) -> bool {
    let scheme = path.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

/// `C:\`, as Windows has it.
fn is_drive(path: &str) -> bool {
    let bytes = path.as_bytes();
    matches!(bytes, [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic())
}

/// Every byte that is not allowed in a path as `%XX`. Of a URL the percent signs stay that are of that form already, and the
/// characters that part it.
fn encoded(path: &str, is_url: bool) -> String {
    let bytes = path.as_bytes();
    let mut uri = String::with_capacity(path.len());
    for (at, &byte) in bytes.iter().enumerate() {
        let is_allowed = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte);
        let is_kept = is_url
            && match byte {
                b'?' | b'#' => false,
                b'%' => {
                    let digits = bytes.get(at.saturating_add(1)..at.saturating_add(3));
                    digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
                }
                _ => false,
            };
        if is_allowed || is_kept {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn each_kind_of_path() {
        for (path, uri) in [
            ("web01.xva", "web01.xva"),
            ("old/web 01.xva", "old/web%2001.xva"),
            ("../a.xva", "../a.xva"),
            ("a:b.xva", "./a:b.xva"),
            ("a/b:c.xva", "a/b:c.xva"),
            ("", "./"),
            ("-", "stdin:"),
            ("/mnt/nas/Müller.xva", "file:///mnt/nas/M%C3%BCller.xva"),
            ("/a%20b?c#d", "file:///a%2520b%3Fc%23d"),
            (r"C:\backups\a.xva", "file:///C:/backups/a.xva"),
            (
                "s3://bucket/2026/web 01.xva",
                "s3://bucket/2026/web%2001.xva",
            ),
            ("s3://bucket/a%20b%zz", "s3://bucket/a%20b%25zz"),
            ("a\u{1b}[2J\n\u{202e}<\"", "a%1B%5B2J%0A%E2%80%AE%3C%22"),
        ] {
            assert_eq!(of(path), uri);
        }
    }
}
