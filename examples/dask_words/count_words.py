#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts the words of texts in the two worker processes of a Dask cluster on this machine.

The texts go to the workers. What they count are objects of the extension module's class WordCounts, which go from worker
to worker to be added, and come back as one.

Exit status: 0 the sum is right, 1 it is not, 2 nothing could be counted, 77 there is no Dask.
"""
import argparse
import collections
import operator
import os
import pathlib
import re
import sys
import tempfile
import time

LICENCES = pathlib.Path("/usr/share/common-licenses")  # Of every Debian.
PATIENCE = 120  # Seconds that a busy machine may need for what takes one.


def count(text):
    """Runs in a worker, which imports the module itself."""
    from dask_words import WordCounts

    return WordCounts(text)


def count_on_cluster(texts, folder):
    """What all texts have together, and the processes that counted."""
    import dask
    from distributed import Client, LocalCluster

    dask.config.set({
        "distributed.comm.timeouts.connect": f"{PATIENCE}s",
        "distributed.comm.timeouts.tcp": f"{PATIENCE}s",
        "distributed.scheduler.worker-ttl": None,
    })
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None,
                      memory_limit=0, local_directory=folder) as cluster, Client(cluster, timeout=PATIENCE) as client:
        client.wait_for_workers(2, timeout=PATIENCE)
        processes = client.run(os.getpid)
        workers = list(processes)
        parts = [client.submit(count, text, workers=workers[number % 2]) for number, text in enumerate(texts)]
        while len(parts) > 1:
            pairs = zip(parts[::2], parts[1::2])  # One of each worker: what they counted has to travel.
            odd = parts[len(parts) // 2 * 2:]
            parts = [client.submit(operator.add, *pair) for pair in pairs] + odd
        return parts[0].result(timeout=PATIENCE), set(processes.values())


def main():
    parser = argparse.ArgumentParser(description="Count the words of texts with a Dask cluster of two processes.")
    parser.add_argument("paths", nargs="*", type=pathlib.Path, metavar="PATH",
                        help=f"UTF-8 texts (default: the licences in {LICENCES})")
    options = parser.parse_args()
    try:
        paths = options.paths or sorted({path.resolve() for path in LICENCES.iterdir()})
        texts = [path.read_text(encoding="utf-8", errors="replace") for path in paths]
    except OSError as error:
        print(f"count_words.py: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2

    with tempfile.TemporaryDirectory(prefix="dask_words-") as folder:
        os.environ["DASK_CONFIG"] = folder  # Else Dask writes its settings to the user's home.
        try:
            import distributed  # noqa: F401
        except ImportError as error:
            print(f"SKIPPED: this Python has no Dask (Debian: python3-distributed): {error}")
            return 77
        start = time.perf_counter()
        counts, processes = count_on_cluster(texts, folder)
        seconds = time.perf_counter() - start

    in_python = collections.Counter(
        word.decode() for text in texts for word in re.findall(b"[a-z]+", text.encode().lower()))
    print(f"{len(texts)} texts, {in_python.total():,} words, {len(counts):,} different ones")
    print(f"{len(processes)} processes, {seconds:.1f} s with their start\n")
    for word, times in counts.most_common(10):
        print(f"{word:<12} {times:>7,}")
    if dict(counts.most_common(len(counts))) != in_python or len(processes - {os.getpid()}) != 2:
        print("\ncollections.Counter does NOT agree, or there were no two processes.", file=sys.stderr)
        return 1
    print("\ncollections.Counter agrees on every word.")
    return 0


if __name__ == "__main__":  # The workers import this file, too.
    sys.exit(main())
