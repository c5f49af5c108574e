//! Sizes, numbers and counts at the edges of what their types and the limits allow, each with exactly the codes that it must
//! give. Whatever overflows, panics, or takes quadratic time shows here: these builds check arithmetic.

mod descriptions;
mod dozens;
mod dumps;
mod hosts;
mod long;
mod many;
mod numbers;
mod redo;
mod sizes;
mod support;
