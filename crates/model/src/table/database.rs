//! The rows of the codes for pool databases: dumps and redo logs (`formats/pool-db.md` sections 2 and 11,
//! `formats/restore.md` section 4). What an entry is made of is in the parent.

use super::{Entry, NOTHING, row};
use crate::code::Severity::*;

/// What xapi answers to a restore of a document that its reader does not take.
const INTERNAL: Option<&str> = Some("INTERNAL_ERROR");
/// What it answers when the pool names a host, or a host its control domain, that is not there.
const HANDLE: Option<&str> = Some("HANDLE_INVALID");
/// What it answers to a schema that is not its own.
const VERSION: Option<&str> = Some("RESTORE_INCOMPATIBLE_VERSION");

const DUMP_AGAIN: &str = "Take the dump again (`xe pool-dump-database`) while the pool runs, or copy it again from where \
    it was written, and verify that copy. If the pool is gone, take the next older dump.";
const ORIGINAL: &str = "Find the original dump. A database that was changed outside of xapi should not be restored \
    before it is known what was changed.";
const EDITED: &str =
    "Find out which program or person changed the file, and go back to the dump as it was written.";

/// Number of codes whose rows are here: the last ones of all.
pub(super) const COUNT: usize = 45;

/// In the order of the codes.
pub(super) static ROWS: [Entry; COUNT] = [
    // the document
    row(
        Error,
        INTERNAL,
        "the dump is cut short",
        "The document ends before `</database>`. A dump is sent without its length, so a transfer that breaks off looks \
         like one that ended: only the missing end tells. The tables behind the end are not there.",
        DUMP_AGAIN,
    ),
    row(
        Error,
        INTERNAL,
        "the dump cannot be read to its end",
        "Somewhere in the document a tag, a value or a comment is not closed, so all that follows belongs to it. The end \
         of the file looks whole; what is between was not read.",
        DUMP_AGAIN,
    ),
    row(
        Error,
        INTERNAL,
        "the dump is not well-formed XML",
        "A tag or a value breaks a rule of XML: a stray `<` or `&`, a character that XML does not allow, bytes that are \
         not UTF-8, an end tag that does not fit. Reading went on behind it; xapi stops there.",
        DUMP_AGAIN,
    ),
    row(
        Error,
        INTERNAL,
        "the dump declares or uses entities",
        "A document type is declared, or an entity is used that XML does not have. xapi never writes one. Nothing of \
         it was expanded.",
        "Treat the file as hostile.",
    ),
    row(
        Warning,
        None,
        "the dump names another encoding than UTF-8",
        "The declaration at the beginning names an encoding in which no dump is written. It was read as UTF-8.",
        EDITED,
    ),
    row(
        Error,
        INTERNAL,
        "an element that a dump does not have",
        "A dump is made of database, manifest, pair, table and row. Something else stands here; it and all that is \
         inside was passed over. xapi refuses the document.",
        ORIGINAL,
    ),
    row(
        Error,
        INTERNAL,
        "an element where it does not belong",
        "A row outside of a table, a table inside of another, and the like. It and all that is inside was passed \
         over.",
        ORIGINAL,
    ),
    row(
        Error,
        INTERNAL,
        "a table or manifest pair is not written as it must be",
        "A table has its name and nothing else, and a pair has a key and a value. xapi refuses the document \
         otherwise.",
        ORIGINAL,
    ),
    row(
        Warning,
        None,
        "text between the elements",
        "Text other than white space stands between elements. xapi ignores it and never writes any.",
        EDITED,
    ),
    row(
        Warning,
        None,
        "bytes behind the end of the dump",
        "Something other than white space follows `</database>`. It belongs to no dump and was not looked at. If it is \
         zeros alone, as behind a file on a block device, it is a note.",
        "Find out what appended it. The dump before it is judged on its own.",
    ),
    // the manifest
    row(
        Error,
        INTERNAL,
        "the manifest is missing",
        "Every dump begins with a manifest that holds the schema's number and the generation. Without it the release \
         of the dump is not known and nothing can be restored.",
        ORIGINAL,
    ),
    row(
        Warning,
        None,
        "the manifest is not where it belongs",
        "The manifest comes behind a table, or there is a second one, whose pairs were passed over.",
        EDITED,
    ),
    row(
        Error,
        INTERNAL,
        "a number in the manifest is missing or unreadable",
        "`schema_major_vsn`, `schema_minor_vsn` and `generation_count` must be there and be numbers.",
        ORIGINAL,
    ),
    row(
        Warning,
        None,
        "the schema's number is not known",
        "No release known to xenspect has a database of this schema. Where it is newer than all that are known it is a \
         note only; otherwise the number was changed, or it is of a build that was never released.",
        "Compare it with `db_schema` in the `software_version` of the pool's hosts.",
    ),
    // tables and columns
    row(
        Error,
        None,
        "a table is there twice",
        "Two elements bear the name of one table. Here their rows were added together; xapi keeps one of them.",
        ORIGINAL,
    ),
    row(
        Warning,
        INTERNAL,
        "a table that no release has",
        "The table's name is none of the known classes. A host that does not know it refuses its rows. In a dump of \
         a schema newer than xenspect it is a note only.",
        "If the dump is of a product that adds classes of its own, restore it to that product only. Otherwise the file \
         was edited or damaged.",
    ),
    row(
        Warning,
        None,
        "tables of the schema are missing",
        "xapi writes an element for every class of its schema, with or without rows. Classes that this schema has are \
         not there. A restore adds them without rows.",
        "The file is an excerpt, was edited or lost a part. Find the original dump.",
    ),
    row(
        Warning,
        INTERNAL,
        "a column that no release has",
        "The table is known and this column of it is not. A host that does not know it refuses the row. Its values were \
         not checked. Where every row of the table has it and none of the schema's columns is missing, or the schema \
         is newer than xenspect, it is a note only: builds have columns that no published model names.",
        "If the dump is of a product that adds columns of its own, restore it to that product only. Otherwise the file \
         was edited or damaged.",
    ),
    row(
        Warning,
        None,
        "a column is missing",
        "xapi writes every column of a class in every row. Rows of this table lack one that others have, or that the \
         schema has. A restore fills in the default where the class has one; where it has none, the dump is refused \
         with INTERNAL_ERROR, and this is an error.",
        EDITED,
    ),
    row(
        Error,
        INTERNAL,
        "a column is there twice in one row",
        "XML does not allow it, so xapi refuses the document. The first of the two was used.",
        ORIGINAL,
    ),
    row(
        Warning,
        None,
        "rows in a table that is never stored",
        "Sessions, tasks, events, messages and the like live in memory or in files of their own; their tables are \
         written without rows.",
        EDITED,
    ),
    // the pool
    row(
        Error,
        VERSION,
        "the stand-in of a rolling upgrade, not the database",
        "While a rolling pool upgrade runs, xapi hands out a fixed document of empty tables (schema 5.35, generation \
         103) instead of its database. A backup that was taken then holds nothing.",
        "Take the dump again after the upgrade has ended on all hosts, and look when the last good one was taken.",
    ),
    row(
        Error,
        None,
        "no rows at all",
        "The tables are there, and not one has a row. Every pool has at least itself and a host.",
        DUMP_AGAIN,
    ),
    row(
        Error,
        None,
        "not exactly one pool",
        "A database holds one row in the table pool. None means that it was lost or that this is a part of a dump; several \
         mean that databases were joined or edited, and which pool would come up is chance.",
        ORIGINAL,
    ),
    row(
        Error,
        HANDLE,
        "the pool's coordinator is not there",
        "`pool.master` names no row of the table host. A restore deletes every other host first and then finds none to \
         keep.",
        DUMP_AGAIN,
    ),
    row(
        Error,
        HANDLE,
        "the coordinator's control domain is not there",
        "The coordinator's row names its control domain, and no VM has that reference. A restore renames the \
         control domain and stops when it cannot find it.",
        DUMP_AGAIN,
    ),
    // rows
    row(
        Error,
        INTERNAL,
        "a row has no reference",
        "The attribute `ref` is what other rows name it by. xapi refuses the document without it.",
        ORIGINAL,
    ),
    row(
        Warning,
        INTERNAL,
        "a row's reference is not its first attribute",
        "Hosts up to xapi 24 want `ref` to come first and refuse the document otherwise.",
        EDITED,
    ),
    row(
        Error,
        None,
        "a row gives two references of its own",
        "The attribute `ref` and the column `_ref` repeat the same reference. Here they differ, so one of them was \
         changed: xapi files the row under the one and answers clients with the other.",
        ORIGINAL,
    ),
    row(
        Error,
        None,
        "two rows have one reference",
        "References are unique over all tables. With two rows of one reference xapi does not start \
         (Uniqueness_constraint_violation), although it takes the dump in a restore.",
        ORIGINAL,
    ),
    row(
        Error,
        None,
        "two rows have one uuid",
        "uuids are unique over all tables, and an empty one counts. With two rows of one uuid xapi does not start \
         (Uniqueness_constraint_violation), although it takes the dump in a restore. Of releases before 6.1 it \
         is not known, so there it is a warning.",
        ORIGINAL,
    ),
    row(
        Error,
        INTERNAL,
        "a row's generation is no number",
        "`__ctime` and `__mtime` are generations of the database: numbers.",
        ORIGINAL,
    ),
    row(
        Warning,
        None,
        "generations are out of order",
        "A row is made before it is changed, and both before the database was written: `__ctime` is at most \
         `__mtime`, and that at most `generation_count`. Here they are not.",
        EDITED,
    ),
    row(
        Error,
        INTERNAL,
        "a value is none of its type",
        "A number, a truth value, a word of an enumeration, a date, a reference, a set or a map cannot be read as one. xapi refuses a dump for a bad set or \
         map; a bad number, word or date it meets only when it uses the value. For lists of running operations, which xapi \
         empties when it loads a database, and for references, it is a warning.",
        ORIGINAL,
    ),
    row(
        Error,
        None,
        "a row hangs on one that is not there",
        "A row makes no sense without the one it names (a VBD without its VM, a VDI without its SR), and that one is not \
         in the dump. It was lost. xapi deletes such rows when it cleans up, minutes after a restore. Told of a whole \
         table, all of its rows are gone that others still list: VMs would come back without their disks, or storage without \
         its hosts.",
        DUMP_AGAIN,
    ),
    row(
        Error,
        None,
        "a reference leads into the wrong table",
        "A column names a row of another class than it can.",
        ORIGINAL,
    ),
    row(
        Note,
        None,
        "references that are left over",
        "Normal: references to metrics, to former hosts and storage, and to VMs that are gone are not cleaned up, or their \
         rows are never stored.",
        NOTHING,
    ),
    row(
        Warning,
        None,
        "both sides of a relation disagree",
        "Relations are stored on both sides: a VBD names its VM, and the VM lists its VBDs. xapi keeps the two equal. \
         Here a list has other members than the rows that name it: a row was lost, added or changed. xapi makes most \
         lists anew when it starts.",
        "Look at the rows named. If they are of value, go back to an older dump and compare.",
    ),
    // the file
    row(
        Warning,
        None,
        "not the bytes that xapi writes",
        "Read and written again by the rules of its release, the document is not the same, although it means the same: \
         it was edited by hand, or passed through another program. Sets and maps have one spelling too.",
        EDITED,
    ),
    row(
        Warning,
        None,
        "a copy without its secrets",
        "The values of secrets are replaced by REMOVED, as a status report does it. The copy shows what was there and \
         must not be restored: storage with passwords would not come back.",
        "Use it to look things up only. For a restore, find the dump itself.",
    ),
    row(
        Warning,
        None,
        "values were replaced by REMOVED",
        "Some values that are secret are the word REMOVED. Somebody cleaned the file for passing it on.",
        "Do not restore it before the values are filled in again.",
    ),
    row(
        Warning,
        None,
        "others may read the file",
        "The file's mode lets every user of the machine read it, and it holds secrets of the pool. xapi keeps its own \
         with mode 0600. Without secrets inside it is a note.",
        "`chmod 600 FILE`, and think of who has had access to it.",
    ),
    row(
        Note,
        None,
        "it holds secrets",
        "Passwords, tokens or keys are in the database, as in every pool's. Whoever has the file has them; \
         `xenspect secrets` tells where they are, without their values.",
        "Store and pass on the file as you would the passwords; `xenspect redact` makes a copy without them.",
    ),
    // redo logs
    row(
        Warning,
        None,
        "a change in the redo log was not put in",
        "The log holds the database and every change since. This change does not follow the one before, cannot be \
         read, or is of a row that is not there. xapi passes over one that does not follow as well.",
        "Compare with a dump of the pool; what the change was about may be older here.",
    ),
    row(
        Warning,
        None,
        "the redo log does not end as it should",
        "Behind the last change a marker says that there are no more. Here a change follows that is cut, or one of an \
         earlier run. What was read before it is used.",
        "The last change before a crash can be lost like this. Compare with a dump of the pool.",
    ),
];
