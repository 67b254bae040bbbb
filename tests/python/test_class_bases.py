# SPDX-License-Identifier: MIT
"""Classes whose built-in base is made from the constructor's arguments; methods on rvalues."""
import datetime
import gc

import class_bases_ext as ext
import pytest


def test_a_date_is_made_from_the_arguments():
    day = ext.Day(2020, 2, 3)
    assert isinstance(day, datetime.date) and day == datetime.date(2020, 2, 3) and day.number == 20200203
    assert day + datetime.timedelta(1) == datetime.date(2020, 2, 4)
    assert day.text.startswith("text that lives")


@pytest.mark.parametrize("make", [lambda: ext.Day(2021, day=4, month=5), lambda: ext.Day(month=5, year=2021, day=4), lambda: type("Sub", (ext.Day,), {})(2021, 5, 4)])
def test_keywords_reach_the_base_in_their_places(make):
    assert (make().number, make().year, make().month, make().day) == (20210504, 2021, 5, 4)


def test_defaults_reach_the_base():
    assert ext.Day(1999) == datetime.date(1999, 1, 1) and ext.Day(1999).number == 19990101


def what_python_says(make):
    with pytest.raises(Exception) as caught:
        make()
    return str(caught.value)


@pytest.mark.parametrize(
    "make, error, text",
    [
        (lambda: ext.Day(2020, 13, 1), ValueError, what_python_says(lambda: datetime.date(2020, 13, 1))),
        (lambda: ext.Day("x", 1, 1), TypeError, "Day() argument 'year' must be int, not str"),
        (lambda: ext.Day(), TypeError, "Day() missing 1 required positional argument: 'year'"),
        (lambda: ext.Celsius("x"), TypeError, "Celsius() argument 'degrees' must be float, not str"),
        (lambda: ext.Label(3), TypeError, "Label() argument 1 must be str, not int"),
        (lambda: ext.Filled(3), TypeError, "'int' object is not iterable"),
    ],
)
def test_what_the_base_or_the_constructor_refuses(make, error, text):
    for _ in range(3):
        with pytest.raises(error) as caught:
            make()
        assert str(caught.value) == text
    gc.collect()


def test_numbers_texts_and_lists():
    warm = ext.Celsius(degrees=10)
    assert warm == 10.0 and warm + 1 == 11.0 and warm.fahrenheit() == 50.0 and type(warm + 1) is float
    label = ext.Label("abc")
    assert label == "abc" and label.upper() == "ABC" and {label: 1}["abc"] == 1 and label.text == "abc"
    filled = ext.Filled((1, 2, 3))
    assert filled == [1, 2, 3] and filled.given == 3
    filled.append(filled)
    del filled
    gc.collect()


def test_a_class_written_in_python_is_no_base():
    for _ in range(3):
        with pytest.raises(TypeError) as caught:
            ext.make_tally()
        assert str(caught.value) == "Tally: 'Counter' cannot be the base of a pyclass; a class written in Python is named by PyClass<T>::python_base"


def test_a_method_on_rvalues_borrows_exclusively():
    bag = ext.Bag("content that is long enough to live on the heap")
    assert bag.look() == bag.peek() == "content that is long enough to live on the heap"
    with pytest.raises(RuntimeError) as caught:
        bag.call_during(bag.look)
    assert str(caught.value) == "Already mutably borrowed: 'Bag' object: cannot share what this thread holds exclusively"
    assert bag.take() == "content that is long enough to live on the heap"
    assert bag.look() == ""
    bag.put("again")
    assert bag.take() == "again"
