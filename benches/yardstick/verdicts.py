"""What has to be said of each input and of a damaged copy, before anything is measured."""

import json
import shutil
import subprocess


def verdict(xenspect, path, pipe):
    """Verdict and exit status for an archive as a file, or through a pipe."""
    command = [xenspect, "verify", "--quiet", "--format", "json", "-" if pipe else path]
    cat = subprocess.Popen(["cat", path], stdout=subprocess.PIPE) if pipe else None
    done = subprocess.run(command, stdin=cat and cat.stdout, stdout=subprocess.PIPE, check=False)
    if cat:
        cat.stdout.close()
        cat.wait()
    return json.loads(done.stdout)["inputs"][0]["verdict"], done.returncode


def flipped(path, copy):
    """A copy of an archive with one bit flipped in the middle."""
    shutil.copyfile(path, copy)
    with open(copy, "r+b") as file:
        at = path.stat().st_size // 2
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 0x10]))
    return copy


def check_verdicts(xenspect, paths, directory):
    """Prints what is said of each archive and of its damaged copy. True if all of it is right."""
    right = True
    for path in paths:
        copy = directory / ("flipped-" + path.name)
        for file, expected in [(path, ("sound", 0)), (flipped(path, copy), ("damaged", 1))]:
            for pipe in [False, True]:
                said = verdict(xenspect, file, pipe)
                mark = "ok" if said == expected else f"WRONG, expected {expected}"
                right &= said == expected
                way = "pipe" if pipe else "file"
                print(f"{file.name:24} {way:5} {said[0]}, exit {said[1]:3}  {mark}")
        copy.unlink()
    return right


def check_half(xenspect, path, directory):
    """The same for a pool database or a host backup, and a copy of its first half."""
    copy = directory / ("half-" + path.name)
    with open(path, "rb") as whole, open(copy, "wb") as half:
        half.write(whole.read(path.stat().st_size // 2))
    right = True
    # Others may read the file here, which is remarked upon.
    for file, verdicts, status in [(path, ["sound", "suspect"], 0), (copy, ["incomplete"], 1)]:
        for pipe in [False, True]:
            said = verdict(xenspect, file, pipe)
            good = said[0] in verdicts and said[1] == status
            mark = "ok" if good else f"WRONG, expected {' or '.join(verdicts)}, exit {status}"
            right &= good
            way = "pipe" if pipe else "file"
            print(f"{file.name:24} {way:5} {said[0]}, exit {said[1]:3}  {mark}")
    copy.unlink()
    return right
