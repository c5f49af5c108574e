//! Where an export holds what should not be shown (`formats/xva.md` sections 3.3 and 15). Places only, never values.

use super::{Export, Place, place};
use crate::xmlrpc::Value;

/// One sensitive thing and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sensitive {
    /// The state of a virtual TPM: keys of the guest.
    VtpmContent {
        /// The field that holds it.
        place: Place,
    },
    /// The UEFI variables of a VM, in `NVRAM` under `EFI-variables`.
    EfiVariables {
        /// The field that holds them.
        place: Place,
    },
}

impl Export {
    /// The sensitive things that are present, in document order.
    pub fn sensitive(&self) -> Vec<Sensitive> {
        self.objects
            .iter()
            .filter_map(|object| match object.class.as_str() {
                "VTPM" => {
                    let (field, value) = object.vtpm_field("content")?;
                    let place = place(object, field);
                    (!is_empty(value)).then_some(Sensitive::VtpmContent { place })
                }
                "VM" => {
                    let value = object.field("NVRAM")?.member("EFI-variables")?;
                    let place = place(object, "NVRAM");
                    (!is_empty(value)).then_some(Sensitive::EfiVariables { place })
                }
                _ => None,
            })
            .collect()
    }

    /// True when the state of a virtual TPM is in the document.
    pub fn has_vtpm_content(&self) -> bool {
        self.sensitive()
            .iter()
            .any(|thing| matches!(thing, Sensitive::VtpmContent { .. }))
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Text(text) | Value::Base64(text) => text.is_empty(),
        Value::Nil => true,
        _ => false,
    }
}
