# SPDX-License-Identifier: MIT
"""Has had enough after a while, and says so."""
import sys

print("being imported")


def on_event(event):
    if event.number == 30:
        print(f"no more after {event!r}")
        sys.exit(3)
    return 1
