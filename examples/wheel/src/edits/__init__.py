# SPDX-License-Identifier: MIT
"""How unlike two words are, and which words are like one."""
from ._core import Index, distance

__all__ = ["Index", "distance"]
