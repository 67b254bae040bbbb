# SPDX-License-Identifier: MIT
"""Functions of every signature have the description and the error texts of their twins written in Python."""
import gc

import check_signatures as checks
import pytest


@pytest.fixture(autouse=True, scope="module")
def nothing_is_left_for_the_collector():
    """Once for all: a collection takes longer than most of these tests."""
    yield
    gc.collect()
    assert gc.garbage == []


@pytest.mark.parametrize("check, signature", checks.CHECKS, ids=[str(signature) for _, signature in checks.CHECKS])
def test_it_says_of_itself_and_of_every_call_what_its_python_twin_says(check, signature):
    check(signature)


@pytest.mark.parametrize("check", checks.TOGETHER, ids=[check.__name__ for check in checks.TOGETHER])
def test_of_all_signatures_together(check):
    check()


def test_no_kind_of_failing_call_keeps_memory(assert_no_growth):
    for text, (bound, args, keywords) in checks.texts().items():

        def fail():
            with pytest.raises(TypeError, match="^" + bound.__name__):
                bound(*args, **keywords)

        if text in checks.TEXTS:
            assert_no_growth(fail)


@pytest.mark.xfail(strict=True, reason="a second name has a capsule for __self__, whose type is named")
@pytest.mark.parametrize("signature", [row for row in checks.generated.FUNCTIONS if row.shared], ids=str)
def test_a_function_under_a_second_name_is_qualified_by_that_name_alone(signature):
    checks.check_qualified_name(signature)
