# SPDX-License-Identifier: MIT
"""Times that Python code counts more finely than datetime does, as pandas; and time zones that may be missing."""
import datetime as dt
import sys

import pytest

import times_ext as ext

try:
    import pandas
except ImportError:
    pandas = None

needs_pandas = pytest.mark.skipif(pandas is None, reason="pandas is not installed (Debian: python3-pandas)")
NO_TICKS = "the time is no whole number of the C++ type's ticks"
EPOCH = dt.datetime(1970, 1, 1)


class Fine(dt.datetime):
    nanosecond = 7


class FineSpan(dt.timedelta):
    nanoseconds = 7


def test_the_nanoseconds_of_a_subclass_are_kept():
    assert ext.local_ns(Fine(1970, 1, 1, microsecond=1)) == 1007
    assert ext.local_ns(Fine(1969, 12, 31, 23, 59, 59, 999999)) == -993
    assert ext.moment_ns(Fine(1970, 1, 1, 2, tzinfo=dt.timezone(dt.timedelta(hours=2)))) == 7
    assert ext.span_ns(FineSpan(microseconds=1)) == 1007 and ext.span_ns(FineSpan(microseconds=-1)) == -993
    assert ext.span_ps(FineSpan(microseconds=1)) == 1_007_000
    assert ext.span_s(FineSpan(seconds=1)) == 1.000000007
    assert ext.moments([Fine(1970, 1, 1), EPOCH]) == [7, 0]


def test_nanoseconds_that_a_type_cannot_hold_are_refused():
    for function, value in [(ext.span_us, FineSpan()), (ext.span_2ns, FineSpan()), (ext.local_s, Fine(1970, 1, 1)),
                            (ext.moment_us, Fine(1970, 1, 1, tzinfo=dt.timezone.utc))]:
        with pytest.raises(ValueError) as caught:
            function(value)
        assert str(caught.value) == NO_TICKS
        assert caught.value.__notes__ == [f"{function.__name__}() argument 1"]
    with pytest.raises(OverflowError):
        ext.local_ns(Fine(9999, 1, 1))


def test_a_subclass_without_nanoseconds_is_read_as_before():
    class Plain(dt.datetime):
        pass

    assert ext.local_s(Plain(1970, 1, 2)) == 86400
    Plain.nanosecond = 0
    assert ext.local_s(Plain(1970, 1, 2)) == 86400


@pytest.mark.parametrize("nanosecond", [-1, 1000, 2**64, 1.5, float("nan"), None, "7"])
def test_what_has_no_number_of_them_is_no_time(nanosecond):
    class Odd(dt.datetime):
        pass

    Odd.nanosecond = nanosecond
    value = Odd(1970, 1, 1)

    def refused(value):
        with pytest.raises(TypeError, match="^local_ns\\(\\) argument 1 must be datetime, not "):
            ext.local_ns(value)

    before = sys.getrefcount(value)
    refused(value)
    assert sys.getrefcount(value) == before


def test_what_a_property_raises_is_passed_on():
    class Mine(Exception):
        pass

    class Raising(dt.timedelta):
        @property
        def nanoseconds(self):
            raise Mine

    with pytest.raises(Mine):
        ext.span_ns(Raising())


@needs_pandas
def test_timestamps_of_pandas():
    for text in ("2024-02-29 12:34:56.123456789", "1969-12-31 23:59:59.999999999", "1677-09-22", "2262-04-11"):
        value = pandas.Timestamp(text)
        assert ext.local_ns(value) == value.value
        assert ext.moment_ns(value.tz_localize("UTC")) == value.value
        assert ext.moment_ns(value.tz_localize("UTC").tz_convert("Asia/Tokyo")) == value.value
    fine = pandas.Timestamp("2024-02-29 12:34:56.123456789")
    with pytest.raises(ValueError, match="no whole number of"):
        ext.moment_us(fine.tz_localize("UTC"))
    assert ext.moment_us(fine.floor("us").tz_localize("UTC")) == fine.value // 1000
    series = pandas.Series(pandas.date_range("2024-01-01", periods=3, freq="37ns"))
    assert ext.moments(series) == ext.moments(pandas.DatetimeIndex(series)) == [time.value for time in series]
    with pytest.raises(TypeError, match="argument 1 must be date, not"):
        ext.day(fine)
    assert ext.day(fine.date()) == dt.date(2024, 2, 29)


@needs_pandas
def test_timedeltas_of_pandas():
    for nanos in (0, 1, -1, 999, 1001, -1001, 10**18 + 1, -(10**18) - 1):
        value = pandas.Timedelta(nanos, "ns")
        assert ext.span_ns(value) == nanos
        assert ext.span_s(value) == pytest.approx(nanos / 1e9)
    with pytest.raises(ValueError, match="no whole number of"):
        ext.span_us(pandas.Timedelta(1001, "ns"))
    assert ext.span_us(pandas.Timedelta(1000, "ns")) == 1


@needs_pandas
def test_no_time_is_no_time():
    for function in (ext.local_ns, ext.local_s, ext.moment_ns, ext.moment_us):
        with pytest.raises(TypeError, match="argument 1 must be datetime, not "):
            function(pandas.NaT)
    with pytest.raises(TypeError):
        ext.day(pandas.NaT)
    with pytest.raises(TypeError, match="no alternative fits"):
        ext.kind(pandas.NaT)
    assert ext.kind(pandas.Timestamp(0)) == "time" and ext.kind(None) == "nothing"


def test_a_time_zone_that_may_be_missing():
    zone = dt.timezone(dt.timedelta(hours=1))
    now = dt.datetime(2024, 2, 29, 12, 34)
    before = sys.getrefcount(zone)
    assert ext.time_of(now) == dt.time(12, 34) and ext.time_of(now).tzinfo is None
    assert ext.time_of(now.replace(tzinfo=zone)).tzinfo is zone
    assert ext.noon(None) == dt.datetime(2024, 2, 29, 12) and ext.noon(zone).tzinfo is zone
    assert ext.epoch(zone) == dt.datetime(1970, 1, 1, 1, tzinfo=zone)
    assert ext.epoch(None) == dt.datetime.fromtimestamp(0)
    assert ext.midnight() == dt.time()
    assert sys.getrefcount(zone) == before
