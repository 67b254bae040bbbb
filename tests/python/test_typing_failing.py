# SPDX-License-Identifier: MIT
"""A stub build is imported also where the module's body throws, and says what was bound until then."""
import json

import typing_failing_ext as ext

NOTES = json.loads(ext.__adder_types__)
RECORDS = NOTES["records"]


def test_the_error_is_told():
    assert NOTES["error"].startswith("SystemError: Broken: def_new was called twice")


def test_what_was_bound_before_is_there():
    assert ext.before(3) == 3 and not hasattr(ext, "after")
    names = [(r["owner"], r["name"]) for r in RECORDS]
    assert ("typing_failing_ext", "before") in names and ("typing_failing_ext.Fine", "x") in names
    assert ("typing_failing_ext", "after") not in names


def test_a_class_that_cannot_be_made_has_a_name_and_is_noted_once():
    [make] = [r for r in RECORDS if r["name"] == "make"]
    assert make["signatures"][0]["result"] == "typing_failing_ext.Broken"
    assert len([r for r in RECORDS if r["owner"] == "typing_failing_ext.Broken" and r["name"] == "get"]) == 1
