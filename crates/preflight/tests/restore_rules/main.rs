//! Small pools written by hand against hosts written by hand: each fault alone, with exactly the findings that it must
//! give. What every pair gives is left out, so a test shows what its own fault adds.

mod as_xapi_reads;
mod build;
mod file;
mod identity;
mod nics;
mod real;
mod version;
