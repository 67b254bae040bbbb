// SPDX-License-Identifier: MIT
#include "adder/error/err.hpp"

#include "adder/adder.hpp"
#include "adder/error/result.hpp"
#include "adder/exception/exceptions.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>

namespace {

using namespace adder;
using test::count;

std::string text_of(const std::string& code) {
  return Python::with_gil([&](Python py) -> std::string {
    try {
      py.run(code);
      return "nothing";
    } catch (const PyErr& error) {
      return error.what();
    }
  });
}

TEST(Err, a_failing_operation_throws_the_python_exception) {
  EXPECT_EQ(text_of("1 / 0"), "ZeroDivisionError: division by zero");
  EXPECT_EQ(text_of("raise KeyError"), "KeyError");
  EXPECT_EQ(text_of("raise ValueError('\\ud800')"), "ValueError: \\ud800");
  EXPECT_EQ(text_of("class E(Exception):\n  def __str__(self): raise KeyError\nraise E"),
            "E: <exception str() failed>");
}

TEST(Err, nothing_is_left_pending) {
  Python::with_gil([](Python py) {
    EXPECT_THROW(py.run("1 / 0"), PyErr);
    EXPECT_FALSE(PyErr::occurred(py));
    EXPECT_FALSE(PyErr::take(py));
    EXPECT_STREQ(PyErr::fetch(py).what(), "SystemError: an operation failed without setting an exception");
  });
}

TEST(Err, made_in_cpp_makes_no_python_object) {
  Python::with_gil([](Python py) {
    const Py_ssize_t before = test::allocated_blocks(py);
    for (int i = 0; i < 100'000; ++i) (void)PyValueError::new_err("ignored");
    EXPECT_NEAR(static_cast<double>(test::allocated_blocks(py) - before), 0, 3);
  });
  // Without any interpreter at hand too.
  EXPECT_STREQ(PyValueError::new_err("x").what(), "ValueError: x");
  EXPECT_STREQ(PyStopIteration::new_err().what(), "StopIteration");
}

TEST(Err, is_told_apart_by_kind) {
  Python::with_gil([](Python py) {
    const PyErr error = PyKeyError::new_err("k");
    EXPECT_TRUE(error.is_instance_of<PyKeyError>(py));
    EXPECT_TRUE(error.is_instance_of<PyLookupError>(py));
    EXPECT_FALSE(error.is_instance_of<PyValueError>(py));
    EXPECT_TRUE((error.is_instance_of<PyValueError, PyOSError, PyLookupError>(py)));
    EXPECT_TRUE((error.is_instance_of<PyKeyError, PyValueError>(py)));
    EXPECT_FALSE((error.is_instance_of<PyValueError, PyIndexError, PyOSError>(py)));
    EXPECT_TRUE(error.matches(py.eval("(ValueError, LookupError)")));
    try {
      py.run("{}['k']");
      FAIL();
    } catch (const PyErr& raised) {
      EXPECT_TRUE(raised.is_instance_of<PyLookupError>(py));
      EXPECT_TRUE((raised.is_instance_of<PyIndexError, PyKeyError>(py)));
      EXPECT_FALSE(raised.matches(py.eval("ValueError")));
    }
  });
}

TEST(Err, value_type_and_traceback_are_pythons) {
  Python::with_gil([](Python py) {
    try {
      py.run("def f():\n    raise ValueError('deep')\nf()");
      FAIL();
    } catch (const PyErr& error) {
      EXPECT_EQ(error.get_type(py).name(), "ValueError");
      EXPECT_EQ(error.value(py).getattr("args").repr().to_string(), "('deep',)");
      EXPECT_TRUE(error.traceback(py));
      EXPECT_NE(error.format(py).find("line 2, in f\n"), std::string::npos);
      EXPECT_NE(error.format(py).find("ValueError: deep"), std::string::npos);
    }
    const PyErr lazy = PyValueError::new_err("lazy");
    EXPECT_EQ(lazy.value(py).getattr("args").repr().to_string(), "('lazy',)");
    EXPECT_FALSE(lazy.traceback(py));
    EXPECT_EQ(lazy.value(py).as_ptr(), lazy.value(py).as_ptr());
  });
}

TEST(Err, restore_and_fetch_keep_the_object) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> value = py.eval("ValueError('same')");
    PyErr::from_value(value).restore(py);
    EXPECT_TRUE(PyErr::occurred(py));
    const PyErr fetched = PyErr::fetch(py);
    EXPECT_TRUE(fetched.value(py).is(value));
  });
}

TEST(Err, restoring_twice_is_allowed_and_counts_are_exact) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> value = py.eval("ValueError('same')");
    const Py_ssize_t before = count(value);
    {
      const PyErr error = PyErr::from_value(value);
      for (int i = 0; i < 3; ++i) {
        error.restore(py);
        PyErr_Clear();
      }
    }
    EXPECT_EQ(count(value), before);
  });
}

TEST(Err, from_value_refuses_what_is_no_exception) {
  Python::with_gil([](Python py) {
    EXPECT_STREQ(PyErr::from_value(py.eval("3")).what(), "TypeError: exceptions must derive from BaseException");
    EXPECT_STREQ(PyErr::from_value(py.eval("KeyError")).what(), "KeyError");
    EXPECT_STREQ(PyErr::from_type(py.eval("int"), "x").what(), "TypeError: exceptions must derive from BaseException");
    EXPECT_STREQ(PyErr::from_type(py.eval("type('Own', (Exception,), {})"), "x").what(), "Own: x");
  });
}

TEST(Err, is_copied_read_and_destroyed_on_a_detached_thread) {
  Py<PyAny> probe = Python::with_gil([](Python py) { return py.eval("ValueError('far')").unbind(); });
  PyErr error = Python::with_gil([&](Python py) { return PyErr::from_value(probe.bind(py)); });
  std::thread([error = std::move(error)]() mutable {
    const PyErr copy = error;
    EXPECT_STREQ(copy.what(), "ValueError: far");
    EXPECT_EQ(copy.what(), error.what());
    EXPECT_FALSE(adder::detail::is_attached());
  }).join();
  Python::with_gil([&](Python py) {
    EXPECT_EQ(count(probe), 1);
    std::move(probe).drop_ref(py);
  });
}

TEST(Err, crosses_allow_threads_and_is_raised_elsewhere) {
  Python::with_gil(
      [](Python py) { EXPECT_THROW(py.allow_threads([] { throw PyValueError::new_err("from below"); }), PyErr); });
}

TEST(Err, write_unraisable_reaches_the_hook_and_keeps_what_is_pending) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py);
    py.run("import sys\nseen = []\nsys.unraisablehook = lambda u: seen.append((str(u.exc_value), u.object))", names);
    PyErr_SetString(PyExc_KeyError, "mine");
    const Bound<PyAny> context = Bound<PyAny>::from_borrowed_ptr(py, Py_None);
    PyValueError::new_err("unraisable").write_unraisable(py, &context);
    EXPECT_TRUE(PyErr::fetch(py).is_instance_of<PyKeyError>(py));
    EXPECT_TRUE(names.get_item("seen")->eq(py.eval("[('unraisable', None)]")));
    py.run("import sys\nsys.unraisablehook = sys.__unraisablehook__");
  });
}

TEST(Err, a_moved_from_error_is_harmless) {
  Python::with_gil([](Python py) {
    PyErr error = PyValueError::new_err("x");
    const PyErr taken = std::move(error);
    EXPECT_STREQ(error.what(), "a PyErr that was moved from");  // NOLINT(bugprone-use-after-move)
    error.restore(py);
    EXPECT_TRUE(PyErr::fetch(py).is_instance_of<PySystemError>(py));
    EXPECT_FALSE(error.is_instance_of<PyValueError>(py));
    EXPECT_FALSE(error.matches(py.eval("ValueError")));
    EXPECT_THROW((void)error.value(py), PyErr);
  });
}

}  // namespace
