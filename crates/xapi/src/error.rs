//! Why a document could not be read at all. Deviations that were stepped over are oddities of the format's own module.

use std::fmt;

/// A document that cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} (byte {offset} of the document)")]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Byte offset in the document, counted from its first byte (a byte order mark included). For a fault of shape
    /// (a missing member, a value of the wrong type) it is the start of the root element, and the kind says which
    /// member is meant.
    pub offset: u64,
}

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text is not well-formed XML. xapi's writer does not escape member names (`formats/xva.md` section 3), so a
    /// map key that holds `<` or `&` ends here too.
    NotWellFormed {
        /// What the XML reader met; long text from the document is cut.
        reason: String,
    },
    /// A document type declaration, or a reference to an entity other than the five predefined ones. Never expanded.
    DoctypeOrEntity,
    /// Values or elements nest deeper than [`Limits::depth`](crate::Limits::depth).
    TooDeep {
        /// The limit that was passed.
        limit: usize,
    },
    /// More values than [`Limits::values`](crate::Limits::values).
    TooManyValues {
        /// The limit that was passed.
        limit: usize,
    },
    /// More attributes on one element than [`Limits::attributes`](crate::Limits::attributes).
    TooManyAttributes {
        /// The limit that was passed.
        limit: usize,
    },
    /// The document is larger than [`Limits::bytes`](crate::Limits::bytes).
    TooLarge {
        /// The limit that was passed, in bytes.
        limit: usize,
    },
    /// The bytes are not UTF-8.
    NotUtf8,
    /// An element that the format does not have at this place.
    UnexpectedElement {
        /// Name of the element; cut when long.
        name: String,
        /// Name of the element around it, empty at the root.
        inside: &'static str,
    },
    /// Text other than white space where the format has elements only.
    UnexpectedText {
        /// Name of the element around the text.
        inside: &'static str,
    },
    /// An element that must be there is not, such as the `value` of a `member`.
    MissingElement {
        /// The element that is missing.
        name: &'static str,
        /// Name of the element it belongs in.
        inside: &'static str,
    },
    /// A struct lacks a member the reader cannot do without: `version` or `objects` of an export, `class`, `id` or
    /// `snapshot` of an object.
    MissingMember {
        /// The member.
        name: &'static str,
        /// The struct it belongs to: empty for the top level, else for example `objects[3]`.
        inside: String,
    },
    /// A value is of another type than the format says.
    WrongShape {
        /// Which value, for example `objects[3].snapshot`.
        what: String,
        /// The type it should have.
        expected: &'static str,
        /// The type it has.
        found: &'static str,
    },
    /// The document ends before its root element does.
    Truncated,
}

impl ErrorKind {
    /// A short stable name of the kind, for machines.
    pub fn name(&self) -> &'static str {
        match self {
            ErrorKind::NotWellFormed { .. } => "not-well-formed",
            ErrorKind::DoctypeOrEntity => "doctype-or-entity",
            ErrorKind::TooDeep { .. } => "too-deep",
            ErrorKind::TooManyValues { .. } => "too-many-values",
            ErrorKind::TooManyAttributes { .. } => "too-many-attributes",
            ErrorKind::TooLarge { .. } => "too-large",
            ErrorKind::NotUtf8 => "not-utf8",
            ErrorKind::UnexpectedElement { .. } => "unexpected-element",
            ErrorKind::UnexpectedText { .. } => "unexpected-text",
            ErrorKind::MissingElement { .. } => "missing-element",
            ErrorKind::MissingMember { .. } => "missing-member",
            ErrorKind::WrongShape { .. } => "wrong-shape",
            ErrorKind::Truncated => "truncated",
        }
    }

    /// True when a limit of the caller was passed, which says nothing about the document being right or wrong.
    pub fn is_limit(&self) -> bool {
        matches!(
            self,
            ErrorKind::TooDeep { .. }
                | ErrorKind::TooManyValues { .. }
                | ErrorKind::TooManyAttributes { .. }
                | ErrorKind::TooLarge { .. }
        )
    }

    pub(crate) fn at(self, offset: u64) -> Error {
        Error { kind: self, offset }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorKind::NotWellFormed { reason } => write!(f, "not well-formed XML: {reason}"),
            ErrorKind::DoctypeOrEntity => {
                f.write_str("a DOCTYPE or an entity reference, which is never expanded")
            }
            ErrorKind::TooDeep { limit } => write!(f, "nested deeper than {limit} levels"),
            ErrorKind::TooManyValues { limit } => write!(f, "more than {limit} values"),
            ErrorKind::TooManyAttributes { limit } => {
                write!(f, "more than {limit} attributes on one element")
            }
            ErrorKind::TooLarge { limit } => write!(f, "larger than {limit} bytes"),
            ErrorKind::NotUtf8 => f.write_str("not UTF-8"),
            ErrorKind::UnexpectedElement { name, inside: "" } => {
                write!(f, "the root element is `{name}`")
            }
            ErrorKind::UnexpectedElement { name, inside } => {
                write!(f, "unexpected element `{name}` inside `{inside}`")
            }
            ErrorKind::UnexpectedText { inside } => write!(f, "unexpected text inside `{inside}`"),
            ErrorKind::MissingElement { name, inside } => {
                write!(f, "no `{name}` inside `{inside}`")
            }
            ErrorKind::MissingMember { name, inside } if inside.is_empty() => {
                write!(f, "no member `{name}`")
            }
            ErrorKind::MissingMember { name, inside } => {
                write!(f, "no member `{name}` in {inside}")
            }
            ErrorKind::WrongShape {
                what,
                expected,
                found,
            } => write!(f, "{what} is {found}, expected {expected}"),
            ErrorKind::Truncated => f.write_str("the document ends before its root element does"),
        }
    }
}

/// Longest piece of document text that an error or an oddity carries, in bytes.
const CLIP: usize = 256;

/// A copy of text from the document that is safe to keep many times over: cut at [`CLIP`] bytes, with an ellipsis.
pub(crate) fn clip(text: &str) -> String {
    let end = (0..=CLIP).rev().find(|&at| text.is_char_boundary(at));
    match text.get(..end.unwrap_or_default()) {
        Some(head) if head.len() < text.len() => format!("{head}…"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::clip;

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(clip(""), "");
        assert_eq!(clip("short"), "short");
        let exact = "x".repeat(256);
        assert_eq!(clip(&exact), exact);
        assert_eq!(clip(&format!("{exact}y")), format!("{exact}…"));
        let wide = "é".repeat(200);
        assert_eq!(clip(&wide), format!("{}…", "é".repeat(128)));
        let straddling = format!("a{wide}");
        assert_eq!(clip(&straddling), format!("a{}…", "é".repeat(127)));
    }
}
