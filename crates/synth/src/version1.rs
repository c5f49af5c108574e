//! XVA version 1 of XenServer 3.x (`formats/xva.md` section 9).

use std::io;

use crate::envelope::Envelope;
use crate::member::{Member, Role};
use crate::recipe::Recipe;
use crate::stream::{Sink, block_header};

/// Device name, and directory, of a disk.
fn device(ordinal: usize) -> String {
    format!(
        "sd{}",
        char::from(b'a' + u8::try_from(ordinal % 26).unwrap_or_default())
    )
}

/// The `ova.xml` of version 1.
pub(crate) fn document(recipe: &Recipe) -> String {
    let mut vbds = String::new();
    let mut vdis = String::new();
    for (ordinal, disk) in recipe.disks.iter().enumerate() {
        let device = device(ordinal);
        let function = if ordinal == 0 { "root" } else { "data" };
        vbds.push_str(&format!(
            "    <vbd device=\"{device}\" function=\"{function}\" mode=\"w\" vdi=\"vdi_{device}\"/>\n"
        ));
        vdis.push_str(&format!(
            "  <vdi name=\"vdi_{device}\" size=\"{}\" source=\"file://{device}\" type=\"dir-gzipped-chunks\" variety=\"system\"/>\n",
            disk.virtual_size
        ));
    }
    format!(
        "<?xml version=\"1.0\" ?>\n<appliance version=\"0.1\">\n  <vm name=\"vm\">\n    <label>{}</label>\n    \
         <shortdesc>exported by XenServer 3.2</shortdesc>\n    <config mem_set=\"268435456\" vcpus=\"1\"/>\n    \
         <hacks is_hvm=\"false\" kernel_boot_cmdline=\"root=/dev/sda1 ro\"/>\n{vbds}  </vm>\n{vdis}</appliance>\n",
        recipe.vm_name
    )
}

/// The members `DIR/chunk-NNNNNNNNN.gz`: no chunk is left out and there are no checksums.
pub(crate) fn each_chunk(recipe: &Recipe, sink: &mut Sink<'_>) -> io::Result<()> {
    for (ordinal, disk) in recipe.disks.iter().enumerate() {
        for chunk in 0..disk.virtual_size.div_ceil(recipe.chunk_size) {
            let rest = (disk.virtual_size - chunk * recipe.chunk_size).min(recipe.chunk_size);
            let len = usize::try_from(rest).map_err(io::Error::other)?;
            let bytes = if disk.is_zero(chunk) {
                vec![0; len]
            } else {
                disk.content.chunk(recipe.seed, ordinal as u64, chunk, len)
            };
            let directory = device(ordinal);
            sink(Member {
                name: format!("{directory}/chunk-{chunk:09}.gz").into_bytes(),
                payload: Envelope::Gzip.encode(&bytes),
                header: block_header(recipe),
                role: Role::Block {
                    disk: directory,
                    number: chunk,
                },
            })?;
        }
    }
    Ok(())
}
