mod assembly;
mod edges;
mod name;
mod placement;
mod replay;
mod sum;

use super::BlockName;

fn block(disk: &str, number: u64) -> BlockName {
    BlockName {
        disk: disk.to_owned(),
        number,
        canonical: true,
    }
}
