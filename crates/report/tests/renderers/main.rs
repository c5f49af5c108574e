//! What the renderers show, against kept examples. `INSTA_UPDATE=always` rewrites the snapshots,
//! `XENSPECT_BLESS=1` the generated files under `docs/`.

mod copies;
mod generated;
mod human;
mod json;
mod html;
mod preflight;
mod programs;
mod preflight_sample;
mod random;
mod sample;
