# SPDX-License-Identifier: MIT
"""Threads count up without atomics or a lock: see tsan_planted_ext.cpp."""
import sys
import threading

import tsan_planted_ext

THREADS = 4
ROUNDS = 50_000

assert not sys._is_gil_enabled(), "the GIL is on: a module does not say that it needs none"
barrier = threading.Barrier(THREADS)


def count():
    barrier.wait()
    for _ in range(ROUNDS):
        tsan_planted_ext.planted_race()


threads = [threading.Thread(target=count) for _ in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("counted to", tsan_planted_ext.planted_race() - 1, "instead of", THREADS * ROUNDS)
