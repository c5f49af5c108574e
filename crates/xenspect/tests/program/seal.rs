//! `seal` and `prove`. What a comparison with a seal finds is tested with the rules; here it is that the program writes what it
//! says, and nothing else.

use std::fs;
use std::process::Command;

use serde_json::Value;
use xenspect_synth::{Envelope, Recipe};

use crate::run::{Folder, damaged, dump, good, say_skipped};

/// A seal as any JSON reader has it.
fn seal(folder: &Folder, name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.path().join(name)).unwrap()).unwrap()
}

#[test]
fn a_good_archive_is_sealed_beside_itself() {
    let bytes = good("two-disks");
    let folder = Folder::with("a.xva", &bytes);
    let answer = folder.run(&["seal", "a.xva"]);
    assert_eq!(
        (answer.status, answer.stdout.as_str()),
        (0, ""),
        "{}",
        answer.stderr
    );
    assert_eq!(folder.names(), ["a.xva", "a.xva.seal.json"]);
    let seal = seal(&folder, "a.xva.seal.json");
    assert_eq!(seal["seal"], 1);
    assert_eq!(seal["file"], "a.xva");
    assert_eq!(seal["size"], bytes.len() as u64);
    assert_eq!(
        (&seal["kind"], &seal["envelope"]),
        (&"xva".into(), &"plain".into())
    );
    let members = Recipe::named("two-disks").unwrap().archive().members;
    assert_eq!(seal["count"], members.len() as u64);
    let named: Vec<_> = seal["members"].as_array().unwrap().iter().collect();
    for (sealed, member) in named.iter().zip(&members) {
        assert_eq!(sealed["name"].as_str().unwrap().as_bytes(), member.name);
        assert_eq!(sealed["size"], member.payload.len() as u64);
    }
    let root = seal["root"].as_str().unwrap();
    assert!(answer.stderr.contains(root), "{}", answer.stderr);
}

#[test]
fn digests_are_those_of_coreutils() {
    let folder = Folder::with("a.xva.gz", &Envelope::Gzip.encode(&good("two-disks")));
    assert_eq!(folder.run(&["seal", "--quiet", "a.xva.gz"]).status, 0);
    let seal = seal(&folder, "a.xva.gz.seal.json");
    let shell = |script: &str| {
        let output = Command::new("sh")
            .current_dir(folder.path())
            .args(["-c", script])
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        let text = String::from_utf8(output.stdout).ok()?;
        text.split_whitespace().next().map(str::to_owned)
    };
    let Some(of_file) = shell("sha256sum a.xva.gz") else {
        return say_skipped(format_args!("skipped: there is no sha256sum"));
    };
    assert_eq!(seal["sha256"], of_file);
    for index in [0, 5] {
        let member = &seal["members"][index];
        let name = member["name"].as_str().unwrap();
        let script = format!("tar -xzOf a.xva.gz '{name}' | sha256sum");
        assert_eq!(
            Some(member["sha256"].as_str().unwrap().to_owned()),
            shell(&script)
        );
    }
    assert_eq!(seal["metadata"], seal["members"][0]["sha256"]);
}

#[test]
fn the_same_input_gives_the_same_bytes_by_every_way() {
    let bytes = good("two-disks");
    let folder = Folder::with("a.xva", &bytes);
    let by_file = folder.run(&["seal", "-o", "-", "a.xva"]);
    assert_eq!(by_file.status, 0, "{}", by_file.stderr);
    assert_eq!(folder.names(), ["a.xva"]);
    let one_thread = folder.run(&["seal", "--threads", "1", "-o", "-", "a.xva"]);
    assert_eq!(one_thread.stdout, by_file.stdout);
    let by_pipe = folder.pipe(&["seal", "-o", "-", "-"], bytes);
    let named = by_pipe
        .stdout
        .replace("{\"seal\":1,\n", "{\"seal\":1,\n\"file\":\"a.xva\",\n");
    assert_eq!(named, by_file.stdout);
}

#[test]
fn a_damaged_archive_is_not_sealed_unless_it_is_asked_for() {
    let folder = Folder::with("bad.xva", &damaged("flip-block-byte"));
    let answer = folder.run(&["seal", "bad.xva"]);
    assert_eq!(answer.status, 1);
    assert!(
        answer.stdout.contains("bad.xva  DAMAGED"),
        "{}",
        answer.stdout
    );
    assert!(answer.stderr.contains("is not sealed"), "{}", answer.stderr);
    assert_eq!(folder.names(), ["bad.xva"]);

    let piped = folder.run(&["seal", "-o", "-", "bad.xva"]);
    assert_eq!((piped.status, piped.stdout.as_str()), (1, ""));
    assert!(piped.stderr.contains("DAMAGED"), "{}", piped.stderr);

    let answer = folder.run(&["seal", "--damaged", "bad.xva"]);
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    assert_eq!(seal(&folder, "bad.xva.seal.json")["verdict"], "damaged");
}

#[test]
fn an_archive_that_is_cut_short_is_not_sealed() {
    let mut cut = good("two-disks");
    cut.truncate(cut.len() / 2);
    let folder = Folder::with("cut.xva", &cut);
    let answer = folder.run(&["seal", "cut.xva"]);
    assert_eq!(answer.status, 1);
    assert!(answer.stdout.contains("INCOMPLETE"), "{}", answer.stdout);
    assert_eq!(folder.names(), ["cut.xva"]);
}

#[test]
fn what_is_no_backup_fails() {
    let folder = Folder::with("notes.txt", b"hello");
    let answer = folder.run(&["seal", "notes.txt"]);
    assert_eq!(answer.status, 2);
    assert!(answer.stdout.contains("UNREADABLE"), "{}", answer.stdout);
    assert_eq!(folder.run(&["seal", "absent.xva"]).status, 2);
    assert_eq!(folder.names(), ["notes.txt"]);
}

#[test]
fn a_seal_that_is_there_is_kept_unless_forced() {
    let folder = Folder::with("a.xva", &good("two-disks"));
    folder.put("a.xva.seal.json", b"mine");
    let answer = folder.run(&["seal", "a.xva"]);
    assert_eq!(answer.status, 2);
    assert!(
        answer.stderr.contains("--force replaces it"),
        "{}",
        answer.stderr
    );
    assert_eq!(
        fs::read(folder.path().join("a.xva.seal.json")).unwrap(),
        b"mine"
    );
    assert_eq!(folder.run(&["seal", "--force", "a.xva"]).status, 0);
    assert_eq!(seal(&folder, "a.xva.seal.json")["seal"], 1);
    // Never the input itself, whatever is forced.
    let own = folder.run(&["seal", "--force", "-o", "./a.xva", "a.xva"]);
    assert_eq!(own.status, 2);
    assert!(
        own.stderr.contains("the evidence is never replaced"),
        "{}",
        own.stderr
    );
}

#[test]
fn a_folder_is_sealed_without_its_seals() {
    let folder = Folder::new();
    folder.put("store/a.xva", &good("two-disks"));
    folder.put("store/b/pool.xml", &dump("pool-8.2"));
    folder.put("store/notes.txt", b"hello");
    let answer = folder.run(&["seal", "-r", "store"]);
    assert_eq!(answer.status, 0, "{}{}", answer.stdout, answer.stderr);
    let first = fs::read(folder.path().join("store/a.xva.seal.json")).unwrap();
    assert_eq!(seal(&folder, "store/b/pool.xml.seal.json")["count"], 1);
    let again = folder.run(&["seal", "-r", "store"]);
    assert_eq!(again.status, 0);
    assert!(
        again.stderr.contains("being sealed already: 2"),
        "{}",
        again.stderr
    );
    let again = folder.run(&["seal", "-r", "--force", "store"]);
    assert_eq!(again.status, 0, "{}{}", again.stdout, again.stderr);
    assert_eq!(
        fs::read(folder.path().join("store/a.xva.seal.json")).unwrap(),
        first
    );
    assert!(
        !folder
            .path()
            .join("store/a.xva.seal.json.seal.json")
            .exists()
    );
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    let folder = Folder::with("a.xva", &good("two-disks"));
    folder.put("key", b"no key");
    for (args, words) in [
        (&["seal", "-"][..], "name one with -o"),
        (&["seal", "-o", "x", "a.xva", "a.xva"], "one input only"),
        (
            &["seal", "--sign", "key", "a.xva"],
            "key is no key in the format of OpenSSH",
        ),
        (
            &["seal", "--sign", "absent", "a.xva"],
            "absent cannot be read",
        ),
        (
            &["seal", "--sign", "key", "-o", "-", "a.xva"],
            "--sign needs a file",
        ),
        (&["prove", "a.xva"], "MEMBER"),
        (&["prove", "a.xva", "ova.xml"], "a.xva: "),
        (&["prove", "--check", "key", "a.xva"], "key is no proof"),
        (
            &["prove", "--check", "key", "--root", "12", "a.xva"],
            "64 hexadecimal digits",
        ),
    ] {
        let answer = folder.run(args);
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{args:?}");
        assert!(answer.stderr.contains(words), "{args:?}: {}", answer.stderr);
    }
    assert_eq!(folder.names(), ["a.xva", "key"]);
}

#[test]
fn ssh_keygen_accepts_the_signature() {
    let folder = Folder::with("a.xva", &good("two-disks"));
    let keygen = |script: &str| {
        let output = Command::new("sh")
            .current_dir(folder.path())
            .args(["-c", script])
            .output()
            .unwrap();
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let make =
        "ssh-keygen -q -t ed25519 -N '' -f key && ssh-keygen -q -t ed25519 -N words -f locked";
    if !keygen(make).0 {
        return say_skipped(format_args!("skipped: there is no ssh-keygen"));
    }
    let answer = folder.run(&["seal", "--sign", "key", "a.xva"]);
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    let check = "(printf 'me '; cat key.pub) > allowed && \
        ssh-keygen -Y verify -n xenspect-seal -f allowed -I me -s a.xva.seal.json.sig < a.xva.seal.json";
    let (good, said) = keygen(check);
    assert!(good, "{said}");

    let locked = folder.run(&["seal", "--force", "--sign", "locked", "a.xva"]);
    assert_eq!(locked.status, 2);
    assert!(
        locked.stderr.contains("no passphrase was given"),
        "{}",
        locked.stderr
    );
    let mut command = crate::run::program();
    command
        .current_dir(folder.path())
        .env("XENSPECT_KEY_PASSPHRASE", "words")
        .args(["seal", "--force", "--quiet", "--sign", "locked", "a.xva"]);
    assert!(command.status().unwrap().success());
    let check = check.replace("key.pub", "locked.pub");
    let (good, said) = keygen(&check);
    assert!(good, "{said}");
}

#[test]
fn a_member_is_proved_by_its_bytes() {
    let folder = Folder::with("a.xva", &good("two-disks"));
    assert_eq!(folder.run(&["seal", "a.xva"]).status, 0);
    let seal = seal(&folder, "a.xva.seal.json");
    let root = seal["root"].as_str().unwrap();
    let name = seal["members"][3]["name"].as_str().unwrap();
    let proof = folder.run(&["prove", "a.xva.seal.json", name]);
    assert_eq!(proof.status, 0, "{}", proof.stderr);
    folder.put("proof.json", proof.stdout.as_bytes());
    let mut cat = crate::run::program();
    let bytes = cat
        .current_dir(folder.path())
        .args(["cat", "a.xva", name])
        .output()
        .unwrap()
        .stdout;
    let check = ["prove", "--check", "proof.json", "--root", root, "-"];
    let answer = folder.pipe(&check, bytes.clone());
    assert_eq!(
        (answer.status, answer.stdout.as_str()),
        (0, ""),
        "{}",
        answer.stderr
    );
    assert!(answer.stderr.contains("member 4 of"), "{}", answer.stderr);

    let mut other = bytes.clone();
    other[7] ^= 1;
    let answer = folder.pipe(&check, other);
    assert_eq!(answer.status, 1);
    assert!(
        answer.stderr.contains("not those of the member"),
        "{}",
        answer.stderr
    );
    let zeros = "0".repeat(64);
    let answer = folder.pipe(
        &["prove", "--check", "proof.json", "--root", &zeros, "-"],
        bytes,
    );
    assert_eq!(answer.status, 1);
    assert!(
        answer.stderr.contains("of another seal"),
        "{}",
        answer.stderr
    );
    let absent = folder.run(&["prove", "a.xva.seal.json", "Ref:99/00000000"]);
    assert_eq!(absent.status, 2);
    assert!(
        absent
            .stderr
            .contains("there is no Ref:99/00000000 in a.xva.seal.json")
    );
}

#[test]
fn what_is_not_as_the_digest_beside_it_says_is_not_sealed() {
    let folder = Folder::with("a.xva", &good("small"));
    folder.put("a.xva.md5", b"00000000000000000000000000000000  a.xva\n");
    let answer = folder.run(&["seal", "a.xva"]);
    assert_eq!(answer.status, 1, "{}", answer.stderr);
    assert!(answer.stdout.contains("sidecar/wrong"), "{}", answer.stdout);
    assert_eq!(folder.names(), ["a.xva", "a.xva.md5"]);
}

#[test]
fn nothing_is_written_to_an_object_store() {
    let folder = Folder::new();
    let answer = folder.run(&["seal", "s3://bucket/a.xva"]);
    assert_eq!(answer.status, 2);
    assert!(answer.stderr.contains("only read"), "{}", answer.stderr);
}
