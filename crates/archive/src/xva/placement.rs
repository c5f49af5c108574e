//! Where a block lies on its disk. Placement accumulates; it never multiplies a block number
//! (`formats/xva.md` section 5.1).

/// Nominal length of a block, in bytes (section 5).
pub const NOMINAL_BLOCK: u64 = 1 << 20;

/// A block's place on its disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Offset on the disk, in bytes.
    pub start: u64,
    /// Blocks left out (hence zero) between the block before and this one.
    pub absent: u64,
}

/// Why a block has no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotPlaced {
    /// The same number as the block before.
    Doubled,
    /// A lower number than the block before.
    OutOfOrder {
        /// Number of the block before.
        last: u64,
    },
    /// The place would lie beyond 2^64 bytes.
    BeyondRange,
}

/// The running position on one disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    unit: u64,
    position: u64,
    last: Option<u64>,
}

impl Placement {
    /// Starts at the beginning of a disk. `unit` is the length in bytes that an absent block
    /// stands for: [`NOMINAL_BLOCK`], or what an importer takes instead.
    #[must_use]
    pub const fn new(unit: u64) -> Self {
        Self {
            unit,
            position: 0,
            last: None,
        }
    }

    /// Bytes of the disk that are accounted for.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// Number of the last block placed.
    #[must_use]
    pub const fn last(&self) -> Option<u64> {
        self.last
    }

    /// Places block `number` of `len` bytes, and moves on.
    ///
    /// # Errors
    /// [`NotPlaced`]; the position is then what it was.
    pub fn place(&mut self, number: u64, len: u64) -> Result<Place, NotPlaced> {
        let absent = match self.last {
            None => number,
            Some(last) if number == last => return Err(NotPlaced::Doubled),
            Some(last) if number < last => return Err(NotPlaced::OutOfOrder { last }),
            Some(last) => number.saturating_sub(last).saturating_sub(1),
        };
        let start = absent
            .checked_mul(self.unit)
            .and_then(|gap| self.position.checked_add(gap))
            .ok_or(NotPlaced::BeyondRange)?;
        self.position = start.checked_add(len).ok_or(NotPlaced::BeyondRange)?;
        self.last = Some(number);
        Ok(Place { start, absent })
    }
}
