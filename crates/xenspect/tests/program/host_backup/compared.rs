//! `diff` of two host backups.

use super::{broken, folder, good, put};

#[test]
fn a_backup_does_not_differ_from_itself_in_another_envelope() {
    let mut backup = good("coordinator");
    let folder = folder(&backup);
    backup.envelope = xenspect_synth::Envelope::Zstd;
    put(&folder, "other.xbk", &backup);
    let answer = folder.run(&["diff", "host.xbk", "other.xbk"]);
    assert_eq!(answer.status, 0, "{}{}", answer.stdout, answer.stderr);
}

#[test]
fn the_file_that_counts_is_compared() {
    let folder = folder(&good("coordinator"));
    for (name, path) in [
        ("inventory-repeated", "etc/xensource-inventory"),
        ("pool-conf-broken", "etc/xensource/pool.conf"),
        ("fstab-boot-efi-by-uuid", "etc/fstab"),
        ("symbolic-link-absolute", "etc/link"),
    ] {
        put(&folder, "other.xbk", &broken(name));
        let answer = folder.run(&["diff", "host.xbk", "other.xbk"]);
        assert_eq!(answer.status, 1, "{name}: {}", answer.stderr);
        assert!(answer.stdout.contains(path), "{name}: {}", answer.stdout);
    }
    // The first of two is not there after unpacking.
    put(&folder, "other.xbk", &broken("name-repeated"));
    let answer = folder.run(&["diff", "host.xbk", "other.xbk"]);
    assert_eq!(answer.status, 0, "{}", answer.stdout);
}

#[test]
fn no_secret_is_shown() {
    let (one, two) = (good("coordinator"), good("member"));
    let folder = folder(&one);
    put(&folder, "other.xbk", &two);
    for format in ["human", "json"] {
        let answer = folder.run(&["diff", "--format", format, "host.xbk", "other.xbk"]);
        assert_eq!(answer.status, 1, "{}", answer.stderr);
        for (path, secret) in one.planted().into_iter().chain(two.planted()) {
            assert!(!answer.stdout.contains(&secret), "{path}");
        }
    }
}
