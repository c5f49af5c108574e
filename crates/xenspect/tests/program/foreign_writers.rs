//! Archives that no code of this project wrote: the system's split, sha1sum, xxhsum, GNU tar and
//! compressors make them, as xapi's documentation describes the form. Where a program is missing
//! the test says so and passes.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use xenspect_synth::{Content, DiskRecipe, Recipe, Release, SumKind};

use crate::run::{Folder, codes, findings};

const MIB: usize = 1 << 20;
/// Sizes of the three disks: one ends in a block that is no whole MiB, one is small.
const SIZES: [usize; 3] = [5 * MIB, 2 * MIB + 77 * 512, 300 * 1024];

/// Whether all of these programs are here.
fn has(programs: &[&str]) -> bool {
    programs.iter().all(|name| {
        let found = Command::new(name)
            .arg("--version")
            .stdin(Stdio::null())
            .output()
            .is_ok_and(|output| *name != "tar" || output.stdout.starts_with(b"tar (GNU tar)"));
        if !found {
            crate::run::say_skipped(format_args!("SKIPPED: there is no {name} here"));
        }
        found
    })
}

#[track_caller]
fn run(command: &mut Command) -> Vec<u8> {
    let output = command.env_remove("TAR_OPTIONS").output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// An archive made by hand, as it were.
struct Made {
    bytes: Vec<u8>,
    /// The disks' folders, as `ova.xml` has them.
    disks: Vec<String>,
}

impl Made {
    /// Offset of the payload of a member.
    fn payload(&self, name: &str) -> usize {
        let is_header =
            |block: &[u8]| block.starts_with(name.as_bytes()) && block.get(name.len()) == Some(&0);
        512 * (self.bytes.chunks(512).position(is_header).expect(name) + 1)
    }
}

/// `ova.xml` alone is taken from the fixture writer: it needs uuids and links that fit.
fn recipe(kind: SumKind) -> Recipe {
    let release = match kind {
        SumKind::Sha1 => Release::V6_2,
        SumKind::Xxh64 => Release::V8_2,
    };
    let mut recipe = Recipe::new(release);
    recipe.disks = SIZES
        .iter()
        .map(|&size| DiskRecipe::new(size as u64, Content::Mixed))
        .collect();
    recipe
}

/// The first disk has two MiB of zeros inside, of which no block must be stored, and the second
/// begins with zeros that must be.
fn image(index: usize) -> Vec<u8> {
    let mut image = Content::Random.chunk(99, index as u64, 0, SIZES[index]);
    match index {
        0 => image[2 * MIB..4 * MIB].fill(0),
        1 => image[..MIB].fill(0),
        _ => {}
    }
    image
}

/// The checksum's text as the importer wants it.
fn sum(kind: SumKind, file: &Path) -> String {
    let (mut command, digits) = match kind {
        SumKind::Sha1 => (Command::new("sha1sum"), 40),
        SumKind::Xxh64 => {
            let mut command = Command::new("xxhsum");
            command.arg("-H64");
            (command, 16)
        }
    };
    let line = String::from_utf8(run(command.arg(file))).unwrap();
    let text = line.split_whitespace().next().unwrap().to_owned();
    assert_eq!(text.len(), digits, "{line}");
    match kind {
        SumKind::Sha1 => text,
        SumKind::Xxh64 => text.to_uppercase(),
    }
}

fn make(kind: SumKind) -> Made {
    let recipe = recipe(kind);
    let disks = recipe.archive().disks();
    let folder = Folder::new();
    folder.put("ova.xml", recipe.document().unwrap().to_xml().as_bytes());
    let mut names = vec!["ova.xml".to_owned()];
    for (index, disk) in disks.iter().enumerate() {
        folder.put("image", &image(index));
        fs::create_dir(folder.path().join(disk)).unwrap();
        let mut split = Command::new("split");
        split
            .current_dir(folder.path())
            .args(["-b", "1M", "-d", "-a", "8", "image"]);
        run(split.arg(format!("{disk}/")));
        let blocks = SIZES[index].div_ceil(MIB);
        for number in 0..blocks {
            let name = format!("{disk}/{number:08}");
            let path = folder.path().join(&name);
            let inside = number > 0 && number + 1 < blocks;
            if inside && fs::read(&path).unwrap().iter().all(|&byte| byte == 0) {
                continue;
            }
            let name_of_sum = match kind {
                SumKind::Sha1 => format!("{name}.checksum"),
                SumKind::Xxh64 => format!("{name}.xxhash"),
            };
            folder.put(&name_of_sum, sum(kind, &path).as_bytes());
            names.extend([name, name_of_sum]);
        }
    }
    let mut tar = Command::new("tar");
    tar.current_dir(folder.path())
        .args(["--format=ustar", "--no-recursion", "-cf", "-"]);
    Made {
        bytes: run(tar.args(names)),
        disks,
    }
}

#[track_caller]
fn verify(folder: &Folder, status: i32) -> Value {
    let answer = folder.run(&["verify", "--format", "json", "a.xva"]);
    assert_eq!(answer.status, status, "{}", answer.stdout);
    answer.input()
}

#[track_caller]
fn assert_sound(made: &Made, kind: SumKind) {
    let folder = Folder::with("a.xva", &made.bytes);
    let input = verify(&folder, 0);
    assert_eq!(input["verdict"], "sound");
    assert!(codes(&input).is_empty(), "{input:#}");
    assert_eq!(input["import"]["answer"], "accepted");
    let disks = input["disks"].as_array().unwrap();
    assert_eq!(disks.len(), 3);
    let stored = [3, 3, 1];
    for (index, disk) in disks.iter().enumerate() {
        assert_eq!(disk["id"], made.disks[index]);
        assert_eq!(disk["reached"], SIZES[index]);
        assert_eq!(disk["good"], stored[index]);
        assert_eq!(
            (&disk["bad"], &disk["unchecked"]),
            (&Value::from(0), &Value::from(0))
        );
    }
    assert_eq!(disks[0]["absent"], 2);
    let word = disks[0]["sums"][0].as_str().unwrap().to_lowercase();
    assert!(
        word.contains(if kind == SumKind::Sha1 { "sha" } else { "xx" }),
        "{word}"
    );
}

/// One bit of each of these blocks in turn: exactly that block is bad.
fn assert_each_flip_is_found(made: &Made) {
    // In the first disk, behind the gap; in zeros; the last byte of an odd last block.
    let last = SIZES[1] - 2 * MIB - 1;
    for (disk, number, byte) in [(0, 4, 1000), (1, 0, 0), (1, 2, last), (2, 0, 299)] {
        let name = format!("{}/{number:08}", made.disks[disk]);
        let mut bytes = made.bytes.clone();
        bytes[made.payload(&name) + byte] ^= 0x10;
        let folder = Folder::with("a.xva", &bytes);
        let input = verify(&folder, 1);
        assert_eq!(codes(&input), ["xva/block-checksum-mismatch"], "{name}");
        let place = &findings(&input)[0]["place"];
        assert_eq!(place["member"], name);
        assert_eq!(place["disk"], made.disks[disk]);
        assert_eq!(place["block"], number);
        assert_eq!(place["disk_range"]["start"], number * MIB);
        let length = MIB.min(SIZES[disk] - number * MIB);
        assert_eq!(place["disk_range"]["length"], length);
        assert_eq!(input["verdict"], "damaged");
    }
}

#[test]
fn gnu_tar_split_and_sha1sum() {
    if has(&["tar", "split", "sha1sum"]) {
        let made = make(SumKind::Sha1);
        assert_sound(&made, SumKind::Sha1);
        assert_each_flip_is_found(&made);
    }
}

#[test]
fn gnu_tar_split_and_xxhsum() {
    if has(&["tar", "split", "xxhsum"]) {
        let made = make(SumKind::Xxh64);
        assert_sound(&made, SumKind::Xxh64);
        assert_each_flip_is_found(&made);
    }
}

/// What a program writes for these bytes on its standard input.
fn filter(program: &str, args: &[&str], bytes: &[u8]) -> Vec<u8> {
    let mut command = Command::new(program);
    command.args(args);
    let output = assert_cmd::Command::from_std(command)
        .write_stdin(bytes)
        .output()
        .unwrap();
    assert!(output.status.success());
    output.stdout
}

#[test]
fn compressors_of_the_system() {
    if !has(&["tar", "split", "sha1sum"]) {
        return;
    }
    let made = make(SumKind::Sha1);
    let (first, second) = made.bytes.split_at(made.bytes.len() / 3);
    let joined = |program: &str, args: &[&str]| {
        [filter(program, args, first), filter(program, args, second)].concat()
    };
    for (program, args, envelope) in [
        ("gzip", &["-c"][..], "gzip"),
        ("pigz", &["-c", "-p", "2"], "gzip"),
        ("zstd", &["-c", "-q"], "zstd"),
        ("zstd", &["-c", "-q", "--long=27"], "zstd"),
    ] {
        if !has(&[program]) {
            continue;
        }
        for bytes in [filter(program, args, &made.bytes), joined(program, args)] {
            let folder = Folder::with("a.xva", &bytes);
            let input = verify(&folder, 0);
            assert_eq!(input["verdict"], "sound", "{program} {args:?}: {input:#}");
            assert_eq!(input["envelope"], envelope);
            assert_eq!(input["bytes"], bytes.len());
            assert_eq!(input["stream_bytes"], made.bytes.len());
            let pipe = folder.pipe(&["verify", "--format", "json", "-"], bytes);
            assert_eq!(pipe.input()["verdict"], "sound");
        }
    }
}
