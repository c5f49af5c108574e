//! The bodies of the fuzz targets: each takes any bytes, drives one part of the workspace with
//! them, and panics when an invariant does not hold.
//!
//! They are a library so that the fuzzer (`fuzz/`) and the tests (`tests/corpus.rs`) run the same
//! code; without a fuzzer the tests still go over seeds, damaged archives and past crashes. No
//! corpus and no fixture is made here.
//!
//! ```
//! // Two zero blocks: an archive without members breaks nothing.
//! xenspect_harness::tar_walker(&[0; 1024]);
//! ```

mod actions;
mod checksum_text;
mod members;
mod ova_xml;
mod placement;
mod sealed;
mod tar_walker;
mod whole_scan;

pub use checksum_text::checksum_text;
pub use ova_xml::ova_xml;
pub use placement::block_placement;
pub use tar_walker::tar_walker;
pub use whole_scan::whole_scan;

/// A target: any bytes go in, a broken invariant comes out as a panic.
pub type Target = fn(&[u8]);

/// Every target by the name that it has under `fuzz/fuzz_targets` and `regressions`.
pub const TARGETS: [(&str, Target); 5] = [
    ("tar_walker", tar_walker),
    ("block_placement", block_placement),
    ("checksum_text", checksum_text),
    ("ova_xml", ova_xml),
    ("whole_scan", whole_scan),
];
