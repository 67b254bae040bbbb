# SPDX-License-Identifier: MIT
"""The guide's table of what numpy and pandas pass to which C++ type, line by line."""
import math
import pathlib
import re
import sys
import warnings
from datetime import date, datetime, timedelta, timezone

import columns_ext as ext
import pytest

try:
    import numpy as np
    import pandas as pd
except ImportError:
    np = pd = None

pytestmark = pytest.mark.skipif(pd is None, reason="pandas is not installed (Debian: python3-numpy, python3-pandas)")

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "guide" / "conversions-numpy.md"
FUNCTIONS = {
    "std::int64_t": ext.int64,
    "std::int8_t": ext.int8,
    "double": ext.double,
    "float": ext.float,
    "bool": ext.bool,
    "std::string": ext.string,
    "std::complex<double>": ext.complex,
    "std::optional<double>": ext.optional_double,
    "std::vector<std::int64_t>": ext.ints,
    "std::vector<std::int8_t>": ext.bytes,
    "std::vector<double>": ext.doubles,
    "std::vector<bool>": ext.bools,
    "std::vector<std::string>": ext.strings,
    "std::vector<std::vector<double>>": ext.rows,
    "std::vector<std::optional<double>>": ext.optional_doubles,
    "std::vector<std::optional<std::string>>": ext.optional_strings,
    "std::array<double, 2>": ext.two,
    "std::tuple<std::int64_t, double, std::string>": ext.row,
    "std::map<std::string, double>": ext.map,
    "std::map<std::string, std::vector<double>>": ext.columns,
    "local_time<microseconds>": ext.local,
    "sys_time<microseconds>": ext.sys,
    "std::optional<local_time<microseconds>>": ext.optional_local,
    "std::vector<local_time<microseconds>>": ext.locals,
    "std::vector<sys_time<microseconds>>": ext.moments,
    "std::vector<std::chrono::microseconds>": ext.durations,
    "std::chrono::year_month_day": ext.day,
    "std::chrono::microseconds": ext.microseconds,
    "const BytesView&": ext.view,
}
NAMES = {
    "np": np,
    "pd": pd,
    "math": math,
    "date": date,
    "datetime": datetime,
    "timedelta": timedelta,
    "utc": timezone.utc,
    "df": pd and pd.DataFrame({"i": [1, 2], "d": [0.5, 1.5], "s": ["a", "b"]}),
}
ERRORS = {"TypeError": TypeError, "ValueError": ValueError, "OverflowError": OverflowError}


def lines():
    """What is passed, the C++ type, and what comes of it, of each line of the table."""
    before = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("| ") or line == "| passed | to a | result |":
            continue
        passed, types, result = [cell.strip() for cell in line.strip("|").split(" | ")]
        values = re.findall(r"`([^`]+)`", passed)
        values = [value for value in values if value != "__float__"]
        before = (before if passed.startswith("the same") else []) + values
        for name in re.findall(r"`([^`]+)`", types):
            for value in before:
                yield value, name, result


LINES = list(lines())
assert LINES, PAGE


def made_of(value):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Of what the next version of numpy will do.
        return eval(value, NAMES)


@pytest.mark.parametrize("value, name, result", LINES, ids=[f"{name}-{value}" for value, name, _ in LINES])
def test_a_line_of_the_guide(value, name, result):
    argument = made_of(value)
    before = sys.getrefcount(argument)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if result in ERRORS:
            with pytest.raises(ERRORS[result]) as caught:
                FUNCTIONS[name](argument)
            assert type(caught.value) is ERRORS[result]
            del caught
        else:
            expected = made_of(re.search(r"`([^`]+)`", result)[1])
            got = FUNCTIONS[name](argument)
            assert type(got) is type(expected) and (got == expected or repr(got) == repr(expected))
            del got
    assert sys.getrefcount(argument) <= before + 1  # numpy may keep its last scalar.


def test_the_table_is_whole():
    assert repr(NAMES["df"].to_dict("list")).replace("'", '"') in PAGE.read_text(encoding="utf-8")  # What `df` is.
    assert len(LINES) > 100 and {name for _, name, _ in LINES} == set(FUNCTIONS)


def test_nanoseconds_are_kept():
    assert ext.local_ns(pd.Timestamp(1)) == 1 and ext.sys_ns(pd.Timestamp(7, tz="UTC")) == 7
    assert ext.nanoseconds(pd.Timedelta(1)) == 1


def test_an_object_itself_is_passed_on():
    for value in (np.arange(3), pd.Series([1]), NAMES["df"], pd.NaT, pd.NA):
        assert ext.object(value) is value


@pytest.mark.parametrize("kind", ["datetime64", "timedelta64"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_date_of_numpy_goes_nowhere_by_mistake(kind, function):
    for value in (getattr(np, kind)(3, "s"), getattr(np, kind)("NaT", "s")):
        if function == "const BytesView&":
            assert FUNCTIONS[function](value) == 8
        else:
            with pytest.raises(TypeError):
                FUNCTIONS[function](value)
