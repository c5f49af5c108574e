//! Sizes and counts as people read them. Which of them a report shows is the renderer's business.

use crate::wrap::GLUE;

const UNITS: [&str; 7] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/// A count with commas between thousands.
pub(crate) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// A count for a table's cell: at most ten columns. No disk has a hundred million blocks.
pub(crate) fn cell_count(n: u64) -> String {
    if n < 100_000_000 {
        count(n)
    } else {
        ">=100 M".to_owned()
    }
}

/// A size in binary units: exact multiples bare (`20 GiB`), others to a tenth (`2.1 GiB`).
pub(crate) fn size(bytes: u64) -> String {
    let mut unit = bytes.checked_ilog2().unwrap_or(0) / 10;
    if bytes.is_multiple_of(1 << (10 * unit)) {
        return format!("{} {}", bytes >> (10 * unit), UNITS[unit as usize]);
    }
    let mut tenths = tenths(bytes, unit);
    if tenths == 10_240 {
        unit += 1;
        tenths = 10;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit as usize])
}

fn tenths(bytes: u64, unit: u32) -> u128 {
    let one = 1u128 << (10 * unit);
    (u128::from(bytes) * 10 + one / 2) / one
}

/// A size without rounding, in the largest unit that divides it, or in bytes.
fn exact(bytes: u128) -> (u128, &'static str) {
    let unit = (bytes.trailing_zeros().min(60) / 10) as usize;
    if bytes == 0 {
        (0, UNITS[0])
    } else {
        (bytes >> (10 * unit), UNITS[unit])
    }
}

fn size_exact(bytes: u64) -> String {
    let (number, unit) = exact(u128::from(bytes));
    format!("{number}{GLUE}{unit}")
}

/// A range of a disk, from its first byte to the one behind the last, without rounding, to be
/// wrapped.
pub(crate) fn range(start: u64, length: u64, unicode: bool) -> String {
    // A short piece at a round place: in one unit both ends would be long numbers of bytes.
    if start >= 1 << 20 && start.is_multiple_of(1 << 20) && !length.is_multiple_of(1 << 20) {
        let start = size(start).replace(' ', "\u{a0}");
        let length = size_exact(length);
        return format!("{start}{GLUE}+{GLUE}{length}");
    }
    let start = u128::from(start);
    let end = start + u128::from(length);
    // One unit for both: the smaller one of the two, or the only one that is not zero.
    let unit = match (start, end) {
        (0, _) => exact(end).1,
        _ => exact(start | end).1,
    };
    let shift = 10 * UNITS.iter().position(|name| *name == unit).unwrap_or(0);
    let dash = if unicode { "–" } else { "-" };
    format!("{}{dash}{}{GLUE}{unit}", start >> shift, end >> shift)
}

/// An offset in the two forms that tools want, for instance `18000384 (0x112aa00)`, to be wrapped.
pub(crate) fn offset(bytes: u64) -> String {
    format!("{bytes}{GLUE}({bytes:#x})")
}

/// A share in percent, cut and never rounded up: only the whole is `100%`.
pub(crate) fn share(part: u64, whole: u64) -> String {
    let tenths = u128::from(part) * 1000 / u128::from(whole.max(1));
    format!("{}.{}%", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        for (n, shown) in [(0, "0"), (999, "999"), (1000, "1,000"), (15_432, "15,432")] {
            assert_eq!(count(n), shown);
        }
        assert_eq!(count(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(cell_count(99_999_999), "99,999,999");
        assert_eq!(cell_count(100_000_000), ">=100 M");
    }

    #[test]
    fn sizes_tell_whether_they_are_rounded() {
        for (bytes, shown) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1 KiB"),
            (1536, "1.5 KiB"),
            (20 << 30, "20 GiB"),
            ((20 << 30) + 1, "20.0 GiB"),
            ((1 << 30) - 1, "1.0 GiB"),
            (3 << 29, "1.5 GiB"),
            (u64::MAX, "16.0 EiB"),
        ] {
            assert_eq!(size(bytes), shown);
        }
    }

    #[test]
    fn ranges_are_exact() {
        let range = |start, length, unicode| range(start, length, unicode).replace(GLUE, " ");
        const MIB: u64 = 1 << 20;
        assert_eq!(range(0, MIB, true), "0–1 MiB");
        assert_eq!(range(17 * MIB, MIB, false), "17-18 MiB");
        assert_eq!(range(1023 * MIB, MIB, false), "1023-1024 MiB");
        assert_eq!(range(MIB, 512, false), "1 MiB + 512 B");
        assert_eq!(range(0, 0, false), "0-0 B");
        assert_eq!(
            range(u64::MAX, u64::MAX, false).len(),
            "18446744073709551615-36893488147419103230 B".len()
        );
    }

    #[test]
    fn only_the_whole_is_a_hundred_percent() {
        assert_eq!(share((1 << 40) - 1, 1 << 40), "99.9%");
        assert_eq!(share(0, 5), "0.0%");
        assert_eq!(share(1, 0), "100.0%");
    }
}
