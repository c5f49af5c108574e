//! What the sweep has to say about a row or value. Each finding is built only if it is kept.

use xenspect_model::{Code, Severity};
use xenspect_xapi::datamodel::{Type, Why};
use xenspect_xapi::db::Row;
use xenspect_xapi::parse_integer;
use xenspect_xapi::value::Raw;
use xenspect_xapi::value::sexpr::{self, Quoting};

use super::logins::is_uuid;
use super::plan::{Check, Link, Need};
use super::references::Found;
use super::sweep::Sweep;
use crate::NAMED;

/// How references begin.
const PREFIX: &str = "OpaqueRef:";

impl<'d> Sweep<'_, 'd> {
    /// A set or map that can be read. xapi writes each in one way, so another one was not written by it.
    pub(super) fn spelling(
        &mut self,
        row: &Row<'d>,
        position: usize,
        raw: Raw<'d>,
        why: Option<Why>,
    ) -> Option<Why> {
        if why.is_some() || !self.compared {
            return why;
        }
        let text = raw.text();
        let quoting = Quoting::of(&text);
        let written = match (sexpr::decode_map(&text), sexpr::decode_set(&text)) {
            (Ok(map), _) if !map.is_empty() => quoting.map(map),
            (_, Ok(set)) => quoting.set(set),
            _ => return None,
        };
        if written != *text {
            self.spelt(row, position, "a value that is written in another way");
        }
        None
    }

    /// An integer in another form than [`is_plain_integer`](super::values::is_plain_integer) knows. xapi reads several
    /// (`0x25b`, `+603`) and writes each number in one way.
    pub(super) fn number(&mut self, row: &Row<'d>, position: usize, raw: Raw<'d>) -> Option<Why> {
        let text = raw.text();
        let Some(number) = parse_integer(&text) else {
            return Some(Why::NotAnInt);
        };
        if self.compared && number.to_string() != *text {
            self.spelt(row, position, "a number that is written in another way");
        }
        None
    }

    fn spelt(&mut self, row: &Row<'d>, position: usize, problem: &'static str) {
        let column = self.column(row, position);
        let context = self.context;
        self.sink.push_with(Code::DbEdited, || {
            let finding = context.at_column(Code::DbEdited, row, column);
            finding.fact("problem", problem)
        });
    }

    /// A text that its enumeration does not have. As other scalars it is read on its first use only (section 2.1).
    pub(super) fn no_word(&mut self, row: &Row<'d>, position: usize, raw: Raw<'d>) {
        if raw.is(super::file::REMOVED) {
            return;
        }
        let column = self.column(row, position);
        let context = self.context;
        self.sink.push_with(Code::DbValue, || {
            let mut finding = context
                .at_column(Code::DbValue, row, column)
                .fact("problem", "no word of its enumeration")
                .fact("length", raw.len() as u64);
            finding.xapi_error = None;
            finding
        });
    }

    /// A reference, given by its text, that leads nowhere.
    pub(super) fn dangling(&mut self, row: &Row<'d>, position: usize, link: &Link, text: &str) {
        if link.need == Need::Elsewhere || !self.context.whole {
            return;
        }
        let column = self.column(row, position);
        if link.need == Need::Row {
            let context = self.context;
            self.sink.push_with(Code::DbReferenceDangling, || {
                context
                    .at_column(Code::DbReferenceDangling, row, column)
                    .fact("to", text)
                    .fact("class", link.class)
            });
            return;
        }
        if !is_reference(text, self.prefixed) {
            let context = self.context;
            self.sink.push_with(Code::DbValue, || {
                let finding = context
                    .at_column(Code::DbValue, row, column)
                    .fact("problem", "not a reference")
                    .fact("length", text.len() as u64);
                let mut finding = finding.severity(Severity::Warning);
                finding.xapi_error = None;
                finding
            });
            return;
        }
        let left_over = self.left_over.entry((row.table(), column)).or_default();
        left_over.count += 1;
        if left_over.rows.len() < NAMED
            && let Some(reference) = row.reference()
        {
            left_over.rows.push(reference.into_owned());
        }
    }

    pub(super) fn wrong_table(
        &mut self,
        row: &Row<'d>,
        position: usize,
        link: &Link,
        target: Found,
    ) {
        let table = self.table_of(target);
        // A table by a wrong name is told by itself.
        if link.need == Need::Elsewhere || !super::contents::is_known(table) {
            return;
        }
        let column = self.column(row, position);
        let context = self.context;
        self.sink.push_with(Code::DbReferenceTable, || {
            context
                .at_column(Code::DbReferenceTable, row, column)
                .fact("class", link.class)
                .fact("found_in", table)
        });
    }

    pub(super) fn undecodable(
        &mut self,
        row: &Row<'d>,
        position: usize,
        check: &Check,
        raw: Raw<'d>,
        why: Why,
    ) {
        // Taken out on purpose, and told as that.
        if raw.is(super::file::REMOVED) {
            return;
        }
        let column = self.column(row, position);
        let context = self.context;
        self.sink.push_with(Code::DbValue, || {
            let mut finding = context
                .at_column(Code::DbValue, row, column)
                .fact("problem", why.to_string())
                .fact("length", raw.len() as u64);
            // Numbers and the like are read when they are used only.
            let at_load = match check {
                Check::Int | Check::Bool => false,
                Check::Other(ty) => !matches!(ty, Type::Float | Type::DateTime),
                _ => true,
            };
            if !at_load {
                finding.xapi_error = None;
            }
            if matches!(column, "allowed_operations" | "current_operations") {
                finding.xapi_error = None;
                finding = finding.severity(Severity::Warning);
            }
            finding
        });
    }

    pub(super) fn generations(&mut self, row: &Row<'d>) {
        let (ctime, mtime) = (row.ctime(), row.mtime());
        let (Some(made), Some(changed)) = (ctime, mtime) else {
            return;
        };
        let ordered = made <= changed && self.generation.is_none_or(|last| changed <= last);
        if ordered {
            return;
        }
        let (context, generation) = (self.context, self.generation);
        self.sink.push_with(Code::DbGenerationOrder, || {
            let finding = context
                .at_row(Code::DbGenerationOrder, row)
                .fact("__ctime", made.to_string())
                .fact("__mtime", changed.to_string());
            match generation {
                Some(last) => finding.fact("generation_count", last.to_string()),
                None => finding,
            }
        });
    }

    pub(super) fn column(&self, row: &Row<'d>, position: usize) -> &'d str {
        let mut names = self.database.shape_names(row.shape());
        names.nth(position).unwrap_or_default()
    }
}

/// Whether a text is one that references have: `OpaqueRef:` and a uuid (section 4). Real dumps up to 6.0 hold two others:
/// `cd` for the drive of a host, and `Ref:` and a number, left over from an import.
fn is_reference(text: &str, prefixed: bool) -> bool {
    if let Some(uuid) = text.strip_prefix(PREFIX) {
        return is_uuid(uuid);
    }
    let of_import = text.strip_prefix("Ref:").is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    !prefixed && (text == "cd" || of_import)
}
