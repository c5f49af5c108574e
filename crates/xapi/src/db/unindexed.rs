//! A dump on its way into a [`Database`], in steps that a caller with several processors can take side by side. The result is
//! that of [`Database::from_vec`].

use super::indexed::Indexed;
use super::write::{DECLARATION, Style, first_difference};
use super::{Database, DumpLimits, Error};

/// A dump whose rows are known, and not yet which row has which reference or uuid.
///
/// ```
/// use xenspect_xapi::db::{Database, DumpLimits, Unindexed};
///
/// let dump = br#"<database><manifest/><table name="VM"><row ref="OpaqueRef:1" uuid="u1"/></table></database>"#;
/// let unindexed = Unindexed::from_vec(dump.to_vec(), &DumpLimits::default())?;
/// let (references, uuids) = std::thread::scope(|scope| {
///     let uuids = scope.spawn(|| unindexed.by_uuid());
///     (unindexed.by_reference(), uuids.join().unwrap())
/// });
/// let database = unindexed.indexed(references, uuids);
/// assert_eq!(database.by_uuid("u1").unwrap().reference().as_deref(), Some("OpaqueRef:1"));
/// # Ok::<(), xenspect_xapi::db::Error>(())
/// ```
#[derive(Debug)]
pub struct Unindexed(pub(super) Database<'static>);

/// Which rows have which references.
#[derive(Debug)]
pub struct ByReference(Indexed);

/// Which rows have which uuids.
#[derive(Debug)]
pub struct ByUuid(Indexed);

impl Unindexed {
    /// Reads the rows of a whole dump. Errors are those of [`Database::read`].
    pub fn from_vec(bytes: Vec<u8>, limits: &DumpLimits) -> Result<Self, Error> {
        Database::rows_of(bytes, limits).map(Unindexed)
    }

    /// Major and minor number of the schema.
    pub fn schema(&self) -> Option<(i64, i64)> {
        self.0.schema()
    }

    /// As [`Database::is_complete`].
    pub fn is_complete(&self) -> bool {
        self.0.is_complete()
    }

    /// Where the document differs first from what the release that wrote it would have written, if it does.
    pub fn first_difference(&self) -> Option<u64> {
        let mut style = Style::of(&self.0);
        // A document keeps its own declaration when it is written again, but xapi has one only.
        style.declaration = style.declaration.map(|_| DECLARATION.to_owned());
        first_difference(&self.0, &style, self.0.document())
    }

    /// Looks up the references of all rows.
    pub fn by_reference(&self) -> ByReference {
        ByReference(Indexed::by_reference(&self.0))
    }

    /// Looks up the uuids of all rows.
    pub fn by_uuid(&self) -> ByUuid {
        ByUuid(Indexed::by_uuid(&self.0))
    }

    /// The database, given what was looked up in it.
    pub fn indexed(self, references: ByReference, uuids: ByUuid) -> Database<'static> {
        let mut database = self.0;
        database.put_indexes(references.0, uuids.0);
        database
    }
}
