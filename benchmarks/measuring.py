# SPDX-License-Identifier: MIT
"""How compare.py has worker.py run tasks, and what it makes of callgrind's counts."""

import json
import os
import pathlib
import sys
import time

from peers import run

HERE = pathlib.Path(__file__).resolve().parent


class Progress:
    """One line for each step, with the time that is left when the steps go on at the same pace."""

    def __init__(self, total, quiet=False):
        self.total, self.done, self.begun, self.quiet = total, 0, time.monotonic(), quiet

    def step(self, text):
        self.done += 1
        passed = time.monotonic() - self.begun
        left = passed / self.done * max(0, self.total - self.done)
        if not self.quiet:
            print(f"[{self.done}/{self.total}] {text}; {passed:.0f} s, about {left:.0f} s left", file=sys.stderr, flush=True)


class Measurement:
    def __init__(self, builder, python, have, path=()):
        self.builder, self.python, self.have = builder, python, have
        self.path = [*path, builder.folder, HERE, *filter(None, [python.packages])]

    def plan(self, do, peers, tasks, runs=0):
        text = json.dumps({"path": [*map(str, self.path)], "do": do, "peers": peers, "tasks": tasks, "runs": runs})
        return [self.python.executable, "-S", HERE / "worker.py", text]

    def worker(self, *plan):
        return json.loads(run(self.plan(*plan), env=self.python.environment).stdout)

    def tasks_of(self, peer, wanted):
        return [task for task in wanted if task.area in self.have[peer]]

    def check(self, wanted):
        """Ends the program where the peers differ."""
        areas = {task.area for task in wanted}
        different = []
        for area in areas:
            peers = [peer for peer in self.have if area in self.have[peer]]
            different += self.worker("check", peers, [task.name for task in wanted if task.area == area])
        if different:
            sys.exit("The peers do not do the same:\n" + "\n".join(different))

    def callgrind(self, *plan):
        """{mark: instructions}."""
        out = self.builder.folder / f"callgrind.{os.getpid()}"
        run(["valgrind", "--tool=callgrind", "--instr-atstart=no", "--combine-dumps=yes", f"--callgrind-out-file={out}",
             *self.plan(*plan)], env=self.python.environment)
        counts, name = {}, ""
        with out.open(errors="replace") as lines:
            for line in lines:
                if line.startswith("desc: Trigger: Client Request: "):
                    name = line.removeprefix("desc: Trigger: Client Request: ").strip()
                elif line.startswith("totals: "):
                    if name:
                        counts[name] = int(line.split()[1])
                    name = ""
        out.unlink()
        return counts

    def instructions(self, peer, wanted):
        """{task: instructions of one execution}."""
        marks = self.callgrind("count", [peer], [task.name for task in self.tasks_of(peer, wanted)])
        return {task.name: (marks[f"many {task.name}"] - marks[f"few {task.name}"]) / (task.counts[1] - task.counts[0])
                for task in wanted if f"many {task.name}" in marks}

    def times(self, wanted, runs):
        """{task: {peer: ns}}; one process for each area, in which the peers take turns."""
        results = {}
        for area in {task.area: None for task in wanted}:
            peers = [peer for peer in self.have if area in self.have[peer]]
            results |= self.worker("time", peers, [task.name for task in wanted if task.area == area], runs)
        return results
