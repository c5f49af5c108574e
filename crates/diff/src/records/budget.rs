//! What a comparison may spend in all on what an input can ask for without end. Beyond it less is told, never something
//! wrong.

use std::cell::Cell;

/// Bytes of names of what references lead to: a large input can refer to one long name a million times.
const TITLES: usize = 64 << 20;
/// Steps in comparing long texts, each the product of their lengths in lines or words.
const STEPS: usize = 1 << 30;

/// What is left.
#[derive(Debug)]
pub(super) struct Budget {
    titles: Cell<usize>,
    steps: Cell<usize>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            titles: Cell::new(TITLES),
            steps: Cell::new(STEPS),
        }
    }
}

impl Budget {
    /// The name of what a reference leads to, as long as there is room for it.
    pub(super) fn title(&self, title: String) -> Option<String> {
        take(&self.titles, title.len()).then_some(title)
    }

    /// Whether there is time to compare two texts of so many lines or words.
    pub(super) fn steps(&self, old: usize, new: usize) -> bool {
        take(&self.steps, old.saturating_mul(new))
    }
}

fn take(left: &Cell<usize>, wanted: usize) -> bool {
    match left.get().checked_sub(wanted) {
        Some(rest) => {
            left.set(rest);
            true
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_is_gone() {
        let budget = Budget::default();
        assert!(budget.steps(1 << 15, 1 << 15));
        assert!(!budget.steps(1, 1));
        assert!(budget.title("x".repeat(TITLES)).is_some());
        assert_eq!(budget.title("x".to_owned()), None);
    }
}
