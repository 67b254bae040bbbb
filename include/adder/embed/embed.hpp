// SPDX-License-Identifier: MIT
/// @file
/// @brief For programs that contain the interpreter: how it starts, and modules built into the program. What ends it:
/// interpreter.hpp. Not part of adder.hpp.
#pragma once
#include "adder/token/gil.hpp"

#include <string>
#include <vector>

namespace adder::inline ADDER_ABI {

/// @brief How the interpreter starts. Set what matters, then start() it once, before any other use of adder.
///
/// Without a setting it is what the `python3` command does, but that signals are left to the program. Texts are
/// in the locale's encoding, which is UTF-8 nearly everywhere.
/// @code
/// adder::InterpreterConfig().isolated().argv({"program", "--verbose"}).start();
/// adder::Python::with_gil([](adder::Python py) { py.run("import sys; print(sys.argv)"); });
/// @endcode
class InterpreterConfig {
 public:
  InterpreterConfig() = default;

  /// @brief `sys.argv`. Not looked at for options of Python's.
  InterpreterConfig& argv(std::vector<std::string> arguments);
  /// @brief Ignores the environment (`PYTHONPATH` and so on), the user's site-packages and the current folder, as
  /// `python3 -I` does.
  InterpreterConfig& isolated(bool yes = true);
  /// @brief `sys.executable`, which Python code starts where it wants another Python (`subprocess`, `multiprocessing`).
  /// Without: the `python3` that the shell would find. It is also where the standard library is looked for first.
  InterpreterConfig& program_name(std::string path);
  /// @brief The installation that the standard library is taken from, as `PYTHONHOME`.
  InterpreterConfig& home(std::string folder);
  /// @brief The virtual environment whose packages are to be found: the folder that has `pyvenv.cfg`.
  InterpreterConfig& venv(std::string folder);
  /// @brief Whether Python handles signals: SIGINT then raises KeyboardInterrupt in Python code.
  InterpreterConfig& signal_handlers(bool yes = true);
  /// @brief A folder to put in front of `sys.path`. May be called several times; the first call's folder stays first.
  InterpreterConfig& add_path(std::string folder);

  /// @brief One of CPython's own options, by the name that `PyConfig_Get` has for it: `option("dev_mode", 1)`, or
  /// `option("pycache_prefix", "/tmp/cache")`. The methods above have words for those that most programs need.
  ///
  /// A text for `warnoptions` or `xoptions` is one more, as after `-W` and `-X`.
  /// @throws std::invalid_argument  This CPython has no such option, or it is a text.
  InterpreterConfig& option(std::string name, int value);
  /// @brief The same for a text.
  /// @throws std::invalid_argument  This CPython has no such option, or it is a number.
  InterpreterConfig& option(std::string name, std::string value);

  /// @brief Starts the interpreter and leaves it with the GIL released, as prepare_freethreaded_python() does.
  /// @throws InterpreterUnavailable  When an interpreter runs, or was shut down in this process, or cannot start: the
  ///                                 reason is CPython's.
  /// @threads Before any other thread may use adder.
  void start() const;

 private:
  static void check(const PyStatus& status);
  static void refuse_nul(const std::string& text);
  static void set(PyConfig& config, wchar_t** field, const std::string& text);
  static void append(PyWideStringList* list, const std::string& text);
  void add_paths() const;
  void set_options(PyPreConfig& before) const;
  void set_options(PyConfig& config) const;

  struct Option {
    std::string name;
    std::string text;
    int number;
    bool is_text;
  };
  std::vector<Option> options_;
  std::vector<std::string> argv_;
  std::vector<std::string> paths_;
  std::string home_;
  std::string executable_;
  std::string program_name_;
  bool isolated_ = false;
  bool signal_handlers_ = false;
};

/// @brief Builds a module into the program: `import name` finds it. Before the interpreter starts.
/// @code
/// ADDER_MODULE(gadgets, m) { m.add("size"_s, 3); }
/// int main() { adder::append_to_inittab("gadgets", PyInit_gadgets); }
/// @endcode
/// @param name  A literal, or text that lives as long as the program.
/// @param init  What ADDER_MODULE defined: `PyInit_<name>`.
/// @throws InterpreterUnavailable  Once the interpreter runs.
/// @pyo3{append_to_inittab!}
void append_to_inittab(const char* name, ::PyObject* (*init)());

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/embed/detail/embed_inl.hpp"
#endif
