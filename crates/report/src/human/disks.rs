//! The table of disks, fitted to a width: names give way first, then whole columns. Whether blocks
//! are bad and a disk is complete is always shown.

use xenspect_model::report::{Disk, Input, Kind};

use super::{Style, plural};
use crate::quantity::{cell_count, count, share, size};
use crate::text::{columns, shorten};
use crate::wrap::{ALARM, DIM, wrap};

/// Disks shown unless everything is asked for. No VM has that many; an archive made to annoy can.
const DISKS: usize = 256;

const INDENT: usize = 2;
const GAP: usize = 2;

/// One column of the table.
struct Column {
    head: &'static str,
    /// Whether the cells are numbers, which stand right.
    right: bool,
    /// The widest that it may be.
    most: usize,
    /// The narrowest that it may be cut to, if it may be cut.
    least: Option<usize>,
    /// When it may be left out: those of the lowest rank go first, those without stay.
    leave: Option<u8>,
    /// As in the report: they are escaped and cut when the width is known.
    cells: Vec<String>,
    /// Rows that are highlighted.
    alarm: Vec<bool>,
}

impl Column {
    fn text(head: &'static str, most: usize, cells: Vec<String>) -> Self {
        let alarm = vec![false; cells.len()];
        Self {
            head,
            right: false,
            most,
            least: None,
            leave: None,
            cells,
            alarm,
        }
    }

    fn numbers(head: &'static str, disks: &[Disk], number: impl Fn(&Disk) -> u64) -> Self {
        let cells = disks.iter().map(|disk| cell_count(number(disk))).collect();
        Self {
            right: true,
            ..Self::text(head, usize::MAX, cells)
        }
    }

    fn least(self, least: usize) -> Self {
        Self {
            least: Some(least),
            ..self
        }
    }

    fn leave(self, rank: u8) -> Self {
        Self {
            leave: Some(rank),
            ..self
        }
    }

    fn alarm(self, disks: &[Disk], alarm: impl Fn(&Disk) -> bool) -> Self {
        Self {
            alarm: disks.iter().map(alarm).collect(),
            ..self
        }
    }

    /// Its width when nothing has to give way.
    fn natural(&self, unicode: bool) -> usize {
        let cell = |cell: &String| columns(&shorten(cell, self.most, unicode));
        self.cells
            .iter()
            .map(cell)
            .max()
            .unwrap_or(0)
            .max(self.head.len())
    }
}

/// The disks, one line each.
pub(super) fn table(input: &Input, style: &Style) -> Vec<String> {
    let shown = if style.verbose {
        input.disks.len()
    } else {
        input.disks.len().min(DISKS)
    };
    let (disks, more) = input.disks.split_at(shown);
    let mut table = columns_of(disks, input.kind == Some(Kind::Metadata));
    let widths = fit(&mut table, style.columns() - INDENT, style.unicode);

    let mut lines = vec![style.paint().paint(DIM, &row(&table, &widths, style, None))];
    for index in 0..disks.len() {
        lines.push(row(&table, &widths, style, Some(index)));
    }
    if !more.is_empty() {
        let more = plural(more.len() as u64, "more disk");
        lines.push(format!("  {more} (--verbose lists all, JSON has them)"));
    }
    if style.verbose {
        lines.extend(disks.iter().flat_map(|disk| details(disk, style)));
    }
    lines
}

fn columns_of(disks: &[Disk], metadata: bool) -> Vec<Column> {
    let text = |text: Option<&str>| match text {
        None | Some("") => "-".to_owned(),
        Some(text) => text.to_owned(),
    };
    let texts = |of: fn(&Disk) -> Option<&str>| disks.iter().map(|disk| text(of(disk))).collect();
    let sizes = disks
        .iter()
        .map(|disk| disk.virtual_size.map_or("-".to_owned(), size))
        .collect();
    let sums = disks
        .iter()
        .map(|disk| text(Some(&disk.sums.join("+"))))
        .collect();
    let coverage = disks.iter().map(|disk| coverage(disk, metadata)).collect();

    let mut table = vec![Column::text("disk", 16, texts(|disk| Some(&disk.id))).least(8)];
    if disks.iter().any(|disk| disk.device.is_some()) {
        table.push(Column::text("dev", 5, texts(|disk| disk.device.as_deref())).leave(4));
    }
    if disks.iter().any(|disk| disk.name.is_some()) {
        let names = texts(|disk| disk.name.as_deref());
        table.push(Column::text("name", 40, names).least(8).leave(5));
    }
    table.push(Column {
        right: true,
        ..Column::text("size", 10, sizes)
    });
    table.push(Column::numbers("blocks", disks, |disk| disk.blocks).leave(6));
    table.push(Column::numbers("absent", disks, |disk| disk.absent).leave(3));
    table.push(Column::numbers("zero", disks, |disk| disk.zero).leave(2));
    table.push(Column::numbers("bad", disks, |disk| disk.bad).alarm(disks, |disk| disk.bad > 0));
    if disks.iter().any(|disk| disk.unchecked > 0) {
        table.push(Column::numbers("unchecked", disks, |disk| disk.unchecked).leave(7));
    }
    table.push(Column::text("sums", 12, sums).leave(1));
    table.push(
        Column::text("coverage", 10, coverage).alarm(disks, |disk| is_short(disk) && !metadata),
    );
    table
}

/// How much of the disk the blocks account for, those left out as zero included.
pub(crate) fn coverage(disk: &Disk, metadata: bool) -> String {
    match disk.virtual_size {
        Some(0) => "empty".to_owned(),
        _ if has_no_block(disk) && metadata => "not inside".to_owned(),
        _ if has_no_block(disk) => "MISSING".to_owned(),
        None => "unknown".to_owned(),
        Some(size) if disk.reached == size => "complete".to_owned(),
        Some(size) if disk.reached > size => "TOO LONG".to_owned(),
        Some(size) => share(disk.reached, size),
    }
}

const fn has_no_block(disk: &Disk) -> bool {
    disk.blocks == 0 && disk.keep_alives == 0
}

pub(crate) fn is_short(disk: &Disk) -> bool {
    match disk.virtual_size {
        Some(size) => disk.reached != size || (size > 0 && has_no_block(disk)),
        None => has_no_block(disk),
    }
}

/// Cuts and leaves out columns until the table fits, and tells the widths.
fn fit(table: &mut Vec<Column>, width: usize, unicode: bool) -> Vec<usize> {
    loop {
        let mut widths: Vec<usize> = table.iter().map(|column| column.natural(unicode)).collect();
        let taken = widths.iter().sum::<usize>() + GAP * table.len().saturating_sub(1);
        let mut over = taken.saturating_sub(width);
        // From the right, so that a name is cut before an id.
        for (column, taken) in table.iter().zip(&mut widths).rev() {
            let spare = column.least.map_or(0, |least| taken.saturating_sub(least));
            let cut = spare.min(over);
            *taken -= cut;
            over -= cut;
        }
        let leave = (0..table.len())
            .filter(|index| table[*index].leave.is_some())
            .min_by_key(|index| table[*index].leave);
        match leave {
            Some(index) if over > 0 => table.remove(index),
            _ => return widths,
        };
    }
}

/// A row of cells, or the heads.
fn row(table: &[Column], widths: &[usize], style: &Style, index: Option<usize>) -> String {
    let mut line = " ".repeat(INDENT);
    for (column, width) in table.iter().zip(widths) {
        if line.len() > INDENT {
            line.push_str(&" ".repeat(GAP));
        }
        let cell = match index {
            Some(index) => shorten(&column.cells[index], *width, style.unicode),
            None => column.head.to_owned(),
        };
        let pad = " ".repeat(width.saturating_sub(columns(&cell)));
        let alarm = index.is_some_and(|index| column.alarm[index]);
        let cell = if alarm {
            style.paint().paint(ALARM, &cell)
        } else {
            cell
        };
        if column.right {
            line.push_str(&pad);
        }
        line.push_str(&cell);
        if !column.right {
            line.push_str(&pad);
        }
    }
    line.truncate(line.trim_end_matches(' ').len());
    line
}

/// What the table has no room for.
fn details(disk: &Disk, style: &Style) -> Vec<String> {
    let text = |text: &str| shorten(text, 200, style.unicode);
    let mut parts = Vec::new();
    if let Some(name) = &disk.name {
        parts.push(format!("\"{}\"", text(name)));
    }
    if let Some(uuid) = &disk.uuid {
        parts.push(format!("uuid {}", text(uuid)));
    }
    if let Some(size) = disk.virtual_size {
        parts.push(format!("virtual_size {size} bytes"));
    }
    parts.push(format!("reached {} bytes", disk.reached));
    parts.push(format!("stored {} bytes", disk.stored));
    parts.push(format!("{} blocks", count(disk.blocks)));
    parts.push(format!(
        "{} absent, {} zero",
        count(disk.absent),
        count(disk.zero)
    ));
    parts.push(format!(
        "{} good, {} bad",
        count(disk.good),
        count(disk.bad)
    ));
    parts.push(format!("{} unchecked", count(disk.unchecked)));
    if disk.keep_alives > 0 {
        parts.push(plural(disk.keep_alives, "keep-alive"));
    }
    let line = format!("{}: {}", text(&disk.id), parts.join(", "));
    wrap(&line, style.columns(), "  ", "    ")
}
