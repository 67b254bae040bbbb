#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Uses an object of each class on several threads at once, and prints what comes of it."""
import sys
import threading

from thread_safe_classes import Atomic, Checked, Keeper, Locked, OneThread, Wrapped

THREADS = 4
ROUNDS = 10_000


def on_threads(work, threads=THREADS):
    """Calls work(number of the thread) on so many threads that begin together; returns what the calls returned."""
    results = [None] * threads
    barrier = threading.Barrier(threads)

    def run(number):
        barrier.wait()
        results[number] = work(number)

    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return results


def outcome(call, *args):
    """What a call returns, or the error it raises."""
    try:
        return call(*args)
    except RuntimeError as error:
        return f"RuntimeError: {error}"


def checked():
    """One thread stops in the middle of a change; another meets the object in that state."""
    shared = Checked()
    changing, looked = threading.Event(), threading.Event()

    def in_between():
        changing.set()
        looked.wait()

    writer = threading.Thread(target=shared.set_both, args=(7, in_between))
    writer.start()
    changing.wait()
    print("get_x() during a change:", outcome(shared.get_x))
    print("set_y() during a change:", outcome(shared.set_y, 1))
    looked.set()
    writer.join()
    print("after it: x =", shared.get_x(), "and y =", shared.get_y())
    print("the same on one thread:", outcome(shared.set_both, 8, shared.get_x))


def atomic():
    shared = Atomic()

    def work(number):
        for _ in range(ROUNDS):
            shared.add_to_x(1)
        shared.set_y(number)

    on_threads(work)
    print(f"{THREADS} threads added {shared.get_x():,} in all, and nobody failed")
    print("y is what one of them wrote:", shared.get_y() in range(THREADS))


def locked():
    shared = Locked()

    def work(_):
        seen = []
        for _ in range(ROUNDS):
            shared.add_to_both(1)
            x, y = shared.get_both()
            seen.append(x == y)
        return all(seen)

    always = all(on_threads(work))
    print("both are", "{:,} and {:,}".format(*shared.get_both()))
    print("x was y wherever somebody looked:", always)


def one_thread():
    shared = OneThread()
    shared.set_x(1)
    print("here:", shared.get_x())
    for result in on_threads(lambda _: outcome(shared.get_x), threads=2):
        print("elsewhere:", result)


def wrapped():
    shared = Wrapped()
    on_threads(lambda _: [shared.add(1) for _ in range(ROUNDS)])
    print(f"the tally is {shared.add(0):,}")


def keeper():
    shared = Keeper()
    on_threads(lambda number: [shared.keep((number, i), i) for i in range(ROUNDS)])
    print(f"{len(shared):,} items are kept")


def main():
    for number, (title, demonstrate) in enumerate([
        ("Checked: the default", checked),
        ("Atomic: frozen, with atomics", atomic),
        ("Locked: frozen, with a mutex", locked),
        ("OneThread: unsendable", one_thread),
        ("Wrapped: unsynchronised data behind a mutex", wrapped),
        ("Keeper: unsafe_send", keeper),
    ]):
        print(f"{'' if number == 0 else chr(10)}{title}")
        demonstrate()


if __name__ == "__main__":
    sys.exit(main())
