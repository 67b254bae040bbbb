# SPDX-License-Identifier: MIT
"""How much more two threads get done than one, on a free-threaded Python. compare.py starts this file with folders and
modules, and reads {task: {module: [ns of a processor for a call in one thread, ratio by the clock, ratio by processor time]}}.

Each task runs in one thread, and in two at once, each with as many calls: in the ideal case both take the same time, and
the ratio is 2. The least of several runs counts. What the machine's threads share, such as a core or a memory bus, is
included: the first task, which calls nothing, shows it.

Time of the clock counts all, other programs too. Processor time, of the thread that took more, counts what is shared in
memory, but not the waiting for locks. On a machine that is not idle neither is right: threads that are never on two
cores at the same moment do not contend. `chrt -f 1` in front of the command gives them both.
"""
import itertools
import json
import sys
import threading
import time


def empty(module, calls):
    for _ in range(calls):
        pass


def frozen_own(module, calls):
    add = module.FrozenCounter().add
    for _ in range(calls):
        add(1)


def frozen_method(module, calls):
    counter = module.FrozenCounter()
    for _ in range(calls):
        counter.add(1)


def flag_own(module, calls):
    counter = module.Counter()
    for _ in range(calls):
        counter.add(1)


# Up to 3.13 the constants of an imported module are counted, and 1.0 would be one for all threads: ten times as slow by
# two, whatever is called.
OWN = itertools.count()


def own_numbers():
    return float(next(OWN)), float(next(OWN))


def function(module, calls):
    plus = module.plus
    a, b = own_numbers()
    for _ in range(calls):
        plus(a, b)


def create_and_drop(module, calls):
    Point = module.Point
    a, b = own_numbers()
    for _ in range(calls):
        Point(a, b)


def create_list_item(module, calls):
    Point = module.Point
    a, b = own_numbers()
    for _ in range(calls // 100):
        [Point(a, b) for _ in range(100)]


def builtin_own(module, calls):
    append = [0].__len__
    for _ in range(calls):
        append()


SHARED = {}


def frozen_shared(module, calls):
    counter = SHARED.setdefault("frozen", module.FrozenCounter())
    for _ in range(calls):
        counter.add(1)


def read_shared(module, calls):
    counter = SHARED.setdefault("frozen", module.FrozenCounter())
    for _ in range(calls):
        counter.get()


def builtin_shared(module, calls):
    counter = SHARED.setdefault("builtin", frozenset())
    for _ in range(calls):
        counter.__len__()


TASKS = [empty, builtin_own, function, frozen_own, frozen_method, flag_own, create_and_drop, create_list_item,
         frozen_shared, read_shared, builtin_shared]


def seconds(task, module, calls, count):
    """Of the clock, and of a processor."""
    barrier = threading.Barrier(count + 1)
    used = []

    def work():
        barrier.wait()
        begin = time.thread_time()
        task(module, calls)
        used.append(time.thread_time() - begin)
        barrier.wait()

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    barrier.wait()
    begin = time.perf_counter()
    barrier.wait()
    elapsed = time.perf_counter() - begin
    for thread in threads:
        thread.join()
    return elapsed, max(used)


def main():
    plan = json.loads(sys.argv[1])
    sys.path[:0] = plan["path"]
    calls, runs_wanted = plan["calls"], plan["runs"]
    modules = {peer: __import__(f"threads_{peer}") for peer in plan["peers"]}
    if sys._is_gil_enabled():
        sys.exit("the GIL is enabled")
    results = {}
    for task in TASKS:
        results[task.__name__] = {}
        for peer, module in modules.items():
            SHARED.clear()
            runs = {count: [] for count in (1, 2)}
            for _ in range(runs_wanted):
                for count, times in runs.items():
                    times.append(seconds(task, module, calls, count))
            least = {count: [min(column) for column in zip(*times)] for count, times in runs.items()}
            clock, processor = (2 * one / two for one, two in zip(least[1], least[2]))
            results[task.__name__][peer] = [1e9 * least[1][1] / calls, clock, processor]
    print(json.dumps(results))


if __name__ == "__main__":
    main()
