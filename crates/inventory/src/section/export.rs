//! The section `export`: where an export comes from.

use xenspect_model::inventory::{Cell, Section, Table};
use xenspect_xapi::export::Export;

use super::{int, number, section, text};

/// The version struct of an export.
pub(crate) fn of_version(export: &Export) -> Section {
    let mut table = Table::new(&[
        text("product", "product"),
        text("version", "version"),
        text("build", "build").rank(1),
        text("xapi", "xapi").rank(2),
        int("export_vsn", "format").rank(3),
        int("objects", "objects").rank(5),
        text("build_host", "built on").rank(6),
        text("build_date", "xapi of").rank(4),
    ]);
    let version = &export.version;
    let xapi = match (version.xapi_major, version.xapi_minor) {
        (Some(major), Some(minor)) => Cell::Text(format!("{major}.{minor}")),
        _ => Cell::None,
    };
    table.rows.push(vec![
        version.product_brand.clone().into(),
        version.product_version.clone().into(),
        version.build_number.clone().into(),
        xapi,
        Cell::Int(version.export_vsn.into()),
        number(export.objects.len()),
        version.hostname.clone().into(),
        version.date.clone().into(),
    ]);
    section("export", "Export", table)
}
