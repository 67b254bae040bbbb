// SPDX-License-Identifier: MIT
// What the body of a module enters into it.
#include "adder/module/module_builder.hpp"

#include "adder/adder.hpp"
#include "support/classes.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace {

using namespace adder;
using test::count;
using test::Counted;
using test::error_of;
using test::fresh;

/// Runs @p body for a module, as an import would.
template <class Body>
void fill(Python py, const Bound<PyModule>& module, Body body) {
  static Body* current;
  current = &body;
  const int status = detail::run_module_body(module.as_ptr(), [](ModuleBuilder& m) { (*current)(m); });
  if (status != 0) throw PyErr::fetch(py);
}
/// A new module that @p body has filled.
template <class Body>
Bound<PyModule> filled(Python py, Body body) {
  const auto module = PyModule::new_(py, "unit_test_module");
  fill(py, module, std::move(body));
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

std::string all_of(const Bound<PyModule>& module) { return module.getattr("__all__"_s).repr().to_string(); }

/// Runs Python code with the module's names, as the code that a body calls may.
void run_in(const Bound<PyModule>& module, const char* code) {
  const auto names = module.getattr("__dict__"_s);
  (void)module.py().import("builtins").call_method("exec"_s, code, names);
}

TEST(ModuleBuilder, a_name_is_exported_once_however_often_it_is_added) {
  Python::with_gil([](Python py) {
    const auto body = [](ModuleBuilder& m) {
      m.add("first", 1);
      m.add("second", 2);
      m.add("first", 3);
    };
    const auto module = filled(py, body);
    EXPECT_EQ(all_of(module), "['first', 'second']");
    EXPECT_EQ(module.getattr("first"_s).extract<int>(), 3);
    for (int i = 0; i < 3; ++i) fill(py, module, body);
    EXPECT_EQ(all_of(module), "['first', 'second']");
    run_in(module, "del first; __all__.remove('second')");
    fill(py, module, body);
    EXPECT_EQ(all_of(module), "['first', 'second']");
  });
}

TEST(ModuleBuilder, a_list_of_the_users_own_is_continued) {
  Python::with_gil([](Python py) {
    const auto module = filled(py, [](ModuleBuilder& m) {
      run_in(m.module(), "__all__ = ['mine', 'mine', 'second', []]");  // Unhashable as well.
      m.add("first", 1);
      m.add("second", 2);
      m.add("first", 3);
    });
    EXPECT_EQ(all_of(module), "['mine', 'mine', 'second', [], 'first']");
    const auto fixed = filled(py, [](ModuleBuilder& m) {
      m.add("first", 1);
      run_in(m.module(), "__all__ = ('mine',)");
      m.add("second", 2);
    });
    EXPECT_EQ(all_of(fixed), "('mine',)");
  });
}

TEST(ModuleBuilder, changes_to_the_list_between_two_names_are_seen) {
  Python::with_gil([](Python py) {
    const auto module = filled(py, [](ModuleBuilder& m) {
      for (const char* name : {"a", "b", "c", "d"}) m.add(name, name);
      run_in(m.module(), "__all__.remove('a'); __all__.append('e')");  // As long as before.
      m.add("e", 1);
      m.add("a", 2);
      run_in(m.module(), "__all__ = ['x', 'b', 'c', 'd', 'a']");  // Another, and as long as before.
      m.add("e", 3);
      m.add("x", 4);
      run_in(m.module(), "__all__.clear()");
      m.add("d", 5);
      run_in(m.module(), "del __all__");
      m.add("f", 6);
      m.add("d", 7);
    });
    EXPECT_EQ(all_of(module), "['f', 'd']");
    const auto sorted = filled(py, [](ModuleBuilder& m) {
      for (const char* name : {"b", "c", "a"}) m.add(name, name);
      run_in(m.module(), "__all__.sort(); __all__[-1] = 'd'");
      m.add("c", 1);
      m.add("d", 2);
    });
    EXPECT_EQ(all_of(sorted), "['a', 'b', 'd', 'c']");
  });
}

TEST(ModuleBuilder, adding_a_name_does_not_look_through_all_others) {
  Python::with_gil([](Python py) {
    const auto module = filled(py, [](ModuleBuilder& m) {
      run_in(m.module(),
             "class Asked:\n"
             "  times = 0\n"
             "  def __eq__(self, other):\n"
             "    Asked.times += 1\n"
             "    return False\n"
             "  def __hash__(self): return 1\n"
             "__all__ = [Asked()]");
      for (int i = 0; i < 500; ++i) m.add(("name" + std::to_string(i)).c_str(), i);
    });
    // A few names have the hash of the object, as far as a table looks at it.
    EXPECT_LT(module.getattr("Asked"_s).getattr("times"_s).extract<int>(), 50);
    EXPECT_EQ(module.getattr("__all__"_s).len(), 501U);
  });
}

TEST(ModuleBuilder, what_a_module_of_a_class_of_its_own_does_with_a_name_is_done) {
  Python::with_gil([](Python py) {
    const auto module = filled(py, [](ModuleBuilder& m) {
      run_in(m.module(),
             "import sys, types\n"
             "class Own(types.ModuleType):\n"
             "  def __setattr__(self, name, value): super().__setattr__('my_' + name, value)\n"
             "import gc\n"
             "[module] = [x for x in gc.get_referrers(globals()) if type(x) is types.ModuleType]\n"
             "module.__class__ = Own\n"
             "del module");
      m.add("number", 1);
    });
    EXPECT_EQ(module.getattr("my_number"_s).extract<int>(), 1);
    EXPECT_FALSE(module.hasattr("number"_s));
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
