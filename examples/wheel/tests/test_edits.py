# SPDX-License-Identifier: MIT
import importlib.resources
import sys
import sysconfig
import threading

import edits
import pytest


@pytest.mark.parametrize("one, other, expected", [
    ("kitten", "sitting", 3), ("", "abc", 3), ("same", "same", 0), ("naïve", "naive", 1), ("😀", "", 1),
])
def test_distance_counts_edits_of_characters(one, other, expected):
    assert edits.distance(one, other) == edits.distance(to=one, from_=other) == expected


def test_distance_names_what_is_no_text():
    with pytest.raises(TypeError, match=r"^distance\(\) argument 'to' must be str, not bytes$"):
        edits.distance("a", b"b")


def test_near_has_the_nearest_first():
    index = edits.Index(["ward", "sword", "word", "words"])
    assert len(index) == 4
    assert index.near("word", at_most=1) == [("word", 0), ("ward", 1), ("sword", 1), ("words", 1)]
    assert index.near("wolf") == [("word", 2)]
    assert index.near("mississippi") == []


def test_the_class_is_at_home_in_the_package():
    assert edits.Index.__module__ == "edits" and edits.Index.__qualname__ == "Index"


def test_threads_share_an_index():
    index = edits.Index([str(number) for number in range(1000)])
    found = []
    threads = [threading.Thread(target=lambda: found.append(index.near("500", 1))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and all(each == found[0] and each[0] == ("500", 0) for each in found)


@pytest.mark.skipif(not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="this Python has a GIL")
def test_no_gil_is_turned_on():
    assert not sys._is_gil_enabled()


def test_type_checkers_find_the_types():
    files = importlib.resources.files(edits)
    assert (files / "py.typed").is_file() and (files / "_core.pyi").is_file()
