# SPDX-License-Identifier: MIT
"""The matrix of what each conversion takes and refuses: exact values, exact errors, and no reference kept.

Every conversion is tried twice: as a parameter of a bound function, and through extract(), whose name starts with "x_".
"""
import array
import collections
import ctypes
import datetime as dt
import decimal
import enum
import fractions
import gc
import math
import operator
import struct
import sys
import types
import warnings

import pytest
from hypothesis import example, given, settings, strategies as st

import conversions_ext

try:
    import numpy
except ImportError:
    numpy = None

INTEGERS = {f"{'' if signed else 'u'}int{bits}": (bits, signed) for bits in (8, 16, 32, 64, 128) for signed in (1, 0)}
INTEGERS |= {"longlong": (64, 1), "ulonglong": (64, 0)}
INTEGERS = {name: how for name, how in INTEGERS.items() if hasattr(conversions_ext, name)}


def range_of(name):
    bits, signed = INTEGERS[name]
    return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)


def words_for(name):
    bits, signed = INTEGERS[name]
    return f"{'a signed' if signed else 'an unsigned'} {bits}-bit integer"


class Boom(Exception):
    pass


class Index:
    """Has what is given for __index__: a value, or an exception to raise."""

    def __init__(self, value):
        self.value = value

    def __index__(self):
        if isinstance(self.value, BaseException):
            raise type(self.value)(*self.value.args)
        return self.value


class Float:
    def __init__(self, value):
        self.value = value

    def __float__(self):
        return Index.__index__(self)


class NoIndex:
    __index__ = None


class MyInt(int):
    """What it says of itself is no number, and its operators lie."""

    def __repr__(self):
        raise Boom

    def __index__(self):
        return 77

    __str__ = __rshift__ = __and__ = __int__ = __index__


class MyFloat(float):
    def __float__(self):
        return 77.0


class MyStr(str):
    def __len__(self):
        return 77

    def encode(self, *_):
        raise Boom


class MyBytes(bytes):
    def __len__(self):
        return 77


class MyDelta(dt.timedelta):
    days = seconds = microseconds = property(lambda self: 77)


class Zone(dt.tzinfo):
    """A time zone whose offset is whatever is given."""

    def __init__(self, offset):
        self.offset = offset

    def utcoffset(self, moment):
        return Index.__index__(types.SimpleNamespace(value=self.offset))

    def __repr__(self):
        return f"Zone({self.offset!r})"


class OffsetOf(dt.datetime):
    """A datetime whose own utcoffset() is no timedelta."""

    def utcoffset(self):
        return 3


def outcome(function, *arguments):
    """What came back, or the exception's type and text."""
    try:
        return "returned", function(*arguments)
    except Exception as error:
        return type(error), error.args[0] if type(error) is KeyError else str(error)


def located_outcome(function, *arguments):
    """The same, with a note before the text."""
    try:
        return "returned", function(*arguments)
    except Exception as error:
        text = error.args[0] if type(error) is KeyError else str(error)
        return type(error), ": ".join([*getattr(error, "__notes__", []), text])


def same(a, b):
    """Equal and of one type, NaN and the sign of zero included."""
    if type(a) is float and type(b) is float:
        return struct.pack("d", a) == struct.pack("d", b) or (math.isnan(a) and math.isnan(b))
    return type(a) is type(b) and a == b


def shown(value):
    try:
        text = repr(value)
    except Exception:
        text = object.__repr__(value)
    return text if len(text) < 40 else text[:20] + "..."


def numpys(*pairs):
    return [] if numpy is None else [(getattr(numpy, name)(value), *rest) for name, value, *rest in pairs]


# --- What is taken: (function, argument, result) -----------------------------------------------------------------------

TAKEN = []


def takes(names, *pairs):
    TAKEN.extend((name, value, result) for name in names.split() for value, result in pairs)


def itself(*values):
    return [(value, value) for value in values]


for _name in INTEGERS:
    _low, _high = range_of(_name)
    takes(_name, *itself(_low, _low + 1, -1 if _low else 1, 0, 1, 2, _high - 1, _high))
    takes(_name, *itself(*(v for b in (15, 16, 30, 31, 32, 60, 63, 64, 127) for v in (2**b - 1, 2**b, 2**b + 1)
                           for v in (v, -v) if _low <= v <= _high)))
    takes(_name, (True, 1), (False, 0), (MyInt(5), 5), (MyInt(_high), _high), (Index(5), 5), (Index(_high), _high),
          (Index(_low), _low), (enum.IntEnum("E", {"a": 9}).a, 9))
    takes(_name, *numpys(*((f"{u}int{b}", 100, 100) for u in ("", "u") for b in (8, 16, 32, 64))), *numpys(("array", 7, 7), ("uint64", _high, _high) if 0 < _high < 2**64 else ("int8", 1, 1)))

takes("double longdouble", *itself(0.0, -0.0, 1.5, math.inf, -math.inf, math.nan, 5e-324, 1.7976931348623157e308, -1.0))
takes("double longdouble", (2**53 + 1, float(2**53 + 1)), (2**1023, 2.0**1023), (-(2**62), -(2.0**62)))
takes("float", *itself(0.0, -0.0, 1.5, math.inf, -math.inf, math.nan, 2.0**127, 2.0**-149, -1.0))
takes("float", (0.1, struct.unpack("f", struct.pack("f", 0.1))[0]), (2**24 + 1, 2.0**24), (1e-60, 0.0))
takes("double float longdouble", (1, 1.0), (-1, -1.0), (True, 1.0), (MyFloat(2.5), 2.5), (MyInt(3), 3.0), (Index(3), 3.0),
      (Float(2.5), 2.5), (Float(-1.0), -1.0), (Float(math.nan), math.nan), (decimal.Decimal("0.5"), 0.5),
      (fractions.Fraction(1, 4), 0.25))
takes("double float longdouble", *numpys(("float16", 0.5, 0.5), ("float32", 0.5, 0.5), ("float64", 0.5, 0.5),
                                         ("int64", -3, -3.0), ("uint8", 255, 255.0), ("bool_", True, 1.0)))
takes("bool", *itself(True, False), *numpys(("bool_", True, True), ("bool_", False, False)))
takes("float", *itself(3.4028234663852886e38, -3.4028234663852886e38), (3.4028235e38, 3.4028234663852886e38))

takes("char char8 char16 char32 wchar", *itself("a", "\0", "\x7f"), (MyStr("a"), "a"))
takes("char16 char32 wchar", *itself("\x80", "é", "\ud800", "\udfff", "\uffff"))
takes("char32 wchar", *itself("\U00010000", "\U0001f600", "\U0010ffff"))
takes("char32_code", ("\U0001f600", 0x1F600), ("\udc80", 0xDC80))
takes("char_of char8_of char16_of char32_of wchar_of", (0, "\0"), (0x41, "A"), (0x7F, "\x7f"))
takes("char16_of char32_of wchar_of", (0x80, "\x80"), (0xD800, "\ud800"), (0xFFFF, "\uffff"))
takes("char32_of wchar_of", (0x10000, "\U00010000"), (0x10FFFF, "\U0010ffff"))

TEXTS = "string string_view u8string u16string u32string wstring"
takes(TEXTS, *itself("", "a", "a\0b", "\0", "é", "\u20ac", "\ufeffa", "\uffff", "\U00010000", "\U0010ffff", "x" * 100_000),
      (MyStr("ab"), "ab"))
takes("string_of u8string_of", (b"", ""), (b"a\0b", "a\0b"), ("\U0001f600".encode(), "\U0001f600"))
takes("u16string_of", (b"", ""), ("a\0\U0001f600\ufeff".encode("utf-16-le" if sys.byteorder == "little" else "utf-16-be"),
                                  "a\0\U0001f600\ufeff"))
takes("u32string_of wstring_of", (b"", ""), ("a\0\U0001f600\ufeff".encode(
    "utf-32-le" if sys.byteorder == "little" else "utf-32-be"), "a\0\U0001f600\ufeff"))

MEGABYTES = bytes(range(256)) * 40_000  # Ten of them.
takes("span vector_uint8 vector_byte", *itself(b"", b"\0", b"a\0\xff", MEGABYTES), (MyBytes(b"ab"), b"ab"))
takes("vector_uint8 vector_byte", (bytearray(b""), b""), (bytearray(b"a\0\xff"), b"a\0\xff"), (memoryview(b"abc")[1:], b"bc"),
      (memoryview(b""), b""), (bytearray(MEGABYTES), MEGABYTES), (memoryview(MEGABYTES), MEGABYTES),
      (array.array("B", b"ab"), b"ab"), (array.array("b", [1]), b"\1"))
takes("vector_byte", (array.array("b", [-1]), b"\xff"))
if numpy is not None:
    takes("vector_uint8 vector_byte", (numpy.frombuffer(b"ab", "u1"), b"ab"), (numpy.frombuffer(b"a", "u1"), b"a"))
    takes("vector_uint8", (numpy.frombuffer(b"abcd", "u1")[::2], b"ac"), (numpy.array([1, 2]), b"\1\2"), (numpy.array([1], "i1"), b"\1"))
# Other buffers are sequences of what they hold, not of the bytes that this takes.
takes("vector_uint8", (array.array("i", [1, 2, 255]), b"\1\2\xff"), (memoryview(b"abcd")[::2], b"ac"),
      (memoryview(b"ab").cast("c"), b"ab"), (memoryview(array.array("H", [7, 8])), b"\7\x08"))
takes("vector_uint8", ([], b""), ([1, 255], b"\1\xff"), ((0,), b"\0"), (range(3), b"\0\1\2"), ([Index(7), True], b"\7\1"))


def delta(**units):
    return dt.timedelta(**units)


takes("nanoseconds microseconds milliseconds seconds hours days double_seconds milliseconds8 unsigned_seconds thirds",
      *itself(dt.timedelta()))
takes("nanoseconds microseconds double_seconds", *itself(delta(microseconds=1), delta(microseconds=-1), delta(days=-1, microseconds=1)))
takes("milliseconds seconds hours days thirds", *itself(delta(days=-999999999), delta(days=999999999)))
takes("nanoseconds microseconds", (MyDelta(microseconds=5), delta(microseconds=5)))
takes("milliseconds8", *itself(delta(milliseconds=127), delta(milliseconds=-128)))
takes("unsigned_seconds", *itself(delta(seconds=2**40)))
takes("nanoseconds", *itself(delta(microseconds=(2**63 - 1) // 1000), -delta(microseconds=2**63 // 1000)))
takes("microseconds", *itself(delta(microseconds=-(2**53) - 1)))
takes("thirds_count", (delta(seconds=-1), -3))
takes("nanoseconds_count", (delta(microseconds=-1), -1000))
takes("double_seconds_count", (delta(microseconds=-1), -1e-6), (delta(days=1), 86400.0))
# To Python, what is finer than a microsecond is rounded down.
takes("nanoseconds_of", *((ns, delta(microseconds=ns // 1000)) for ns in (0, 1, 999, 1000, 1999, -1, -999, -1000, -1001)),
      (2**63 - 1, delta(microseconds=(2**63 - 1) // 1000)), (-(2**63), delta(microseconds=-(2**63) // 1000)))
takes("thirds_of", (1, delta(microseconds=333333)), (-1, delta(microseconds=-333334)), (3, delta(seconds=1)))
takes("seconds_of", (86399999999999, delta(days=999999999, seconds=86399)),
      (-86399999913600, dt.timedelta.min))
takes("double_seconds_of", (0.5, delta(seconds=0.5)), (-0.0, dt.timedelta()), (1e-7, dt.timedelta()), (-1.0, delta(seconds=-1)))

UTC = dt.timezone.utc
EAST = dt.timezone(delta(hours=14))
EPOCH = dt.datetime(1970, 1, 1)
takes("sys_micros sys_seconds sys_days time_point", *itself(EPOCH.replace(tzinfo=UTC), dt.datetime(1969, 12, 31, tzinfo=UTC)))
takes("sys_micros sys_seconds sys_days", *itself(dt.datetime(1, 1, 1, tzinfo=UTC), dt.datetime(9999, 12, 31, tzinfo=UTC)))
takes("sys_micros", *itself(dt.datetime.max.replace(tzinfo=UTC), dt.datetime(1969, 12, 31, 23, 59, 59, 999999, UTC)),
      (dt.datetime(2024, 2, 29, 14, tzinfo=EAST), dt.datetime(2024, 2, 29, tzinfo=UTC)),
      (dt.datetime(2024, 3, 1, tzinfo=Zone(delta(microseconds=1))), dt.datetime(2024, 2, 29, 23, 59, 59, 999999, UTC)))
takes("sys_micros_count", (dt.datetime(1, 1, 1, tzinfo=EAST), -62135596800_000000 - 14 * 3600_000000))
takes("time_point_of", (-1, dt.datetime(1969, 12, 31, 23, 59, 59, 999999, UTC)), (1999, EPOCH.replace(microsecond=1, tzinfo=UTC)),
      (2**63 - 1, dt.datetime(2262, 4, 11, 23, 47, 16, 854775, UTC)), (-(2**63), dt.datetime(1677, 9, 21, 0, 12, 43, 145224, UTC)))
takes("local_micros", *itself(EPOCH, dt.datetime.min, dt.datetime.max, dt.datetime(1969, 12, 31, 23, 59, 59, 999999),
                              dt.datetime(2024, 2, 29, 12)), (EPOCH.replace(fold=1), EPOCH))
takes("local_days", *itself(EPOCH, dt.datetime.min, dt.datetime(9999, 12, 31)))
takes("date", *itself(dt.date.min, dt.date.max, dt.date(1970, 1, 1), dt.date(2024, 2, 29)))

takes("optional_int", *itself(None, 0, -1, 2**31 - 1), (True, 1))
takes("optional_bool", *itself(None, True, False))
takes("optional_bytes", *itself(None, b"", b"a"), ([1], b"\1"))
takes("number", *itself(1, 1.5, "a", math.nan), (2**31, 2.0**31), (True, 1))
takes("narrow", *itself(1, -129, 2**63 - 1))
takes("choice", *itself(None, True, 1, 255, b"ab"), ([300 - 299], b"\1"))


def having(**attributes):
    return types.SimpleNamespace(**attributes)


class Slots:
    __slots__ = ("x", "y", "name")


ORIGIN = {"x": 1.0, "y": 2.0, "name": "none"}
takes("point", (having(x=1, y=2), ORIGIN), (having(x=1.0, y=2.0, name="a", z=None), {**ORIGIN, "name": "a"}),
      (collections.namedtuple("P", "y x")(2, 1), ORIGIN))
takes("shape", ({"origin": having(x=1, y=2)}, {"origin": ORIGIN, "points": []}),
      (types.MappingProxyType({"origin": having(x=1, y=2), "points": (having(x=1, y=2),)}), {"origin": ORIGIN, "points": [ORIGIN]}),
      (collections.ChainMap({"points": []}, {"origin": having(x=1, y=2)}), {"origin": ORIGIN, "points": []}))
takes("wide", ({"small": 255}, {"small": 255, "text": ""}), ({"small": 0, "text": "\U0001f600"}, {"small": 0, "text": "\U0001f600"}))
takes("color", *itself(1, 2, 255), (True, 1), (Index(2), 2), (MyInt(255), 255))
takes("sign", *itself(-(2**63), 0, 2**63 - 1))


# --- What is refused: (function, argument, exception, text) -------------------------------------------------------------

REFUSED = []


def refuses(names, *rows):
    """Rows of (value, exception, text): what follows the argument, which is in the text of a TypeError and a note of
    others; or after "=" all there is."""
    REFUSED.extend((name, *row) for name in names.split() for row in rows)


def type_name(value):
    """The name that C knows the type by, as CPython's own messages have it."""
    return "None" if value is None else "str" if isinstance(value, str) else outcome("".join, [value])[1].split()[-2]


def mismatches(names, expected, *values):
    for value in values:
        refuses(names, (value, TypeError, (expected, type_name(value))))


def like(function, *values):
    """As CPython's own function refuses them: what Python code raises passes through unchanged."""
    rows = []
    for value in values:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            kind, text = outcome(function, value)
        assert kind != "returned", value
        rows.append((value, kind, "=" + text))
    return rows


NO_NUMBERS = ["1", "", None, b"1", bytearray(b"1"), [1], (1,), {}, object(), int, len, Ellipsis]

for _name in INTEGERS:
    _low, _high = range_of(_name)
    _fit = "does not fit into " + words_for(_name)
    refuses(_name, *((value, OverflowError, f": {value} {_fit}") for value in sorted(
        {_low - 1, _high + 1, -(2**200), 2**200, _low - 2**64, _high + 2**64}
        | {v for v in (2**63, 2**64, -1, -(2**63) - 1, 2**31, 256) if not _low <= v <= _high})))
    refuses(_name, (10**5000, OverflowError, f": the int {_fit}"), (MyInt(_high + 1), OverflowError, f": {_high + 1} {_fit}"),
            (Index(_high + 1), OverflowError, f": the value {_fit}"), (Index(_low - 1), OverflowError, f": the value {_fit}"))
    mismatches(_name, "int", 1.5, 1.0, math.nan, math.inf, 1j, decimal.Decimal(1), fractions.Fraction(1), Float(1.0), *NO_NUMBERS)
    refuses(_name, *like(operator.index, Index(Boom("no")), Index("x"), Index(1.5), Index(None), Index(True), Index(MyInt(1)),
                         Index(OverflowError("mine")), Index(TypeError("mine")), NoIndex()))
    if numpy is not None:
        mismatches(_name, "int", numpy.float64(1), numpy.float32(1))
        refuses(_name, *like(operator.index, numpy.array([1, 2]), numpy.array(1.5)))
        if hasattr(numpy.bool_, "__index__"):  # Up to numpy 1, where it raises.
            refuses(_name, *like(operator.index, numpy.bool_(True)))
        else:
            mismatches(_name, "int", numpy.bool_(True))

FLOATS = "double float longdouble"
mismatches(FLOATS, "float", 1j, *NO_NUMBERS)
refuses(FLOATS, *like(math.fabs, Float(Boom("no")), Float("x"), Float(1), Float(None), Float(MyFloat(1.0)), NoIndex(), Index(Boom("no")),
                      Index("x"), Index(2**1024), fractions.Fraction(10**400)))
if numpy is not None:
    refuses(FLOATS, *like(math.fabs, numpy.array([1.5, 2.5])))
mismatches("bool", "bool", 0, 1, 1.0, "True", Index(1), *NO_NUMBERS, *([] if numpy is None else [numpy.int8(1), numpy.array([True])]))
refuses("float", *((x, OverflowError, f": {x} does not fit into a 32-bit float") for x in (1e300, -1e39, 3.4028236e38, MyFloat(1e100))),
        (10**100, OverflowError, f": {10**100} does not fit into a 32-bit float"), (Float(1e300), OverflowError, ": the value does not fit into a 32-bit float"))

mismatches("char char8 char16 char32 wchar " + TEXTS, "str", 65, b"a", bytearray(b"a"), None, ["a"], ("a",), 1.5, object())
refuses("char char8 char16 char32 wchar", *((text, ValueError, f": expected a str of length 1, got length {len(text)}")
                                            for text in ("", "ab", "a\0", "\U0001f600\U0001f600", "e\u0301")))
refuses("char char8", *((c, ValueError, f": U+{ord(c):04X} does not fit into a one-byte character (ASCII)")
                        for c in ("\x80", "é", "\u20ac", "\ud800", "\U0001f600")))
refuses("char16", *((c, ValueError, f": U+{ord(c):04X} does not fit into a UTF-16 unit") for c in ("\U00010000", "\U0010ffff")))
refuses("char_of char8_of", *((n, ValueError, f"=U+{n:04X} does not fit into a one-byte character (ASCII)") for n in (0x80, 0xFF)))
refuses("char32_of wchar_of", *((n, ValueError, f"=U+{n:04X} does not fit into a character") for n in (0x110000, 0xFFFFFFFF)))


def codec(name):
    size = {"u16string": "16", "u32string": "32", "wstring": str(8 * ctypes.sizeof(ctypes.c_wchar))}.get(name)
    return "utf-8" if size is None else f"utf-{size}-{'le' if sys.byteorder == 'little' else 'be'}"


for _name in TEXTS.split():
    refuses(_name, *like(operator.methodcaller("encode", codec(_name)), "\ud800", "a\udfff", "\udc80b\0", "\ud83d\ude00", "x" * 1000 + "\ud800"))
for _name, _bad in {
    "string": [b"\xff", b"a\x80", b"\xc3", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\0\xff"],
    "u8string": [b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xe2\x82"],
    "u16string": [b"\x00\xd8", b"\x00\xdc", b"\x00\xd8a\x00", b"\x00\xdc\x00\xd8"],
    "u32string": [b"\x00\xd8\x00\x00", b"\x00\x00\x11\x00", b"\xff\xff\xff\xff"],
    "wstring": [b"\x00\xd8\x00\x00", b"\x00\x00\x11\x00", b"\xff\xff\xff\xff"],
}.items():
    refuses(_name + "_of", *like(operator.methodcaller("decode", codec(_name)), *_bad))

mismatches("span", "bytes", "a", bytearray(b"a"), memoryview(b"a"), array.array("B"), None, [1], 12345)
mismatches("vector_uint8", "bytes-like object", "a", None, 12345, {1}, object(), iter([]))
mismatches("vector_byte", "bytes-like object", "a", None, 12345, [1], (1,), {1}, range(3))
refuses("vector_uint8", ([1, 256], OverflowError, ": [1]: 256 does not fit into an unsigned 8-bit integer"),
        ([1, "x"], TypeError, ": [1]: expected int, got str"), ([-1], OverflowError, ": [0]: -1 does not fit into an unsigned 8-bit integer"),
        ([b"a"], TypeError, ": [0]: expected int, got bytes"), ([1, Index(Boom("no"))], Boom, "=no"))
RELEASED = memoryview(b"a")
RELEASED.release()
refuses("vector_uint8", (array.array("b", [-1]), OverflowError, ": [0]: -1 does not fit into an unsigned 8-bit integer"),
        (array.array("i", [1, 256]), OverflowError, ": [1]: 256 does not fit into an unsigned 8-bit integer"),
        (array.array("d", [1.0]), TypeError, ": [0]: expected int, got float"))
mismatches("vector_byte", "bytes-like object", memoryview(b"abcd")[::2], array.array("i", [1]),
           memoryview(bytes(6)).cast("B", (2, 3)), memoryview(b"a").cast("B", ()))
refuses("vector_uint8 vector_byte", (RELEASED, ValueError, "=operation forbidden on released memoryview object"))
refuses("strings", (["a", 1], TypeError, ": [1]: expected str, got int"))
refuses("doubles", ([1, "2"], TypeError, ": [1]: expected float, got str"))

DURATIONS = "nanoseconds microseconds milliseconds seconds hours days double_seconds milliseconds8 unsigned_seconds thirds"
mismatches(DURATIONS, "timedelta", 1, 1.5, None, "1", dt.time(1), dt.date(2024, 1, 1), EPOCH)
NO_TICKS = ": the time is no whole number of the C++ type's ticks"
NO_FIT = ": the time does not fit into the C++ type"
refuses("milliseconds seconds hours days milliseconds8 unsigned_seconds thirds", (delta(microseconds=1), ValueError, NO_TICKS),
        (delta(microseconds=-1), ValueError, NO_TICKS), (dt.timedelta.max, ValueError, NO_TICKS))
refuses("hours days", (delta(seconds=3599), ValueError, NO_TICKS))
refuses("nanoseconds", *((value, OverflowError, NO_FIT) for value in (
    dt.timedelta.max, dt.timedelta.min, delta(microseconds=2**63 // 1000 + 1), -delta(microseconds=2**63 // 1000 + 1))))
refuses("microseconds", *((value, OverflowError, NO_FIT) for value in (
    delta(microseconds=2**63), delta(microseconds=-(2**63) - 1), dt.timedelta.max, dt.timedelta.min)))
refuses("milliseconds8", (delta(milliseconds=128), OverflowError, NO_FIT), (delta(milliseconds=-129), OverflowError, NO_FIT))
refuses("unsigned_seconds", (delta(seconds=-1), OverflowError, NO_FIT))
NO_DELTA = "=the duration does not fit into a timedelta"
refuses("seconds_of", *((n, OverflowError, NO_DELTA) for n in (86400000000000, -86399999913601, 2**63 - 1, -(2**63))))
refuses("unsigned_seconds_of", (2**64 - 1, OverflowError, NO_DELTA))
refuses("double_seconds_of", *((n, OverflowError, NO_DELTA) for n in (math.nan, math.inf, -math.inf, 1e300, 86400000000000.0, -86399999913601.0)))

MOMENTS = "sys_micros sys_seconds sys_days time_point"
mismatches(MOMENTS + " local_micros local_days", "datetime", 1, None, "2024-01-01", dt.date(2024, 1, 1), dt.time(1), delta(days=1))
NAIVE = ": expected a datetime with a time zone, got one without"
refuses(MOMENTS, (EPOCH, ValueError, NAIVE), (dt.datetime.max, ValueError, NAIVE), (EPOCH.replace(tzinfo=Zone(None)), ValueError, NAIVE),
        *like(dt.datetime.utcoffset, EPOCH.replace(tzinfo=Zone(Boom("no"))), EPOCH.replace(tzinfo=Zone(3)), EPOCH.replace(tzinfo=Zone(delta(days=1)))))
refuses("sys_seconds sys_days", (EPOCH.replace(microsecond=1, tzinfo=UTC), ValueError, NO_TICKS))
refuses("sys_days", (EPOCH.replace(tzinfo=EAST), ValueError, NO_TICKS))
refuses("time_point", *((dt.datetime(year, 1, 1, tzinfo=UTC), OverflowError, NO_FIT) for year in (1, 1677, 2263, 9999)))
refuses("local_micros local_days", *((EPOCH.replace(tzinfo=zone), ValueError, ": expected a datetime without a time zone, got one with it")
                                     for zone in (UTC, EAST, Zone(None))))
refuses("local_days", (EPOCH.replace(second=1), ValueError, NO_TICKS))
NO_MOMENT = "=the time does not fit into a datetime: years 1 to 9999"
refuses("sys_micros_of local_micros_of", *((n, OverflowError, NO_MOMENT) for n in (
    -62135596800_000001, 253402300800_000000, 2**63 - 1, -(2**63))))
refuses("sys_seconds_of", *((n, OverflowError, NO_MOMENT) for n in (-62135596801, 253402300800, 2**63 - 1, -(2**63))))
refuses("sys_micros", (dt.datetime(1, 1, 1, tzinfo=EAST), OverflowError, NO_MOMENT))
mismatches("date", "date", 1, None, "2024-01-01", dt.time(1), delta(days=1), EPOCH, EPOCH.replace(tzinfo=UTC))

mismatches("optional_int", "int", "1", 1.5, [None])
mismatches("optional_bool", "bool", 0, "")
mismatches("optional_bytes", "bytes-like object", "", 1)
refuses("optional_int", (2**31, OverflowError, ": 2147483648 does not fit into a signed 32-bit integer"), (Index(Boom("no")), Boom, "=no"))
refuses("number", (None, TypeError, ": no alternative fits: expected int, got None; expected float, got None; expected str, got None"),
        (Index(Boom("no")), Boom, "=no"),
        *like(operator.methodcaller("encode"), "\ud800"))
refuses("narrow", (2**63, OverflowError, ": 9223372036854775808 does not fit into a signed 64-bit integer"))
refuses("choice", (3, ValueError, ": 3 is no value of the enum"),
        ([256], OverflowError, ": [0]: 256 does not fit into an unsigned 8-bit integer"),
        (RELEASED, ValueError, "=operation forbidden on released memoryview object"))


class Raising:
    x = 1.0

    def __init__(self, error):
        self.error = error

    @property
    def y(self):
        raise type(self.error)(*self.error.args)


class RaisingMapping(Raising, collections.abc.Mapping):
    def __getitem__(self, key):
        return self.y

    def __len__(self):
        return 1

    def __iter__(self):
        return iter("x")


class Tree:
    def __getattr__(self, name):
        return self


refuses("point", (None, AttributeError, ": the attribute 'x' is missing"), (having(y=1), AttributeError, ": the attribute 'x' is missing"),
        (having(x=1), AttributeError, ": the attribute 'y' is missing"), (ORIGIN, AttributeError, ": the attribute 'x' is missing"),
        (having(x="1", y=2), TypeError, ": .x: expected float, got str"), (having(x=1, y=None), TypeError, ": .y: expected float, got None"),
        (having(x=1, y=2, name=None), TypeError, ": .name: expected str, got None"),
        (Raising(Boom("no")), Boom, "=no"), (Raising(KeyError("no")), KeyError, "=no"), (Tree(), TypeError, ": .x: expected float, got Tree"),
        (having(x=1, y=Float(Boom("no"))), Boom, "=no"), (Slots(), AttributeError, ": the attribute 'x' is missing"))
mismatches("shape wide", "dict", None, [("small", 1)], "small", 3, having(small=1))
refuses("shape wide", (RaisingMapping(Boom("no")), Boom, "=no"), (RaisingMapping(AttributeError("no")), AttributeError, "=no"))
refuses("shape", ({}, KeyError, ": the key 'origin' is missing"), (RaisingMapping(KeyError("no")), KeyError, ": the key 'origin' is missing"),
        ({"origin": having(x=1)}, AttributeError, ": ['origin']: the attribute 'y' is missing"),
        ({"origin": having(x=1, y="2")}, TypeError, ": ['origin'].y: expected float, got str"),
        ({"origin": having(x=1, y=2), "points": 3}, TypeError, ": ['points']: expected sequence, got int"),
        ({"origin": having(x=1, y=2), "points": None}, TypeError, ": ['points']: expected sequence, got None"),
        ({"origin": having(x=1, y=2), "points": [having(x=1, y=2), having(x=1, y=2, name=b"n")]}, TypeError,
         ": ['points'][1].name: expected str, got bytes"))
refuses("wide", ({"small": 256}, OverflowError, ": ['small']: 256 does not fit into an unsigned 8-bit integer"),
        ({"small": 1, "text": 2}, TypeError, ": ['text']: expected str, got int"))
refuses("wide_of", *((bad, UnicodeDecodeError, "=" + outcome(bad.decode, codec("u32string"))[1]) for bad in [b"\x00\xd8\x00\x00"]))
refuses("color", *((n, ValueError, f": {n} is no value of the enum") for n in (0, 3, 254)), (256, OverflowError,
        ": 256 does not fit into an unsigned 8-bit integer"), (-1, OverflowError, ": -1 does not fit into an unsigned 8-bit integer"),
        (Index(3), ValueError, ": 3 is no value of the enum"), (Index(Boom("no")), Boom, "=no"))
refuses("sign", (1, ValueError, ": 1 is no value of the enum"), (2**63, OverflowError, ": 9223372036854775808 does not fit into a signed 64-bit integer"))
mismatches("color sign", "int", "1", 1.0, None, "red")


# --- The tests ---------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module", autouse=True)
def the_table_is_not_collected():
    """It is large, and the collector runs after each test."""
    gc.freeze()
    yield
    gc.unfreeze()


def by_function(rows):
    """The rows of each bound function, and again for extract(), where there is such a function."""
    table = collections.defaultdict(list)
    for name, *row in rows:
        for prefix in ("", "x_"):
            if hasattr(conversions_ext, prefix + name):
                table[prefix + name].append(row)
    return [pytest.param(name, rows, id=name) for name, rows in table.items()]


def text_for(name, text):
    if isinstance(text, tuple):
        expected, got = text
        return f"expected {expected}, got {got}" if name.startswith("x_") else f"{name}() argument 1 must be {expected}, not {got}"
    if text.startswith("="):
        return text[1:]
    return text[2:] if name.startswith("x_") else f"{name}() argument 1{text}"


@pytest.mark.parametrize("name, rows", by_function(TAKEN))
def test_taken(name, rows):
    function = getattr(conversions_ext, name)
    wrong = []
    for value, expected in rows:
        before = sys.getrefcount(value)
        kind, result = outcome(function, value)
        if kind != "returned" or not same(result, expected):
            wrong.append(f"{shown(value)} -> {kind} {shown(result)}, not {shown(expected)}")
        del result
        if value is not None and sys.getrefcount(value) != before:  # None comes and goes elsewhere too.
            wrong.append(f"{shown(value)}: {before} -> {sys.getrefcount(value)} references")
    assert wrong == []


@pytest.mark.parametrize("name, rows", by_function(REFUSED))
def test_refused(name, rows):
    function = getattr(conversions_ext, name)
    wrong = []
    for value, error, text in rows:
        before = sys.getrefcount(value)
        found = (outcome if text[0] == "=" else located_outcome)(function, value)
        if found != (error, text_for(name, text)):
            wrong.append(f"{shown(value)} -> {found}, not {(error, text_for(name, text))}")
        if value is not None and sys.getrefcount(value) != before:  # None comes and goes elsewhere too.
            wrong.append(f"{shown(value)}: {before} -> {sys.getrefcount(value)} references")
    assert wrong == []


def is_small(value):
    return sys.getsizeof(value.obj if isinstance(value, memoryview) and value is not RELEASED else value) < 10_000


@pytest.mark.parametrize("name, rows", by_function(TAKEN + REFUSED))
def test_nothing_is_kept(name, rows, assert_no_growth):
    function = getattr(conversions_ext, name)
    values = [row[0] for row in rows if is_small(row[0])]

    def all_of_them():
        for value in values:
            outcome(function, value)

    assert_no_growth(all_of_them, runs=100, allowed=80)


def test_every_function_is_in_the_matrix():
    names = {name for name in dir(conversions_ext) if not name.startswith(("_", "x_"))}
    assert names - {name for name, *_ in TAKEN + REFUSED} == {
        "view_of_nothing", "no_text", "bytes_of_nothing", "date_of", "color_of", "microseconds_of", "letter"}


def test_nothing_at_all():
    assert conversions_ext.view_of_nothing() == ""
    assert conversions_ext.no_text() is None
    assert conversions_ext.bytes_of_nothing() == b""
    assert sys.getrefcount(None) > 100


@pytest.mark.parametrize("year, month, day", [
    (0, 1, 1), (-1, 1, 1), (10000, 1, 1), (32767, 1, 1), (-32767, 1, 1), (2024, 0, 1), (2024, 13, 1), (2024, 2, 30),
    (2023, 2, 29), (2024, 1, 0), (2024, 4, 31)])
def test_dates_that_do_not_exist(year, month, day):
    assert outcome(conversions_ext.date_of, year, month, day) == outcome(dt.date, year, month, day)


@pytest.mark.parametrize("name", ["double", "x_double", "doubles", "x_doubles"])
def test_an_int_too_large_for_a_double_raises(name):
    value = 2**1024
    before = sys.getrefcount(value)
    with pytest.raises(OverflowError, match="too large to convert to float|does not fit into"):
        getattr(conversions_ext, name)([value] if "doubles" in name else value)
    assert sys.getrefcount(value) == before


@pytest.mark.parametrize("name, value, note", [
    ("int32", Index(Boom("mine")), "int32() argument 1"),
    ("string_view", "\ud800", "string_view() argument 1"),
    ("string", "\ud800", "string() argument 1"),
    ("strings", ["a", "\ud800"], "strings() argument 1: [1]"),
    ("doubles", [1, 2, Float(Boom("mine"))], "doubles() argument 1: [2]"),
])
def test_what_python_raised_in_a_conversion_says_in_a_note_where(name, value, note):
    with pytest.raises((Boom, UnicodeEncodeError)) as caught:
        getattr(conversions_ext, name)(value)
    assert caught.value.__notes__ == [note]


def test_an_exception_that_takes_no_note_is_raised_all_the_same():
    class Deaf(Exception):
        def add_note(self, note):
            raise ValueError(note)

    with pytest.raises(Deaf) as caught:
        conversions_ext.int32(Index(Deaf("mine")))
    assert caught.value.args == ("mine",) and caught.value.__context__ is None


def test_looking_for_an_optional_item_does_not_make_it():
    source = collections.defaultdict(list, origin=having(x=1, y=2))
    assert conversions_ext.shape(source) == {"origin": ORIGIN, "points": []}
    assert list(source) == ["origin"]
    made = collections.defaultdict(lambda: having(x=1, y=2))  # One that is needed may be made, as by source["origin"].
    assert conversions_ext.shape(made) == {"origin": ORIGIN, "points": []}
    assert list(made) == ["origin"]


def test_lone_surrogates_in_a_container():
    bad = "".join(["\ud800", " in a list"])  # No constant, which something else may keep.
    before = sys.getrefcount(bad)
    with pytest.raises(UnicodeEncodeError) as caught:
        conversions_ext.strings(["a", bad])
    assert caught.value.object is bad
    del caught
    assert sys.getrefcount(bad) == before


def test_bytes_are_copied():
    source = bytearray(MEGABYTES)
    result = conversions_ext.vector_uint8(source)
    source.clear()  # No buffer is held any more.
    assert result == MEGABYTES
    view = memoryview(MEGABYTES)
    conversions_ext.vector_byte(view)
    view.release()


def test_a_sequence_of_bytes_that_changes_while_it_is_read():
    values = []

    class Clearing:
        def __index__(self):
            values.clear()
            return 7

    values[:] = [Clearing()] + [1] * 1000
    assert conversions_ext.vector_uint8(values) == b"\7"


def test_a_struct_that_changes_while_it_is_read():
    source = {"origin": Raising(Boom("no")), "points": []}

    class Evil:
        @property
        def x(self):
            source.clear()
            return 1.0

        y = 2.0

    source["origin"] = Evil()
    assert conversions_ext.shape(source) == {"origin": ORIGIN, "points": []}


def test_an_attribute_error_inside_a_property_counts_as_missing():
    assert outcome(conversions_ext.x_point, Raising(AttributeError("inside"))) == (AttributeError, "the attribute 'y' is missing")


@pytest.mark.parametrize("name", ["int8", "uint64", "int128", "uint128"])
def test_an_index_is_asked_once(name):
    if not hasattr(conversions_ext, name):
        pytest.skip("no 128-bit integers")
    asked = []

    class Counting:
        def __index__(self):
            asked.append(self)
            return 2**200

    with pytest.raises(OverflowError):
        getattr(conversions_ext, name)(Counting())
    assert len(asked) == 1


def test_seconds_in_floating_point_keep_their_microseconds():
    wrong = [n for n in range(-10_000, 10_000) if conversions_ext.double_seconds(delta(microseconds=n)) != delta(microseconds=n)]
    assert wrong == []


def test_long_times_in_floating_point_are_as_near_as_can_be():
    time = delta(days=6672000, seconds=1)
    assert conversions_ext.double_seconds_count(time) == time.total_seconds() == 576460800001.0


def test_an_int_too_large_for_a_double_names_its_place():
    assert located_outcome(conversions_ext.doubles, [1.0, 2**1024])[1].startswith("doubles() argument 1: [1]: ")


def test_an_enum_of_char_crosses_as_its_number():
    assert conversions_ext.letter(97) == 97


def test_what_is_no_value_of_an_enum_does_not_reach_python():
    with pytest.raises(ValueError):
        conversions_ext.color_of(3)


# --- Round trips -------------------------------------------------------------------------------------------------------

def characters(last, surrogates=True):
    return st.characters(max_codepoint=last, blacklist_categories=() if surrogates else ("Cs",))


FLOAT = st.floats()
TEXT = st.text(characters(0x10FFFF, False))
DELTA = st.timedeltas()
MICROS64 = st.integers(-(2**63), 2**63 - 1).map(lambda n: delta(microseconds=n))
ZONES = st.integers(-1439, 1439).map(lambda n: dt.timezone(delta(minutes=n))) | st.just(UTC)
POINT = st.fixed_dictionaries({"x": FLOAT, "y": FLOAT, "name": TEXT})

ROUND_TRIPS = [
    *((name, st.integers(*range_of(name))) for name in INTEGERS),
    ("double", FLOAT),
    ("longdouble", FLOAT),
    ("float", st.floats(width=32)),
    ("bool", st.booleans()),
    ("char", characters(0x7F)),
    ("char8", characters(0x7F)),
    ("char16", characters(0xFFFF)),
    ("char32", characters(0x10FFFF)),
    ("wchar", characters(0x10FFFF if ctypes.sizeof(ctypes.c_wchar) == 4 else 0xFFFF)),
    *((name, TEXT) for name in TEXTS.split()),
    ("strings", st.lists(TEXT)),
    ("doubles", st.lists(st.floats(allow_nan=False))),
    ("span", st.binary()),
    ("vector_uint8", st.binary()),
    ("vector_byte", st.binary()),
    ("nanoseconds", st.integers(-(2**63) // 1000 + 1, 2**63 // 1000).map(lambda n: delta(microseconds=n))),
    ("microseconds", MICROS64),
    ("milliseconds", DELTA.map(lambda d: d - d % delta(milliseconds=1) if d > dt.timedelta.min else d)),
    ("seconds", DELTA.map(lambda d: delta(days=d.days, seconds=d.seconds))),
    ("hours", DELTA.map(lambda d: delta(days=d.days, hours=d.seconds // 3600))),
    ("days", DELTA.map(lambda d: delta(days=d.days))),
    ("thirds", DELTA.map(lambda d: delta(days=d.days, seconds=d.seconds))),
    ("unsigned_seconds", DELTA.map(lambda d: delta(days=abs(d.days), seconds=d.seconds))),
    ("milliseconds8", st.integers(-128, 127).map(lambda n: delta(milliseconds=n))),
    ("double_seconds", st.integers(-(2**33), 2**33).map(lambda n: delta(seconds=n))),
    ("sys_micros", st.datetimes(min_value=dt.datetime(1, 1, 3), max_value=dt.datetime(9999, 12, 29), timezones=ZONES)),
    ("sys_seconds", st.datetimes(timezones=st.just(UTC)).map(lambda d: d.replace(microsecond=0))),
    ("sys_days", st.dates().map(lambda d: dt.datetime(d.year, d.month, d.day, tzinfo=UTC))),
    ("time_point", st.datetimes(dt.datetime(1677, 9, 22), dt.datetime(2262, 4, 11), timezones=st.just(UTC))),
    ("local_micros", st.datetimes()),
    ("local_days", st.dates().map(lambda d: dt.datetime(d.year, d.month, d.day))),
    ("date", st.dates()),
    ("optional_int", st.none() | st.integers(-(2**31), 2**31 - 1)),
    ("optional_bool", st.none() | st.booleans()),
    ("optional_bytes", st.none() | st.binary()),
    ("number", st.integers(-(2**31), 2**31 - 1) | FLOAT | TEXT),
    ("narrow", st.integers(-(2**63), 2**63 - 1)),
    ("choice", st.none() | st.booleans() | st.sampled_from([1, 2, 255]) | st.binary()),
    ("color", st.sampled_from([1, 2, 255])),
    ("sign", st.sampled_from([-(2**63), 0, 2**63 - 1])),
    ("wide", st.fixed_dictionaries({"small": st.integers(0, 255), "text": TEXT})),
]


@pytest.mark.parametrize("name, values", ROUND_TRIPS, ids=[name for name, _ in ROUND_TRIPS])
def test_round_trip(name, values):
    @settings(max_examples=100, deadline=None)
    @given(values)
    def check(value):
        assert same(getattr(conversions_ext, name)(value), value)
        assert same(getattr(conversions_ext, "x_" + name)(value), value)

    check()


@settings(max_examples=100, deadline=None)
@given(POINT, st.lists(POINT, max_size=3))
def test_round_trip_of_structs(origin, corners):
    result = conversions_ext.shape({"origin": having(**origin), "points": [having(**corner) for corner in corners]})
    for made, given_ in zip([result["origin"], *result["points"]], [origin, *corners], strict=True):
        assert list(made) == ["x", "y", "name"]  # As the fields of the struct, whatever order the dict had.
        assert all(same(made[key], given_[key]) for key in given_)


@pytest.mark.parametrize("name", TEXTS.split())
def test_text_with_surrogates_converts_as_its_codec_does(name):
    @settings(max_examples=100, deadline=None)
    @given(st.text(characters(0x10FFFF)))
    @example("\ud83d\ude00")
    def check(text):
        kind, result = outcome(text.encode, codec(name))
        assert outcome(getattr(conversions_ext, name), text) == (kind, text if kind == "returned" else result)

    check()


@pytest.mark.parametrize("name", ["string", "u8string", "u16string", "u32string", "wstring"])
def test_any_bytes_out_of_cpp_decode_as_the_codec_does(name):
    size = {"u16string": 2, "u32string": 4, "wstring": ctypes.sizeof(ctypes.c_wchar)}.get(name, 1)

    @settings(max_examples=200, deadline=None)
    @given(st.binary() | TEXT.map(lambda text: text.encode(codec(name))))
    def check(data):
        data = data[:len(data) // size * size]
        assert outcome(getattr(conversions_ext, name + "_of"), data) == outcome(data.decode, codec(name))

    check()


@settings(max_examples=200, deadline=None)
@given(st.integers(-(2**63), 2**63 - 1))
def test_times_out_of_cpp_are_rounded_down(count):
    assert conversions_ext.nanoseconds_of(count) == delta(microseconds=count // 1000)
    assert conversions_ext.microseconds_of(count) == delta(microseconds=count)
    assert conversions_ext.time_point_of(count) == EPOCH.replace(tzinfo=UTC) + delta(microseconds=count // 1000)
    third = outcome(conversions_ext.thirds_of, count)
    assert third == (outcome(lambda: delta(microseconds=count * 10**6 // 3)) if third[0] == "returned" else third)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.integers(), st.integers(-(2**130), 2**130)))
def test_integers_of_any_size(value):
    for name in INTEGERS:
        low, high = range_of(name)
        expected = ("returned", value) if low <= value <= high else (
            OverflowError, f"{value} does not fit into {words_for(name)}")
        assert outcome(getattr(conversions_ext, name), value) == expected


@settings(max_examples=100, deadline=None)
@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.complex_numbers() | st.datetimes()
       | st.timedeltas() | st.dates() | st.decimals() | st.lists(st.integers() | st.text()))
def test_anything_converts_or_raises_and_is_not_kept(value):
    for name in {name for name, *_ in TAKEN}:
        function = getattr(conversions_ext, name)
        before = sys.getrefcount(value)
        kind, result = outcome(function, value)
        assert kind in ("returned", TypeError, ValueError, OverflowError, AttributeError, KeyError, UnicodeEncodeError,
                        UnicodeDecodeError)
        del result
        if value is not None and not isinstance(value, int):  # Of those others hold some, or there is one only.
            assert sys.getrefcount(value) == before
