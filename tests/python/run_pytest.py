# SPDX-License-Identifier: MIT
"""Runs pytest on the given files; exits with 77, "skipped" to ctest, where pytest is missing."""
import sys

try:
    import pytest
except ImportError:
    print("SKIPPED: this Python has no pytest (Debian: python3-pytest):", sys.executable)
    sys.exit(77)

sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:]]))
