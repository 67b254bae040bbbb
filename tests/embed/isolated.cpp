// SPDX-License-Identifier: MIT
// An isolated interpreter looks neither into the environment nor into the current folder; another one does. Folders
// that the program adds count in both.
#include "support/embedded.hpp"

using namespace adder;
using namespace test;

int main() {
  setenv("PYTHONPATH", "/from/the/environment", 1);
  setenv("PYTHONVERBOSE", "", 1);
  setenv("PYTHONOPTIMIZE", "2", 1);
  in_child([] {
    InterpreterConfig().start();
    expect_equal(text("'/from/the/environment' in __import__('sys').path"), "True");
    expect_equal(text("__import__('sys').flags.optimize"), "2");
    expect_equal(text("__import__('sys').flags.isolated"), "0");
  });
  in_child([] {
    InterpreterConfig().isolated().isolated(false).start();
    expect_equal(text("'/from/the/environment' in __import__('sys').path"), "True");
  });
  InterpreterConfig().isolated().home(python_home()).argv({"program"}).add_path("/added").start();
  Python::with_gil([](Python py) {
    py.run(R"(
        import sys
        assert sys.flags.isolated == 1 and sys.flags.ignore_environment == 1 and sys.flags.no_user_site == 1
        assert sys.flags.optimize == 0
        assert '/from/the/environment' not in sys.path
        assert sys.path[0] == '/added' and '' not in sys.path, sys.path
        assert sys.argv == ['program']
        import json, site  # The standard library is there, and site was run.
        assert 'site' in sys.modules
        assert not site.ENABLE_USER_SITE
    )");
  });
  return failures;
}
