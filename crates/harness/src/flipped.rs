//! One bit of a block that is another one: an archive that was sound must not be called so any more.

use std::ops::ControlFlow;

use xenspect_archive::xva::MemberName;
use xenspect_model::Catalog;
use xenspect_model::report::{Envelope, Report, Verdict};
use xenspect_scan::{Error, Listed, Options, Progress, Source, list, scan};

use crate::whole_scan::report_of;

/// Blocks that are tried of an archive: the first and the last of them.
const TRIED: usize = 2;

/// Flips a bit of blocks of an archive that is not packed and was found sound with all its blocks checked.
///
/// Invariant: the verdict is worse than sound then, and the block is the one that is counted as bad.
///
/// # Panics
///
/// When it does not hold.
pub(crate) fn check(
    bytes: &[u8],
    scanned: &Result<Catalog, Error>,
    report: &Report,
    options: &Options,
) {
    let Ok(Catalog::Archive(archive)) = scanned else {
        return;
    };
    let is_sound = report
        .inputs
        .iter()
        .all(|input| input.verdict == Verdict::Sound && input.envelope == Some(Envelope::Plain));
    let is_checked = archive.disks.iter().all(|disk| disk.blocks.unchecked == 0);
    if !is_sound || !is_checked {
        return;
    }
    let blocks = blocks(bytes, options);
    let last = blocks.len().saturating_sub(1);
    let tried = blocks.iter().enumerate();
    let tried = tried.filter(|(index, _)| *index == 0 || *index == last);
    for (_, (offset, size)) in tried.take(TRIED) {
        // Any: here what the length of the archive makes of it.
        let bit = bytes.len() / 512;
        let at = offset + bit % size;
        let mut flipped = bytes.to_vec();
        let Some(byte) = flipped.get_mut(at) else {
            panic!("a sound archive ends within a block");
        };
        *byte ^= 1 << (bit % 8);
        let found = scan(Source::memory(flipped), options, &Progress::default());
        let report = report_of(&found);
        for input in &report.inputs {
            assert!(
                input.verdict > Verdict::Sound,
                "a bit at {at} is another one, and it is called sound"
            );
            let bad: u64 = input.disks.iter().map(|disk| disk.bad).sum();
            assert_eq!(bad, 1, "blocks that are bad");
        }
    }
}

/// Offset and length of the blocks that have bytes.
fn blocks(bytes: &[u8], options: &Options) -> Vec<(usize, usize)> {
    let mut blocks = Vec::new();
    let mut show = |listed: &Listed| {
        let member = &listed.member;
        let is_block = matches!(
            MemberName::classify(&member.name).name,
            MemberName::Block(_)
        );
        if is_block && member.size > 0 {
            let place = (member.data_offset, member.size);
            if let (Ok(offset), Ok(size)) = (place.0.try_into(), place.1.try_into()) {
                blocks.push((offset, size));
            }
        }
        ControlFlow::Continue(())
    };
    let source = Source::memory(bytes.to_vec());
    let _ = list(source, options, &Progress::default(), &mut show);
    blocks
}
