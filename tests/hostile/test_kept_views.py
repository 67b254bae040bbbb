# SPDX-License-Identifier: MIT
"""Views are for the call that they come with. Checked builds find out who keeps one; nobody else notices anything."""
import os
import sys

import kept_views_ext as ext
import pytest

sanitized = "asan" in os.environ.get("LD_PRELOAD", "")
finds_out = pytest.mark.skipif(not ext.checked or sanitized, reason="asks for a checked build, and no sanitizer in it")
text = "a text that is long enough to be told from others"


@finds_out
def test_a_view_that_a_constructor_kept_no_longer_shows_the_text():
    keeper = ext.Keeper(text, b"bytes")
    assert keeper.size() == len(text) + 5
    assert not keeper.shows(text)  # Though `text` itself is still there.


@finds_out
def test_a_view_that_a_setter_kept_no_longer_shows_the_text():
    keeper = ext.Keeper("", b"")
    keeper.text = text
    assert not keeper.shows(text)


def test_views_are_good_for_the_call():
    before = sys.getrefcount(text)
    for _ in range(100):
        copier = ext.Copier(text, b"\0\1")
        assert (copier.text, copier.bytes) == (text, 2)
        copier.text = ""
        assert copier.text == ""
        copier.text = "\N{EURO SIGN}\0x"
        assert copier.text == "\N{EURO SIGN}\0x"
    assert ext.Copier(bytes=b"", text="").text == ""
    assert ext.Copier.twice("ab").text == "abab"
    assert sys.getrefcount(text) == before


@pytest.mark.parametrize("args", [(1, b""), (text, text), ("\ud800", b"")])
def test_what_is_no_text_is_refused_as_ever(args):
    with pytest.raises((TypeError, UnicodeEncodeError)) as caught:
        ext.Copier(*args)
    if caught.type is TypeError:
        assert "Copier() argument 'text' must be str, not int" in str(caught.value) or "'bytes'" in str(caught.value)


def test_a_view_that_its_author_vouches_for_may_be_kept():
    assert ext.Unit().name == "metre"
