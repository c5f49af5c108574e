//! What is wrong with a host backup, in sentences, for those who want its files and do not judge it.

use xenspect_archive::tar;
use xenspect_model::catalog::{
    Compression, EmbeddedState, Ending, Fact, HostBackup, Located, Member as MemberFact, Source,
};

use crate::collect::shown;
use crate::envelope::compression_words;

/// Why files of a host backup may be missing, or other than they seem: sentences without a full stop. What its
/// [tree](HostBackup::tree) remarks is not among them.
#[must_use]
pub fn damage(backup: &HostBackup) -> Vec<String> {
    let mut told = Vec::new();
    let mut lost = 0_u64;
    for Located { fact, .. } in backup.facts.iter() {
        match fact {
            Fact::Member(MemberFact::HeaderSum { name, .. }) => {
                let name = String::from_utf8_lossy(name);
                let name = shown(name.strip_prefix("./").unwrap_or(&name));
                told.push(format!("{name} is left out: it has a damaged header"));
            }
            Fact::Tar(tar::Oddity::Lost { bytes }) => lost = lost.saturating_add(*bytes),
            _ => {}
        }
    }
    told.extend(ending(backup));
    if lost > 0 {
        told.push(format!(
            "{lost} bytes of it are damaged, and files in them are lost"
        ));
    }
    for Located { fact, .. } in backup.facts.iter() {
        if let Fact::Envelope(fault @ (Compression::Checksum { .. } | Compression::Length { .. })) =
            fact
        {
            let how = compression_words(fault);
            told.push(format!(
                "its compression tells damage ({how}): what was read of it may be wrong"
            ));
        }
    }
    told.extend(backup.databases.iter().filter_map(|database| {
        let why = match &database.state {
            EmbeddedState::Read(_) => return None,
            EmbeddedState::Unusable(why) => why.clone(),
            EmbeddedState::TooLarge { size } => format!("it has {size} bytes, more than are read"),
            EmbeddedState::Cut => "it is cut short".to_owned(),
        };
        let path = shown(&database.path);
        Some(format!("its pool database {path} cannot be read: {why}"))
    }));
    told
}

/// How the archive breaks off, if it does.
fn ending(backup: &HostBackup) -> Option<String> {
    let broken = backup
        .facts
        .iter()
        .find_map(|located| broken(&located.fact));
    let end = backup.stream_bytes;
    let how = match &backup.ending {
        Ending::Tar(tar::Ending::Complete | tar::Ending::SingleZeroBlock) => {
            return broken.map(|how| format!("all its members were read, but behind them {how}"));
        }
        Ending::Tar(_) => {
            format!("it ends at offset {end}, without the marker that ends an archive")
        }
        Ending::InPayload { .. } => format!("it ends at offset {end}, inside a member"),
        Ending::Interrupted { offset } => format!("it was left at offset {offset}"),
        _ => broken.unwrap_or_else(|| format!("it breaks at offset {end}")),
    };
    Some(format!("{how}; what stands before that was read"))
}

/// The words for what ends a stream.
fn broken(fact: &Fact) -> Option<String> {
    match fact {
        Fact::Envelope(fault) if ends(fault) => Some(format!(
            "its compression breaks: {}",
            compression_words(fault)
        )),
        Fact::Source(Source::ReadError { len: 0, reason }) => {
            Some(format!("it cannot be read: {reason}"))
        }
        _ => None,
    }
}

/// Whether nothing can be unpacked behind it.
fn ends(fault: &Compression) -> bool {
    matches!(
        fault,
        Compression::Truncated { .. } | Compression::Corrupt { .. } | Compression::Window { .. }
    )
}
