//! What the document has wrong: its XML, the elements of a dump, and the bookkeeping of rows (`formats/pool-db.md`
//! sections 2 and 2.1). One conversion for each kind of deviation that the reader stepped over.

use std::collections::BTreeSet;

use xenspect_model::catalog::{Dump, Fact, Source};
use xenspect_model::{Code, Finding, Severity};
use xenspect_xapi::db::{Oddity, OddityKind as Kind};

use super::Context;
use crate::sink::Sink;

/// The first schema of which the rule on unique uuids is known to hold (6.1).
const UNIQUE_UUIDS_SINCE: i64 = 66;

/// Whether it has deviations in how it is written, which are told one by one.
pub(super) fn is_odd(dump: &Dump) -> bool {
    let oddities = dump.database.oddities();
    let of_rows = [
        "ref-mismatch",
        "duplicate-ref",
        "duplicate-uuid",
        "bad-time",
    ];
    oddities
        .kept
        .iter()
        .any(|oddity| !of_rows.contains(&oddity.kind.name()))
}

pub(super) fn judge(context: Context<'_>, sink: &mut Sink) {
    let oddities = context.dump.database.oddities();
    // A row that is there twice as a whole is told by its reference.
    let doubled: BTreeSet<u64> = oddities
        .kept
        .iter()
        .filter(|oddity| oddity.kind == Kind::DuplicateRef)
        .map(|oddity| oddity.offset)
        .collect();
    // An end tag that does not fit puts all behind it in the wrong place.
    let unhinged = oddities
        .kept
        .iter()
        .find(|oddity| matches!(oddity.kind, Kind::MismatchedEnd { .. }))
        .map_or(u64::MAX, |oddity| oddity.offset);
    for oddity in &oddities.kept {
        let told = match oddity.kind {
            Kind::DuplicateUuid { .. } => doubled.contains(&oddity.offset),
            Kind::MismatchedEnd { .. } | Kind::MisplacedElement { .. } => oddity.offset > unhinged,
            _ => false,
        };
        if !told && let Some(finding) = finding(context, oddity) {
            sink.push(finding);
        }
    }
    for (name, &more) in &oddities.dropped {
        let kept = oddities
            .kept
            .iter()
            .find(|oddity| oddity.kind.name() == *name);
        if let Some(finding) = kept.and_then(|oddity| finding(context, oddity)) {
            sink.count_more(finding.code, more);
        }
    }
}

fn finding(context: Context<'_>, oddity: &Oddity) -> Option<Finding> {
    let mut finding = match &oddity.kind {
        Kind::Cut { inside } => return cut(context, oddity, inside),
        kind => of_kind(context, kind),
    };
    finding = finding.at(context.offset(oddity.offset));
    finding.place.table.clone_from(&oddity.table);
    finding.place.row.clone_from(&oddity.row);
    finding.place.column.clone_from(&oddity.column);
    Some(finding)
}

fn of_kind(context: Context<'_>, kind: &Kind) -> Finding {
    let not_well_formed =
        |problem: &str| Finding::new(Code::DbNotWellFormed).fact("problem", problem);
    match kind {
        // Its own function has it.
        Kind::Cut { .. } => Finding::new(Code::DbCutShort),
        Kind::DoubleColumn => Finding::new(Code::DbColumnDoubled),
        Kind::MissingRef => Finding::new(Code::DbRefMissing),
        Kind::RefNotFirst => Finding::new(Code::DbRefNotFirst),
        Kind::RefMismatch { other } => {
            Finding::new(Code::DbRefDiffers).fact("_ref", other.as_str())
        }
        Kind::BadTime { found } => {
            Finding::new(Code::DbGenerationInvalid).fact("found", found.as_str())
        }
        Kind::DuplicateRef => Finding::new(Code::DbRefDoubled),
        Kind::DuplicateUuid { uuid } => uuid_doubled(context, uuid),
        Kind::UnknownElement { name } => {
            Finding::new(Code::DbElementUnknown).fact("element", name.as_str())
        }
        Kind::MisplacedElement { name, inside } => Finding::new(Code::DbElementMisplaced)
            .fact("element", name.as_str())
            .fact("inside", *inside),
        Kind::TableTwice => Finding::new(Code::DbTableDoubled),
        Kind::TableWithoutName => {
            Finding::new(Code::DbElementInvalid).fact("problem", "a table without a name")
        }
        Kind::UnknownAttribute { name } => {
            Finding::new(Code::DbElementInvalid).fact("attribute", name.as_str())
        }
        Kind::BadPair => {
            Finding::new(Code::DbElementInvalid).fact("problem", "a pair without a key or a value")
        }
        Kind::PairOrder => Finding::new(Code::DbElementInvalid)
            .fact("problem", "a pair with its value before its key"),
        Kind::KeyTwice { key } => Finding::new(Code::DbElementInvalid)
            .fact(
                "problem",
                "a key of the manifest that has another value before",
            )
            .fact("key", key.as_str()),
        Kind::NoManifest => Finding::new(Code::DbManifestMissing),
        Kind::ManifestLate => {
            Finding::new(Code::DbManifestMisplaced).fact("problem", "it comes behind a table")
        }
        Kind::ManifestTwice => {
            Finding::new(Code::DbManifestMisplaced).fact("problem", "there is a second one")
        }
        Kind::TextBetweenElements => Finding::new(Code::DbText),
        // A reference to a character that XML does not allow is no entity.
        Kind::Entity { name } if name.starts_with('#') => {
            not_well_formed("a reference to a character that XML does not allow")
                .fact("reference", name.as_str())
        }
        Kind::Entity { name } => Finding::new(Code::DbEntities).fact("entity", name.as_str()),
        Kind::Doctype => Finding::new(Code::DbEntities).fact("problem", "a document type"),
        Kind::Encoding { name } => Finding::new(Code::DbEncoding).fact("encoding", name.as_str()),
        Kind::BareAmpersand => not_well_formed("an & that begins no reference"),
        Kind::BareLess => not_well_formed("a < inside a value"),
        Kind::Malformed { reason } => not_well_formed(reason),
        Kind::IllegalCharacter { code } => not_well_formed("a character that XML does not allow")
            .fact("character", u64::from(*code)),
        Kind::InvalidUtf8 => not_well_formed("bytes that are not UTF-8"),
        Kind::MismatchedEnd { expected, found } => not_well_formed("an end tag that does not fit")
            .fact("expected", *expected)
            .fact("found", found.as_str()),
        Kind::DataAfterEnd { bytes } => trailing(context, *bytes),
    }
}

fn trailing(context: Context<'_>, bytes: u64) -> Finding {
    let finding = Finding::new(Code::DbTrailing).fact("bytes", bytes);
    let document = context.dump.database.document();
    let length = usize::try_from(bytes)
        .unwrap_or_default()
        .min(document.len());
    if document[document.len() - length..]
        .iter()
        .all(|&byte| byte == 0)
    {
        let mut finding = finding.fact("all_zero", true).severity(Severity::Note);
        finding.advice = None;
        finding
    } else {
        finding
    }
}

fn uuid_doubled(context: Context<'_>, uuid: &str) -> Finding {
    let finding = Finding::new(Code::DbUuidDoubled).fact("uuid", uuid);
    let schema = context.dump.database.schema();
    if schema.is_some_and(|(_, minor)| minor < UNIQUE_UUIDS_SINCE) {
        finding.severity(Severity::Warning)
    } else {
        finding
    }
}

/// The document ends early, unless that follows from a loss that the stream has told already.
fn cut(context: Context<'_>, oddity: &Oddity, inside: &str) -> Option<Finding> {
    let dump = context.dump;
    let told = dump.interrupted || dump.facts.iter().any(|located| tells_an_end(&located.fact));
    if told {
        return None;
    }
    let document = dump.database.document();
    let length = document.len() as u64;
    let unread = length.saturating_sub(oddity.offset);
    // What is not closed swallows all behind it. Where the end is that of a dump, nothing was cut off.
    let closed = document.trim_ascii_end().ends_with(b"</database>");
    let code = if closed {
        Code::DbNotClosed
    } else {
        Code::DbCutShort
    };
    let mut finding = Finding::new(code)
        .at(context.offset(oddity.offset))
        .fact("inside", inside);
    if unread > 0 {
        finding = finding.fact("unread_bytes", unread);
    }
    finding.place.table.clone_from(&oddity.table);
    Some(finding)
}

/// Whether a deviation of the stream accounts for a document that ends early.
fn tells_an_end(fact: &Fact) -> bool {
    use xenspect_model::catalog::Compression as C;
    matches!(
        fact,
        Fact::Envelope(C::Truncated { .. } | C::Corrupt { .. } | C::Window { .. })
            | Fact::Source(Source::ReadError { .. } | Source::Shrunk { .. })
    )
}
