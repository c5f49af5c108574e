//! Rows as their writer writes them: the columns of the row before, one space between them, and nothing that needs a closer
//! look. Nearly all rows of a dump are such, and one pass over their bytes is all that they need. Any other row is
//! left to the XML reader as it stands, so that this decides nothing but how long it takes.

use super::super::form::{self, Form};
use super::super::tag::Attribute;
use super::super::{Error, ErrorKind};
use super::{Place, Reader, Step};
use crate::value::Raw;

impl<'a> Reader<'a> {
    /// The row that comes next, if it is such a one.
    pub(super) fn next_row(&mut self) -> Result<Option<Step>, Error> {
        if self.leads.is_empty() || self.stack.last() != Some(&Place::Table) {
            return Ok(None);
        }
        let at = self.position();
        let text = self.bytes.get(at..).unwrap_or_default();
        let Some(behind) = self.scan_row(text, at) else {
            return Ok(None);
        };
        if self.rows >= self.limits.rows {
            let limit = self.limits.rows;
            return Err(ErrorKind::TooManyRows { limit }.at(at));
        }
        self.rows = self.rows.saturating_add(1);
        self.ahead = Some(self.bytes.len().saturating_sub(behind.len()));
        self.check_row(at);
        Ok(Some(Step::Row {
            at,
            same_names: true,
        }))
    }

    /// Reads the attributes and the form of a row, and gives what follows it.
    fn scan_row(&mut self, text: &'a [u8], at: usize) -> Option<&'a [u8]> {
        let mut rest = text.strip_prefix(b"<row")?;
        self.attributes.clear();
        let mut form = Form::PLAIN;
        for (&name, lead) in self.names.iter().zip(&self.leads) {
            let value = rest.strip_prefix(*lead)?;
            let (len, of) = form::value(value)?;
            if len > self.limits.value_bytes {
                return None;
            }
            form = form.and(of);
            let before = text.len().saturating_sub(value.len());
            let (value, after) = value.split_at_checked(len)?;
            self.attributes.push(Attribute {
                name,
                value: Raw::new(value),
                at: at.saturating_add(before),
            });
            rest = after.strip_prefix(b"\"")?;
        }
        let behind = rest.strip_prefix(b"/>")?;
        self.form = form;
        // Text or a byte order mark between rows is for the XML reader to see as it comes.
        behind.starts_with(b"<").then_some(behind)
    }

    /// Keeps what stands before the values of a row, so that the rows that follow are compared with it.
    pub(super) fn keep_leads(&mut self) {
        self.leads.clear();
        for attribute in &self.attributes {
            let lead = (attribute.at)
                .checked_sub(attribute.name.len().saturating_add(3))
                .and_then(|start| self.bytes.get(start..attribute.at))
                .filter(|lead| {
                    let name = lead
                        .strip_prefix(b" ")
                        .and_then(|lead| lead.strip_suffix(b"=\""));
                    name == Some(attribute.name.as_bytes())
                });
            match lead {
                Some(lead) => self.leads.push(lead),
                None => return self.leads.clear(),
            }
        }
    }
}
