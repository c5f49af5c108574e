//! Two copies of one archive, by what is stored in them: where they differ, and which of the two is right there. Neither needs
//! to be whole, and how they are packed does not matter.
//!
//! Members are matched by name. Of a block its own sum tells whether it is right; of a block and its sum that is the pair, since
//! either of them may be damaged. What has no sum is told by other facts where there are any: damage changes no length that a
//! header holds, and the checksum of a compressed stream covers all in it. Takes time in proportion to the members, and that of
//! sorting them where their order differs; about 50 bytes a member beside the manifests.

mod holes;
mod judge;
mod matching;
mod order;
mod ranges;
mod side;

#[cfg(test)]
mod tests;

use xenspect_model::report::{Against, AgainstState, Carries, Difference};

use judge::{Judge, Judged};
use matching::Pairs;
use ranges::{Place, Runs};
pub use side::{CopySide, StreamSum};

/// Compares two copies. `path` of what comes back is left empty: it is for the one who knows the other copy's.
#[must_use]
pub fn copies<'a>(here: impl Into<CopySide<'a>>, there: impl Into<CopySide<'a>>) -> Against {
    let (here, there) = (here.into(), there.into());
    let pairs = Pairs::of(here.manifest, there.manifest);
    let moved = order::moved(&pairs);
    let order_right = if moved.is_empty() {
        Carries::Untold
    } else {
        order::right(here.manifest, there.manifest)
    };
    let judge = Judge::new(here, there, &pairs);
    let mut tally = Tally::default();
    let mut runs = Runs::new(here.manifest, there.manifest);
    pairs.walk(|h, t| {
        let judged = judge.place(h, t);
        let (differs, right) = match judged {
            Judged::Same if h.is_some_and(|h| order::is_in(&moved, h)) => {
                (Difference::Order, order_right)
            }
            Judged::Same => {
                tally.same += 1;
                runs.pass(h, t);
                return;
            }
            Judged::Differs(differs, right) => (differs, right),
        };
        tally.add(differs, right);
        runs.push(Place {
            h,
            t,
            differs,
            right,
        });
    });
    tally.moved = moved.len() as u64;
    let (ranges, ranges_more) = runs.finish();
    let not_compared = here
        .manifest
        .left_out
        .saturating_add(there.manifest.left_out);
    let facts = Facts {
        order: match order_right {
            // An importer reads blocks as they come; files of a host may stand in any order.
            _ if !judge.has_blocks() => OrderRight::MeansNothing,
            Carries::Untold if !moved.is_empty() => OrderRight::Untold,
            _ => OrderRight::Told,
        },
        shares_names: pairs.shares_names(),
        is_whole: holes::union_is_whole(here, there, &pairs),
        is_all: not_compared == 0,
    };
    Against {
        path: String::new(),
        state: tally.state(facts),
        same: tally.same,
        different: tally.different,
        only_here: tally.only_here,
        only_there: tally.only_there,
        moved: tally.moved,
        not_compared,
        ranges,
        ranges_more,
    }
}

/// What else the state depends on.
#[derive(Debug, Clone, Copy)]
struct Facts {
    /// What is known of the order.
    order: OrderRight,
    /// Enough names are in both.
    shares_names: bool,
    /// What either lacks is in the other, as far as that can be known.
    is_whole: bool,
    /// All members were compared.
    is_all: bool,
}

/// What is known of the order of the members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OrderRight {
    /// Nobody reads them as they come.
    MeansNothing,
    /// It is the same in both, or one of them has them as they are exported.
    Told,
    /// It cannot be said which of the two has them as they are exported.
    Untold,
}

#[derive(Debug, Default)]
struct Tally {
    same: u64,
    different: u64,
    only_here: u64,
    only_there: u64,
    moved: u64,
    /// Members that differ, by which copy is right.
    one_right: u64,
    both: u64,
    untold: u64,
    /// Members that are alike and wrong in both.
    alike: u64,
}

impl Tally {
    fn add(&mut self, differs: Difference, right: Carries) {
        match differs {
            Difference::Contents | Difference::Unread => self.different += 1,
            Difference::OnlyHere => self.only_here += 1,
            Difference::OnlyThere => self.only_there += 1,
            // Alike but for where they are.
            Difference::Order => self.same += 1,
            Difference::Alike => {
                self.same += 1;
                self.alike += 1;
                return;
            }
        }
        match right {
            // Whether the order means anything is known at the end.
            _ if differs == Difference::Order => {}
            Carries::Here | Carries::There => self.one_right += 1,
            Carries::Both => self.both += 1,
            Carries::Neither | Carries::Untold => self.untold += 1,
        }
    }

    fn state(&self, facts: Facts) -> AgainstState {
        let is_moved = self.moved > 0 && facts.order != OrderRight::MeansNothing;
        if self.both > 0 || !facts.shares_names {
            AgainstState::OtherArchive
        } else if !facts.is_all {
            AgainstState::Undecided
        } else if self.one_right == 0 && self.untold == 0 && !is_moved {
            AgainstState::Same
        } else if self.untold == 0
            && self.alike == 0
            && facts.is_whole
            && facts.order != OrderRight::Untold
        {
            AgainstState::OneIsRight
        } else {
            AgainstState::Undecided
        }
    }
}
