# SPDX-License-Identifier: MIT
"""Two threads count up without atomics or a lock: see tsan_planted_ext.cpp."""
import sys
import threading

import tsan_planted_ext

assert not sys._is_gil_enabled(), "the GIL is on: a module does not say that it needs none"
barrier = threading.Barrier(2)


def count():
    barrier.wait()
    for _ in range(50_000):
        tsan_planted_ext.planted_race()


threads = [threading.Thread(target=count) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("counted to", tsan_planted_ext.planted_race() - 1)
