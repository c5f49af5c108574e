//! One change of a redo log (xapi `ocaml/database/redo_log.ml`): a nine-character tag, then strings that each have
//! their length as eight digits in front. Values are plain: S-expressions for sets and maps, white space unprotected.

use super::decimal;

const TAG: usize = 9;
const LENGTH: usize = 8;

/// A change. Its texts are as xapi holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delta<'a> {
    /// A new row.
    CreateRow {
        /// The table.
        table: &'a str,
        /// Reference of the row.
        reference: &'a str,
        /// Columns and their values.
        columns: Vec<(&'a str, &'a str)>,
    },
    /// A row is gone.
    DeleteRow {
        /// The table.
        table: &'a str,
        /// Reference of the row.
        reference: &'a str,
    },
    /// A column has a new value.
    WriteField {
        /// The table.
        table: &'a str,
        /// Reference of the row.
        reference: &'a str,
        /// The column.
        column: &'a str,
        /// Its value.
        value: &'a str,
    },
}

/// Why a change cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadDelta {
    /// The first nine bytes are none of the three tags.
    #[error("an unknown kind of change")]
    UnknownTag,
    /// A length is no number, or runs over the end of the record.
    #[error("a text that runs over the end of the change")]
    Cut,
    /// Bytes that are not UTF-8.
    #[error("a text that is not UTF-8")]
    NotUtf8,
}

impl<'a> Delta<'a> {
    /// Reads the data of a change record. What follows the change is ignored, as xapi does.
    pub fn parse(data: &'a [u8]) -> Result<Self, BadDelta> {
        let (tag, rest) = data.split_at_checked(TAG).ok_or(BadDelta::UnknownTag)?;
        let mut strings = Strings(rest);
        match tag {
            b"CreateRow" => Ok(Delta::CreateRow {
                table: strings.next()?,
                reference: strings.next()?,
                columns: strings.pairs()?,
            }),
            b"DeleteRow" => Ok(Delta::DeleteRow {
                table: strings.next()?,
                reference: strings.next()?,
            }),
            b"WriteFiel" => Ok(Delta::WriteField {
                table: strings.next()?,
                reference: strings.next()?,
                column: strings.next()?,
                value: strings.next()?,
            }),
            _ => Err(BadDelta::UnknownTag),
        }
    }

    /// The table it is about.
    pub fn table(&self) -> &'a str {
        match self {
            Delta::CreateRow { table, .. }
            | Delta::DeleteRow { table, .. }
            | Delta::WriteField { table, .. } => table,
        }
    }

    /// Reference of the row it is about.
    pub fn reference(&self) -> &'a str {
        match self {
            Delta::CreateRow { reference, .. }
            | Delta::DeleteRow { reference, .. }
            | Delta::WriteField { reference, .. } => reference,
        }
    }
}

struct Strings<'a>(&'a [u8]);

impl<'a> Strings<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], BadDelta> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(BadDelta::Cut)?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<usize, BadDelta> {
        let number = decimal(self.take(LENGTH)?).ok_or(BadDelta::Cut)?;
        usize::try_from(number).map_err(|_| BadDelta::Cut)
    }

    fn next(&mut self) -> Result<&'a str, BadDelta> {
        let length = self.number()?;
        std::str::from_utf8(self.take(length)?).map_err(|_| BadDelta::NotUtf8)
    }

    /// A count, then so many names and values. The vector only grows by what is there.
    fn pairs(&mut self) -> Result<Vec<(&'a str, &'a str)>, BadDelta> {
        let count = self.number()?;
        let mut pairs = Vec::new();
        for _ in 0..count {
            pairs.push((self.next()?, self.next()?));
        }
        Ok(pairs)
    }
}
