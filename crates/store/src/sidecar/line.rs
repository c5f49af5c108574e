//! One record of a list of digests, in each of the forms that the tools write and read.
//!
//! GNU coreutils (`src/cksum.c`, `split_3` and `bsd_split_3`): `HASH  NAME` and `HASH *NAME`; with `--tag`, as BSD's tools do,
//! `SHA256 (NAME) = HASH`; a record that begins with a backslash has `\\`, `\n` and `\r` in its name. One blank alone before
//! the name is the reversed form of BSD. OpenSSL writes `SHA2-256(NAME)= HASH`. A hash by itself is what scripts write.

use std::borrow::Cow;

use xenspect_model::catalog::DigestKind;

use super::text::Ends;
use super::{kind_of_length, unhex};

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record<'a> {
    /// Nothing, or a comment.
    Blank,
    /// A digest and the name of its file, as it is on disk.
    Named {
        /// Which digest.
        kind: DigestKind,
        /// Its bytes.
        digest: Vec<u8>,
        /// The name.
        name: Cow<'a, [u8]>,
    },
    /// A digest without a name.
    Lone {
        /// Which digest.
        kind: DigestKind,
        /// Its bytes.
        digest: Vec<u8>,
    },
    /// A digest that is not computed here (SHA-224, BLAKE2b and others).
    OtherDigest,
    /// Anything else.
    Malformed,
}

/// Bytes of the digests that are well-formed and not computed: SHA-224 and SHA-384.
const OTHER_LENGTHS: [usize; 2] = [28, 48];

/// Tags of the digests that are computed.
const TAGS: [(&str, DigestKind); 6] = [
    ("MD5", DigestKind::Md5),
    ("SHA1", DigestKind::Sha1),
    ("SHA256", DigestKind::Sha256),
    ("SHA2-256", DigestKind::Sha256),
    ("SHA512", DigestKind::Sha512),
    ("SHA2-512", DigestKind::Sha512),
];

/// Reads one record. `kind` is that of the list by its own name: without a tag, another kind is malformed then, as for coreutils.
#[must_use]
pub fn record(bytes: &[u8], ends: Ends, kind: Option<DigestKind>) -> Record<'_> {
    let bytes = match ends {
        Ends::Line => bytes.trim_ascii_start(),
        Ends::Zero => bytes,
    };
    if bytes.is_empty() || bytes.starts_with(b"#") {
        return Record::Blank;
    }
    let (escaped, bytes) = match bytes.strip_prefix(b"\\") {
        Some(rest) if ends == Ends::Line => (true, rest),
        _ => (false, bytes),
    };
    let read = tagged(bytes).or_else(|| untagged(bytes, kind));
    match read {
        Some(Record::Named { kind, digest, name }) if escaped => {
            unescaped(&name).map_or(Record::Malformed, |name| Record::Named {
                kind,
                digest,
                name: Cow::Owned(name),
            })
        }
        Some(record) => record,
        None => Record::Malformed,
    }
}

/// `HASH  NAME`, `HASH *NAME`, `HASH NAME` or `HASH`.
fn untagged(bytes: &[u8], expected: Option<DigestKind>) -> Option<Record<'_>> {
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count();
    let (digits, rest) = bytes.split_at_checked(digits)?;
    let digest = unhex(digits)?;
    let name = match rest {
        [] => None,
        [b' ' | b'\t'] | [b' ' | b'\t', b' ' | b'*'] => None,
        [b' ', b' ' | b'*', name @ ..] | [b' ' | b'\t', name @ ..] => Some(name),
        _ => return None,
    };
    if OTHER_LENGTHS.contains(&digest.len()) && expected.is_none() {
        return Some(Record::OtherDigest);
    }
    let kind = kind_of_length(digest.len())?;
    if expected.is_some_and(|expected| expected != kind) {
        return None;
    }
    Some(match name {
        None => Record::Lone { kind, digest },
        Some(name) => Record::Named {
            kind,
            digest,
            name: Cow::Borrowed(name),
        },
    })
}

/// `TAG (NAME) = HASH`, with or without the blanks.
fn tagged(bytes: &[u8]) -> Option<Record<'_>> {
    let open = bytes.iter().position(|&byte| byte == b'(')?;
    let close = bytes.iter().rposition(|&byte| byte == b')')?;
    let tag = bytes.get(..open)?.trim_ascii_end();
    let name = bytes.get(open.checked_add(1)?..close)?;
    let hash = bytes.get(close.checked_add(1)?..)?.trim_ascii();
    let digest = unhex(hash.strip_prefix(b"=")?.trim_ascii_start())?;
    let is_tag = |&byte: &u8| byte.is_ascii_alphanumeric() || b"-/".contains(&byte);
    if tag.is_empty() || name.is_empty() || digest.is_empty() || !tag.iter().all(is_tag) {
        return None;
    }
    let known = TAGS
        .iter()
        .find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(tag));
    match known {
        None => Some(Record::OtherDigest),
        Some(&(_, kind)) if digest.len() == kind.len() => Some(Record::Named {
            kind,
            digest,
            name: Cow::Borrowed(name),
        }),
        Some(_) => None,
    }
}

/// A name without the escapes of coreutils; `None` where one is none.
fn unescaped(name: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(name.len());
    let mut bytes = name.iter();
    while let Some(&byte) = bytes.next() {
        plain.push(match byte {
            b'\\' => match bytes.next()? {
                b'\\' => b'\\',
                b'n' => b'\n',
                b'r' => b'\r',
                _ => return None,
            },
            byte => byte,
        });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MD5: &str = "900150983cd24fb0d6963f7d28e17f72";
    const SHA256: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    /// `MD5`, `SHA256`, the upper-case ones and others are put in for `{m}`, `{s}`, `{S}`.
    fn text(form: &str) -> Vec<u8> {
        form.replace("{m}", MD5)
            .replace("{S}", &SHA256.to_uppercase())
            .replace("{s}", SHA256)
            .replace("{sha384}", &"0".repeat(96))
            .into_bytes()
    }

    fn named(kind: DigestKind, name: &[u8]) -> Record<'static> {
        let digits = if kind == DigestKind::Md5 { MD5 } else { SHA256 };
        Record::Named {
            kind,
            digest: unhex(digits.as_bytes()).unwrap(),
            name: Cow::Owned(name.to_vec()),
        }
    }

    #[test]
    fn every_form_is_read() {
        use DigestKind::{Md5, Sha256};
        let lone = Record::Lone {
            kind: Sha256,
            digest: unhex(SHA256.as_bytes()).unwrap(),
        };
        for (form, expected) in [
            // GNU coreutils, text and binary.
            ("{s}  web.xva", named(Sha256, b"web.xva")),
            ("{m} *web.xva", named(Md5, b"web.xva")),
            ("{S}  web.xva", named(Sha256, b"web.xva")),
            ("  {s}  web.xva", named(Sha256, b"web.xva")),
            ("{s}   web.xva", named(Sha256, b" web.xva")),
            ("{s}  a b (1) = c", named(Sha256, b"a b (1) = c")),
            (r"\{s}  a\nb\\c\rd", named(Sha256, b"a\nb\\c\rd")),
            (r"{s}  a\nb", named(Sha256, br"a\nb")),
            // The reversed form of BSD, and a tab.
            ("{s} web.xva", named(Sha256, b"web.xva")),
            ("{s}\tweb.xva", named(Sha256, b"web.xva")),
            // With a tag: GNU and BSD, OpenSSL 1 and 3.
            ("SHA256 (web.xva) = {s}", named(Sha256, b"web.xva")),
            (r"\MD5 (a\nb) = {m}", named(Md5, b"a\nb")),
            ("MD5 (a) (b) = {m}", named(Md5, b"a) (b")),
            ("MD5(web.xva)= {m}", named(Md5, b"web.xva")),
            ("SHA2-256(web.xva)= {s}", named(Sha256, b"web.xva")),
            // Without a name.
            ("{s}", lone.clone()),
            ("{s}  ", lone),
            ("", Record::Blank),
            ("   ", Record::Blank),
            ("# made by hand", Record::Blank),
            ("SHA384 (web.xva) = {sha384}", Record::OtherDigest),
            ("BLAKE2b (web.xva) = {s}", Record::OtherDigest),
            ("{sha384}  web.xva", Record::OtherDigest),
            // None of these.
            ("{m}{m}{m}  web.xva", Record::OtherDigest),
            (r"\{s}  a\tb", Record::Malformed),
            (r"\{s}  a\", Record::Malformed),
            ("{s}web.xva", Record::Malformed),
            ("{m}0  web.xva", Record::Malformed),
            ("SHA256 (web.xva) = {m}", Record::Malformed),
            ("SHA256 () = {s}", Record::Malformed),
            ("SHA256 (web.xva) {s}", Record::Malformed),
            ("web.xva  {s}", Record::Malformed),
            ("-----BEGIN PGP SIGNED MESSAGE-----", Record::Malformed),
        ] {
            assert_eq!(record(&text(form), Ends::Line, None), expected, "{form}");
        }
    }

    #[test]
    fn a_list_of_one_kind_holds_no_other() {
        let line = text("{m}  web.xva");
        let read = |kind| record(&line, Ends::Line, Some(kind));
        assert_eq!(read(DigestKind::Md5), named(DigestKind::Md5, b"web.xva"));
        assert_eq!(read(DigestKind::Sha256), Record::Malformed);
        // A tag says what it is, whatever the list is called.
        let line = text("MD5 (web.xva) = {m}");
        let tagged = record(&line, Ends::Line, Some(DigestKind::Sha256));
        assert_eq!(tagged, named(DigestKind::Md5, b"web.xva"));
    }

    #[test]
    fn nothing_is_escaped_where_records_end_with_zeros() {
        let line = text("{s}  a\nb\\n");
        assert_eq!(
            record(&line, Ends::Zero, None),
            named(DigestKind::Sha256, b"a\nb\\n")
        );
    }
}
