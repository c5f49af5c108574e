//! One of two copies, with what is known of it beside its members.

use xenspect_model::Code;
use xenspect_model::catalog::Manifest;
use xenspect_model::report::{Envelope, Input};

/// One copy.
#[derive(Debug, Clone, Copy)]
pub struct CopySide<'a> {
    /// Its members.
    pub manifest: &'a Manifest,
    /// What the checksum of the compressed stream says of it.
    pub stream_sum: StreamSum,
    /// It ends too early.
    pub cut_short: bool,
}

/// What the checksum of a compressed stream says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StreamSum {
    /// There is none, or it was not come to.
    #[default]
    None,
    /// The stream is as it was packed.
    Right,
    /// It is not.
    Wrong,
}

impl<'a> CopySide<'a> {
    /// A copy, with what its own report says of its stream.
    #[must_use]
    pub fn of(manifest: &'a Manifest, input: &Input) -> Self {
        let has = |codes: &[Code]| {
            let found = input.findings.iter().map(|finding| finding.code);
            found
                .chain(input.omitted.keys().copied())
                .any(|code| codes.contains(&code))
        };
        let is_broken = has(&[
            Code::EnvelopeCorrupt,
            Code::EnvelopeChecksum,
            Code::EnvelopeLength,
        ]);
        let is_cut = has(&[
            Code::EnvelopeTruncated,
            Code::TruncatedInHeader,
            Code::TruncatedInBlock,
            Code::TruncatedInMetadata,
            Code::TruncatedBetweenPair,
            Code::TruncatedBetweenPairs,
            Code::ScanInterrupted,
            Code::SourceChanged,
            Code::DbCutShort,
            Code::HostCutInFile,
            Code::HostCutBetween,
        ]);
        let has_sum = match input.envelope {
            Some(Envelope::Gzip) => true,
            Some(Envelope::Zstd) => !has(&[Code::EnvelopeNoChecksum]),
            Some(Envelope::Plain) | None => false,
        };
        let stream_sum = match (has_sum, is_broken) {
            (true, true) => StreamSum::Wrong,
            (true, false) if !is_cut && input.error.is_none() => StreamSum::Right,
            _ => StreamSum::None,
        };
        Self {
            manifest,
            stream_sum,
            cut_short: is_cut || (is_broken && !manifest.complete),
        }
    }
}

impl<'a> From<&'a Manifest> for CopySide<'a> {
    /// A copy of which nothing else is known.
    fn from(manifest: &'a Manifest) -> Self {
        Self {
            manifest,
            stream_sum: StreamSum::None,
            cut_short: !manifest.complete,
        }
    }
}
