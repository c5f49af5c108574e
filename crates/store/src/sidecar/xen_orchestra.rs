//! The `.checksum` that Xen Orchestra writes beside a file (`@xen-orchestra/fs`, `checksum.js`): the form of crypt(3) without a salt,
//! `$1$$` MD5, `$5$$` SHA-256, `$6$$` SHA-512 and hexadecimal digits. It is made of the bytes as they are stored, also in an
//! encrypted repository, and read with white space around it taken off.

use xenspect_model::catalog::DigestKind;

use super::unhex;

/// Bytes beyond which a file is no such checksum.
pub const CHECKSUM_LIMIT: u64 = 4096;

/// The numbers of the algorithms.
const KINDS: [(&[u8], DigestKind); 3] = [
    (b"$1$$", DigestKind::Md5),
    (b"$5$$", DigestKind::Sha256),
    (b"$6$$", DigestKind::Sha512),
];

/// Reads the text of a `.checksum`.
#[must_use]
pub fn checksum(bytes: &[u8]) -> Option<(DigestKind, Vec<u8>)> {
    let text = bytes.trim_ascii();
    let (kind, digits) = KINDS
        .iter()
        .find_map(|(prefix, kind)| Some((*kind, text.strip_prefix(*prefix)?)))?;
    let digest = unhex(digits)?;
    (digest.len() == kind.len()).then_some((kind, digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_algorithm_is_told_by_its_number() {
        let digits = |bytes: usize| "5a".repeat(bytes);
        for (number, kind) in [
            ("1", DigestKind::Md5),
            ("5", DigestKind::Sha256),
            ("6", DigestKind::Sha512),
        ] {
            let text = format!("${number}$${}", digits(kind.len()));
            let read = Some((kind, vec![0x5a; kind.len()]));
            assert_eq!(checksum(text.as_bytes()), read);
            assert_eq!(checksum(format!(" {text}\r\n").as_bytes()), read);
        }
    }

    #[test]
    fn anything_else_is_none() {
        let md5 = "900150983cd24fb0d6963f7d28e17f72";
        for text in [
            String::new(),
            md5.to_owned(),
            format!("$1${md5}"),
            format!("$1$salt${md5}"),
            format!("$5$${md5}"),
            format!("$2$${md5}"),
            format!("$1$${md5}0"),
            format!("$1$${}", &md5[1..]),
            format!("$1$${md5} {md5}"),
            format!("$1$${}", md5.replace('9', "g")),
        ] {
            assert_eq!(checksum(text.as_bytes()), None, "{text}");
        }
    }
}
