// SPDX-License-Identifier: MIT
// What the body of a module enters into it.
#include "adder/module/module_builder.hpp"

#include "adder/adder.hpp"
#include "support/classes.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace {

using namespace adder;
using test::count;
using test::Counted;
using test::error_of;
using test::fresh;

/// A new module that @p body has filled, as an import would have it.
template <class Body>
Bound<PyModule> filled(Python py, Body body) {
  const auto module = PyModule::new_(py, "unit_test_module");
  static Body* current;
  current = &body;
  const int status = detail::run_module_body(module.as_ptr(), [](ModuleBuilder& m) { (*current)(m); });
  if (status != 0) throw PyErr::fetch(py);
  return module;
}

// REFERENCE_ROUNDS: 0. Each time that the body runs, records of its functions are kept for good.
TEST(ModuleBuilder, names_are_entered_and_those_without_an_underscore_are_exported) {
  Python::with_gil([](Python py) {
    const auto module = filled(py, [](ModuleBuilder& m) {
      m.doc("A module.");
      m.add("number", 1);
      m.add("_hidden", 2);
      m.def<[](int x) { return x + 1; }>("next", arg("x"));
      m.add_class<Counted>();
      EXPECT_EQ(m.module().name(), "unit_test_module");
    });
    EXPECT_EQ(module.getattr("__all__"_s).repr().to_string(), "['number', 'next', 'Counted']");
    EXPECT_TRUE(module.getattr("__doc__"_s).eq("A module."));
    EXPECT_EQ(module.getattr("_hidden"_s).extract<int>(), 2);
    EXPECT_EQ(module.call_method("next"_s, kw("x"_s) = 1).extract<int>(), 2);
    EXPECT_TRUE(module.getattr("Counted"_s).is(py.get_type<Counted>()));
  });
}

// REFERENCE_ROUNDS: 1000
TEST(ModuleBuilder, what_is_added_is_counted_once_and_goes_with_the_module) {
  Python::with_gil([](Python py) {
    const auto object = fresh(py);
    {
      const auto module = filled(py, [&](ModuleBuilder& m) { m.add("object", object); });
      EXPECT_TRUE(module.getattr("object"_s).is(object));
      EXPECT_EQ(count(object), 2);
    }
    test::collect(py);  // Without a GIL a module goes no sooner.
    EXPECT_EQ(count(object), 1);
  });
}

TEST(ModuleBuilder, a_submodule_is_in_sys_modules_and_gone_where_the_body_fails) {
  Python::with_gil([](Python py) {
    const auto module =
        filled(py, [](ModuleBuilder& m) { m.add_submodule("inner", [](ModuleBuilder& inner) { inner.add("x", 7); }); });
    const auto modules = py.import("sys").getattr("modules"_s);
    EXPECT_TRUE(modules.get_item("unit_test_module.inner").is(module.getattr("inner"_s)));
    EXPECT_EQ(module.getattr("inner"_s).getattr("x"_s).extract<int>(), 7);
    modules.del_item("unit_test_module.inner");
    EXPECT_EQ(error_of([&] {
                return filled(py, [](ModuleBuilder& m) {
                  m.add_submodule("inner", [](ModuleBuilder&) {});
                  throw std::invalid_argument("not today");
                });
              }),
              "ValueError: not today");
    EXPECT_FALSE(modules.contains("unit_test_module.inner"));
  });
}

TEST(ModuleBuilder, what_the_body_throws_is_the_error_of_the_import) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(error_of([&] { return filled(py, [](ModuleBuilder&) { throw PyKeyError::new_err("k"); }); }),
              "KeyError: 'k'");
    EXPECT_EQ(error_of([&] { return filled(py, [](ModuleBuilder& m) { m.add("text", "\xff"); }); }).substr(0, 18),
              "UnicodeDecodeError");
    EXPECT_FALSE(PyErr::occurred(py));
  });
}

}  // namespace
