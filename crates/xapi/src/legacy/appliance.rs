//! The `<appliance>` document of XVA "version 1" (XenServer 3.x; `formats/xva.md` section 9, xapi's former
//! `ocaml/xva/xva.ml`). Enough is read to say what is in the archive; xapi itself no longer imports it.

use crate::xml::{Document, Element, Token};
use crate::{Error, ErrorKind, Limits, parse_integer};

/// What an `<appliance>` document says. Attributes that are absent are `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Appliance {
    /// `version` of the document, `0.1` in the ones known.
    pub version: Option<String>,
    /// The VMs.
    pub vms: Vec<ApplianceVm>,
    /// The disks.
    pub vdis: Vec<ApplianceVdi>,
}

/// A VM of an appliance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApplianceVm {
    /// Name within the document.
    pub name: Option<String>,
    /// Text of `label`: the name the user gave.
    pub label: Option<String>,
    /// Text of `shortdesc`.
    pub description: Option<String>,
    /// `mem_set` of `config`, in bytes.
    pub memory: Option<u64>,
    /// `vcpus` of `config`.
    pub vcpus: Option<u64>,
    /// `is_hvm` of `hacks`, as it stands.
    pub is_hvm: Option<String>,
    /// The block devices.
    pub vbds: Vec<ApplianceVbd>,
}

/// A block device of an appliance's VM.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApplianceVbd {
    /// Device in the guest, for example `xvda`.
    pub device: Option<String>,
    /// `function`, for example `root`.
    pub function: Option<String>,
    /// `mode`, for example `w`.
    pub mode: Option<String>,
    /// Name of the VDI.
    pub vdi: Option<String>,
}

/// A disk of an appliance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApplianceVdi {
    /// Name within the document.
    pub name: Option<String>,
    /// Size in bytes; `None` when it is missing or not a non-negative number.
    pub size: Option<u64>,
    /// `source` without its `file://`: the directory of the disk's chunks in the archive.
    pub source_dir: Option<String>,
    /// `type`, `dir-gzipped-chunks` in the ones known.
    pub kind: Option<String>,
    /// `variety`, for example `system`.
    pub variety: Option<String>,
}

/// How far [`is_appliance`] looks, in bytes. A declaration and a comment or two fit.
const SNIFF: usize = 64 << 10;

/// True when the root element is `appliance`. Only the first 64 KiB are looked at, so the start of a document is
/// enough; false for anything that cannot be read up to the root's start tag.
pub fn is_appliance(bytes: &[u8]) -> bool {
    let head = bytes.get(..SNIFF).unwrap_or(bytes);
    let head = match std::str::from_utf8(head) {
        Ok(_) => head,
        // The cut may be within a character.
        Err(error) => head.get(..error.valid_up_to()).unwrap_or_default(),
    };
    let limits = Limits::default();
    let start = Document::new(head, &limits, limits.effective_depth())
        .and_then(|mut document| document.next());
    matches!(start, Ok((Token::Start(element), _)) if element.name() == "appliance")
}

/// Reads an `<appliance>` document. Elements it does not know are passed over.
///
/// # Errors
///
/// A document that is not well-formed, a limit that is passed, or another root element.
pub fn parse_appliance(bytes: &[u8], limits: &Limits) -> Result<Appliance, Error> {
    let mut document = Document::new(bytes, limits, limits.effective_depth())?;
    let mut appliance = Appliance::default();
    let mut stack: Vec<Place> = Vec::new();
    let mut elements: usize = 0;
    loop {
        let (token, offset) = document.next()?;
        match token {
            Token::Start(element) => {
                elements = elements.saturating_add(1);
                if elements > limits.values {
                    return Err(ErrorKind::TooManyValues {
                        limit: limits.values,
                    }
                    .at(offset));
                }
                let place = appliance.open(stack.last().copied(), &element, offset)?;
                stack.push(place);
            }
            Token::Text(text) => appliance.text(stack.last().copied(), &text),
            Token::End => {
                stack.pop();
            }
            Token::Eof => return Ok(appliance),
        }
    }
}

/// Where in the document the reader is.
#[derive(Clone, Copy)]
enum Place {
    Appliance,
    Vm,
    Label,
    Description,
    Other,
}

impl Appliance {
    fn open(
        &mut self,
        parent: Option<Place>,
        element: &Element<'_>,
        offset: u64,
    ) -> Result<Place, Error> {
        let attribute = |name| element.attribute(name, offset);
        let count = |name| Ok(attribute(name)?.as_deref().and_then(read_count));
        let place = match (parent, element.name()) {
            (None, "appliance") => {
                self.version = attribute("version")?;
                Place::Appliance
            }
            (None, name) => {
                let name = crate::error::clip(name);
                return Err(ErrorKind::UnexpectedElement { name, inside: "" }.at(offset));
            }
            (Some(Place::Appliance), "vm") => {
                self.vms.push(ApplianceVm {
                    name: attribute("name")?,
                    ..ApplianceVm::default()
                });
                Place::Vm
            }
            (Some(Place::Appliance), "vdi") => {
                self.vdis.push(ApplianceVdi {
                    name: attribute("name")?,
                    size: count("size")?,
                    source_dir: attribute("source")?.map(without_scheme),
                    kind: attribute("type")?,
                    variety: attribute("variety")?,
                });
                Place::Other
            }
            (Some(Place::Vm), name) => match (self.vms.last_mut(), name) {
                (Some(_), "label") => Place::Label,
                (Some(_), "shortdesc") => Place::Description,
                (Some(vm), "config") => {
                    vm.memory = count("mem_set")?;
                    vm.vcpus = count("vcpus")?;
                    Place::Other
                }
                (Some(vm), "hacks") => {
                    vm.is_hvm = attribute("is_hvm")?;
                    Place::Other
                }
                (Some(vm), "vbd") => {
                    vm.vbds.push(ApplianceVbd {
                        device: attribute("device")?,
                        function: attribute("function")?,
                        mode: attribute("mode")?,
                        vdi: attribute("vdi")?,
                    });
                    Place::Other
                }
                _ => Place::Other,
            },
            _ => Place::Other,
        };
        Ok(place)
    }

    fn text(&mut self, place: Option<Place>, piece: &str) {
        let Some(vm) = self.vms.last_mut() else {
            return;
        };
        let target = match place {
            Some(Place::Label) => &mut vm.label,
            Some(Place::Description) => &mut vm.description,
            _ => return,
        };
        target.get_or_insert_default().push_str(piece);
    }
}

fn read_count(text: &str) -> Option<u64> {
    u64::try_from(parse_integer(text)?).ok()
}

fn without_scheme(source: String) -> String {
    match source.strip_prefix("file://") {
        Some(dir) => dir.to_owned(),
        None => source,
    }
}
