//! A seal and what became of its archive: one thing changed in each test, and exactly the findings that it has to give.

mod build;
mod documents;
mod lost;
mod order;
mod packed;
mod unusable;
