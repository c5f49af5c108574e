//! `xtask old-kernel COMMAND...`: runs a command as Linux 3.10 would, the kernel of the oldest dom0 that is thought of: a call that
//! is newer is answered by ENOSYS, as a kernel that does not know it answers. A program that copes runs there as far as calls are
//! concerned; their flags, and what the kernel's files say, are those of the machine it is tried on.

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::process::Command;

use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

use crate::Result;

/// The last call of Linux 3.10 on x86-64: `finit_module`. `sched_setattr`, 314, came with 3.14.
const LAST: i64 = 313;
/// What a kernel answers to a call that it does not know.
const ENOSYS: u32 = 38;

/// Becomes the command. Returns only if that fails.
pub(crate) fn run(command: &[String]) -> Result<()> {
    let [program, arguments @ ..] = command else {
        return Err("usage: xtask old-kernel COMMAND...".into());
    };
    // A call with an empty list of rules is matched whatever its arguments are.
    let known: BTreeMap<i64, Vec<_>> = (0..=LAST).map(|call| (call, Vec::new())).collect();
    let filter = SeccompFilter::new(
        known,
        SeccompAction::Errno(ENOSYS),
        SeccompAction::Allow,
        TargetArch::x86_64,
    )?;
    let filter: BpfProgram = filter.try_into()?;
    seccompiler::apply_filter(&filter)?;
    Err(Command::new(program).args(arguments).exec().into())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    /// `memfd_create` came with 3.17; `uname` is older than that by far.
    #[test]
    fn what_is_newer_is_not_there() {
        // The filter stays on whoever applied it, so each case needs a process of its own.
        let Ok(python) = Command::new("python3").arg("--version").output() else {
            crate::say(format_args!("skipped: there is no python3"));
            return;
        };
        assert!(python.status.success());
        let newer = "import os, errno\n\
            try:\n    os.memfd_create('a')\nexcept OSError as e:\n    assert e.errno == errno.ENOSYS, e\nelse:\n    raise SystemExit(9)\n\
            os.uname(); open('/dev/null').close()";
        let run = std::env::var_os("XENSPECT_OLD_KERNEL_INNER").is_some();
        if run {
            let command = ["python3", "-c", newer].map(str::to_owned);
            panic!("{:?}", super::run(&command));
        }
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "old_kernel::tests::what_is_newer_is_not_there"])
            .arg("--nocapture")
            .env("XENSPECT_OLD_KERNEL_INNER", "1")
            .status()
            .unwrap();
        assert!(status.success(), "{status}");
    }
}
