// SPDX-License-Identifier: MIT
#include "adder/error/result.hpp"

#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

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

TEST(PyErr, a_failing_operation_throws_the_python_exception) {
  EXPECT_EQ(text_of("1 / 0"), "ZeroDivisionError: division by zero");
  EXPECT_EQ(text_of("raise KeyError"), "KeyError");
  EXPECT_EQ(text_of("raise ValueError('\\ud800')"), "ValueError: \\ud800");
  EXPECT_EQ(text_of("class E(Exception):\n  def __str__(self): raise KeyError\nraise E"),
            "E: <exception str() failed>");
}

TEST(PyErr, nothing_is_left_pending) {
  Python::with_gil([](Python py) {
    EXPECT_THROW(py.run("1 / 0"), PyErr);
    EXPECT_FALSE(PyErr::occurred(py));
    EXPECT_FALSE(PyErr::take(py));
    EXPECT_STREQ(PyErr::fetch(py).what(), "SystemError: an operation failed without setting an exception");
  });
}

TEST(PyErr, made_in_cpp_makes_no_python_object) {
  Python::with_gil([](Python py) {
    using namespace adder::literals;
    const auto blocks = [&] { return py.import("sys").call_method("getallocatedblocks"_s).extract<std::int64_t>(); };
    const std::int64_t before = blocks();
    for (int i = 0; i < 100'000; ++i) (void)PyValueError::new_err("ignored");
    EXPECT_NEAR(static_cast<double>(blocks() - before), 0, 3);
  });
  // Without any interpreter at hand too.
  EXPECT_STREQ(PyValueError::new_err("x").what(), "ValueError: x");
  EXPECT_STREQ(PyStopIteration::new_err().what(), "StopIteration");
}

TEST(PyErr, is_told_apart_by_kind) {
  Python::with_gil([](Python py) {
    const PyErr error = PyKeyError::new_err("k");
    EXPECT_TRUE(error.is_instance_of<PyKeyError>(py));
    EXPECT_TRUE(error.is_instance_of<PyLookupError>(py));
    EXPECT_FALSE(error.is_instance_of<PyValueError>(py));
    EXPECT_TRUE(error.matches(py.eval("(ValueError, LookupError)")));
    try {
      py.run("{}['k']");
      FAIL();
    } catch (const PyErr& raised) {
      EXPECT_TRUE(raised.is_instance_of<PyLookupError>(py));
      EXPECT_FALSE(raised.matches(py.eval("ValueError")));
    }
  });
}

TEST(PyErr, value_type_and_traceback_are_pythons) {
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

TEST(PyErr, restore_and_fetch_keep_the_object) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> value = py.eval("ValueError('same')");
    PyErr::from_value(value).restore(py);
    EXPECT_TRUE(PyErr::occurred(py));
    const PyErr fetched = PyErr::fetch(py);
    EXPECT_TRUE(fetched.value(py).is(value));
  });
}

TEST(PyErr, restoring_twice_is_allowed_and_counts_are_exact) {
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

TEST(PyErr, from_value_refuses_what_is_no_exception) {
  Python::with_gil([](Python py) {
    EXPECT_STREQ(PyErr::from_value(py.eval("3")).what(), "TypeError: exceptions must derive from BaseException");
    EXPECT_STREQ(PyErr::from_value(py.eval("KeyError")).what(), "KeyError");
    EXPECT_STREQ(PyErr::from_type(py.eval("int"), "x").what(), "TypeError: exceptions must derive from BaseException");
    EXPECT_STREQ(PyErr::from_type(py.eval("type('Own', (Exception,), {})"), "x").what(), "Own: x");
  });
}

TEST(PyErr, is_copied_read_and_destroyed_on_a_detached_thread) {
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

TEST(PyErr, crosses_allow_threads_and_is_raised_elsewhere) {
  Python::with_gil(
      [](Python py) { EXPECT_THROW(py.allow_threads([] { throw PyValueError::new_err("from below"); }), PyErr); });
}

TEST(PyErr, write_unraisable_reaches_the_hook_and_keeps_what_is_pending) {
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

TEST(PyErr, a_moved_from_error_is_harmless) {
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

TEST(PyErr, every_builtin_exception_has_a_tag) {
  Python::with_gil([](Python py) {
    const auto check = [&]<class... E>(std::type_identity<E>...) {
      (([&] {
         const PyErr error = E::new_err("m");
         EXPECT_TRUE(error.is_instance_of<E>(py)) << E::python_name;
         EXPECT_EQ(py.get_type<E>().name(), E::python_name);
         EXPECT_TRUE((py.is_subclass<E, typename E::Base>())) << E::python_name;
       }()),
       ...);
    };
    check(std::type_identity<PyException>{}, std::type_identity<PyOSError>{}, std::type_identity<PyTabError>{},
          std::type_identity<PyBrokenPipeError>{}, std::type_identity<PyUserWarning>{},
          std::type_identity<PyModuleNotFoundError>{}, std::type_identity<PyRecursionError>{},
          std::type_identity<PyEncodingWarning>{});
  });
}

TEST(ErrorScope, puts_the_pending_exception_back) {
  Python::with_gil([](Python py) {
    PyErr_SetString(PyExc_KeyError, "outer");
    {
      const ErrorScope scope(py);
      EXPECT_FALSE(PyErr::occurred(py));
      EXPECT_THROW(py.run("1 / 0"), PyErr);
    }
    EXPECT_TRUE(PyErr::fetch(py).is_instance_of<PyKeyError>(py));
    { const ErrorScope scope(py); }
    EXPECT_FALSE(PyErr::occurred(py));
  });
}

TEST(PyResult, holds_a_value_or_an_error) {
  PyResult<int> good = 5;
  EXPECT_TRUE(good.is_ok());
  EXPECT_EQ(*good, 5);
  const PyResult<int> bad = PyValueError::new_err("no");
  EXPECT_TRUE(bad.is_err());
  EXPECT_STREQ(bad.error().what(), "ValueError: no");
  EXPECT_THROW((void)bad.value(), PyErr);
  EXPECT_THROW((void)*bad, PyErr);
  good = bad;
  EXPECT_TRUE(good.is_err());
  EXPECT_EQ(PyResult<int>(PyValueError::new_err("no")).value_or(3), 3);
  EXPECT_FALSE(PyResult<int>(PyValueError::new_err("no")).ok());
}

TEST(PyResult, chains) {
  const auto twice = PyResult<int>(4).map([](int x) { return 2 * x; });
  EXPECT_EQ(*twice, 8);
  const auto failed = PyResult<int>(4)
                          .and_then([](int) -> PyResult<std::string> { return PyKeyError::new_err("k"); })
                          .map([](const std::string&) { return 1; });
  EXPECT_STREQ(failed.error().what(), "KeyError: k");
}

TEST(PyResult, of_void_is_success_or_an_error) {
  const PyResult<void> good;
  EXPECT_NO_THROW(good.value());
  const PyResult<void> bad = PyValueError::new_err("no");
  EXPECT_THROW(bad.value(), PyErr);
  const auto chained = PyResult<void>().and_then([]() -> PyResult<int> { return 1; });
  EXPECT_EQ(*chained, 1);
}

TEST(PyResultDeathTest, asking_a_success_for_its_error_ends_the_process) {
  EXPECT_DEATH((void)PyResult<int>(1).error(), "PyResult::error\\(\\) was called on a success");
}

// The same mapping is tested through bound functions in tests/python; here, what the functions of this layer see.
TEST(Translate, standard_exceptions_map_to_their_python_types) {
  Python::with_gil([](Python py) {
    const auto translated = [&](auto thrown) {
      try {
        throw thrown;
      } catch (...) {
        adder::detail::translate_current_exception();
      }
      return std::string(PyErr::fetch(py).what());
    };
    EXPECT_EQ(translated(std::bad_alloc()), "MemoryError");
    EXPECT_EQ(translated(std::out_of_range("o")), "IndexError: o");
    EXPECT_EQ(translated(std::invalid_argument("i")), "ValueError: i");
    EXPECT_EQ(translated(std::domain_error("d")), "ValueError: d");
    EXPECT_EQ(translated(std::length_error("l")), "ValueError: l");
    EXPECT_EQ(translated(std::overflow_error("v")), "OverflowError: v");
    EXPECT_EQ(translated(std::runtime_error("r")), "RuntimeError: r");
    EXPECT_EQ(translated(std::runtime_error("\xff")), "RuntimeError: \\xff");
    EXPECT_EQ(translated(42), "PanicException: a C++ exception of type 'int' was thrown, which is no std::exception");
    EXPECT_EQ(translated(PyKeyError::new_err("k")), "KeyError: 'k'");
    EXPECT_EQ(translated(std::make_error_code(std::errc::no_such_file_or_directory)).substr(0, 14), "PanicException");
    EXPECT_EQ(
        translated(std::system_error(std::make_error_code(std::errc::no_such_file_or_directory), "open")).substr(0, 17),
        "FileNotFoundError");
  });
}

}  // namespace
