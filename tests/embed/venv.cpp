// SPDX-License-Identifier: MIT
// A virtual environment's packages are found, and only by who asked for it. The environment is made by hand.
#include "support/embedded.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

using namespace adder;
using namespace test;
namespace fs = std::filesystem;

namespace {

const std::string version = std::to_string(PY_MAJOR_VERSION) + "." + std::to_string(PY_MINOR_VERSION);
#if defined(Py_GIL_DISABLED)
const std::string library = "python" + version + "t";
#else
const std::string library = "python" + version;
#endif

/// Goes when the process ends as it should.
struct Environment {
  Environment() {
    const fs::path name = fs::temp_directory_path() / ("adder_venv_" + std::to_string(getpid()));
    if (!fs::create_directory(name)) std::abort();  // Somebody else's.
    folder = fs::canonical(name).string();
    const fs::path packages = fs::path(folder) / "lib" / library / "site-packages";
    fs::create_directories(packages);
    fs::create_directories(fs::path(folder) / "bin");
    const std::string base = python_home().empty() ? "/usr" : python_home();
    fs::create_symlink(base + "/bin/python" + version, fs::path(folder) / "bin" / "python3");
    std::ofstream(fs::path(folder) / "pyvenv.cfg")
        << "home = " << base << "/bin\ninclude-system-site-packages = false\nversion = " << version << "\n";
    std::ofstream(packages / "adder_only_in_the_venv.py") << "answer = 42\n";
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() { fs::remove_all(folder); }
  std::string folder;
};

void finds_its_packages(const std::string& folder) {
  Python::with_gil([&](Python py) {
    expect(py.import("adder_only_in_the_venv").getattr("answer"_s).extract<int>() == 42);
    const auto sys = py.import("sys");
    expect_equal(sys.getattr("prefix"_s).extract<std::string>(), folder);
    expect_equal(sys.getattr("executable"_s).extract<std::string>(), folder + "/bin/python3");
    expect(!sys.getattr("prefix"_s).eq(sys.getattr("base_prefix"_s)));
    // The standard library is the installation's, its site-packages are left out.
    py.run(R"(
        import sys, os, json
        assert json.__file__.startswith(sys.base_prefix), json.__file__
        others = [p for p in sys.path if p.endswith(('site-packages', 'dist-packages'))]
        assert others == [os.path.join(sys.prefix, 'lib', 'python%d.%d' % sys.version_info[:2] + sys.abiflags.strip('d'), 'site-packages')], others
    )");
  });
}

}  // namespace

int main() {
  const Environment environment;
  in_child([] {
    InterpreterConfig().start();
    expect_equal(
        thrown_by<PyErr>([] { Python::with_gil([](Python py) { (void)py.import("adder_only_in_the_venv"); }); }),
        "ModuleNotFoundError: No module named 'adder_only_in_the_venv'");
  });
  in_child([&] {
    InterpreterConfig().isolated().venv(environment.folder).start();
    finds_its_packages(environment.folder);
  });
  in_child([&] {
    // Without PYTHONHOME the installation is the one that pyvenv.cfg names.
    unsetenv("PYTHONHOME");
    InterpreterConfig().venv(environment.folder).start();
    finds_its_packages(environment.folder);
  });
  return failures;
}
