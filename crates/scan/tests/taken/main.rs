//! One reading that gives catalog, digests, copy and manifest.

mod cancelled;
mod copies;
mod faults;
mod host;
mod manifest;
mod sample;
mod storage;
mod stored;
mod support;
