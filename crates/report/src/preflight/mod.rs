//! A [`PreflightReport`](xenspect_model::preflight::PreflightReport) for people ([`human`]), for a ticket
//! ([`markdown`]) and for programs ([`json`]). What it says comes with it; here it is laid out.

mod host;
pub mod html;
pub mod human;
pub mod json;
pub mod markdown;
mod nics;
mod runbook;
mod words;
