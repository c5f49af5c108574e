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
mod collected;
mod compared;
mod dump_parts;
mod flipped;
mod host_backup;
mod host_files;
mod inspected;
mod keys;
mod listed;
mod listings;
mod members;
mod merged;
mod ova_xml;
mod placement;
mod policies;
mod pool_dump;
mod preflight;
mod redacted_dump;
mod redo_log;
mod sealed;
mod seals;
mod sexpr;
mod shown;
mod sidecars;
mod stand_ins;
mod state_file;
mod tar_reader;
mod tar_walker;
mod target_files;
mod whole_scan;
mod words;
mod xmlrpc;

pub use checksum_text::checksum_text;
pub use collected::collected;
pub use compared::compared;
pub use host_backup::host_backup;
pub use host_files::host_files;
pub use keys::keys;
pub use listings::listings;
pub use merged::merged;
pub use ova_xml::ova_xml;
pub use placement::block_placement;
pub use policies::policies;
pub use pool_dump::pool_dump;
pub use preflight::preflight;
pub use redo_log::redo_log;
pub use seals::seals;
pub use sexpr::sexpr_round_trip;
pub use sidecars::sidecars;
pub use state_file::state_file;
pub use tar_walker::tar_walker;
pub use target_files::target_files;
pub use whole_scan::whole_scan;
pub use words::words;
pub use xmlrpc::xmlrpc;

/// A target: any bytes go in, a broken invariant comes out as a panic.
pub type Target = fn(&[u8]);

/// Every target by the name that it has under `fuzz/fuzz_targets` and `regressions`.
pub const TARGETS: [(&str, Target); 23] = [
    ("tar_walker", tar_walker),
    ("block_placement", block_placement),
    ("checksum_text", checksum_text),
    ("sidecars", sidecars),
    ("ova_xml", ova_xml),
    ("xmlrpc", xmlrpc),
    ("sexpr_round_trip", sexpr_round_trip),
    ("pool_dump", pool_dump),
    ("redo_log", redo_log),
    ("preflight", preflight),
    ("compared", compared),
    ("host_backup", host_backup),
    ("target_files", target_files),
    ("policies", policies),
    ("seals", seals),
    ("collected", collected),
    ("host_files", host_files),
    ("keys", keys),
    ("listings", listings),
    ("merged", merged),
    ("state_file", state_file),
    ("words", words),
    ("whole_scan", whole_scan),
];
