# SPDX-License-Identifier: MIT
"""fastjson and json make the same of generated and of hostile documents, and refuse the same, but for what README.md
says."""
import array
import json
import math
import sys
import threading
import time

import fastjson
import pytest

try:
    from hypothesis import given, settings, strategies as st
except ImportError:
    given = None


def same(a, b):
    """Equal, of the same types, with the same order of keys, and -0.0 told from 0.0."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float):
        return a == b and math.copysign(1, a) == math.copysign(1, b)
    return a == b


ACCEPTED = [
    "null", "true", "false", "0", "-0", "-0.0", "1", "-1", "1.5", "1e5", "1E+5", "1e-5", "123456789012345678",
    "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551615",
    "18446744073709551616", "-9223372036854775809", "1" * 400, "-" + "9" * 50, "1e400", "-1e400", "1e-400", "5e-324",
    "2.2250738585072011e-308", "1.7976931348623157e308", "0.1", "0." + "3" * 500, "[]", "{}", "[[]]", "[{}]", '""',
    '"text"', '"é🐍"', r'"\u00e9\ud83d\udc0d"', r'"\"\\\/\b\f\n\r\t"', r'"\u0000"', '{"a": 1, "b": [true, null]}',
    '{"a": 1, "a": 2}', '{"": ""}', " \t\r\n[ 1 , 2 ] \n", '"' + "x" * 100_000 + '"', "[" + "1," * 50_000 + "1]",
    "[" * 400 + "]" * 400, '{"a":' * 200 + "1" + "}" * 200, "[1, 1.0, true]", json.dumps({str(i): i for i in range(3000)}),
    '[{"same": 1}, {"same": 2}, {"same": 3}]', "[18446744073709551616, {\"a\": [1e400]}]",
]
REFUSED = [
    "", " ", "nul", "nulll", "True", "tru", "01", "-", "+1", "1.", ".5", "1e", "1e+", "0x10", "1_000", "--1", "[", "]", "[1",
    "[1,", "[1,]", "[,1]", "[1 2]", "{", "}", '{"a"}', '{"a":}', '{"a":1,}', "{a:1}", "{'a':1}", "{1:1}", '{"a" 1}', '"',
    '"a', '"\\"', '"\\x41"', '"\\u12"', '"\\u12g4"', '"\n"', '"\t"', '"\0"', "1 2", "[] []", "null,", "// x\n1", "[1]]", "\0",
    "[1\0]", "\v1", "1\f", "'a'", "[18446744073709551616,]", "[1e400 2]", "00", "-01", "1e5.5", "\u00a01",
]


@pytest.mark.parametrize("text", ACCEPTED, ids=lambda text: text[:20])
def test_same_as_json(text):
    expected = json.loads(text)
    assert same(fastjson.loads(text), expected)
    raw = text.encode()
    for data in (raw, bytearray(raw), memoryview(raw), array.array("B", raw)):
        assert same(fastjson.loads(data), expected)


@pytest.mark.parametrize("text", REFUSED, ids=repr)
def test_both_refuse(text):
    for data in (text, text.encode()):
        with pytest.raises(ValueError):
            json.loads(data)
        with pytest.raises(fastjson.DecodeError):
            fastjson.loads(data)


def test_cut_short_and_changed_documents():
    """A valid document, each byte of it left out, doubled, or replaced: both make the same of it, or refuse it."""
    whole = b'{"k\\u00e9y": [1, -2.5e3, true, false, null, "\xc3\xa9\\n"], "b": {"c": 0}}'
    for i in range(len(whole)):
        for changed in (whole[:i], whole[:i] + whole[i + 1:], whole[:i] + whole[i:i + 1] + whole[i:],
                        *(whole[:i] + byte + whole[i + 1:] for byte in (b'"', b"\\", b"\0", b"\xff", b"9", b"{", b"]", b" "))):
            try:
                expected = json.loads(changed)
            except ValueError:
                with pytest.raises(fastjson.DecodeError):
                    fastjson.loads(changed)
            else:
                assert same(fastjson.loads(changed), expected), changed


def test_what_is_different():
    for text in ("NaN", "Infinity", "-Infinity", "[1e400, NaN]", r'"\ud800"'):
        json.loads(text)
        with pytest.raises(fastjson.DecodeError):
            fastjson.loads(text)
    with pytest.raises(fastjson.DecodeError):  # json is given UTF-16 and guesses.
        fastjson.loads("[1]".encode("utf-16"))
    with pytest.raises(fastjson.DecodeError):
        fastjson.loads(b'"\xff"')


@pytest.mark.parametrize("depth", [991, 5000, 1_000_000])
def test_too_deep(depth):
    for text in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth, "[" * depth):
        with pytest.raises((RecursionError, fastjson.DecodeError)):
            fastjson.loads(text)


def test_wrong_arguments():
    for bad in (5, None, ["[]"]):
        with pytest.raises(TypeError):
            fastjson.loads(bad)
    with pytest.raises(UnicodeEncodeError):
        fastjson.loads('"\udc80"')
    with pytest.raises(BufferError):
        fastjson.loads(memoryview(b"[1, 2]")[::2])
    with pytest.raises(TypeError):
        fastjson.loads()
    assert issubclass(fastjson.DecodeError, ValueError)


def test_a_part():
    data = '{"users": [{"name": "Ada"}, {"name": "Grace", "a/b": {"~": 5}}]}'
    assert fastjson.at(data, "/users/1/name") == "Grace"
    assert fastjson.at(data, "/users/1/a~1b/~0") == 5
    assert fastjson.at(data, "") == json.loads(data)
    for missing in ("/users/2", "/nobody", "/users/0/x"):
        with pytest.raises(KeyError):
            fastjson.at(data, missing)
    for bad in ("users", "/users/x", "/users/0/name/deeper", "/users/-", "/users/01", "/users/99999999999999999999"):
        with pytest.raises((fastjson.DecodeError, KeyError)):
            fastjson.at(data, bad)
    with pytest.raises(fastjson.DecodeError):
        fastjson.at("[1", "/0")


def test_other_threads_run_during_a_long_document():
    if hasattr(sys, "_is_gil_enabled") and not sys._is_gil_enabled():
        pytest.skip("there is no GIL to release")
    data = b"[" + b"1.5," * 5_000_000 + b"1]"
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
        assert fastjson.at(data, "/1") == 1.5
        assert counted > before
    finally:
        done.set()
        sys.setswitchinterval(interval)
        thread.join()


def test_names_inside_do_not_change_those_outside():
    # More names, one in the other, than the converter has places for.
    document = None
    for i in range(600):
        document = {f"name {i}": document}
    found = fastjson.loads(json.dumps(document))
    for i in reversed(range(600)):
        assert list(found) == [f"name {i}"]
        found = found[f"name {i}"]


if given is None:
    def test_generated_documents():
        pytest.skip("hypothesis is not installed")
else:
    SCALARS = (st.none() | st.booleans() | st.integers() | st.integers(-2**64, 2**65) | st.text()
               | st.floats(allow_nan=False, allow_infinity=False))
    DOCUMENTS = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)

    @settings(max_examples=150, deadline=None)
    @given(DOCUMENTS, st.booleans(), st.sampled_from([None, 2]))
    def test_generated_documents(document, ascii_only, indent):
        text = json.dumps(document, ensure_ascii=ascii_only, indent=indent)
        assert same(fastjson.loads(text), document)
        assert same(fastjson.loads(text.encode()), json.loads(text))

    @settings(max_examples=150, deadline=None)
    @given(st.lists(st.sampled_from(['"', "\\", "[", "]", "{", "}", ":", ",", "1", "-", ".", "e", "true", "null", " ", "a",
                                     "\\u0041", "\\n"]), max_size=15))
    def test_pieces_in_any_order(pieces):
        text = "".join(pieces)
        try:
            expected = json.loads(text)
        except ValueError:
            with pytest.raises(fastjson.DecodeError):
                fastjson.loads(text)
        else:
            assert same(fastjson.loads(text), expected)
