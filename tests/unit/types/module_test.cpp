// SPDX-License-Identifier: MIT
#include "adder/types/module.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "support/errors.hpp"
#include "support/objects.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

using namespace adder;
using test::error_of;
using test::is_known_as;
using test::shown;

TEST(Module, a_module_made_of_text_is_found_by_import_and_named_in_tracebacks) {
  Python::with_gil([](Python py) {
    const auto module = PyModule::from_code(py, "def half(x):\n    return x / 0\n", "made_up.py", "made_up");
    is_known_as<PyModule>(module);
    EXPECT_EQ(module.name(), "made_up");
    EXPECT_EQ(module.filename(), "made_up.py");
    EXPECT_TRUE(py.import("made_up").is(module));
    try {
      module.call_method("half"_s, 1);
      FAIL();
    } catch (const PyErr& error) {
      EXPECT_NE(error.format(py).find("File \"made_up.py\", line 2, in half"), std::string::npos);
    }
    module.index().append("half");
    EXPECT_EQ(shown(module.getattr("__all__"_s)), "['half']");
    py.import("sys").getattr("modules"_s).del_item("made_up");
  });
}

TEST(Module, import_finds_modules_or_says_so) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(py.import("os.path").getattr("basename"_s)("/a/b").extract<std::string>(), "b");
    EXPECT_TRUE(py.import("json").is(py.import("json")));
    EXPECT_EQ(error_of([&] { (void)py.import("no_such_module"); }),
              "ModuleNotFoundError: No module named 'no_such_module'");
    py.run("import sys; sys.modules['adder_three'] = 3");
    EXPECT_EQ(error_of([&] { (void)py.import("adder_three"); }),
              "TypeError: 'int' object is not an instance of 'module'");
    py.run("del sys.modules['adder_three'], sys");
  });
}

TEST(Module, import_takes_text_of_every_kind) {
  Python::with_gil([](Python py) {
    const auto json = py.import("json");
    const std::string text = "json";
    EXPECT_TRUE(py.import(text).is(json));
    EXPECT_TRUE(py.import(std::string_view(text)).is(json));
    EXPECT_TRUE(py.import("json"_s).is(json));
    EXPECT_TRUE(py.import(PyString::new_(py, "json")).is(json));
    EXPECT_TRUE(PyModule::import(py, text).is(json));
    EXPECT_EQ(py.import("os.path"_s).name(), py.import("os.path").name());
    EXPECT_EQ(error_of([&] { py.import(std::string("no_such_module")); }),
              "ModuleNotFoundError: No module named 'no_such_module'");
    EXPECT_EQ(error_of([&] { py.import(""_s); }).substr(0, 10), "ValueError");
  });
}

TEST(Module, import_asks_the_function_that_stands_in_the_place_of_import) {
  Python::with_gil([](Python py) {
    (void)py.import("json"_s);  // CPython's own has been seen by now.
    py.run(
        "import builtins\n"
        "seen, own = [], builtins.__import__\n"
        "def spy(name, *args, **kwargs):\n"
        "    seen.append(name)\n"
        "    return own(name, *args, **kwargs)\n"
        "builtins.__import__ = spy\n");
    const auto json = py.import("json"_s), path = py.import("os.path");
    py.run("builtins.__import__ = own");
    EXPECT_TRUE(py.import("json"_s).is(json));
    EXPECT_TRUE(py.import("os.path"_s).is(path));
    EXPECT_EQ(shown(py.eval("seen")), "['json', 'os.path']");
    py.run("del builtins.__import__");
    EXPECT_EQ(error_of([&] { (void)py.import("json"_s); }).substr(0, 14), "AttributeError");
    py.eval("vars(builtins)").set_item("__import__"_s, py.eval("own"));
    EXPECT_TRUE(py.import("json"_s).is(json));
    py.run("del builtins, seen, own, spy");
  });
}

TEST(Module, import_is_what_the_statement_would_have_found) {
  Python::with_gil([](Python py) {
    py.run("import sys; sys.modules['adder_none'] = None");
    EXPECT_EQ(error_of([&] { (void)py.import("adder_none"); }),
              "ModuleNotFoundError: import of adder_none halted; None in sys.modules");
    EXPECT_EQ(error_of([&] { (void)py.import("os.adder_none"_s); }),
              "ModuleNotFoundError: No module named 'os.adder_none'; 'os' is not a package");
    // Found under both names, as the import system has it: the inner one of a dotted name.
    py.run("import types; sys.modules['os.adder_inner'] = types.ModuleType('inner')");
    EXPECT_EQ(py.import("os.adder_inner").name(), "inner");
    py.run("del sys.modules['adder_none'], sys.modules['os.adder_inner'], sys, types");
  });
}

TEST(Module, import_keeps_names_apart_that_share_a_place) {
  Python::with_gil([](Python py) {
    py.run("import sys, types; sys.modules.update(a=types.ModuleType('small'), A=types.ModuleType('large'))");
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(py.import("a").name(), "small");
      EXPECT_EQ(py.import("A").name(), "large");
    }
    py.run("del sys.modules['a'], sys.modules['A']");
    EXPECT_EQ(error_of([&] { (void)py.import("a"); }), "ModuleNotFoundError: No module named 'a'");
    EXPECT_EQ(error_of([&] { (void)py.import("\xff"); }).substr(0, 18), "UnicodeDecodeError");
    const auto surrogate = py.eval("'\\udc80'").downcast<PyString>();
    EXPECT_EQ(error_of([&] { (void)py.import(surrogate); }).substr(0, 19), "ModuleNotFoundError");
    py.run("del sys, types");
  });
}

TEST(Module, import_gives_one_reference) {
  Python::with_gil([](Python py) {
    const auto os = py.import("os"_s), path = py.import("os.path"_s);
    const auto of_os = os.get_refcnt(), of_path = path.get_refcnt();
    {
      const auto again = py.import("os"), inner = py.import("os.path"_s);
      EXPECT_EQ(os.get_refcnt(), of_os + 1);
      EXPECT_EQ(path.get_refcnt(), of_path + 1);
    }
    EXPECT_EQ(os.get_refcnt(), of_os);
    EXPECT_EQ(path.get_refcnt(), of_path);
  });
}

TEST(Module, a_function_is_added_under_its_name) {
  Python::with_gil([](Python py) {
    const auto module = PyModule::new_(py, "made");
    module.add_function(py.eval("len"));
    EXPECT_TRUE(module.getattr("len"_s).is(py.eval("len")));
  });
}

}  // namespace
