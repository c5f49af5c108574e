//! The edges of a document: its declaration, its end, and an end that comes too early.

use super::super::tag::Tag;
use super::super::{Error, ErrorKind, OddityKind, offset_of};
use super::{Manifest, Place, Reader, Root, Step};
use crate::error::clip;
use crate::value::Raw;

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
            let reason = "an XML declaration after the start".to_owned();
            self.oddities.push(OddityKind::Malformed { reason }.at(at));
            return;
        }
        self.declaration = Some(Raw::new(bytes));
        let mut attributes = Vec::new();
        // A declaration is a tag with two question marks.
        let body = bytes.get(1..).unwrap_or_default();
        let end = body.len().saturating_sub(2);
        let tag = Tag {
            bytes: body.get(..end).unwrap_or_default(),
            at: at.saturating_add(1),
        };
        if tag.attributes(&[], &self.limits, &mut attributes).is_err() {
            return;
        }
        let encoding = attributes
            .iter()
            .find(|attribute| attribute.name == "encoding")
            .map(|attribute| (attribute.value.unescaped(), attribute.at));
        if let Some((name, at)) = encoding.filter(|(name, _)| {
            !["utf-8", "utf8", "us-ascii"]
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known))
        }) {
            let name = clip(&name);
            self.oddities.push(OddityKind::Encoding { name }.at(at));
        }
    }
}
