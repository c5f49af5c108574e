//! Reads choices and numbers off the fuzzer's bytes. What they are choices of is each target's.

/// What is left of an input to be taken apart into choices.
pub(crate) struct Actions<'a> {
    rest: &'a [u8],
}

impl<'a> Actions<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self { rest: data }
    }

    /// The next byte; `None` when all are used up.
    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// Up to `len` bytes.
    pub(crate) fn bytes(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(len.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// A number: mostly a small one, sometimes one of 64 bits, so that ranges are met as well as
    /// neighbours.
    pub(crate) fn number(&mut self) -> Option<u64> {
        Some(match self.byte()? {
            255 => {
                let mut bytes = [0; 8];
                for (to, from) in bytes.iter_mut().zip(self.bytes(8)) {
                    *to = *from;
                }
                u64::from_le_bytes(bytes)
            }
            254 => u64::MAX,
            253 => u64::from(self.byte()?) << 8 | u64::from(self.byte()?),
            small => u64::from(small),
        })
    }

    /// A length in bytes: nominal, none, or [any](Self::number).
    pub(crate) fn len(&mut self) -> Option<u64> {
        Some(match self.byte()? % 4 {
            0 | 1 => 1 << 20,
            2 => 0,
            _ => self.number()?,
        })
    }
}
