//! What a scan of an `ova.xml` outside of an archive establishes.

use super::{Facts, Metadata};
use crate::report::Envelope;

/// An `ova.xml` by itself, taken out of its archive. Nothing is known of disks.
#[derive(Debug)]
pub struct Document {
    /// The compression around it.
    pub envelope: Envelope,
    /// Bytes of the input that were read, as stored.
    pub bytes: u64,
    /// Bytes of the document.
    pub stream_bytes: u64,
    /// The document itself.
    pub text: Vec<u8>,
    /// What it says; never absent.
    pub metadata: Metadata,
    /// Deviations of storage and compression.
    pub facts: Facts,
    /// The run was interrupted before the end was reached.
    pub interrupted: bool,
}
