//! Inputs that are one document rather than an archive: a pool database, a redo log, an `ova.xml`
//! by itself. They are read whole, within a limit, and handed to their parser.

mod whole;

use std::borrow::Cow;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use xenspect_model::Catalog;
use xenspect_model::catalog::{
    Document, Dump, Fact, Facts, ManifestEntry, Metadata, RedoLogState, Rewritten,
    Source as SourceFact, SumState, Uncompared,
};
use xenspect_model::report::{Envelope, Kind};
use xenspect_xapi::db::redo_log::RedoLog;
use xenspect_xapi::db::{self, DumpLimits, Parted, Split, Unindexed};
use xenspect_xapi::{export, legacy};

use crate::envelope::compression_words;
use crate::envelope::{Broken, Stream};
use crate::error::Error;
use crate::feed::{Feed, FileFeed, source_fact};
use crate::options::{Depth, Options, Progress};
use crate::record::Record;
use crate::source::ReadAt;
use crate::threads::side_by_side;

/// Bytes looked at to tell a document from an archive: white space, a declaration and a comment
/// can stand before its first element. It is what the walker of archives asks for first.
pub(crate) const LOOK: usize = xenspect_archive::tar::BLOCK;

/// Bytes read between two looks at the order to stop.
const PIECE: usize = 1 << 20;

/// Bytes of a dump from which on threads are worth their start.
const WORTH_A_THREAD: usize = 1 << 20;

/// The first schema whose dumps can be written anew byte for byte (`formats/pool-db.md` section 7).
const REWRITABLE: i64 = 66;

/// Bytes of a redo log that are ever used: its head and two halves of 60 MiB
/// (`formats/pool-db.md` section 8.2). The device may be much larger.
const REDO_LOG: usize = 18 + 2 * (60 << 20);

/// The documents that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `<database>`.
    Database,
    /// A redo log.
    RedoLog,
    /// XML-RPC: an `ova.xml`.
    Rpc,
    /// XML of something else.
    OtherXml,
}

impl Form {
    /// Tells a document by its first bytes; `None` for what is no document.
    pub(crate) fn recognise(first: &[u8]) -> Option<Self> {
        if RedoLog::is_redo_log(first) {
            return Some(Self::RedoLog);
        }
        let mut rest = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
        let mut prolog = false;
        loop {
            rest = rest.trim_ascii_start();
            let end: &[u8] = if rest.starts_with(b"<?") {
                b"?>"
            } else if rest.starts_with(b"<!--") {
                b"-->"
            } else if rest.starts_with(b"<!") {
                b">"
            } else {
                break;
            };
            prolog = true;
            match rest.windows(end.len()).position(|piece| piece == end) {
                Some(at) => rest = &rest[at + end.len()..],
                None => return Some(Self::OtherXml),
            }
        }
        let name = rest.strip_prefix(b"<").map(|tag| {
            let end = tag
                .iter()
                .position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
            &tag[..end.unwrap_or(tag.len())]
        });
        match name {
            // A document that was cut or damaged right behind its prolog is a database more often
            // than anything else; the parser tells.
            Some(b"database" | b"manifest" | b"pair" | b"table" | b"row") => Some(Self::Database),
            Some(b"value" | b"methodResponse" | b"appliance") => Some(Self::Rpc),
            Some(name) if prolog || !name.is_empty() && rest.contains(&b'>') => {
                Some(Self::OtherXml)
            }
            _ => prolog.then_some(Self::OtherXml),
        }
    }
}

/// A document as far as it could be read.
struct Whole {
    envelope: Envelope,
    bytes: u64,
    text: Vec<u8>,
    facts: Facts,
    interrupted: bool,
    /// It was read to its end.
    ended: bool,
}

impl Whole {
    /// Why there is no more of it, where a parser must not accuse what it never got.
    fn lack(&self) -> Option<Error> {
        if self.interrupted {
            return Some(Error::Interrupted);
        }
        if self.ended {
            return None;
        }
        self.facts.iter().find_map(|located| match &located.fact {
            Fact::Source(SourceFact::ReadError { reason, .. }) => {
                Some(Error::Unread(reason.clone()))
            }
            Fact::Envelope(fault) => Some(Error::BrokenInside {
                envelope: self.envelope.name(),
                reason: compression_words(fault),
            }),
            _ => None,
        })
    }
}

/// Reads a plain file. It is the one member of `record`.
pub(crate) fn of_file(
    form: Form,
    reader: Arc<dyn ReadAt>,
    len: u64,
    readable_by_others: bool,
    options: &Options,
    progress: &Progress,
    record: Option<&Record>,
) -> Result<Catalog, Error> {
    let limit = limit(form, options);
    if form != Form::RedoLog && len > limit as u64 {
        return Err(Error::DocumentTooLarge { limit });
    }
    let size = usize::try_from(len).unwrap_or(usize::MAX).min(limit);
    let mut facts = Facts::new(options.limits.facts);
    let all = whole::read(reader.as_ref(), size, options.threads, progress);
    let (text, bytes, interrupted, ended) = match all {
        Some(text) => {
            let ended = text.len() == size;
            let bytes = text.len() as u64;
            (text, bytes, !ended, ended)
        }
        // The storage does not give all of it, so it is read as carefully as an archive is.
        None => {
            let mut feed = FileFeed::new(reader, len);
            let (text, interrupted) = by_pieces(&mut feed, size, progress)?;
            let errors = feed.take_read_errors();
            let ended = errors.is_empty() && !interrupted;
            for (offset, fact) in errors {
                facts.push(offset, Fact::Source(fact));
            }
            (text, feed.consumed(), interrupted, ended)
        }
    };
    let whole = Whole {
        envelope: Envelope::Plain,
        bytes,
        text,
        facts,
        interrupted,
        ended,
    };
    read(form, whole, readable_by_others, options, record)
}

/// Reads up to `size` bytes around what cannot be read. True beside them when there was an order to stop.
fn by_pieces(
    feed: &mut FileFeed,
    size: usize,
    progress: &Progress,
) -> Result<(Vec<u8>, bool), Error> {
    let mut text = Vec::with_capacity(size);
    while text.len() < size {
        if progress.is_cancelled() {
            return Ok((text, true));
        }
        let have = text.len();
        let piece = (size - have).min(PIECE);
        text.resize(have + piece, 0);
        let n = feed
            .read(&mut text[have..])
            .map_err(|broken| match broken {
                Broken::Io(error) => Error::Io(error),
                Broken::Fault(fault) => Error::BrokenAtOnce {
                    envelope: Envelope::Plain.name(),
                    reason: compression_words(&fault),
                },
            })?;
        text.truncate(have + n);
        progress.advance(feed.consumed());
        if n < piece {
            break;
        }
    }
    Ok((text, false))
}

/// Reads a stream. It is the one member of `record`.
pub(crate) fn of_stream(
    form: Form,
    mut stream: Stream,
    envelope: Envelope,
    readable_by_others: bool,
    options: &Options,
    progress: &Progress,
    record: Option<&Record>,
) -> Result<Catalog, Error> {
    let limit = limit(form, options);
    let mut text: Vec<u8> = Vec::new();
    let mut facts = Facts::new(options.limits.facts);
    let mut interrupted = false;
    let mut ended = false;
    loop {
        if progress.is_cancelled() {
            interrupted = true;
            break;
        }
        let have = text.len();
        // One byte more than allowed tells that there is more.
        let room = (limit - have).saturating_add(1).min(PIECE);
        text.resize(have + room, 0);
        let outcome = stream.read(&mut text[have..]);
        text.truncate(have + outcome.as_ref().map_or(0, |n| *n));
        progress.advance(stream.consumed());
        let offset = text.len() as u64;
        for fault in stream.take_faults() {
            facts.push(offset, Fact::Envelope(fault));
        }
        match outcome {
            Ok(0) => {
                ended = true;
                break;
            }
            Ok(_) if text.len() > limit && form == Form::RedoLog => {
                ended = true;
                text.truncate(limit);
                break;
            }
            Ok(_) if text.len() > limit => return Err(Error::DocumentTooLarge { limit }),
            Ok(_) => {}
            Err(Broken::Io(_)) if progress.is_cancelled() => {
                interrupted = true;
                break;
            }
            Err(Broken::Io(error)) => {
                let fact: SourceFact = source_fact(&error);
                facts.push(offset, Fact::Source(fact));
                break;
            }
            Err(Broken::Fault(fault)) => {
                facts.push(offset, Fact::Envelope(fault));
                break;
            }
        }
    }
    let whole = Whole {
        envelope,
        bytes: stream.consumed(),
        text,
        facts,
        interrupted,
        ended,
    };
    read(form, whole, readable_by_others, options, record)
}

/// The longest document that is read.
fn limit(form: Form, options: &Options) -> usize {
    let limit = match form {
        Form::Database => options.limits.dump,
        Form::RedoLog => return REDO_LOG,
        Form::Rpc | Form::OtherXml => options.limits.document,
    };
    usize::try_from(limit).unwrap_or(usize::MAX)
}

fn read(
    form: Form,
    whole: Whole,
    readable_by_others: bool,
    options: &Options,
    record: Option<&Record>,
) -> Result<Catalog, Error> {
    if whole.interrupted && whole.text.is_empty() {
        return Err(Error::Interrupted);
    }
    if let Some(record) = record {
        put_down(form, &whole, record);
    }
    let limits = options.limits.of_dumps();
    let lack = whole.lack();
    let read = match form {
        Form::Database => dump(whole, readable_by_others, &limits, options),
        Form::RedoLog => redo_log(whole, readable_by_others, &limits),
        Form::Rpc => Ok(rpc(whole, options)),
        Form::OtherXml => Err(Error::OtherXml),
    };
    read.map_err(|error| match (error, lack) {
        (Error::Database(_), Some(lack)) => lack,
        (error, _) => error,
    })
}

/// The document as the one member of a manifest.
fn put_down(form: Form, whole: &Whole, record: &Record) {
    let name = match form {
        Form::Database => Kind::PoolDb.name(),
        Form::RedoLog => Kind::RedoLog.name(),
        Form::Rpc => "ova.xml",
        Form::OtherXml => return,
    };
    record.add(&ManifestEntry {
        name: Cow::Borrowed(name.as_bytes()),
        size: whole.text.len() as u64,
        sha256: whole.ended.then(|| Sha256::digest(&whole.text).into()),
        offset: 0,
        start: None,
        sum: SumState::None,
        attributes: None,
    });
    record.complete(whole.ended);
}

fn dump(
    whole: Whole,
    readable_by_others: bool,
    limits: &DumpLimits,
    options: &Options,
) -> Result<Catalog, Error> {
    dump_of(whole, readable_by_others, limits, options).map(|dump| Catalog::Dump(Box::new(dump)))
}

/// A pool database that stands in something else.
pub(crate) fn embedded(
    text: Vec<u8>,
    envelope: Envelope,
    options: &Options,
) -> Result<Dump, Error> {
    let whole = Whole {
        envelope,
        bytes: text.len() as u64,
        text,
        facts: Facts::new(options.limits.facts),
        interrupted: false,
        ended: true,
    };
    dump_of(whole, false, &options.limits.of_dumps(), options)
}

fn dump_of(
    whole: Whole,
    readable_by_others: bool,
    limits: &DumpLimits,
    options: &Options,
) -> Result<Dump, Error> {
    let stream_bytes = whole.text.len() as u64;
    let threads = match whole.text.len() {
        0..WORTH_A_THREAD => 1,
        _ => options.threads,
    };
    let dump = rows(whole.text, limits, threads)?;
    let uncompared = uncompared(&dump, options.depth);
    let (uuids, (references, rewritten)) = side_by_side(
        threads,
        || dump.by_uuid(),
        || {
            let references = dump.by_reference();
            let rewritten = match uncompared {
                Some(why) => Rewritten::NotCompared(why),
                None => match dump.first_difference() {
                    Some(offset) => Rewritten::Differs { offset },
                    None => Rewritten::Same,
                },
            };
            (references, rewritten)
        },
    );
    Ok(Dump {
        kind: Kind::PoolDb,
        envelope: whole.envelope,
        bytes: whole.bytes,
        stream_bytes,
        database: dump.indexed(references, uuids),
        redo_log: None,
        rewritten,
        readable_by_others,
        facts: whole.facts,
        interrupted: whole.interrupted,
    })
}

/// Why a dump is not to be compared with what writing it anew gives, if it is not.
fn uncompared(dump: &Unindexed, depth: Depth) -> Option<Uncompared> {
    if !dump.is_complete() {
        return Some(Uncompared::Cut);
    }
    match dump.schema() {
        None => Some(Uncompared::NoSchema),
        Some((_, minor)) if minor < REWRITABLE => Some(Uncompared::OldSchema),
        Some(_) => (depth != Depth::Full).then_some(Uncompared::NotAsked),
    }
}

/// The rows of a dump, read in two parts where there are two threads.
fn rows(text: Vec<u8>, limits: &DumpLimits, threads: usize) -> Result<Unindexed, db::Error> {
    let split = Split::of(&text).filter(|_| threads > 1);
    let Some(split) = split else {
        return Unindexed::from_vec(text, limits);
    };
    let parted = Parted::at(text, split, limits);
    let (second, first) = side_by_side(threads, || parted.second(), || parted.first());
    parted.joined(first, second)
}

fn redo_log(whole: Whole, readable_by_others: bool, limits: &DumpLimits) -> Result<Catalog, Error> {
    let log = RedoLog::read(&whole.text, limits)?;
    let (database, replay) = log.replay_owned(limits)?;
    let state = RedoLogState {
        half: log.half,
        database_offset: log.database_offset,
        generation: log.generation,
        applied: replay.applied as u64,
        skipped: replay.skipped,
        end: log.end,
        end_offset: log.end_offset,
    };
    Ok(Catalog::Dump(Box::new(Dump {
        kind: Kind::RedoLog,
        envelope: whole.envelope,
        bytes: whole.bytes,
        stream_bytes: whole.text.len() as u64,
        database,
        redo_log: Some(state),
        rewritten: Rewritten::NotCompared(Uncompared::RedoLog),
        readable_by_others,
        facts: whole.facts,
        interrupted: whole.interrupted,
    })))
}

fn rpc(whole: Whole, options: &Options) -> Catalog {
    let metadata = metadata(&whole.text, &options.limits.of_documents());
    Catalog::Document(Box::new(Document {
        envelope: whole.envelope,
        bytes: whole.bytes,
        stream_bytes: whole.text.len() as u64,
        text: whole.text,
        metadata,
        facts: whole.facts,
        interrupted: whole.interrupted,
    }))
}

/// Reads an `ova.xml` of either form.
pub(crate) fn metadata(document: &[u8], limits: &xenspect_xapi::Limits) -> Metadata {
    if legacy::is_appliance(document) {
        return match legacy::parse_appliance(document, limits) {
            Ok(appliance) => Metadata::Appliance(appliance),
            Err(error) => Metadata::Unusable(error),
        };
    }
    match export::parse(document, limits) {
        Ok(export) => Metadata::Export(Box::new(export)),
        Err(error) => Metadata::Unusable(error),
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn documents_are_told_by_their_first_element() {
        let known: [(&[u8], Option<Form>); 12] = [
            (
                b"<?xml version=\"1.0\"?>\n<database><man",
                Some(Form::Database),
            ),
            (b"<database>", Some(Form::Database)),
            (
                b"\xef\xbb\xbf\r\n <!-- x > y --><database>",
                Some(Form::Database),
            ),
            (b"<!DOCTYPE x><database>", Some(Form::Database)),
            (b"redo-log--------\0", Some(Form::RedoLog)),
            (b"<value><struct>", Some(Form::Rpc)),
            (b"<?xml version='1.0'?><methodResponse>", Some(Form::Rpc)),
            (b"<config><row key='x'/>", Some(Form::OtherXml)),
            (b"<?xml versio", Some(Form::OtherXml)),
            (b"<", None),
            (b"hello", None),
            (b"", None),
        ];
        for (first, form) in known {
            let text = String::from_utf8_lossy(first);
            assert_eq!(Form::recognise(first), form, "{text}");
        }
    }
}
