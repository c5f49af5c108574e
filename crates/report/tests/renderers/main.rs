//! What the renderers show, against kept examples. `INSTA_UPDATE=always` rewrites the snapshots,
//! `XENSPECT_BLESS=1` the generated files under `docs/`.

mod copies;
mod generated;
mod html;
mod human;
mod json;
mod preflight;
mod preflight_sample;
mod programs;
mod random;
mod sample;
