//! What a path says of a file: whether it differs between any two backups, and whether it holds secrets. Both are lists of
//! patterns with what they are, which docs/manual/src/diff-files.md shows; that of secrets is everybody's.

use xenspect_host::paths::matches;
use xenspect_host::sensitive::Kind;

/// Files for which the same can be said.
struct Row {
    patterns: &'static [&'static str],
    what: &'static str,
}

const fn row(patterns: &'static [&'static str], what: &'static str) -> Row {
    Row { patterns, what }
}

/// Files that differ by themselves.
static VOLATILE: [Row; 17] = [
    row(&["var/log/"], "logs"),
    row(&["var/lib/xcp/blobs/"], "RRDs and messages"),
    row(
        &[
            "var/backup/pool-database-*",
            "var/lib/xcp/state.db*",
            "var/xapi/state.db*",
        ],
        "pool databases",
    ),
    row(
        &["run/", "var/run/", "var/lock/"],
        "state of running programs",
    ),
    row(
        &["*.lock", "*.pid", "*.LCK"],
        "locks and numbers of processes",
    ),
    row(
        &["tmp/", "var/tmp/", "var/crash/"],
        "temporary files and crash dumps",
    ),
    row(&["var/cache/"], "caches"),
    row(&["var/lib/rpm/__db.*"], "shared memory of rpm"),
    row(
        &["var/lib/xenstored/", "var/lib/xen/"],
        "XenStore and state of VMs",
    ),
    row(
        &["var/lib/systemd/", "var/lib/random-seed"],
        "random seeds and timers",
    ),
    row(
        &["etc/adjtime", "var/lib/chrony/", "var/lib/ntp/"],
        "clock drift",
    ),
    row(
        &["var/lib/dhclient/", "var/lib/dhcp/"],
        "leases of addresses",
    ),
    row(&["var/lib/logrotate*"], "state of log rotation"),
    row(&["var/spool/"], "queues"),
    row(
        &["etc/lvm/archive/", "etc/lvm/backup/", "etc/lvm/cache/"],
        "copies of LVM metadata",
    ),
    row(
        &["var/lib/mlocate/", "var/lib/yum/history/"],
        "lists of files and of updates",
    ),
    row(
        &["root/.bash_history", "root/.lesshst", "root/.viminfo"],
        "console history",
    ),
];

/// What a file is that differs between any two backups; `None` of others.
pub(super) fn volatile(path: &str) -> Option<&'static str> {
    row_of(&VOLATILE, path).map(|row| row.what)
}

/// Whether a file holds secrets.
pub(super) fn is_sensitive(path: &str) -> bool {
    Kind::of(path).is_some()
}

fn row_of(rows: &'static [Row], path: &str) -> Option<&'static Row> {
    let is_of = |row: &&Row| row.patterns.iter().any(|pattern| matches(pattern, path));
    rows.iter().find(is_of)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use xenspect_host::sensitive::PATHS;

    use super::*;

    const PAGE: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/manual/src/diff-files.md"
    );

    /// The page lists the files as they stand here. `XENSPECT_BLESS=1` rewrites it.
    #[test]
    fn the_page_lists_all_files() {
        let mut page = std::fs::read_to_string(PAGE).unwrap();
        let before = page.clone();
        let volatile = VOLATILE.iter().map(|row| (row.patterns, row.what));
        let sensitive = PATHS
            .iter()
            .map(|(kind, patterns)| (*patterns, kind.title()));
        for (name, rows) in [
            ("volatile", volatile.collect::<Vec<_>>()),
            ("sensitive", sensitive.collect()),
        ] {
            let begin = format!("<!-- {name}: begin -->\n");
            let end = format!("<!-- {name}: end -->");
            let (head, rest) = page.split_once(&begin).unwrap();
            let (_, tail) = rest.split_once(&end).unwrap();
            page = format!("{head}{begin}{}{end}{tail}", listing(&rows));
        }
        if std::env::var_os("XENSPECT_BLESS").is_some() {
            std::fs::write(PAGE, page).unwrap();
        } else {
            assert_eq!(
                before, page,
                "XENSPECT_BLESS=1 rewrites docs/manual/src/diff-files.md"
            );
        }
    }

    fn listing(rows: &[(&[&str], &str)]) -> String {
        let mut text = "\n| files | what they are |\n| --- | --- |\n".to_owned();
        for (patterns, what) in rows {
            let patterns: Vec<_> = patterns.iter().map(|name| format!("`{name}`")).collect();
            let _ = writeln!(text, "| {} | {} |", patterns.join(", "), what);
        }
        text.push('\n');
        text
    }
}
