// SPDX-License-Identifier: MIT
// Python functions that are made of C++ ones at run time.
#include "adder/function/new_function.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace {

using namespace adder;
using test::count;
using test::error_of;
using test::fresh;

int scale(int x, int by) { return x * by; }
std::string named(const ThisModule& module) { return module->name(); }

/// The free-threaded CPython 3.13 never frees modules once there was a second thread.
#if defined(Py_GIL_DISABLED) && PY_VERSION_HEX < 0x030E0000
constexpr bool modules_stay = true;
#else
constexpr bool modules_stay = false;
#endif

TEST(NewFunction, it_has_the_signature_the_names_the_defaults_and_the_docstring) {
  Python::with_gil([](Python py) {
    const auto f = new_function<&scale>(py, "scale", arg("x"), kw_only, arg("by") = 3, "x, scaled.");
    EXPECT_EQ(f.call(2).extract<int>(), 6);
    EXPECT_EQ(f.call(kw("x"_s) = 2, kw("by"_s) = 5).extract<int>(), 10);
    EXPECT_EQ(error_of([&] { f.call(1, 2); }), "TypeError: scale() takes 1 positional argument but 2 were given");
    EXPECT_EQ(error_of([&] { f.call("x"); }), "TypeError: scale() argument 'x' must be int, not str");
    EXPECT_EQ(f.getattr("__name__"_s).str().to_string(), "scale");
    EXPECT_EQ(f.getattr("__doc__"_s).str().to_string(), "x, scaled.");
    EXPECT_TRUE(f.getattr("__module__"_s).is_none());
    EXPECT_EQ(py.import("inspect").call_method("signature"_s, f).str().to_string(), "(x, *, by=3)");
    const auto unnamed = new_function<&scale>(py, "scale");
    EXPECT_EQ(py.import("inspect").call_method("signature"_s, unnamed).str().to_string(), "(arg0, arg1, /)");
    EXPECT_EQ(unnamed.call(2, 4).extract<int>(), 8);
  });
}

TEST(NewFunction, each_of_several_of_one_target_has_its_own_description_which_dies_with_it) {
  Python::with_gil([](Python py) {
    const auto object = fresh(py);
    {
      const auto identity = [](const Bound<PyAny>& x) { return Py<PyAny>(x); };
      constexpr auto target = identity;
      const auto first = new_function<target>(py, "first", arg("a") = object);
      EXPECT_EQ(count(object), 2);
      {
        const auto second = new_function<target>(py, std::string("second").c_str(), arg("b") = object);
        EXPECT_EQ(count(object), 3);
        EXPECT_TRUE(second.call().is(object));
        EXPECT_EQ(error_of([&] { second.call(kw("a"_s) = 1); }),
                  "TypeError: second() got an unexpected keyword argument 'a'");
      }
      EXPECT_EQ(count(object), 2);
      EXPECT_TRUE(first.call().is(object));
      EXPECT_EQ(first.call(kw("a"_s) = 1).extract<int>(), 1);
    }
    EXPECT_EQ(count(object), 1);
  });
}

TEST(NewFunction, what_the_cpp_function_throws_is_raised) {
  Python::with_gil([](Python py) {
    const auto f = new_function<[](int x) -> int { throw std::out_of_range(std::to_string(x)); }>(py, "f", arg("x"));
    EXPECT_EQ(error_of([&] { f.call(7); }), "IndexError: 7");
    const auto without = new_function<[](Python inner) { return inner.None(); }>(py, "without");
    EXPECT_TRUE(without.call().is_none());
    EXPECT_EQ(error_of([&] { without.call(1); }), "TypeError: without() takes 0 positional arguments but 1 was given");
    const auto detached = new_function<&scale>(py, "detached", arg("x"), arg("by"), release_gil);
    EXPECT_EQ(detached.call(3, 4).extract<int>(), 12);
    const auto variadic =
        new_function<[](const Args& args, const Kwargs& kwargs) { return args->len() + kwargs->len(); }>(py,
                                                                                                         "variadic");
    EXPECT_EQ(variadic.call(1, 2, kw("x"_s) = 3).extract<int>(), 3);
  });
}

TEST(NewFunction, it_goes_into_dicts_attributes_and_callbacks) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py);
    names.set_item("double"_s, new_function<&scale>(py, "double", arg("x"), arg("by") = 2));
    EXPECT_EQ(py.eval("list(map(double, [1, 2, 3]))", names).repr().to_string(), "[2, 4, 6]");
    const auto holder = py.eval("type('Holder', (), {})()");
    holder.setattr("f"_s, new_function<&scale>(py, "f"));
    EXPECT_EQ(holder.call_method("f"_s, 3, 3).extract<int>(), 9);
  });
}

TEST(NewFunction, one_for_a_module_knows_it) {
  Python::with_gil([](Python py) {
    const auto module = PyModule::new_(py, "made");
    const Py_ssize_t before = count(module);
    {
      const auto f = new_function<&named>(module, "named", "Its module.");
      EXPECT_EQ(f.call().extract<std::string>(), "made");
      EXPECT_EQ(f.getattr("__module__"_s).str().to_string(), "made");
      EXPECT_EQ(py.import("inspect").call_method("signature"_s, f).str().to_string(), "()");
      EXPECT_TRUE(modules_stay || count(module) == before + 1);
    }
    EXPECT_TRUE(modules_stay || count(module) == before);
  });
}

TEST(NewFunction, a_cycle_through_its_module_is_collected) {
  Python::with_gil([](Python py) {
    const auto object = fresh(py);
    {
      const auto module = PyModule::new_(py, "made");
      module.add("named"_s, new_function<&named>(module, "named"));
      module.add("object"_s, object);
      EXPECT_EQ(count(object), 2);
    }
    py.run("import gc; gc.collect()");
    EXPECT_TRUE(modules_stay || count(object) == 1);
  });
}

TEST(NewFunction, in_a_python_class_it_becomes_a_method_only_by_as_method) {
  Python::with_gil([](Python py) {
    const auto cls = py.eval("type('Square', (), {'side': 3})");
    constexpr auto area = [](const Bound<PyAny>& self, int times) {
      const int side = self.getattr("side"_s).extract<int>();
      return times * side * side;
    };
    const auto f = new_function<area>(py, "area", arg("self"), arg("times") = 1, "The area.");
    cls.setattr("function"_s, f);
    cls.setattr("method"_s, as_method(f));
    const auto square = cls.call();
    EXPECT_EQ(error_of([&] { square.call_method("function"_s); }),
              "TypeError: area() missing 1 required positional argument: 'self'");
    EXPECT_EQ(square.call_method("function"_s, square).extract<int>(), 9);
    EXPECT_EQ(square.call_method("method"_s).extract<int>(), 9);
    EXPECT_EQ(square.call_method("method"_s, kw("times"_s) = 2).extract<int>(), 18);
    EXPECT_EQ(cls.call_method("method"_s, square, 3).extract<int>(), 27);  // As any function of a class.
    EXPECT_EQ(square.getattr("method"_s).getattr("__doc__"_s).str().to_string(), "The area.");
    EXPECT_EQ(py.import("inspect").call_method("signature"_s, square.getattr("method"_s)).str().to_string(),
              "(times=1)");
    EXPECT_TRUE(as_method(f).is_exact_instance_of<PyInstanceMethod>());
  });
}

}  // namespace
