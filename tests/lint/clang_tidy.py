# SPDX-License-Identifier: MIT
"""Runs clang-tidy on files, two at a time, but for those that have passed before when all that it sees was the same.

clang_tidy.py CLANG_TIDY ROOT FILE... -- FLAG...
"""
import concurrent.futures
import hashlib
import os
import pathlib
import subprocess
import sys

tidy, root = sys.argv[1], pathlib.Path(sys.argv[2])
split = sys.argv.index("--")
files, flags = sys.argv[3:split], sys.argv[split + 1:]
passed = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache", "adder", "clang-tidy")


def output_of(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True).stdout


def digest(*parts):
    """Of parts, not of the text that they make together."""
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


version = output_of(tidy, "--version")
settings = (root / ".clang-tidy").read_bytes()
given = " ".join(flags).replace(str(root), "").encode()
# As they are written: with their comments, which switch checks off, and their directives.
headers = [part for path in sorted((root / "include").rglob("*.hpp"))
           for part in (path.relative_to(root).as_posix().encode(), path.read_bytes())]


def stamp_of(file):
    """Where it is noted that the file has passed; None where the compiler of this clang-tidy is missing."""
    compiler = tidy.replace("clang-tidy", "clang++")
    if not pathlib.Path(compiler).exists():
        return None
    everything = output_of(compiler, *flags, "-E", "-P", file)  # With the headers of others.
    return passed / digest(version, settings, given, *headers, pathlib.Path(file).read_bytes(), everything)


def check(file):
    stamp = stamp_of(file)
    if stamp is not None and stamp.exists():
        return f"{file}: has passed before", True
    done = subprocess.run([tidy, "--quiet", f"--config-file={root}/.clang-tidy", "--header-filter=/include/adder/", file,
                           "--", *flags], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        return f"{file}:\n{done.stdout}", False
    if stamp is not None:
        passed.mkdir(parents=True, exist_ok=True)
        stamp.touch()
    return f"{file}: passed", True


with concurrent.futures.ThreadPoolExecutor(2) as pool:
    results = list(pool.map(check, files))
print(*(text for text, _ in results), sep="\n")
sys.exit(not all(good for _, good in results))
