# SPDX-License-Identifier: MIT
"""Finds fault with some events."""


def on_event(event):
    if event.number == 7:
        raise ValueError(f"I do not like {event!r}")
    return 0
