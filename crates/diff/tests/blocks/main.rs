//! Blocks of two exports: one change per test, with exactly the ranges that it must give.

mod damage;
mod matching;
mod ranges;
mod support;
mod zeros;
