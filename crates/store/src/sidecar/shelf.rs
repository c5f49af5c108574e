//! Which files of a folder tell digests, by their names, and of what.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_model::catalog::DigestKind;

/// What a file is by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form<'a> {
    /// The digest of one file: `INPUT.sha256`, `INPUT.sha256sum` and the like of the other kinds, in either case.
    Beside {
        /// Name of that file.
        input: &'a [u8],
        /// Which digest.
        kind: DigestKind,
    },
    /// A list of digests: `SHA256SUMS`, `SHA256SUM`, the same with `.txt`, and the like of the other kinds, in either case.
    List {
        /// Which digests.
        kind: DigestKind,
    },
    /// `INPUT.checksum`, as Xen Orchestra writes it.
    XenOrchestra {
        /// Name of the file that it is of.
        input: &'a [u8],
    },
}

const KINDS: [(&str, DigestKind); 4] = [
    ("md5", DigestKind::Md5),
    ("sha1", DigestKind::Sha1),
    ("sha256", DigestKind::Sha256),
    ("sha512", DigestKind::Sha512),
];

/// What a file is by its name, without its folder; `None` if it tells no digest.
#[must_use]
pub fn form(name: &[u8]) -> Option<Form<'_>> {
    for (word, kind) in KINDS {
        let lists = [
            format!("{word}sums"),
            format!("{word}sum"),
            format!("{word}sums.txt"),
            format!("{word}sum.txt"),
        ];
        if lists
            .iter()
            .any(|list| name.eq_ignore_ascii_case(list.as_bytes()))
        {
            return Some(Form::List { kind });
        }
        for ending in [format!(".{word}"), format!(".{word}sum")] {
            if let Some(input) = without(name, ending.as_bytes()) {
                return Some(Form::Beside { input, kind });
            }
        }
    }
    without(name, b".checksum").map(|input| Form::XenOrchestra { input })
}

/// The name without its ending; `None` if nothing is left.
fn without<'a>(name: &'a [u8], ending: &[u8]) -> Option<&'a [u8]> {
    let at = name.len().checked_sub(ending.len())?;
    let (input, end) = name.split_at_checked(at)?;
    (!input.is_empty() && end.eq_ignore_ascii_case(ending)).then_some(input)
}

/// The files of one folder that tell digests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf {
    beside: BTreeMap<Vec<u8>, Vec<Vec<u8>>>,
    lists: Vec<Vec<u8>>,
    lone: Vec<Vec<u8>>,
    descriptions: BTreeSet<Vec<u8>>,
}

impl Shelf {
    /// Sorts the names of a folder's files.
    #[must_use]
    pub fn of(names: &BTreeSet<Vec<u8>>) -> Self {
        let mut shelf = Self::default();
        for name in names {
            match form(name) {
                Some(Form::List { .. }) => shelf.lists.push(name.clone()),
                Some(Form::Beside { input, .. } | Form::XenOrchestra { input }) => {
                    if names.contains(input) {
                        let of_input = shelf.beside.entry(input.to_vec()).or_default();
                        of_input.push(name.clone());
                    } else {
                        shelf.lone.push(name.clone());
                    }
                }
                None if name.ends_with(b".json") => {
                    shelf.descriptions.insert(name.clone());
                }
                None => {}
            }
        }
        shelf
    }

    /// Names of the files that lie beside an input for it alone.
    #[must_use]
    pub fn beside(&self, input: &[u8]) -> &[Vec<u8>] {
        self.beside.get(input).map_or(&[], Vec::as_slice)
    }

    /// Names of the lists.
    #[must_use]
    pub fn lists(&self) -> &[Vec<u8>] {
        &self.lists
    }

    /// Names of files like `INPUT.sha256` where there is no `INPUT`: lists of another name, or digests of a file that is gone.
    #[must_use]
    pub fn lone(&self) -> &[Vec<u8>] {
        &self.lone
    }

    /// Name of the JSON that may describe an input: `NAME.json` beside `NAME.xva`.
    #[must_use]
    pub fn description(&self, input: &[u8]) -> Option<&[u8]> {
        let mut name = without(input, b".xva")?.to_vec();
        name.extend_from_slice(b".json");
        self.descriptions.get(&name).map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_a_file_is() {
        let beside = |input: &'static str, kind| {
            Some(Form::Beside {
                input: input.as_bytes(),
                kind,
            })
        };
        for (name, expected) in [
            ("web.xva.sha256", beside("web.xva", DigestKind::Sha256)),
            ("web.xva.SHA256", beside("web.xva", DigestKind::Sha256)),
            ("web.xva.sha512sum", beside("web.xva", DigestKind::Sha512)),
            ("web.xva.md5", beside("web.xva", DigestKind::Md5)),
            ("web.xva.sha1sum", beside("web.xva", DigestKind::Sha1)),
            (
                "SHA256SUMS",
                Some(Form::List {
                    kind: DigestKind::Sha256,
                }),
            ),
            (
                "md5sums.txt",
                Some(Form::List {
                    kind: DigestKind::Md5,
                }),
            ),
            (
                "web.xva.checksum",
                Some(Form::XenOrchestra { input: b"web.xva" }),
            ),
            (".sha256", None),
            (".checksum", None),
            ("web.sha256.xva", None),
            ("sha256", None),
            ("checksum", None),
            ("web.xva", None),
            ("", None),
        ] {
            assert_eq!(form(name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn a_shelf_knows_what_belongs_to_whom() {
        let names = [
            "web.xva",
            "web.xva.md5",
            "web.xva.sha256",
            "web.json",
            "SHA256SUMS",
            "night.sha256",
            "gone.xva.sha256",
            "readme",
        ];
        let names = names.iter().map(|name| name.as_bytes().to_vec()).collect();
        let shelf = Shelf::of(&names);
        assert_eq!(
            shelf.beside(b"web.xva"),
            [b"web.xva.md5".to_vec(), b"web.xva.sha256".to_vec()]
        );
        assert!(shelf.beside(b"readme").is_empty());
        assert_eq!(shelf.lists(), [b"SHA256SUMS".to_vec()]);
        assert_eq!(
            shelf.lone(),
            [b"gone.xva.sha256".to_vec(), b"night.sha256".to_vec()]
        );
        assert_eq!(shelf.description(b"web.xva"), Some(&b"web.json"[..]));
        assert_eq!(shelf.description(b"readme"), None);
    }
}
