# SPDX-License-Identifier: MIT
"""fastre and re give the same, for each pattern of a corpus and each text; and fastre refuses what it cannot do."""
import array
import mmap
import re
import sys
import threading
import time

import fastre
import pytest

PATTERNS = [
    "a", "abc", "", ".", "a*", "a+?", "(a)(b)?", "(?P<year>\\d{4})-(?P<month>\\d\\d)", "\\w+", "\\bfoo\\b", "^a", "[a-c]+",
    "[^a-c]+", "(a|ab)(c|bcd)", "x{2,3}", "(?:ab)+", "(?i:ABC)", "\\.", "[\\w.]+@[\\w.]+", "(\\d+)|([a-z]+)", "é+", ".é",
    "[à-ü]", "\\S+\\s", "a\\nb", "\\x41", "(?s:a.b)", "((a)|(b))*", "^$", "a{0}", "\\Aab", "🐍",
]
TEXTS = [
    "", "a", "abc", "abcd", "aaa", "ABC abc", "xx xxx xxxx", "2024-05-17, 1999-12-31", "foo food foo", "a\nb\na", "é", "aéb éé",
    "🐍 snake 🐍🐍", "me@example.org, you@there.net", "12 ab 34", "ababab", "a.b.c", "A", "\0a\0", " \t\n ", "ü à z",
]
FLAGS = [0, re.I, re.M, re.S, re.I | re.M | re.S]


def same_as(match, expected):
    if expected is None:
        return match is None
    if match is None:
        return False
    numbers = range(len(expected.groups()) + 1)
    return (match.group() == expected.group() and match.groups() == expected.groups() and match[0] == expected[0]
            and match.groups("-") == expected.groups("-") and match.groupdict() == expected.groupdict()
            and all(match.span(n) == expected.span(n) for n in numbers)
            and all((match.start(n), match.end(n)) == match.span(n) for n in numbers)
            and match.string == bytes_or_str(expected.string))


def bytes_or_str(text):
    return text if isinstance(text, str) else bytes(text)


@pytest.mark.parametrize("flags", FLAGS)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_same_as_re(pattern, flags):
    theirs = re.compile(pattern, flags | re.ASCII)
    ours = fastre.compile(pattern, flags)
    assert (ours.pattern, ours.groups, ours.groupindex) == (theirs.pattern, theirs.groups, dict(theirs.groupindex))
    for text in TEXTS:
        check(ours, theirs, text)


@pytest.mark.parametrize("pattern", ["a", "(a)(b)?", "\\w+", "é+"])
@pytest.mark.parametrize("text", TEXTS)
def test_functions_of_the_module(pattern, text):
    for flags in (0, re.I):
        both = re.compile(pattern, flags | re.ASCII), re.compile(pattern.encode(), flags)
        for given, theirs in zip((pattern, pattern.encode()), both):
            whole = text if isinstance(given, str) else text.encode()
            star = "*" if isinstance(given, str) else b"*"
            for name in ("search", "match", "fullmatch"):
                assert same_as(getattr(fastre, name)(given, whole, flags), getattr(theirs, name)(whole))
            assert fastre.findall(given, whole, flags=flags) == theirs.findall(whole)
            assert [m.span() for m in fastre.finditer(given, whole, flags)] == [m.span() for m in theirs.finditer(whole)]
            assert fastre.split(given, whole, maxsplit=1, flags=flags) == theirs.split(whole, 1)
            assert fastre.sub(given, star, whole, flags=flags) == theirs.sub(star, whole)
            assert fastre.subn(given, star, whole, 1, flags) == theirs.subn(star, whole, 1)


def test_a_compiled_pattern_goes_where_a_pattern_goes():
    pattern = fastre.compile("(?P<digits>\\d+)")
    match = fastre.search(pattern, "ab12")
    assert match["digits"] == "12" and match.re == pattern and hash(match.re) == hash(pattern)
    assert match.re != fastre.compile("(?P<digits>\\d+)", fastre.Flag.IGNORECASE) != "text"
    assert match.re != fastre.compile(b"(?P<digits>\\d+)")
    with pytest.raises(ValueError, match="cannot process flags argument with a compiled pattern"):
        fastre.search(pattern, "ab12", re.I)
    with pytest.raises(TypeError):  # As re: it is looked up.
        fastre.search(bytearray(b"a"), b"a")
    with pytest.raises(fastre.error):
        fastre.search("(", "a")


@pytest.mark.parametrize("pattern", PATTERNS)
def test_same_as_re_for_bytes(pattern):
    theirs = re.compile(pattern.encode("latin-1", "ignore"))
    ours = fastre.compile(pattern.encode("latin-1", "ignore"))
    for text in TEXTS:
        raw = text.encode("latin-1", "ignore") + b"\xff\x00"
        for kind in (bytes, bytearray, memoryview):
            check(ours, theirs, kind(raw))


def check(ours, theirs, text):
    context = (theirs.pattern, theirs.flags, text)
    for name in ("search", "match", "fullmatch"):
        assert same_as(getattr(ours, name)(text), getattr(theirs, name)(text)), (name, context)
        for pos, endpos in ((1, 3), (0, 2), (2, 100), (-5, 1), (100, 200)):
            found, expected = getattr(ours, name)(text, pos, endpos), getattr(theirs, name)(text, pos, endpos)
            if "$" in str(theirs.pattern) or "\\b" in str(theirs.pattern) or pos == 100:
                continue  # What is behind endpos is not there for re, and is for RE2.
            assert same_as(found, expected), (name, pos, endpos, context)
        if len(text) > 1:  # As re documents it; it finds an empty match there.
            assert getattr(ours, name)(text, 3, 1) is None
    assert ours.findall(text) == theirs.findall(text), context
    assert [m.span() for m in ours.finditer(text)] == [m.span() for m in theirs.finditer(text)], context
    whole = bytes_or_str(text)
    for maxsplit in (0, 1, 2, -1):
        assert ours.split(text, maxsplit) == theirs.split(text, maxsplit), context
    stars = "*" if isinstance(text, str) else b"*"
    for count in (0, 1, 2):
        assert ours.subn(stars, text, count) == theirs.subn(stars, whole, count), context
    template = r"<\g<0>\\\n>" if isinstance(text, str) else rb"<\g<0>\\\n>"
    assert ours.sub(template, text) == theirs.sub(template, whole), context
    assert ours.sub(lambda m: m.group() + stars, text) == theirs.sub(lambda m: m.group() + stars, whole), context


def test_templates_and_groups():
    for template in (r"\2-\1", r"\g<a>\g<2>", "x", r"\t", r"\-", r"[\g<0>]"):
        assert (fastre.compile("(?P<a>b+)(c?)").sub(template, "abbc b")
                == re.sub("(?P<a>b+)(c?)", template, "abbc b")), template
    match = fastre.compile("(?P<first>a)(b)?").search("xa")
    assert match.group("first", 2, 0) == ("a", None, "a")
    assert match["first"] == "a" and match.span("first") == (1, 2) and match.span(2) == (-1, -1)
    assert repr(match) == "<fastre.Match object; span=(1, 2), match='a'>"
    for bad in ("no", 3, -1, 1.5, None):
        with pytest.raises(IndexError, match="no such group"):
            match.group(bad)


@pytest.mark.parametrize("pattern", ["(", "a**", "[a", "(?P<x>a", "\\1", "(?=a)", "(?<!a)b", "a{2000}", "\\"])
def test_what_is_no_pattern_or_not_one_of_re2s(pattern):
    with pytest.raises(fastre.error):
        fastre.compile(pattern)
    assert issubclass(fastre.error, ValueError)


@pytest.mark.parametrize("template", ["\\3", "\\g<3>", "\\g<a", "\\ga", "\\", "\\q", "\\g<-1>"])
def test_bad_templates(template):
    with pytest.raises((fastre.error, IndexError)):
        fastre.compile("(a)").sub(template, "a")


def test_text_and_bytes_do_not_mix():
    text, raw = fastre.compile("a"), fastre.compile(b"a")
    with pytest.raises(TypeError, match="cannot use a string pattern on a bytes-like object"):
        text.search(b"a")
    with pytest.raises(TypeError, match="cannot use a bytes pattern on a string-like object"):
        raw.search("a")
    with pytest.raises(TypeError, match="expected string or bytes-like object, got 'int'"):
        text.search(5)
    with pytest.raises(TypeError, match="differ in type"):
        text.sub(b"x", "a")
    with pytest.raises(TypeError, match="differ in type"):
        text.sub(lambda m: b"x", "a")
    with pytest.raises(UnicodeEncodeError):
        text.search("\udc80")
    with pytest.raises(TypeError):
        fastre.compile(None)
    with pytest.raises(ZeroDivisionError):
        text.sub(lambda m: 1 / 0, "a")
    with pytest.raises(ValueError):
        fastre.compile("a", max_mem=0)
    with pytest.raises(TypeError):
        fastre.Match()


def test_any_bytes_like_object(tmp_path):
    path = tmp_path / "data"
    path.write_bytes(b"xxabab" * 1000)
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        for data in (mapped, array.array("B", b"xxabab"), memoryview(b"..xxabab")[2:], memoryview(b"x.x.a.b.a.b.")[::2]):
            assert fastre.compile(b"(ab)+").search(data).span() == (2, 6)


def test_a_bytearray_may_change_afterwards():
    data = bytearray(b"some text")
    match = fastre.compile(b"t(.*)").search(data)
    data[:] = b"x"
    assert (match.group(1), match.string) == (b"ext", b"some text")


def test_options():
    assert fastre.compile("a|ab").search("ab").group() == "a"
    assert fastre.compile("a|ab", longest=True).search("ab").group() == "ab"
    assert fastre.compile("a", fastre.Flag.IGNORECASE | fastre.Flag.DOTALL).flags == re.I | re.S
    with pytest.raises(fastre.error):
        fastre.compile("(a{100}){9}", max_mem=10)
    with pytest.raises(ValueError, match="only I, M, S, A and U"):
        fastre.compile("a b", re.X)
    assert fastre.compile(fastre.escape("a.b*(")).fullmatch("a.b*(")
    assert fastre.compile(fastre.escape(b"\x00.\xff")).fullmatch(b"\x00.\xff")


def test_time_grows_with_the_text_alone():
    assert fastre.compile("(a*)*b").search("a" * 30000) is None, "for which re would need years"


def test_other_threads_run_during_a_long_search():
    if hasattr(sys, "_is_gil_enabled") and not sys._is_gil_enabled():
        pytest.skip("there is no GIL to release")
    pattern, text = fastre.compile("(?:x+y?)+z"), "x" * 20_000_000
    counted, done = 0, threading.Event()

    def count():
        nonlocal counted
        while not done.is_set():
            counted += 1
            time.sleep(0)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(10)  # Nobody takes the GIL away: it is given.
    thread = threading.Thread(target=count)
    thread.start()
    try:
        before = counted
        assert pattern.search(text) is None
        assert counted > before
    finally:
        done.set()
        sys.setswitchinterval(interval)
        thread.join()


def test_threads_share_a_pattern():
    pattern = fastre.compile("(\\w+)@(\\w+)")
    text = "me@here " * 2000
    results = []
    threads = [threading.Thread(target=lambda: results.append(len(pattern.findall(text)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [2000] * 4
