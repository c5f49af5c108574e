//! The edges of a document: its declaration, its end, and an end that comes too early.

use super::super::{Error, ErrorKind, OddityKind, offset_of};
use super::{Manifest, Place, Reader, Root, Step};
use crate::error::clip;
use crate::value::{Raw, is_xml_char};
use crate::well_formed;

impl<'a> Reader<'a> {
    /// The document ends, or cannot be read on, inside the root.
    pub(super) fn cut(&mut self, at: usize) -> Result<(), Error> {
        let Some(&place) = self.stack.last() else {
            return Err(ErrorKind::not_a_database("the end of the input").at(at));
        };
        let inside = place.name();
        let cut = OddityKind::Cut { inside }.at(at);
        self.oddities
            .push(match self.stack.contains(&Place::Table) {
                true => cut.in_table(&self.table),
                false => cut,
            });
        if self.stack.contains(&Place::Manifest) {
            self.manifest = Manifest::Pending;
        }
        self.root = Root::After {
            complete: false,
            at,
        };
        Ok(())
    }

    pub(super) fn finish(&mut self, complete: bool, at: usize) -> Step {
        match self.manifest {
            Manifest::Pending => {
                self.manifest = Manifest::Given;
                return Step::Manifest;
            }
            Manifest::Missing => self.oddities.push(OddityKind::NoManifest.at(at)),
            Manifest::Given => {}
        }
        if complete {
            self.after_the_end(at);
        }
        self.root = Root::Done;
        Step::End { complete, at }
    }

    /// Looks for anything but white space and comments behind the database.
    fn after_the_end(&mut self, from: usize) {
        let mut rest = self.bytes.get(from..).unwrap_or_default();
        loop {
            rest = rest.trim_ascii_start();
            let close: &[u8] = match rest {
                [b'<', b'!', b'-', b'-', ..] => b"-->",
                [b'<', b'?', ..] => b"?>",
                _ => break,
            };
            match memchr::memmem::find(rest, close) {
                Some(end) => {
                    let end = end.saturating_add(close.len());
                    // One that is not right is no comment: a second dump begins like that.
                    if aside_fault(rest.get(..end).unwrap_or_default()).is_some() {
                        break;
                    }
                    rest = rest.get(end..).unwrap_or_default();
                }
                None => break,
            }
        }
        if !rest.is_empty() {
            let bytes = offset_of(rest.len());
            let at = self.bytes.len().saturating_sub(rest.len());
            self.oddities
                .push(OddityKind::DataAfterEnd { bytes }.at(at));
        }
    }

    pub(super) fn declare(&mut self, bytes: &'a [u8], at: usize) {
        if at != self.start {
            self.malformed("an XML declaration after the start", at);
            return;
        }
        self.declaration = Some(Raw::new(bytes));
        let markup = String::from_utf8_lossy(bytes);
        let encoding = match well_formed::declaration(&markup) {
            Ok(encoding) => encoding.unwrap_or("utf-8"),
            Err(reason) => return self.malformed(reason, at),
        };
        let is_ascii = ["us-ascii", "ascii"]
            .iter()
            .any(|ascii| encoding.eq_ignore_ascii_case(ascii));
        if is_ascii && !self.bytes.get(at..).unwrap_or_default().is_ascii() {
            self.malformed("bytes beyond the ASCII that the declaration names", at);
        } else if !is_ascii && !encoding.eq_ignore_ascii_case("utf-8") {
            let name = clip(encoding);
            self.oddities.push(OddityKind::Encoding { name }.at(at));
        }
    }

    /// A comment or a processing instruction.
    pub(super) fn aside(&mut self, bytes: &[u8], at: usize) {
        if let Some(reason) = aside_fault(bytes) {
            self.malformed(reason, at);
        }
        let markup = std::str::from_utf8(bytes).unwrap_or_default();
        let bad = markup.char_indices().find(|&(_, c)| !is_xml_char(c));
        if let Some((within, c)) = bad {
            let code = u32::from(c);
            let at = at.saturating_add(within);
            self.oddities
                .push(OddityKind::IllegalCharacter { code }.at(at));
        }
    }

    pub(super) fn malformed(&mut self, reason: &str, at: usize) {
        let reason = reason.to_owned();
        let oddity = self.here(OddityKind::Malformed { reason }, at);
        self.oddities.push(oddity);
    }
}

/// What is wrong with the form of a comment or a processing instruction.
fn aside_fault(bytes: &[u8]) -> Option<&'static str> {
    let Ok(markup) = std::str::from_utf8(bytes) else {
        return Some("markup that is not UTF-8");
    };
    match bytes {
        [b'<', b'?', ..] => well_formed::instruction(markup),
        _ => well_formed::comment(markup),
    }
}
