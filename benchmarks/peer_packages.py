# SPDX-License-Identifier: MIT
"""Peers to measure adder against: header packages of the distribution, downloaded and unpacked, never installed; or
packages of PyPI in a virtual environment."""

import pathlib
import shutil
import subprocess
import sys


def unpack(package_names, folder):
    """Downloads the Debian packages and unpacks them all below folder / "unpacked".

    Returns the root of that tree, whose headers are in usr/include and usr/share; None, after saying why, where one of
    the packages cannot be had. What an earlier call left in the folder is used again. The packages are those of the
    release that apt-get is set up for; APT_CONFIG in the environment names another set-up.
    """
    folder = pathlib.Path(folder).resolve()
    root = folder / "unpacked"
    stamps = {name: folder / f"{name}.unpacked" for name in package_names}
    missing = [name for name in package_names if not stamps[name].exists()]
    if not missing:
        return root
    for tool in ("apt-get", "dpkg"):
        if shutil.which(tool) is None:
            print(f"{', '.join(missing)}: there is no {tool} here")
            return None
    folder.mkdir(parents=True, exist_ok=True)
    for name in missing:
        # Into a folder of its own: apt-get names the file after the version.
        download = folder / name
        shutil.rmtree(download, ignore_errors=True)
        download.mkdir()
        done = subprocess.run(["apt-get", "download", name], cwd=download, text=True, capture_output=True)
        files = list(download.glob("*.deb"))
        if done.returncode != 0 or not files:
            reason = next((line for line in done.stderr.splitlines() if line.startswith("E: ")), "nothing came")
            print(f"{name}: apt-get download failed: {reason.removeprefix('E: ')}")
            return None
        done = subprocess.run(["dpkg", "-x", str(files[0]), str(root)], text=True, capture_output=True)
        if done.returncode != 0:
            print(f"{name}: dpkg -x failed: {done.stderr.strip()}")
            return None
        stamps[name].write_text(files[0].name + "\n")
    return root


def stand_in(package, tree, folder):
    """Puts a source tree where the package would put its files, usr/share/NAME, for releases that do not have it."""
    folder = pathlib.Path(folder).resolve()
    place = folder / "unpacked/usr/share" / package.removesuffix("-dev")
    if place.is_symlink():
        place.unlink()
    elif place.exists():
        shutil.rmtree(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(pathlib.Path(tree).resolve())
    (folder / f"{package}.unpacked").write_text("a source tree\n")


def from_pypi(packages, folder):
    """Installs packages of PyPI into a virtual environment in the folder, unless an earlier call has.

    Returns where the packages are; None, after saying why, where they cannot be had.
    """
    folder = pathlib.Path(folder).resolve() / "pypi"
    python = folder / "bin/python"
    stamp = folder / "installed"
    if not stamp.exists() or stamp.read_text().split() != packages:
        for command in ([sys.executable, "-m", "venv", folder],
                        [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", *packages]):
            done = subprocess.run([str(word) for word in command], text=True, capture_output=True)
            if done.returncode != 0:
                print(f"{', '.join(packages)}: not from PyPI: {done.stderr.strip().splitlines()[-1:]}")
                return None
        stamp.write_text(" ".join(packages))
    return next(folder.glob("lib/python*/site-packages"))
