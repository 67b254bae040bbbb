# SPDX-License-Identifier: MIT
"""Runs pytest on the given files; exits with 77, "skipped" to ctest, where pytest is missing."""
import sys

try:
    import pytest
except ImportError:
    print("SKIPPED: this Python has no pytest (Debian: python3-pytest):", sys.executable)
    sys.exit(77)

# Not in a process that multiprocessing has started, which imports this file once more.
if __name__ == "__main__":
    # Debian's pytest 7.2 rewrites assertions with parts of `ast` that Python 3.12 warns of and 3.14 no longer has, and
    # lacks what unittest has looked for since 3.12.
    older = []
    if sys.version_info >= (3, 12) and pytest.version_tuple < (7, 4):
        older = ["--assert=plain", "-Wignore:TestResult has no addDuration:RuntimeWarning"]
    code = pytest.main(["-q", "-p", "no:cacheprovider", *older, *sys.argv[1:]])
    # A file that needs a package which is not there is skipped as a whole, and has no tests then.
    sys.exit(77 if code == pytest.ExitCode.NO_TESTS_COLLECTED else code)
