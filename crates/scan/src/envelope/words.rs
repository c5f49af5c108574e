//! A compression fault in words, for where no catalog has it as a fact: nothing else is to be said of the input then.

use xenspect_model::catalog::Compression;

/// The words of whoever decompresses.
pub(crate) fn compression_words(fault: &Compression) -> String {
    match fault {
        Compression::Truncated { at } => format!("it ends after {at} bytes"),
        Compression::Corrupt { reason, .. } => reason.clone(),
        Compression::Window { asked, allowed, .. } => window_words(*asked, *allowed),
        Compression::Checksum { .. } => "its checksum is wrong".to_owned(),
        Compression::Length { .. } => "its length is wrong".to_owned(),
        Compression::Trailing { .. } => "nothing is packed in it".to_owned(),
    }
}

/// A window that is refused, and what can be done.
fn window_words(asked: u64, allowed: u64) -> String {
    /// The largest that zstd itself can read.
    const LARGEST: u64 = 1 << 31;
    let words =
        format!("it asks for a window of {asked} bytes, and no more than {allowed} are allowed");
    if asked > LARGEST {
        return format!("{words}; zstd itself reads none of more than {LARGEST}");
    }
    let option = match asked.next_power_of_two() {
        size if size >= 1 << 30 => format!("{}GiB", size >> 30),
        size => format!("{}MiB", (size >> 20).max(1)),
    };
    format!(
        "{words}; --zstd-window {option} allows it, and so much memory is then taken while it is read"
    )
}
