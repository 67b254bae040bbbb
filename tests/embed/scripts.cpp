// SPDX-License-Identifier: MIT
// Files, statements as typed at a prompt, globals() and the reload of modules.
#include "adder/function/new_function.hpp"
#include "adder/module/script.hpp"
#include "support/embedded.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

using namespace adder;
using namespace test;

ADDER_MODULE(adder_built_in, m) { m.add("x", 1); }

namespace {

std::string folder;

void write(const std::string& name, std::string_view text) { std::ofstream(folder + "/" + name) << text; }

std::string error_of(Python py, auto&& f) {
  try {
    f();
  } catch (const PyErr& error) {
    return error.get_type(py).name();
  }
  return "nothing";
}

void statements(Python py) {
  py.run(R"(
      import sys
      shown = []
      class Out:
          write = staticmethod(shown.append)
          flush = staticmethod(lambda: None)
      old, sys.stdout = sys.stdout, Out()
  )");
  run_statement(py, "x = 20");
  run_statement(py, "x + 1");
  run_statement(py, "None");
  run_statement(py, R"(
      for i in range(2):
          i * 10)");
  run_statement(py, "_ + 1");
  run_statement(py, "");
  run_statement(py, "# nothing");
  py.run("sys.stdout = old");
  expect_equal(text("''.join(shown)"), "21\n0\n10\n11\n");
  expect_equal(error_of(py, [&] { run_statement(py, "x = 1\ny = 2"); }), "SyntaxError");
  expect_equal(error_of(py, [&] { run_statement(py, "for i in"); }), "SyntaxError");
  expect_equal(error_of(py, [&] { run_statement(py, {"x\0y", 3}); }), "ValueError");
  expect_equal(error_of(py, [&] { run_statement(py, "1 / 0"); }), "ZeroDivisionError");

  const auto names = PyDict::new_(py);
  const auto locals = PyDict::new_(py);
  run_statement(py, "y = 3", names, locals);
  expect(locals.get_item("y")->extract<int>() == 3 && !names.contains("y"));

  const auto code = PyCode::compile(py, "z = 7\n", "<prompt>", PyCodeInput::single);
  (void)code.run(names);
  expect(names.get_item("z")->extract<int>() == 7);
}

void the_namespace_of_the_caller(Python py) {
  expect(globals(py).is(py.import("__main__").dict()));
  const auto names = PyDict::new_(py);
  names.set_item("who", new_function<[](Python inner) { return globals(inner); }>(py, "who"));
  py.run("mine = who() is globals()", names);
  expect(names.get_item("mine")->extract<bool>());
  // Somebody has thrown __main__ away.
  const auto modules = py.import("sys").getattr("modules"_s);
  const auto kept = modules.get_item("__main__");
  modules.del_item("__main__");
  expect_equal(error_of(py, [&] { (void)globals(py); }), "ModuleNotFoundError");
  modules.set_item("__main__", 5);
  expect_equal(error_of(py, [&] { (void)globals(py); }), "TypeError");
  modules.set_item("__main__", kept);
}

void files(Python py) {
  write("plain.py", "result = (__name__, __file__)\n");
  run_file(py, folder + "/plain.py");
  expect_equal(text("result"), "('__main__', '" + folder + "/plain.py')");
  expect_equal(text("'__file__' in globals()"), "False");

  const auto names = PyDict::new_(py, kw("__name__"_s) = "plugin", kw("__file__"_s) = "given");
  const auto locals = PyDict::new_(py);
  run_file(py, folder + "/plain.py", names, locals);
  expect_equal(locals.get_item("result")->str().to_string(), "('plugin', 'given')");

  write("latin.py", "# -*- coding: latin-1 -*-\nresult = '\xe9'\n");
  run_file(py, folder + "/latin.py");
  expect_equal(text("ascii(result)"), "'\\xe9'");
  write("bad.py", "result = '\xe9'\n");
  expect_equal(error_of(py, [&] { run_file(py, folder + "/bad.py"); }), "SyntaxError");
  write("nul.py", {"x = 1\0", 6});
  const std::string nul = error_of(py, [&] { run_file(py, folder + "/nul.py"); });
  expect(nul == "ValueError" || nul == "SyntaxError");
  expect_equal(error_of(py, [&] { run_file(py, folder + "/missing.py"); }), "FileNotFoundError");
  expect_equal(error_of(py, [&] { run_file(py, folder); }), "IsADirectoryError");
  expect_equal(error_of(py, [&] { run_file(py, {"a\0b", 3}); }), "ValueError");
  expect_equal(error_of(py, [&] { run_file(py, ""); }), "FileNotFoundError");
  write("deletes.py", "del __file__\n");
  run_file(py, folder + "/deletes.py");
  write("windows.py", "if True:\r\n    result = 'crlf'\r\n");
  run_file(py, folder + "/windows.py");
  expect_equal(text("result"), "crlf");

  write("fails.py", "def f():\n    return 1 / 0  # here\nf()\n");
  try {
    run_file(py, folder + "/fails.py");
    expect(false);
  } catch (const PyErr& error) {
    expect(error.format(py).find("return 1 / 0  # here") != std::string::npos);
  }
  expect_equal(text("'__file__' in globals()"), "False");
}

void reloading(Python py) {
  // Or what was compiled within the same second would be taken for what is in the file.
  py.run("import sys; sys.dont_write_bytecode = True");
  write("adder_plugin.py", "version = 1\nclass C: pass\n");
  const auto plugin = py.import("adder_plugin");
  const auto old = plugin.getattr("C"_s).call();
  write("adder_plugin.py", "version = 2\nclass C: pass\n");
  const auto again = plugin.reload();
  expect(again.is(plugin) && plugin.getattr("version"_s).extract<int>() == 2);
  expect(!old.is_instance(plugin.getattr("C"_s)));

  write("adder_plugin.py", "version = 3\n1 / 0\nafter = True\n");
  expect_equal(error_of(py, [&] { (void)plugin.reload(); }), "ZeroDivisionError");
  expect(plugin.getattr("version"_s).extract<int>() == 3 && plugin.hasattr("C"_s) && !plugin.hasattr("after"_s));
  write("adder_plugin.py", "import sys\nsys.modules['adder_plugin'] = 5\n");
  expect_equal(error_of(py, [&] { (void)plugin.reload(); }), "TypeError");
  expect_equal(error_of(py, [&] { (void)plugin.reload(); }), "ImportError");  // Not in sys.modules any more.
  expect_equal(error_of(py, [&] { (void)PyModule::new_(py, "made").reload(); }), "ImportError");
  expect(py.import("adder_built_in").reload().getattr("x"_s).extract<int>() == 1);
  expect(py.import("json").reload().hasattr("loads"_s));
}

}  // namespace

int main() {
  std::string path = std::filesystem::temp_directory_path() / "adder_scripts_XXXXXX";
  if (mkdtemp(path.data()) == nullptr) return 1;
  folder = path;
  append_to_inittab("adder_built_in", PyInit_adder_built_in);
  InterpreterConfig().add_path(folder).start();
  Python::with_gil([](Python py) {
    statements(py);
    the_namespace_of_the_caller(py);
    files(py);
    reloading(py);
    py.import("shutil").call_method("rmtree"_s, folder);
  });
  return failures;
}
