# SPDX-License-Identifier: MIT
"""The fixtures of tests/python: nothing may be left behind here either."""
import importlib.util
import pathlib

_spec = importlib.util.spec_from_file_location(
    "tests_python_conftest", pathlib.Path(__file__).parent.parent / "python" / "conftest.py"
)
_shared = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_shared)
globals().update({name: value for name, value in vars(_shared).items() if not name.startswith("__")})
