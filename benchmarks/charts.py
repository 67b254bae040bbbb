# SPDX-License-Identifier: MIT
"""The pictures of compare.py: how many times the instructions of the C API each peer needs, by group of tasks."""

import sys

from tables import common, means

# Readable on light and dark pages, and apart for those who see fewer colours.
COLOURS = {"adder": "#0072b2", "nanobind": "#e69f00", "pybind11": "#cc79a7", "cython": "#009e73", "pyo3": "#56b4e9"}


class Named:
    """What tables.means asks of a task."""

    def __init__(self, name):
        self.name = name


def draw(document, peers, folder):
    try:
        import matplotlib

        matplotlib.use("svg")
        matplotlib.rcParams["svg.fonttype"] = "none"
        from matplotlib import pyplot
    except ImportError:
        print("matplotlib is missing: no pictures", file=sys.stderr)
        return
    tasks = document.get("tasks", {})
    unit = "instructions"
    if not any(unit in cell for task in tasks.values() for cell in task["peers"].values()):
        print("nothing was counted: no pictures", file=sys.stderr)
        return
    results = {name: task["peers"] for name, task in tasks.items()}
    groups = {"what all have": list(map(Named, tasks))}
    for name, task in tasks.items():
        groups.setdefault(task["group"], []).append(Named(name))
    figures = {group: means(results, common(results, named, peers, unit), peers, unit) for group, named in groups.items()}
    # Without those that nobody but adder and the C API has, or hardly anybody anything of.
    figures = {group: found for group, found in figures.items()
               if found.keys() - {"capi", "adder"} and next(iter(found.values()))[1] > 3}
    shown = [peer for peer in peers if peer.name in COLOURS and any(peer.name in found for found in figures.values())]
    matplotlib.rcParams["svg.hashsalt"] = "adder"  # The same picture of the same figures.
    figure, axes = pyplot.subplots(figsize=(8, 0.7 + 0.13 * len(figures) * (len(shown) + 1)))
    height = 0.8 / len(shown)
    for i, peer in enumerate(shown):
        places = [row + i * height for row, found in enumerate(figures.values()) if peer.name in found]
        values = [found[peer.name][0] for found in figures.values() if peer.name in found]
        bars = axes.barh(places, values, height, color=COLOURS[peer.name], label=peer.title)
        axes.bar_label(bars, fmt="%.2f", fontsize=7, padding=2)
    axes.axvline(1, color="grey", linewidth=1)
    axes.set_yticks([row + height * (len(shown) - 1) / 2 for row in range(len(figures))], list(figures))
    axes.invert_yaxis()
    axes.set_xlabel("instructions, C API by hand = 1 (geometric mean; shorter is better)")
    axes.legend(frameon=False, fontsize=8, loc="upper right")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    folder.mkdir(parents=True, exist_ok=True)
    for kind in ("svg", "png"):
        figure.savefig(folder / f"instructions.{kind}", dpi=150, metadata={"Date": None} if kind == "svg" else None)
    print(f"pictures in {folder}", file=sys.stderr)
