//! How inputs are read, in the same words for all commands that have it.

use std::num::{NonZeroU64, NonZeroUsize};

use bytesize::ByteSize;
use clap::Args;

/// Heading of these options.
const READING: &str = "Reading";

/// Care for the machine, and what an input may ask of it.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct Care {
    /// Read no more than this in a second, of all inputs together, `50M` or `50MiB` for instance
    #[arg(long, value_name = "RATE", value_parser = rate, help_heading = READING)]
    pub(crate) io_limit: Option<NonZeroU64>,

    /// Drop what was read from the page cache again, unless all of a file was there before (Linux)
    #[arg(long, help_heading = READING)]
    pub(crate) no_cache_pollution: bool,

    /// Largest window of a zstd frame that is unpacked, up to 2GiB [default: 128MiB]
    #[arg(long, value_name = "SIZE", value_parser = window_log, help_heading = READING)]
    pub(crate) zstd_window: Option<u32>,
}

/// How many hash.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct Threads {
    /// Threads that hash blocks [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = super::at_least_one, help_heading = READING)]
    pub(crate) threads: Option<NonZeroUsize>,
}

/// All of it, for commands that may hash out of a map.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct Reading {
    #[command(flatten)]
    pub(crate) threads: Threads,

    /// Hash plain archives out of a map: faster, but if a file shrinks or a disk fails meanwhile it ends with a bus error
    #[arg(long, conflicts_with = "no_cache_pollution", help_heading = READING)]
    pub(crate) mmap: bool,

    #[command(flatten)]
    pub(crate) care: Care,
}

/// Bytes in a second.
fn rate(text: &str) -> Result<NonZeroU64, String> {
    let bytes = size(text.strip_suffix("/s").unwrap_or(text))?;
    NonZeroU64::new(bytes).ok_or_else(|| "must be at least one byte in a second".to_owned())
}

/// The power of two that a window is.
fn window_log(text: &str) -> Result<u32, String> {
    /// What the format's library can be told.
    const POWERS: std::ops::RangeInclusive<u32> = 10..=31;
    let bytes = size(text)?;
    if !bytes.is_power_of_two() {
        return Err("must be a power of two, 512MiB for instance".to_owned());
    }
    let power = bytes.trailing_zeros();
    POWERS
        .contains(&power)
        .then_some(power)
        .ok_or_else(|| "must be from 1KiB to 2GiB".to_owned())
}

fn size(text: &str) -> Result<u64, String> {
    let size: Result<ByteSize, String> = text.parse();
    size.map(|size| size.as_u64()).map_err(|_| {
        "must be a number of bytes, with K, M, G or KiB, MiB, GiB behind it".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_decimal_unless_they_say_otherwise() {
        for (text, bytes) in [
            ("1", 1),
            ("4096", 4096),
            ("50k", 50_000),
            ("50M", 50_000_000),
            ("50MB", 50_000_000),
            ("50 MB/s", 50_000_000),
            ("50MiB", 50 << 20),
            ("50MiB/s", 50 << 20),
            ("1.5G", 1_500_000_000),
            ("1G", 1_000_000_000),
            ("1GiB", 1 << 30),
        ] {
            assert_eq!(rate(text).map(NonZeroU64::get), Ok(bytes), "{text}");
        }
        for text in ["0", "", "-1", "fast", "50X", "M", "1..2M", "1M/h", "NaN"] {
            assert!(rate(text).is_err(), "{text}");
        }
        // No number overflows.
        assert_eq!(
            rate("99999999999999999999E").map(NonZeroU64::get),
            Ok(u64::MAX)
        );
    }

    #[test]
    fn windows_are_powers_of_two() {
        for (text, log) in [
            ("1KiB", 10),
            ("8MiB", 23),
            ("128MiB", 27),
            ("134217728", 27),
            ("2GiB", 31),
        ] {
            assert_eq!(window_log(text), Ok(log), "{text}");
        }
        for text in [
            "0", "1", "512", "128M", "100MiB", "4GiB", "27", "2^27", "16EiB",
        ] {
            assert!(window_log(text).is_err(), "{text}");
        }
    }
}
