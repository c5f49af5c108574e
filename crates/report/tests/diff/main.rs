//! Comparisons as they are shown: pages, Markdown and JSON, against kept examples. `INSTA_UPDATE=always` rewrites the
//! snapshots, `XENSPECT_BLESS=1` the schemas under `docs/`.

mod documents;
mod hostile;
mod html;
mod page;
mod sample;
mod series;

use xenspect_model::diff::{DiffReport, SeriesReport};
use xenspect_report::diff::{human, json, markdown};
use xenspect_report::human::Style;

fn text(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut shown = Vec::new();
    write(&mut shown).expect("a Vec takes everything");
    String::from_utf8(shown).expect("reports are UTF-8")
}

fn page(report: &DiffReport, style: &Style, ranges: bool) -> String {
    text(|w| human::write(report, style, ranges, w))
}

fn table(report: &DiffReport) -> String {
    text(|w| markdown::write(report, true, w))
}

fn document(report: &DiffReport) -> String {
    text(|w| json::write(report, w))
}

fn series_page(report: &SeriesReport, style: &Style) -> String {
    text(|w| human::write_series(report, style, w))
}

fn series_table(report: &SeriesReport) -> String {
    text(|w| markdown::write_series(report, w))
}

fn series_document(report: &SeriesReport) -> String {
    text(|w| json::write_series(report, w))
}
