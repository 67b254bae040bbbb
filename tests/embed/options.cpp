// SPDX-License-Identifier: MIT
// CPython's own options by their names: what a program sets is what Python has, and a wrong name or kind is refused at
// once.
#include "support/embedded.hpp"

#include <stdexcept>
#include <string>

using namespace adder;
using namespace test;

int main() {
  for (const char* name : {"PYTHONDONTWRITEBYTECODE", "PYTHONDEVMODE", "PYTHONOPTIMIZE", "PYTHONHASHSEED"})
    unsetenv(name);
  in_child([] {
    // Without them.
    InterpreterConfig().start();
    expect_equal(text("__import__('sys').flags.dev_mode"), "False");
    expect_equal(text("__import__('sys').flags.optimize"), "0");
    expect_equal(text("__import__('sys').dont_write_bytecode"), "False");
    expect_equal(text("__import__('sys').flags.hash_randomization"), "1");
    expect_equal(text("__import__('sys').pycache_prefix"), "None");
  });
  in_child([] {
    setenv("PYTHONOPTIMIZE", "1", 1);
    InterpreterConfig().option("use_environment", 0).start();
    expect_equal(text("__import__('sys').flags.optimize"), "0");
    expect_equal(text("__import__('sys').flags.ignore_environment"), "1");
  });
  in_child([] {
    // The same hashes in each run; no site, and so no packages but the standard ones.
    InterpreterConfig().option("hash_seed", 0).option("site_import", 0).start();
    expect_equal(text("__import__('sys').flags.hash_randomization"), "0");
    expect_equal(text("'site' in __import__('sys').modules"), "False");
  });
  const auto refused = [](auto value, const char* name) {
    return thrown_by<std::invalid_argument>([&] { InterpreterConfig().option(name, value); });
  };
  expect_equal(refused(1, "dev_mod"), "this CPython has no option 'dev_mod' that is a number");
  expect_equal(refused("1", "dev_mod"), "this CPython has no option 'dev_mod' that is a text");
  expect_equal(refused(1, "pycache_prefix"), "the option 'pycache_prefix' of the interpreter is a text, not a number");
  expect_equal(refused(1, "xoptions"), "the option 'xoptions' of the interpreter is a text, not a number");
  expect_equal(refused("1", "dev_mode"), "the option 'dev_mode' of the interpreter is a number, not a text");
  expect_equal(refused("1", "utf8_mode"), "the option 'utf8_mode' of the interpreter is a number, not a text");
  expect_equal(thrown_by<InterpreterUnavailable>(
                   [] { InterpreterConfig().option("warnoptions", std::string("a\0b", 3)).start(); }),
               "a text of the interpreter's configuration contains a null byte");

  InterpreterConfig()
      .argv({"program"})
      .option("dev_mode", 1)
      .option("utf8_mode", 1)
      .option("optimization_level", 2)
      .option("write_bytecode", 0)
      .option("pycache_prefix", "/first")
      .option("pycache_prefix", "/tmp/caf\xc3\xa9")
      .option("warnoptions", "error::UserWarning")
      .option("warnoptions", "ignore::FutureWarning")
      .option("xoptions", "mine=7")
      .option("xoptions", "other")
      .start();
  Python::with_gil([](Python py) {
    py.run(R"(
        import sys, warnings
        assert sys.argv == ['program']
        assert sys.flags.dev_mode and sys.flags.utf8_mode == 1 and sys.flags.optimize == 2
        assert sys.dont_write_bytecode
        assert sys.pycache_prefix == '/tmp/caf\u00e9', sys.pycache_prefix
        assert sys.warnoptions[-2:] == ['error::UserWarning', 'ignore::FutureWarning'], sys.warnoptions
        assert sys._xoptions == {'mine': '7', 'other': True}, sys._xoptions
        try:
            warnings.warn('now')
        except UserWarning:
            pass
        else:
            raise SystemExit('not raised')
        warnings.warn('now', FutureWarning)
    )");
#if PY_VERSION_HEX >= 0x030E0000
    // CPython has the same names for reading.
    const Bound<PyAny> level = detail::steal(detail::non_null(PyConfig_Get("optimization_level")));
    expect(level.extract<int>() == 2);
#endif
  });
  return failures;
}
