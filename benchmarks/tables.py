# SPDX-License-Identifier: MIT
"""The tables that compare.py prints."""

import math

from tasks import ADDER, CAPI


def number(value, digits=0):
    return "" if value is None else f"{value:,.{digits}f}"


def render(header, rows):
    rows = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    lines = ["| " + " | ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) + " |" for row in rows]
    rule = "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])])
    return "\n".join([lines[0], f"|{rule}|", *lines[1:]])


def mean(ratios):
    """The geometric mean."""
    return math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else None


def ratio_to(reference, cell, unit):
    if not reference or not cell or not reference.get(unit) or not cell.get(unit):
        return None
    return cell[unit] / reference[unit]


def task_table(results, wanted, peers, unit):
    """Instructions or ns, each with the ratio to the C API, or to adder where that has no such task."""
    rows = []
    for task in wanted:
        cells = results.get(task.name, {})
        reference = cells.get(CAPI) or cells.get(ADDER)
        row = [task.name + (" *" if task.flag else "")]
        for peer in peers:
            ratio = ratio_to(reference, cells.get(peer.name), unit)
            is_reference = peer.name == (CAPI if CAPI in cells else ADDER)
            value = cells.get(peer.name, {}).get(unit)
            row.append("" if value is None else number(value, 0 if value >= 20 else 1) +
                       ("" if ratio is None or is_reference else f" ({ratio:.2f})"))
        rows.append(row)
    return render(["task", *(peer.title for peer in peers)], rows)


def means(results, wanted, peers, unit, reference=CAPI):
    """{peer: (geometric mean of the ratios, number of tasks)}."""
    found = {}
    for peer in peers:
        ratios = [ratio_to(cells.get(reference), cells.get(peer.name), unit)
                  for task in wanted if (cells := results.get(task.name))]
        ratios = [ratio for ratio in ratios if ratio]
        if ratios:
            found[peer.name] = (mean(ratios), len(ratios))
    return found


def common(results, wanted, peers, unit):
    """The tasks that all have, of the peers that have any of them: what means can be compared over."""
    has = lambda task, name: unit in results.get(task.name, {}).get(name, {})
    wanted = list(wanted)
    there = [peer.name for peer in peers if any(has(task, peer.name) for task in wanted)]
    return [task for task in wanted if all(has(task, name) for name in there)]


def behind(results, wanted, unit, margin=1.01):
    """[(task, peer, ratio)] where a peer needs less than adder."""
    for task in wanted:
        cells = results.get(task.name, {})
        for peer, cell in cells.items():
            if peer not in (CAPI, ADDER) and (ratio := ratio_to(cell, cells.get(ADDER), unit)) and ratio > margin:
                yield task.name, peer, ratio


def summary(results, wanted, peers, unit):
    title = {"instructions": "instructions", "ns": "nanoseconds"}[unit]
    rows = []
    kinds = {"tasks that all have": common(results, wanted, peers, unit), "all tasks": wanted, "tasks without a borrow flag": [task for task in wanted if not task.flag]}
    groups = dict.fromkeys(task.group for task in wanted)
    kinds |= {group: [task for task in wanted if task.group == group] for group in groups}
    for name, tasks in kinds.items():
        if name in groups:
            tasks = common(results, tasks, peers, unit)
        found = means(results, tasks, peers, unit)
        if found:
            rows.append([name, *(f"{found[peer.name][0]:.3f} ({found[peer.name][1]})" if peer.name in found else ""
                                 for peer in peers if peer.name != CAPI)])
    text = f"### Geometric means of {title}, C API = 1 (number of tasks)\n\nOf a group the tasks that all have.\n\n"
    text += render(["", *(peer.title for peer in peers if peer.name != CAPI)], rows)
    slower = list(behind(results, wanted, unit))
    if slower:
        text += "\n\nAhead of adder: " + "; ".join(f"{peer} in {name} ({ratio:.2f})" for name, peer, ratio in slower) + "."
    return text
