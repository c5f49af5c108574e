//! What objects of `ova.xml` list (`formats/xva.md` sections 3.3 and 15). Exporters leave out of a list what they do not export, so what
//! is listed was exported. No importer reads the lists: it makes a VM without what is lost, and says nothing.

use xenspect_model::{Code, Finding};
use xenspect_xapi::export::Export;

use crate::few::Few;
use crate::metadata::ova;

/// Classes, their lists, and the class of what is listed.
const LISTS: [(&str, &str, &str); 8] = [
    ("VM", "VBDs", "VBD"),
    ("VM", "VIFs", "VIF"),
    ("VM", "VGPUs", "VGPU"),
    ("VM", "VTPMs", "VTPM"),
    ("VDI", "VBDs", "VBD"),
    ("SR", "VDIs", "VDI"),
    ("network", "VIFs", "VIF"),
    ("GPU_group", "VGPUs", "VGPU"),
];

/// Tells what is listed and not there, or something else than what it should be.
pub(crate) fn judge(export: &Export, few: &mut Few) {
    for (class, field, of) in LISTS {
        for object in export.of_class(class) {
            let listed = object.set(field).into_iter().flatten();
            let listed = listed.filter_map(|value| value.as_text());
            for to in listed.filter(|to| to.starts_with("Ref:") && !export.is_null(to)) {
                let found = export.object(to).map(|found| found.class.as_str());
                if found != Some(of) {
                    let place = format!("{class} {}.{field}", object.id);
                    few.push(lost(place, to, found));
                }
            }
        }
    }
}

fn lost(place: String, to: &str, found: Option<&str>) -> Finding {
    let mut finding = ova(Code::DanglingReference).object(place).fact("to", to);
    if let Some(class) = found {
        finding = finding.fact("class_found", class);
    }
    finding.xapi_error = None;
    finding
}
