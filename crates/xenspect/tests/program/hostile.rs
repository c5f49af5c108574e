//! Archives made to harm whoever looks at them.

use std::time::{Duration, Instant};

use xenspect_synth::{Envelope, Header, HeaderStyle, Member, Recipe, Role, encode};

use crate::run::{Folder, codes, findings};

/// Clears the screen, sets the title, writes from right to left, rings, ends the line.
const HARMFUL: &str = "a\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}gpj\u{2066}\r\n\u{9b}31m\u{200b}.exe";

fn foreign(name: &[u8]) -> Member {
    Member {
        name: name.to_vec(),
        payload: b"text".to_vec(),
        header: Header::new(HeaderStyle::XapiOld),
        role: Role::Foreign,
    }
}

/// Nothing that a terminal acts upon but line ends.
#[track_caller]
fn assert_harmless(text: &str) {
    for c in text.chars() {
        let harmful = c.is_control() && c != '\n'
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!harmful, "{c:?} in {text}");
    }
    assert!(!text.lines().any(|line| line.starts_with('\u{9b}')));
}

#[test]
fn names_in_an_archive_never_reach_a_terminal_raw() {
    let mut recipe = Recipe::named("small").unwrap();
    // Characters that XML has no way to write are left to the members' names.
    let label = "web\u{202e}gpj\u{9b}31m\u{2066}\u{200b}";
    recipe.vm_name = label.to_owned();
    recipe.disks[0].name_label = label.to_owned();
    let mut archive = recipe.archive();
    archive.members.push(foreign(HARMFUL.as_bytes()));
    archive.members.push(foreign(b"bad\xff\xfe\x1b[31m"));
    let folder = Folder::with("a.xva", &archive.encode());
    for args in [&["verify", "a.xva"][..], &["verify", "--verbose", "a.xva"]] {
        let answer = folder.run(args);
        assert_eq!(answer.status, 0, "{}", answer.stdout);
        assert_harmless(&answer.stdout);
        assert_eq!(answer.stderr, "");
        assert!(answer.stdout.contains(r"a\u{1b}[2J"), "{}", answer.stdout);
    }
}

#[test]
fn a_name_that_is_no_utf_8_is_exact_in_json() {
    let name = b"bad\xff\xfename";
    let mut archive = Recipe::named("small").unwrap().archive();
    archive.members.push(foreign(name));
    archive.members.push(foreign(HARMFUL.as_bytes()));
    let folder = Folder::with("a.xva", &archive.encode());
    let answer = folder.run(&["verify", "--format", "json", "a.xva"]);
    let input = answer.input();
    assert_eq!(codes(&input), ["xva/member-foreign", "xva/member-foreign"]);
    let place = &findings(&input)[0]["place"];
    assert_eq!(place["member"], "bad\u{fffd}\u{fffd}name");
    assert_eq!(place["member_base64"], "YmFk//5uYW1l");
    let place = &findings(&input)[1]["place"];
    assert_eq!(place["member"], HARMFUL);
    assert!(place.get("member_base64").is_none());
    // JSON itself has no control characters but line ends.
    assert!(
        !answer.stdout.chars().any(|c| c.is_control() && c != '\n'),
        "{}",
        answer.stdout
    );
}

#[test]
fn the_first_member_of_another_tar_is_named_harmlessly() {
    let folder = Folder::with("a.tar", &encode(&[foreign(HARMFUL.as_bytes())]));
    let answer = folder.run(&["verify", "a.tar"]);
    assert_eq!(answer.status, 2);
    assert_harmless(&answer.stdout);
    assert!(answer.stdout.contains("a tar archive"), "{}", answer.stdout);
}

#[cfg(target_os = "linux")]
#[test]
fn file_names_are_shown_harmlessly() {
    let folder = Folder::with(&format!("store/{HARMFUL}"), b"Dear reader");
    folder.put(&format!("store/{HARMFUL}.xva"), b"Dear reader");
    let answer = folder.run(&["verify", "-r", "store"]);
    assert_eq!(answer.status, 2);
    assert_harmless(&answer.stdout);
    assert_harmless(&answer.stderr);
    assert!(
        answer.stderr.contains("being no backups: 1 ("),
        "{}",
        answer.stderr
    );
}

/// `ova.xml` with this text in place of the exporter's.
fn with_document(text: Vec<u8>) -> Vec<u8> {
    let mut archive = Recipe::named("small").unwrap().archive();
    archive.members[0].payload = text;
    archive.encode()
}

#[test]
fn entities_that_multiply_end_quickly() {
    let mut text = String::from("<?xml version='1.0'?>\n<!DOCTYPE value [\n<!ENTITY e0 'ha'>\n");
    for level in 1..40 {
        let below = format!("&e{};", level - 1).repeat(10);
        text.push_str(&format!("<!ENTITY e{level} '{below}'>\n"));
    }
    text.push_str("]>\n<value>&e39;</value>\n");
    let folder = Folder::with("a.xva", &with_document(text.into_bytes()));
    let begun = Instant::now();
    let answer = folder.run(&["verify", "--format", "json", "a.xva"]);
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(answer.status, 1);
    assert_eq!(codes(&answer.input())[0], "xva/metadata-entities");
}

#[test]
fn a_document_of_open_tags_ends_quickly() {
    let folder = Folder::with(
        "a.xva",
        &with_document(b"<value><array><data>".repeat(100_000)),
    );
    let begun = Instant::now();
    let answer = folder.run(&["verify", "--format", "json", "a.xva"]);
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(answer.status, 1);
    assert_eq!(codes(&answer.input())[0], "xva/metadata-nesting");
}

/// Headers without payload behind an `ova.xml`.
#[cfg(target_os = "linux")]
fn with_empty_members(count: u32, name: Naming) -> Vec<u8> {
    let mut archive = Recipe::named("no-disks").unwrap().archive();
    let header = Header::new(HeaderStyle::XapiOld);
    archive.members.truncate(1);
    archive.members.extend((0..count).map(|number| Member {
        name: name(number).into_bytes(),
        payload: Vec::new(),
        header: header.clone(),
        role: Role::Foreign,
    }));
    archive.encode()
}

/// Runs the program with an address space of 400 MB; of that, the threads' stacks and what the
/// allocator sets aside for each of them is a good part.
#[cfg(target_os = "linux")]
fn run_with_little_memory(folder: &Folder) -> (Option<i32>, serde_json::Value) {
    let mut command = std::process::Command::new("sh");
    command
        .current_dir(folder.path())
        .args([
            "-c",
            "ulimit -v 400000 && exec \"$0\" verify --format json --threads 2 a.xva",
        ])
        .arg(crate::run::path());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "");
    (
        output.status.code(),
        serde_json::from_slice(&output.stdout).unwrap(),
    )
}

/// The name of the n-th member.
#[cfg(target_os = "linux")]
type Naming = fn(u32) -> String;

#[cfg(target_os = "linux")]
#[test]
fn members_without_end_take_no_memory() {
    const COUNT: u32 = 100_000;
    let shapes: [(&str, Naming); 4] = [
        ("foreign names", |n| format!("{n}{}", "x".repeat(80))),
        ("empty blocks", |n| format!("Ref:20/{n:08}")),
        ("disks", |n| format!("Ref:{n}/00000000")),
        ("checksums without block", |n| {
            format!("Ref:20/{n:08}.xxhash")
        }),
    ];
    for (what, name) in shapes {
        let folder = Folder::with("a.xva", &with_empty_members(COUNT, name));
        let begun = Instant::now();
        let (status, report) = run_with_little_memory(&folder);
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
        assert!(matches!(status, Some(0 | 1)), "{what}: {status:?}");
        let input = &report["inputs"][0];
        assert_eq!(input["members"], u64::from(COUNT) + 1, "{what}");
        let kept = input["findings"].as_array().unwrap().len() as u64;
        let omitted = input["omitted"].as_object();
        let omitted: u64 = omitted.map_or(0, |omitted| {
            omitted.values().filter_map(serde_json::Value::as_u64).sum()
        });
        // Kept are few, counted are all: at least one for each member.
        assert!(kept < 20_000, "{what}: {kept}");
        assert!(
            kept + omitted >= u64::from(COUNT),
            "{what}: {kept} and {omitted}"
        );
    }
}

/// A few kilobytes that become a member of many megabytes of zeros.
#[cfg(target_os = "linux")]
#[test]
fn a_member_of_many_zeros_takes_no_memory() {
    let mut archive = Recipe::named("small").unwrap().archive();
    archive.members.push(Member {
        payload: vec![0; 600 << 20],
        ..foreign(b"zeros")
    });
    let folder = Folder::with("a.xva", &Envelope::Zstd.encode(&archive.encode()));
    let (status, report) = run_with_little_memory(&folder);
    assert_eq!(status, Some(0));
    assert_eq!(codes(&report["inputs"][0]), ["xva/member-foreign"]);
}
