//! Makes the header checksums of a tar stream hold, so that what a fuzzer changes in a header is
//! looked at instead of being taken for damage. Not here: what is in the headers.

/// A block of a tar stream, in bytes.
const BLOCK: usize = 512;

/// The bytes with a right checksum in each header, as far as the size fields lead from one to the
/// next.
pub(crate) fn sealed(data: &[u8]) -> Vec<u8> {
    let mut bytes = data.to_vec();
    let mut at = 0;
    while let Some(block) = bytes.get_mut(at..at + BLOCK) {
        at += BLOCK;
        if block.iter().any(|&byte| byte != 0) {
            seal(block);
            at = at.saturating_add(size(block).unwrap_or(0).next_multiple_of(BLOCK));
        }
        if at > bytes.len() {
            break;
        }
    }
    bytes
}

/// Writes the sum of all bytes, the field itself counted as spaces (`formats/xva.md` section 2.1).
fn seal(header: &mut [u8]) {
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().copied().map(u32::from).sum();
    header[148..156].copy_from_slice(format!("{sum:07o}\0").as_bytes());
}

/// The size field, if it is octal and within any input of a fuzzer.
fn size(header: &[u8]) -> Option<usize> {
    let field = header[124..136]
        .split(|&byte| byte == 0 || byte == b' ')
        .next()?;
    let text = std::str::from_utf8(field).ok()?;
    usize::from_str_radix(text, 8)
        .ok()
        .filter(|&size| size < 1 << 30)
}
