// SPDX-License-Identifier: MIT
// with(): every way to leave the block, compared with what Python's own statement does where that can be told.
#include "adder/adder.hpp"
#include "adder/function/new_function.hpp"
#include "adder/stl/string.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace {

using namespace adder;
using test::count;
using test::error_of;
using test::fresh;

/// A namespace with `Manager(value, answer)`, which writes down what happens to it.
Bound<PyDict> with_manager(Python py) {
  const auto names = PyDict::new_(py);
  py.run(R"(
      class Manager:
          def __init__(self, value=None, answer=False):
              self.value, self.answer, self.log = value, answer, []
          def __enter__(self):
              self.log.append('enter')
              return self.value
          def __exit__(self, kind, error, traceback):
              self.log.append('clean' if kind is None else f'{kind.__name__}: {error}')
              assert (kind is None) == (error is None)
              assert error is None or type(error) is kind and error.__traceback__ is traceback
              if isinstance(self.answer, BaseException):
                  raise self.answer
              return self.answer
  )",
         names);
  return names;
}

template <class... Args>
Bound<PyAny> manager(const Bound<PyDict>& names, Args&&... args) {
  return names.get_item("Manager"_s)->call(std::forward<Args>(args)...);
}

std::string log_of(const Bound<PyAny>& manager) {
  std::string text;
  for (const auto& line : manager.getattr("log"_s)) text += line.extract<std::string>() + "; ";
  return text;
}

TEST(With, the_end_of_the_block_leaves_clean) {
  Python::with_gil([](Python py) {
    const auto names = with_manager(py);
    const auto quiet = manager(names, 42);
    static_assert(std::is_same_v<decltype(with(quiet, [](const Bound<PyAny>&) {})), bool>);
    static_assert(std::is_same_v<decltype(with(quiet, [](const Bound<PyAny>&) { return 1; })), std::optional<int>>);
    int seen = 0;
    EXPECT_TRUE(with(quiet, [&](const Bound<PyAny>& value) { seen = value.extract<int>(); }));
    EXPECT_EQ(seen, 42);
    EXPECT_EQ(with(quiet, [](const Bound<PyAny>& value) { return value.extract<int>() + 1; }), 43);
    EXPECT_EQ(log_of(quiet), "enter; clean; enter; clean; ");
    // An answer counts only where there is an exception.
    EXPECT_TRUE(with(manager(names, 1, true), [](const Bound<PyAny>&) {}));
    // A handle and what cannot be copied come out too.
    const auto kept = with(quiet, [](const Bound<PyAny>& value) { return value; });
    EXPECT_EQ(kept->extract<int>(), 42);
    EXPECT_EQ(**with(quiet, [](const Bound<PyAny>&) { return std::make_unique<int>(5); }), 5);
  });
}

TEST(With, a_python_exception_is_swallowed_or_goes_on) {
  Python::with_gil([](Python py) {
    const auto names = with_manager(py);
    const auto fail = [](const Bound<PyAny>&) { throw PyValueError::new_err("gone"); };
    const auto fail_with_value = [](const Bound<PyAny>&) -> int { throw PyValueError::new_err("gone"); };

    const auto forgiving = manager(names, py.None(), true);
    EXPECT_FALSE(with(forgiving, fail));
    EXPECT_EQ(with(forgiving, fail_with_value), std::nullopt);
    EXPECT_EQ(log_of(forgiving), "enter; ValueError: gone; enter; ValueError: gone; ");

    for (const char* answer : {"False", "None", "0", "''"}) {
      const auto strict = manager(names, py.None(), py.eval(answer));
      EXPECT_EQ(error_of([&] { with(strict, fail); }), "ValueError: gone") << answer;
      EXPECT_EQ(error_of([&] { (void)with(strict, fail_with_value); }), "ValueError: gone") << answer;
    }
    EXPECT_FALSE(with(manager(names, py.None(), "any truth"), fail));
    EXPECT_EQ(PyErr_Occurred(), nullptr);
  });
}

TEST(With, what_goes_on_is_the_same_object_with_its_traceback) {
  Python::with_gil([](Python py) {
    const auto names = with_manager(py);
    const auto error = py.eval("KeyError('mine')");
    const auto raise = py.eval("lambda error: exec('raise error', {'error': error})");
    try {
      with(manager(names), [&](const Bound<PyAny>&) { raise(error); });
      FAIL();
    } catch (const PyErr& caught) {
      EXPECT_TRUE(caught.value(py).is(error));
      const auto traceback = caught.traceback(py);
      ASSERT_TRUE(traceback);
      EXPECT_NE(traceback->format().find("in <lambda>"), std::string::npos);
    }
  });
}

TEST(With, a_failing_exit_wins_and_remembers_the_first_error) {
  Python::with_gil([](Python py) {
    const auto names = with_manager(py);
    const auto worse = py.eval("OSError('worse')");
    const auto failing = manager(names, py.None(), worse);
    try {
      with(failing, [](const Bound<PyAny>&) { throw PyValueError::new_err("first"); });
      FAIL();
    } catch (const PyErr& error) {
      EXPECT_STREQ(error.what(), "OSError: worse");
      EXPECT_TRUE(error.value(py).is(worse));
      EXPECT_EQ(worse.getattr("__context__"_s).repr().to_string(), "ValueError('first')");
      EXPECT_TRUE(worse.getattr("__cause__"_s).is_none());
    }
    // Without an exception in the block there is nothing to remember.
    const auto alone = py.eval("OSError('alone')");
    EXPECT_EQ(error_of([&] { with(manager(names, py.None(), alone), [](const Bound<PyAny>&) {}); }), "OSError: alone");
    EXPECT_TRUE(alone.getattr("__context__"_s).is_none());
    // The value is lost with it.
    EXPECT_EQ(error_of([&] { (void)with(manager(names, 1, alone), [](const Bound<PyAny>&) { return 1; }); }),
              "OSError: alone");
  });
}

TEST(With, a_generator_does_not_keep_what_its_caller_handles) {
  Python::with_gil([](Python py) {
    const auto names = with_manager(py);
    names.set_item("forgiving", manager(names, py.None(), true));
    names.set_item("fail_within", new_function<[](const Bound<PyAny>& forgiving) {
                     with(forgiving, [](const Bound<PyAny>&) { throw PyValueError::new_err("gone"); });
                   }>(py, "fail_within"));
    py.run(R"(
        import sys

        def generator():
            fail_within(forgiving)
            yield sys.exc_info()[1]
            yield sys.exc_info()[1]
            try:
                raise LookupError("its own")
            except LookupError:
                fail_within(forgiving)
                yield sys.exc_info()[1]
            yield sys.exc_info()[1]

        seen = generator()
        try:
            raise KeyError("of the caller")
        except KeyError as error:
            assert next(seen) is error
        assert next(seen) is None
        assert str(next(seen)) == "its own"
        assert next(seen) is None
    )",
           names);
  });
}

TEST(With, an_exit_that_raises_the_error_itself_makes_no_circle) {
  Python::with_gil([](Python py) {
    const auto names = with_manager(py);
    const auto error = py.eval("ValueError('again')");
    try {
      with(manager(names, py.None(), error), [&](const Bound<PyAny>&) { throw PyErr::from_value(error); });
      FAIL();
    } catch (const PyErr& caught) {
      EXPECT_TRUE(caught.value(py).is(error));
      EXPECT_TRUE(error.getattr("__context__"_s).is_none());
    }
  });
}

TEST(With, a_cpp_exception_is_shown_as_python_sees_it_and_goes_on_as_it_is) {
  struct Special : std::runtime_error {
    using std::runtime_error::runtime_error;
    int number = 9;
  };
  Python::with_gil([](Python py) {
    const auto names = with_manager(py);
    const auto strict = manager(names);
    try {
      with(strict, [](const Bound<PyAny>&) { throw Special("from C++"); });
      FAIL();
    } catch (const Special& error) {
      EXPECT_EQ(error.number, 9);
      EXPECT_STREQ(error.what(), "from C++");
    }
    EXPECT_EQ(log_of(strict), "enter; RuntimeError: from C++; ");
    const auto mapped = manager(names);
    EXPECT_THROW(with(mapped, [](const Bound<PyAny>&) { throw std::out_of_range("far"); }), std::out_of_range);
    EXPECT_THROW(with(mapped, [](const Bound<PyAny>&) { throw 42; }), int);
    EXPECT_EQ(log_of(mapped).substr(0, 32), "enter; IndexError: far; enter; P") << log_of(mapped);
    EXPECT_FALSE(with(manager(names, py.None(), true), [](const Bound<PyAny>&) { throw Special("swallowed"); }));
    EXPECT_EQ(with(manager(names, py.None(), true), [](const Bound<PyAny>&) -> int { throw 1; }), std::nullopt);
    EXPECT_EQ(PyErr_Occurred(), nullptr);
  });
}

TEST(With, what_is_no_context_manager_is_refused_before_anything_runs) {
  Python::with_gil([](Python py) {
    bool ran = false;
    const auto note = [&](const Bound<PyAny>&) { ran = true; };
    EXPECT_EQ(error_of([&] { with(py.eval("5"), note); }),
              "TypeError: 'int' object does not support the context manager protocol");
    // An instance's attributes do not count, and __exit__ is looked up before __enter__ is called.
    const auto names = PyDict::new_(py);
    py.run(R"(
        class Half:
            entered = False
            def __enter__(self):
                Half.entered = True
        half = Half()
        half.__exit__ = lambda *args: None
    )",
           names);
    EXPECT_EQ(error_of([&] { with(*names.get_item("half"), note); }),
              "TypeError: 'Half' object does not support the context manager protocol (missed __exit__ method)");
    EXPECT_FALSE(py.eval("Half.entered", names).extract<bool>());
    EXPECT_FALSE(ran);
  });
}

TEST(With, a_failing_enter_calls_no_exit) {
  Python::with_gil([](Python py) {
    const auto names = with_manager(py);
    py.run(R"(
        class Shut(Manager):
            def __enter__(self):
                raise PermissionError('shut')
        shut = Shut()
    )",
           names);
    const auto shut = *names.get_item("shut");
    bool ran = false;
    EXPECT_EQ(error_of([&] { with(shut, [&](const Bound<PyAny>&) { ran = true; }); }), "PermissionError: shut");
    EXPECT_FALSE(ran);
    EXPECT_EQ(log_of(shut), "");
  });
}

TEST(With, reference_counts_are_exact) {
  Python::with_gil([](Python py) {
    const auto names = with_manager(py);
    const Bound<PyAny> value = fresh(py);
    const auto error = py.eval("ValueError()");
    const auto object = manager(names, value);
    const auto forgiving = manager(names, value, true);
    const auto failing = manager(names, value, py.eval("OSError()"));
    const Py_ssize_t before = count(value), error_before = count(error), manager_before = count(object);
    for (int i = 0; i < 10; ++i) {
      with(object, [&](const Bound<PyAny>& entered) { EXPECT_TRUE(entered.is(value)); });
      (void)with(object, [](const Bound<PyAny>& entered) { return entered; });
      EXPECT_FALSE(with(forgiving, [&](const Bound<PyAny>&) { throw PyErr::from_value(error); }));
      EXPECT_EQ(with(forgiving, [&](const Bound<PyAny>&) -> int { throw PyErr::from_value(error); }), std::nullopt);
      EXPECT_EQ(error_of([&] { with(object, [&](const Bound<PyAny>&) { throw PyErr::from_value(error); }); }),
                "ValueError");
      EXPECT_EQ(error_of([&] { with(object, [](const Bound<PyAny>&) { throw std::runtime_error("x"); }); }), "C++: x");
    }
    EXPECT_EQ(count(value), before);
    EXPECT_EQ(count(error), error_before);
    EXPECT_EQ(count(object), manager_before);
    EXPECT_EQ(error_of([&] { with(failing, [&](const Bound<PyAny>&) { throw PyErr::from_value(error); }); }),
              "OSError");
    // The manager keeps the OSError, which has the error as its context and, in the frame of __exit__, as a local.
    const auto worse = failing.getattr("answer"_s);
    worse.setattr("__traceback__"_s, py.None());
    EXPECT_EQ(count(error), error_before + 1);
    worse.setattr("__context__"_s, py.None());
    EXPECT_EQ(count(error), error_before);
    error.setattr("__traceback__"_s, py.None());
  });
}

TEST(With, a_lock_is_released_however_the_block_ends) {
  Python::with_gil([](Python py) {
    const auto lock = py.import("threading").call_method("Lock"_s);
    const auto locked = [&] { return lock.call_method("locked"_s).extract<bool>(); };
    EXPECT_TRUE(with(lock, [&](const Bound<PyAny>& entered) {
      EXPECT_TRUE(entered.extract<bool>());
      EXPECT_TRUE(locked());
    }));
    EXPECT_FALSE(locked());
    EXPECT_EQ(error_of([&] { with(lock, [](const Bound<PyAny>&) { throw PyValueError::new_err("x"); }); }),
              "ValueError: x");
    EXPECT_FALSE(locked());
    EXPECT_EQ(error_of([&] { with(lock, [](const Bound<PyAny>&) { throw std::logic_error("y"); }); }), "C++: y");
    EXPECT_FALSE(locked());
  });
}

TEST(With, the_standard_librarys_managers_work) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py);
    py.run(R"(
        import contextlib

        log = []

        @contextlib.contextmanager
        def guarded(name):
            log.append('open ' + name)
            try:
                yield name.upper()
            except LookupError as error:
                log.append('caught ' + str(error))
            finally:
                log.append('close ' + name)
    )",
           names);
    const auto guarded = *names.get_item("guarded");
    EXPECT_EQ(with(guarded("a"), [](const Bound<PyAny>& value) { return value.extract<std::string>(); }), "A");
    EXPECT_FALSE(with(guarded("b"), [](const Bound<PyAny>&) { throw PyIndexError::new_err("i"); }));
    EXPECT_EQ(error_of([&] { with(guarded("c"), [](const Bound<PyAny>&) { throw PyTypeError::new_err("t"); }); }),
              "TypeError: t");
    EXPECT_EQ(py.eval("' '.join(log)", names).extract<std::string>(),
              "open a close a open b caught i close b open c close c");
    // Nested, from the inside out.
    with(guarded("outer"), [&](const Bound<PyAny>&) {
      with(guarded("inner"), [](const Bound<PyAny>&) { throw PyKeyError::new_err("k"); });
    });
    EXPECT_EQ(py.eval("' '.join(log[7:])", names).extract<std::string>(),
              "open outer open inner caught 'k' close inner close outer");
    const auto suppress = py.import("contextlib").getattr("suppress"_s);
    EXPECT_FALSE(with(suppress(py.get_type<PyOSError>()),
                      [&](const Bound<PyAny>&) { py.import("os").call_method("stat"_s, "/no/such/file"); }));
  });
}

}  // namespace
