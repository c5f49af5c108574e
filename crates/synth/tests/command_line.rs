//! The binary: what goes to standard output, what to standard error, and the exit status.

use std::fs;
use std::process::{Command, Output};

use xenspect_synth::host_backup::Variant;
use xenspect_synth::{
    Change, DumpFault, DumpRecipe, Envelope, Fault, HostBackup, HostFault, Recipe, RestoreFault,
    Scene, apply, apply_dump, apply_to_document, change,
};

fn synth(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xenspect-synth"))
        .args(arguments)
        .output()
        .expect("it runs")
}

#[test]
fn list_names_every_recipe_and_fault() {
    let output = synth(&["list"]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(Recipe::names().all(|(name, _)| text.contains(name)));
    assert!(Fault::all().all(|fault| text.contains(fault.name())));
    assert!(DumpRecipe::names().all(|(name, _)| text.contains(name)));
    assert!(DumpFault::all().all(|fault| text.contains(fault.name())));
}

#[test]
fn build_writes_the_bytes_of_the_library_to_standard_output_and_files() {
    let tiny = Recipe::named("tiny").expect("a recipe");
    assert!(synth(&["build", "tiny", "-o", "-"]).stdout == tiny.build());

    let mut large = Recipe {
        seed: 7,
        envelope: Envelope::Zstd,
        ..tiny.clone()
    };
    large
        .disks
        .iter_mut()
        .for_each(|disk| disk.virtual_size = 3 * 1024);
    let options = [
        "build",
        "tiny",
        "--seed",
        "7",
        "--envelope",
        "zstd",
        "--size",
        "3KiB",
        "-o",
        "-",
    ];
    assert!(synth(&options).stdout == large.build());

    let fault = Fault::named("flip-block-byte").expect("a fault");
    let broken = apply(&tiny, fault).expect("it applies");
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("broken.xva");
    let path = file.to_str().expect("UTF-8");
    assert!(
        synth(&["build", "tiny", "--fault", "flip-block-byte", "-o", path])
            .status
            .success()
    );
    assert!(fs::read(&file).expect("a file") == broken);
}

#[test]
fn build_knows_pool_databases_and_documents() {
    let large = DumpRecipe {
        vms: Some(30),
        seed: 7,
        ..DumpRecipe::named("pool-large").expect("a recipe")
    };
    let options = [
        "build",
        "pool-large",
        "--vms",
        "30",
        "--seed",
        "7",
        "-o",
        "-",
    ];
    assert!(synth(&options).stdout == large.build());

    let zipped = DumpRecipe {
        envelope: Envelope::Zstd,
        ..DumpRecipe::named("pool-small").expect("a recipe")
    };
    let fault = DumpFault::named("dump-not-closed").expect("a fault");
    let options = [
        "build",
        "pool-small",
        "--envelope",
        "zstd",
        "--fault",
        "dump-not-closed",
        "-o",
        "-",
    ];
    assert!(synth(&options).stdout == apply_dump(&zipped, fault).expect("it applies"));

    let pool = Recipe::named("metadata-pool").expect("a recipe");
    assert!(
        synth(&["build", "metadata-pool", "--document", "-o", "-"]).stdout
            == pool.document_text().expect("a document")
    );
    let fault = Fault::named("metadata-duplicate-uuid").expect("a fault");
    let options = [
        "build",
        "metadata-pool",
        "--document",
        "--fault",
        "metadata-duplicate-uuid",
        "-o",
        "-",
    ];
    assert!(synth(&options).stdout == apply_to_document(&pool, fault).expect("it applies"));
}

#[test]
fn mistakes_exit_with_2_and_write_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("out");
    let path = file.to_str().expect("UTF-8");
    for arguments in [
        &["build", "no-such-recipe", "-o", path][..],
        &["build", "tiny", "--fault", "no-such-fault", "-o", path],
        &["build", "tiny", "--fault", "gzip-cut", "-o", path],
        &["build", "tiny", "--size", "3 parsecs", "-o", path],
        &["build", "tiny", "--vms", "3", "-o", path],
        &[
            "build",
            "tiny",
            "--fault",
            "flip-block-byte",
            "--document",
            "-o",
            path,
        ],
        &["build", "per-disk-export", "--document", "-o", path],
        &["build", "pool-8.2", "--size", "3MiB", "-o", path],
        &["build", "pool-8.2", "--document", "-o", path],
        &["build", "pool-8.2", "--fault", "gzip-cut", "-o", path],
        &["build", "pool-8.2", "--fault", "dump-gzip-cut", "-o", path],
        &[
            "build",
            "pool-large",
            "--fault",
            "dump-not-closed",
            "-o",
            path,
        ],
        &["build", "tiny", "--envelope", "lzma", "-o", path],
        &["build", "tiny", "-o", "no/such/directory/out"],
        &[],
    ] {
        let output = synth(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            output.stdout.is_empty() && !output.stderr.is_empty(),
            "{arguments:?}"
        );
        assert!(!file.exists(), "{arguments:?}");
    }
}

#[test]
fn seeds_are_small_and_of_every_kind() {
    let directory = tempfile::tempdir().expect("a directory");
    assert!(
        synth(&["seeds", directory.path().to_str().expect("UTF-8")])
            .status
            .success()
    );
    for kind in ["archive", "header", "sum", "ova", "table"] {
        let mut count = 0;
        for entry in fs::read_dir(directory.path().join(kind)).expect("a folder") {
            assert!(entry.expect("an entry").metadata().expect("metadata").len() <= 300_000);
            count += 1;
        }
        assert!(count > 0, "{kind}");
    }
}

#[test]
fn restore_writes_both_sides_in_every_form() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("new");
    let to = path.to_str().expect("UTF-8");
    assert!(synth(&["restore", "--swapped", to]).status.success());
    let scene = Scene::demonstration();
    for (name, bytes) in scene.files() {
        assert!(fs::read(path.join(&name)).expect(&name) == bytes, "{name}");
    }
    assert!(
        fs::read(path.join("pool.xml")).expect("a file")
            == DumpRecipe::named("pool-three-hosts")
                .expect("a recipe")
                .build()
    );
    assert!(
        synth(&["restore", "--fault", "nic-missing", to])
            .status
            .success()
    );
    let broken = RestoreFault::named("nic-missing").expect("a fault").build();
    assert!(fs::read(path.join("host.xml")).expect("a file") == broken.host.database());
    for arguments in [
        &["restore", "--fault", "nothing", to] as &[&str],
        &["restore", "--swapped", "--fault", "nic-missing", to],
    ] {
        assert_eq!(synth(arguments).status.code(), Some(2));
    }
}

#[test]
fn change_writes_both_sides_and_the_series() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("new");
    let to = path.to_str().expect("UTF-8");
    assert!(synth(&["change", "disk-grown", to]).status.success());
    let (old, new) = Change::named("disk-grown").expect("a change").pair();
    for (name, bytes) in [("old.xml", old), ("new.xml", new)] {
        assert!(fs::read(path.join(name)).expect(name) == bytes, "{name}");
    }
    assert!(synth(&["change", "series", to]).status.success());
    for (day, bytes) in (1..).zip(change::series()) {
        let name = format!("{day}.xml");
        assert!(fs::read(path.join(&name)).expect(&name) == bytes, "{name}");
    }
    let listed = String::from_utf8(synth(&["change", "--list"]).stdout).expect("UTF-8");
    for change in Change::all() {
        assert!(listed.contains(change.name()), "{}", change.name());
    }
    assert_eq!(synth(&["change", "nothing", to]).status.code(), Some(2));
}

#[test]
fn host_backups_are_listed_and_written() {
    let listed = String::from_utf8(synth(&["host-backup", "--list"]).stdout).expect("UTF-8");
    assert!(Variant::all().all(|variant| listed.contains(variant.name())));
    assert!(HostFault::all().all(|fault| listed.contains(fault.name())));

    let good = HostBackup::named("member").expect("a host");
    assert!(synth(&["host-backup", "member", "-"]).stdout == good.bytes());
    let bad = HostFault::named("absolute-name").expect("a fault").build();
    assert!(synth(&["host-backup", "absolute-name", "-"]).stdout == bad.bytes());
    let mut plain = good;
    plain.envelope = Envelope::Plain;
    let options = ["host-backup", "member", "--envelope", "plain", "-"];
    assert!(synth(&options).stdout == plain.bytes());

    let unknown = synth(&["host-backup", "nothing", "-"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(unknown.stdout.is_empty());
    assert!(!synth(&["host-backup", "member"]).status.success());
}

#[cfg(unix)]
#[test]
fn the_tree_of_a_host_backup_is_written() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("root");
    let path = path.to_str().expect("UTF-8");
    let output = synth(&["host-backup", "bios", "--tree", path]);
    assert!(output.status.success());
    let inventory = fs::read(directory.path().join("root/etc/xensource-inventory"));
    let good = HostBackup::named("bios").expect("a host");
    assert_eq!(
        inventory.expect("it is there"),
        good.file("etc/xensource-inventory").expect("it is there")
    );
}
