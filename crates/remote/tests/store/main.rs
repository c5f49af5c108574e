//! Reading from a real server of S3's language on loopback, over good lines and bad ones.

mod answers;
mod errors;
mod lines;
mod listing;
mod others;
mod requests;
mod same;
mod support;
mod tls;
