//! `etc/fstab`, as far as the installer looks at it: a device and where it is mounted.

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The device: `LABEL=root-abcdef`.
    pub spec: String,
    /// Where it is mounted.
    pub file: String,
}

/// The lines that have two words at least; comments are left out.
#[must_use]
pub fn parse(bytes: &[u8]) -> Vec<Entry> {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().map(str::trim_start);
    lines
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some(Entry {
                spec: words.next()?.to_owned(),
                file: words.next()?.to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_have_two_words() {
        let text = "# a comment\nLABEL=root-abcdef    /         ext3     defaults   1  1\n\nnone\n  LABEL=BOOT-ABC /boot/efi vfat\n";
        let entries: Vec<_> = super::parse(text.as_bytes())
            .into_iter()
            .map(|entry| (entry.spec, entry.file))
            .collect();
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            entries,
            [
                pair("LABEL=root-abcdef", "/"),
                pair("LABEL=BOOT-ABC", "/boot/efi")
            ]
        );
    }
}
