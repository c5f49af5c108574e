//! What the program asks of the system while it verifies, by strace: it opens the input, what is documented to lie beside it, and what
//! every program opens; nothing for writing. It makes no socket and runs nothing.

use std::fs;
use std::process::{Command, Stdio};

use xenspect_synth::{Header, HeaderStyle, HostBackup, Member, Recipe, Role};

use crate::run::{Folder, dump, path, say_skipped};

/// What every program opens: its libraries, and what it is told of its memory and of the processors that it may use.
const SYSTEM: [&str; 7] = [
    "/etc/ld.so.",
    "/lib/",
    "/lib64/",
    "/usr/lib",
    "/proc/self/",
    "/sys/fs/cgroup/",
    "/sys/devices/system/cpu/",
];

/// Calls that look at something, or end the program or a thread of it. Those that open, run, or make a thread or a pair of sockets are
/// looked at one by one; no others of files, networks and processes are made, whatever they are called.
const LOOKS: [&str; 16] = [
    "access",
    "arch_prctl",
    "exit",
    "exit_group",
    "faccessat",
    "faccessat2",
    "fstatat64",
    "getcwd",
    "lstat",
    "newfstatat",
    "readlink",
    "readlinkat",
    // There is nothing to receive from but the pair for signals.
    "recvfrom",
    "stat",
    "statfs",
    "statx",
];

/// A call: its name, what is given to it, and its first path.
struct Call {
    name: String,
    given: String,
    path: String,
}

/// The calls of a line; `None` of signals, ends, and halves of a call that went on later.
fn call(line: &str) -> Option<Call> {
    let (_, line) = line.split_once(' ')?;
    let (name, given) = line.trim_start().split_once('(')?;
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let path = given.split('"').nth(1).unwrap_or_default();
    name.chars().all(is_name).then(|| Call {
        name: name.to_owned(),
        given: given.to_owned(),
        path: path.to_owned(),
    })
}

/// The calls that concern files, networks and processes; `None`, said aloud, where there is no strace or it may not look.
fn traced(folder: &Folder, args: &[&str]) -> Option<Vec<Call>> {
    let logs = Folder::new();
    let log = logs.path().join("log");
    let traced = Command::new("strace")
        .args([
            "-f",
            "-qq",
            "-s",
            "4096",
            "-e",
            "trace=%file,%network,%process",
            "-o",
        ])
        .arg(&log)
        .arg(path())
        .args(args)
        .env_remove("LD_LIBRARY_PATH")
        .env("LC_ALL", "C.UTF-8")
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output();
    let status = traced.ok().and_then(|output| output.status.code());
    let text = fs::read_to_string(&log).unwrap_or_default();
    if status.is_none_or(|status| status > 1) || !text.contains("execve(") {
        say_skipped(format_args!(
            "skipped: no strace here, or it may not look: {args:?}"
        ));
        return None;
    }
    Some(text.lines().filter_map(call).collect())
}

/// Nothing but reading, and of nothing but `own`, `.` and the system's own files.
fn assert_harmless(calls: &[Call], own: &[&str]) {
    for call in calls {
        let Call { name, given, .. } = call;
        assert!(is_harmless(call, own), "{name}({given}");
    }
    let programs = calls.iter().filter(|call| call.name == "execve");
    assert_eq!(programs.count(), 1, "programs that were run");
}

fn is_harmless(Call { name, given, path }: &Call, own: &[&str]) -> bool {
    match name.as_str() {
        // They are counted.
        "execve" => true,
        // The program's own signals come through a pair that nobody else can reach.
        "socketpair" => given.starts_with("AF_UNIX,"),
        "clone" | "clone3" => given.contains("CLONE_THREAD"),
        "open" | "openat" | "openat2" => {
            let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"];
            let plain = path.strip_prefix("./").unwrap_or(path);
            let is_own = own.contains(&plain) || path == ".";
            let is_of_system =
                SYSTEM.iter().any(|front| path.starts_with(front)) && !path.contains("..");
            // A path below a folder that was opened before would be another one.
            let is_from_here = name == "open" || given.starts_with("AT_FDCWD,");
            let is_read = !writes.iter().any(|flag| given.contains(flag));
            is_read && is_from_here && (is_own || is_of_system)
        }
        _ => LOOKS.contains(&name.as_str()),
    }
}

#[test]
fn what_is_not_known_to_be_harmless_is_none() {
    for line in [
        "1 symlinkat(\"a.xva\", AT_FDCWD, \"b\") = 0",
        "1 sendmsg(3, {msg_name=NULL}, 0) = 1",
        "1 sendmmsg(3, [], 0, 0) = 0",
        "1 sendto(3, \"a\", 1, 0, NULL, 0) = 1",
        "1 socket(AF_INET, SOCK_STREAM, 0) = 3",
        "1 socketpair(AF_INET, SOCK_STREAM, 0, [3, 4]) = 0",
        "1 execveat(3, \"\", [], [], AT_EMPTY_PATH) = 0",
        "1 accept(3, NULL, NULL) = 4",
        "1 lchown(\"a.xva\", 0, 0) = 0",
        "1 fchmodat2(AT_FDCWD, \"a.xva\", 0, 0) = 0",
        "1 utime(\"a.xva\", NULL) = 0",
        "1 utimes(\"a.xva\", NULL) = 0",
        "1 setxattr(\"a.xva\", \"user.a\", \"b\", 1, 0) = 0",
        "1 removexattr(\"a.xva\", \"user.a\") = 0",
        "1 unlink(\"a.xva\") = 0",
        "1 truncate(\"a.xva\", 0 <unfinished ...>",
        "1 vfork() = 2",
        "1 clone3({flags=CLONE_VM|CLONE_VFORK}, 88) = 2",
        "1 openat(AT_FDCWD, \"a.xva\", O_WRONLY) = 3",
        "1 openat(AT_FDCWD, \"a.xva\", O_RDONLY|O_CREAT, 0666) = 3",
        "1 openat(AT_FDCWD, \"/etc/passwd\", O_RDONLY) = 3",
        "1 openat(4, \"a.xva\", O_RDONLY) = 3",
    ] {
        let harm = call(line).unwrap();
        assert!(!is_harmless(&harm, &["a.xva"]), "{line}");
    }
    for line in [
        "1 openat(AT_FDCWD, \"a.xva\", O_RDONLY|O_CLOEXEC) = 3",
        "1 statx(AT_FDCWD, \"/a\", AT_STATX_SYNC_AS_STAT, STATX_ALL, 0x7f) = 0",
    ] {
        assert!(is_harmless(&call(line).unwrap(), &["a.xva"]), "{line}");
    }
}

fn hostile(name: &str) -> Member {
    Member {
        name: name.as_bytes().to_vec(),
        payload: b"text".to_vec(),
        header: Header::new(HeaderStyle::XapiOld),
        role: Role::Foreign,
    }
}

#[test]
fn an_archive_is_all_that_is_opened() {
    let mut archive = Recipe::named("small").unwrap().archive();
    for name in ["/etc/hostname", "../outside", "beside", "xenspect.toml"] {
        archive.members.push(hostile(name));
    }
    let folder = Folder::with("a.xva", &archive.encode());
    folder.put("beside", b"not asked for");
    for args in [
        &["verify", "a.xva"][..],
        &["ls", "a.xva"],
        &["inspect", "a.xva"],
    ] {
        let Some(calls) = traced(&folder, args) else {
            return;
        };
        assert!(calls.iter().any(|call| call.path == "a.xva"));
        assert_harmless(&calls, &["a.xva"]);
    }
}

#[test]
fn beside_an_archive_lie_digests_and_seals() {
    let folder = Folder::with("a.xva", &Recipe::named("tiny").unwrap().build());
    folder.put("beside", b"not asked for");
    let sealed = folder.run(&["seal", "a.xva"]);
    assert_eq!(sealed.status, 0, "{}", sealed.stderr);
    // It names files that lie elsewhere, which are not looked for.
    folder.put(
        "SHA256SUMS",
        format!(
            "{}  a.xva\n{}  ../outside\n",
            "0".repeat(64),
            "0".repeat(64)
        )
        .as_bytes(),
    );
    let Some(calls) = traced(&folder, &["verify", "a.xva"]) else {
        return;
    };
    let own = ["a.xva", "a.xva.seal.json", "SHA256SUMS"];
    assert_harmless(&calls, &own);
    for name in own {
        assert!(
            calls.iter().any(|call| call.path.ends_with(name)),
            "{name} was not looked at"
        );
    }
    assert!(!calls.iter().any(|call| call.path.contains("outside")));
}

#[test]
fn files_of_hosts_and_pools_open_no_others() {
    let folder = Folder::with(
        "host.xbk",
        &HostBackup::named("coordinator").unwrap().bytes(),
    );
    folder.put("pool.xml", &dump("pool-small"));
    for args in [
        &["verify", "host.xbk", "pool.xml"][..],
        &["preflight", "host.xbk", "--target", "pool.xml"],
        &["secrets", "host.xbk"],
    ] {
        let Some(calls) = traced(&folder, args) else {
            return;
        };
        assert_harmless(&calls, &["host.xbk", "pool.xml"]);
    }
}
