# SPDX-License-Identifier: MIT
"""Adds up the numbers of the events."""
import host

host.log(f"{__name__} is here")


def on_event(event):
    return event.number
