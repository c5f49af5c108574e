//! Names of files in containers. They are compared, shown and handed on, and never opened.

/// Characters of a name that a remark shows.
const SHOWN: usize = 120;

/// A name as it is stored, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Name {
    /// Parts joined by `/`, without empty ones and without `.`.
    Plain(String),
    /// Absolute, or with `..` in it: it would lead out of the container.
    Unsafe(String),
    /// The container's own root.
    Root,
}

impl Name {
    pub(crate) fn of(stored: &[u8]) -> Self {
        let text = String::from_utf8_lossy(stored);
        if text.starts_with('/') || text.split('/').any(|part| part == "..") {
            return Self::Unsafe(shown(&text));
        }
        let parts: Vec<&str> = text
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".")
            .collect();
        if parts.is_empty() {
            Self::Root
        } else {
            Self::Plain(parts.join("/"))
        }
    }
}

/// The first part of a name and the rest; `None` where it has only one.
pub(super) fn split_top(name: &str) -> Option<(&str, &str)> {
    name.split_once('/')
}

/// A name as remarks show it.
pub(crate) fn shown(name: &str) -> String {
    if name.chars().count() <= SHOWN {
        return name.to_owned();
    }
    let mut short: String = name.chars().take(SHOWN).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_alike_and_those_that_lead_out_are_told() {
        let plain = |name: &str| Name::Plain(name.to_owned());
        for (stored, wanted) in [
            ("etc/fstab", plain("etc/fstab")),
            ("./etc/fstab", plain("etc/fstab")),
            ("././etc//fstab", plain("etc/fstab")),
            ("etc/./fstab/", plain("etc/fstab")),
            ("a..b/..c", plain("a..b/..c")),
            ("./", Name::Root),
            ("", Name::Root),
            ("/etc/fstab", Name::Unsafe("/etc/fstab".to_owned())),
            ("./../x", Name::Unsafe("./../x".to_owned())),
            ("a/..", Name::Unsafe("a/..".to_owned())),
        ] {
            assert_eq!(Name::of(stored.as_bytes()), wanted, "{stored}");
        }
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        let long = "ä".repeat(1000);
        assert_eq!(shown(&long).chars().count(), SHOWN + 1);
    }
}
