//! A dump as a stream of events. Which element may stand where lives here; what the single elements hold is in
//! `elements`, how a document starts and ends in `ends`, and the quick way through most rows in `rows`. Tags and the
//! look of events are beside this module.

mod elements;
mod ends;
mod markup;
mod rows;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use quick_xml::errors::Error as XmlError;
use quick_xml::reader::Reader as XmlReader;

use self::markup::{Markup, by_first_bytes, markup};
use super::event::{Event, Pair, Roles, RowEvent};
use super::form::Form;
use super::split::Split;
use super::tag::{Attribute, Tag, is_space};
use super::{DumpLimits, Error, ErrorKind, Oddities, Oddity, OddityKind, offset_of};
use crate::error::clip;
use crate::value::Raw;

const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";

/// Reads a dump piece by piece, any schema, without knowing one. It holds one row at a time.
///
/// ```
/// use xenspect_xapi::db::{DumpLimits, Event, Reader};
///
/// let dump = br#"<database><manifest/><table name="host"><row ref="OpaqueRef:1" hostname="a"/></table></database>"#;
/// let mut reader = Reader::new(dump, &DumpLimits::default())?;
/// let mut hosts = 0;
/// while let Some(event) = reader.next()? {
///     match event {
///         Event::Row(row) if row.table() == "host" => hosts += 1,
///         _ => {}
///     }
/// }
/// assert_eq!(hosts, 1);
/// assert!(reader.oddities().kept.is_empty());
/// # Ok::<(), xenspect_xapi::db::Error>(())
/// ```
pub struct Reader<'a> {
    xml: XmlReader<&'a [u8]>,
    bytes: &'a [u8],
    /// Bytes before those the XML reader sees.
    shift: usize,
    /// Where the next piece starts, when the XML reader has not been told yet.
    ahead: Option<usize>,
    /// Where the document starts, behind a byte order mark.
    start: usize,
    limits: DumpLimits,
    stack: Vec<Place>,
    root: Root,
    declaration: Option<Raw<'a>>,
    manifest: Manifest,
    manifest_at: usize,
    pairs: Vec<Pair<'a>>,
    table: Cow<'a, str>,
    tables: HashSet<Cow<'a, str>>,
    rows: usize,
    attributes: Vec<Attribute<'a>>,
    names: Vec<&'a str>,
    /// What stands before each value of a row with these names, when it is what a writer puts there.
    leads: Vec<&'a [u8]>,
    /// That of the last row.
    form: Form,
    roles: Roles,
    double_column: Option<&'a str>,
    /// A name among these that XML does not allow.
    bad_name: Option<&'a str>,
    oddities: Oddities,
}

/// An open element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Database,
    Manifest,
    Pair,
    Table,
    Row,
    /// One that is passed over, with all inside it.
    Unknown,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Root {
    Before,
    Inside,
    /// The end is known and has not been told yet.
    After {
        complete: bool,
        at: usize,
    },
    Done,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Manifest {
    Missing,
    /// Read, and not handed out yet.
    Pending,
    Given,
}

/// An event before it borrows from the reader.
enum Step {
    Manifest,
    Table { at: usize },
    Row { at: usize, same_names: bool },
    End { complete: bool, at: usize },
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Place::Database => "database",
            Place::Manifest => "manifest",
            Place::Pair => "pair",
            Place::Table => "table",
            Place::Row => "row",
            Place::Unknown => "an unknown element",
        }
    }
}

impl<'a> Reader<'a> {
    /// Prepares to read. Only the size is checked yet.
    pub fn new(bytes: &'a [u8], limits: &DumpLimits) -> Result<Self, Error> {
        if bytes.len() > limits.bytes {
            let limit = limits.bytes;
            return Err(ErrorKind::TooLarge { limit }.at(0));
        }
        Ok(Self::at_start(bytes, limits))
    }

    fn at_start(bytes: &'a [u8], limits: &DumpLimits) -> Self {
        let (xml, shift) = xml_reader(bytes, 0);
        Reader {
            xml,
            bytes,
            shift,
            ahead: None,
            start: shift,
            limits: limits.clone(),
            stack: Vec::new(),
            root: Root::Before,
            declaration: None,
            manifest: Manifest::Missing,
            manifest_at: 0,
            pairs: Vec::new(),
            table: Cow::Borrowed(""),
            tables: HashSet::new(),
            rows: 0,
            attributes: Vec::new(),
            names: Vec::new(),
            leads: Vec::new(),
            form: Form::UNKNOWN,
            roles: Roles::default(),
            double_column: None,
            bad_name: None,
            oddities: Oddities::new(limits.oddities),
        }
    }

    /// Reads on from a place between two rows, as one that came there.
    pub(super) fn inside(bytes: &'a [u8], limits: &DumpLimits, split: &Split) -> Self {
        let (xml, shift) = xml_reader(bytes, split.at);
        let table = Cow::Owned(split.table.clone());
        Reader {
            xml,
            shift,
            // A declaration is not right any more wherever it stands.
            start: usize::MAX,
            stack: vec![Place::Database, Place::Table],
            root: Root::Inside,
            manifest: Manifest::Given,
            tables: HashSet::from([Cow::clone(&table)]),
            table,
            ..Reader::at_start(bytes, limits)
        }
    }

    /// Whether a place has been reached, with nothing open there but its table, as [`Reader::inside`] has it.
    pub(super) fn is_at(&self, split: &Split) -> bool {
        self.position() == split.at
            && self.stack == [Place::Database, Place::Table]
            && self.root == Root::Inside
            && self.manifest == Manifest::Given
            && self.table == *split.table
    }

    /// The next piece, or `None` after [`Event::End`]. An error ends the reading; deviations that were stepped over are
    /// in [`Reader::oddities`].
    #[expect(
        clippy::should_implement_trait,
        reason = "an event borrows from the reader, which an iterator cannot say"
    )]
    pub fn next(&mut self) -> Result<Option<Event<'_, 'a>>, Error> {
        Ok(match self.step()? {
            None => None,
            Some(Step::Manifest) => Some(Event::Manifest {
                pairs: &self.pairs,
                offset: offset_of(self.manifest_at),
            }),
            Some(Step::Table { at }) => Some(Event::Table {
                name: &self.table,
                offset: offset_of(at),
            }),
            Some(Step::Row { at, same_names }) => Some(Event::Row(RowEvent {
                table: &self.table,
                attributes: &self.attributes,
                roles: self.roles,
                same_names,
                form: self.form,
                at,
            })),
            Some(Step::End { complete, at }) => Some(Event::End {
                complete,
                offset: offset_of(at),
            }),
        })
    }

    /// The XML declaration as it stands, from `<?` to `?>`, once it has been passed.
    pub fn declaration(&self) -> Option<Raw<'a>> {
        self.declaration
    }

    /// Where the declaration stands.
    pub(super) fn declaration_range(&self) -> Option<Range<usize>> {
        let length = self.declaration?.len();
        Some(self.start..self.start.saturating_add(length))
    }

    /// The deviations met so far.
    pub fn oddities(&self) -> &Oddities {
        &self.oddities
    }

    pub(super) fn into_oddities(self) -> Oddities {
        self.oddities
    }

    fn position(&self) -> usize {
        if let Some(ahead) = self.ahead {
            return ahead;
        }
        usize::try_from(self.xml.buffer_position())
            .unwrap_or(usize::MAX)
            .saturating_add(self.shift)
            .min(self.bytes.len())
    }

    fn step(&mut self) -> Result<Option<Step>, Error> {
        loop {
            if let Root::After { complete, at } = self.root {
                return Ok(Some(self.finish(complete, at)));
            }
            if self.root == Root::Done {
                return Ok(None);
            }
            if let Some(row) = self.next_row()? {
                return Ok(Some(row));
            }
            let at = self.position();
            if self.ahead.take().is_some() {
                (self.xml, self.shift) = xml_reader(self.bytes, at);
            }
            let event = self.xml.read_event();
            let end = self.position();
            let bytes = self.bytes.get(at..end).unwrap_or_default();
            let markup = match event {
                // The piece has been passed, but that reader goes no further.
                Err(XmlError::Encoding(_)) => {
                    (self.xml, self.shift) = xml_reader(self.bytes, end);
                    by_first_bytes(bytes)
                }
                event => markup(event),
            };
            let step = match markup {
                Markup::Open { empty } => self.open(Tag { bytes, at }, empty)?,
                Markup::Close => self.close(bytes, at),
                Markup::Text => {
                    self.text(bytes, at)?;
                    None
                }
                Markup::Declaration => {
                    self.declare(bytes, at);
                    None
                }
                Markup::Doctype => {
                    self.oddities.push(OddityKind::Doctype.at(at));
                    None
                }
                Markup::Aside => {
                    self.aside(bytes, at);
                    None
                }
                Markup::Broken(reason) => {
                    let reason = clip(&reason);
                    self.oddities.push(OddityKind::Malformed { reason }.at(at));
                    if end == at {
                        self.cut(at)?;
                    }
                    None
                }
                Markup::Eof => {
                    self.cut(at)?;
                    None
                }
            };
            if step.is_some() {
                return Ok(step);
            }
        }
    }

    fn text(&mut self, bytes: &[u8], at: usize) -> Result<(), Error> {
        let blank = bytes.iter().take_while(|&&byte| is_space(byte)).count();
        let text = bytes.get(blank..).unwrap_or_default();
        if text.is_empty() {
            return Ok(());
        }
        let at = at.saturating_add(blank);
        match self.stack.last() {
            None => {
                let found = format!("the text `{}`", String::from_utf8_lossy(first(text, 32)));
                Err(ErrorKind::not_a_database(&found).at(at))
            }
            Some(Place::Unknown) => Ok(()),
            Some(_) => {
                self.oddities
                    .push(self.here(OddityKind::TextBetweenElements, at));
                Ok(())
            }
        }
    }

    /// An oddity in whatever table is open.
    fn here(&self, kind: OddityKind, at: usize) -> Oddity {
        match self.stack.contains(&Place::Table) {
            true => kind.at(at).in_table(&self.table),
            false => kind.at(at),
        }
    }

    fn open(&mut self, tag: Tag<'a>, empty: bool) -> Result<Option<Step>, Error> {
        if self.stack.len() >= self.limits.depth && !empty {
            let limit = self.limits.depth;
            return Err(ErrorKind::TooDeep { limit }.at(tag.at));
        }
        let name = tag.name();
        let (place, step) = match (self.stack.last(), name) {
            (None, b"database") => {
                self.scan(tag, false)?;
                self.root = Root::Inside;
                (Place::Database, None)
            }
            (None, _) => {
                let found = format!("the element `{}`", String::from_utf8_lossy(first(name, 64)));
                return Err(ErrorKind::not_a_database(&found).at(tag.at));
            }
            (Some(Place::Table), b"row") => (Place::Row, Some(self.row(tag)?)),
            (Some(Place::Database), b"table") => (Place::Table, Some(self.start_table(tag)?)),
            (Some(Place::Database), b"manifest") => {
                self.scan(tag, false)?;
                (self.start_manifest(tag.at), None)
            }
            (Some(Place::Manifest), b"pair") => {
                self.pair(tag)?;
                (Place::Pair, None)
            }
            (Some(Place::Unknown), _) => (Place::Unknown, None),
            (Some(inside), _) => {
                let inside = inside.name();
                let known: &[&[u8]] = &[b"database", b"manifest", b"pair", b"table", b"row"];
                let text = clip(&String::from_utf8_lossy(name));
                let kind = if known.contains(&name) {
                    OddityKind::MisplacedElement { name: text, inside }
                } else {
                    OddityKind::UnknownElement { name: text }
                };
                self.oddities.push(self.here(kind, tag.at));
                (Place::Unknown, None)
            }
        };
        let end = tag.at.saturating_add(tag.bytes.len());
        self.stack.push(place);
        let closed = if empty { self.pop(end) } else { None };
        Ok(step.or(closed))
    }
}

/// An XML reader for what stands at a position, and where it starts: behind byte order marks, which it would drop without
/// counting them.
fn xml_reader(bytes: &[u8], at: usize) -> (XmlReader<&[u8]>, usize) {
    let mut text = bytes.get(at..).unwrap_or_default();
    while let Some(rest) = text.strip_prefix(UTF8_BOM) {
        text = rest;
    }
    let mut xml = XmlReader::from_reader(text);
    let config = xml.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    (xml, bytes.len().saturating_sub(text.len()))
}

fn first(bytes: &[u8], most: usize) -> &[u8] {
    bytes.get(..bytes.len().min(most)).unwrap_or_default()
}
