// SPDX-License-Identifier: MIT
/// @file
/// @brief A context manager for Python code that wants to see what C++ prints. Not part of adder.hpp.
///
/// `m.add_class<adder::OstreamRedirect>()` adds it to a module: below `with demo.ostream_redirect():` in Python
/// `std::cout` goes to `sys.stdout`, and `std::cerr` to `sys.stderr`. It is pybind11's `add_ostream_redirect`. In
/// C++ the same is a StreamToPython, of streams.hpp.
#pragma once
#include "adder/class/class_builder.hpp"
#include "adder/class/protocols.hpp"
#include "adder/function/arg.hpp"
#include "adder/module/streams.hpp"

#include <iostream>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace adder::inline ADDER_ABI {

/// @brief What Python enters by `with`: from there to the end of the block `std::cout` goes to `sys.stdout`, and
/// `std::cerr` to `sys.stderr`.
///
/// As StreamToPython it counts for the whole process. An object can be entered again, also while it is entered. The end
/// of the block raises what `sys.stdout.write()` has raised; an object that dies entered ends its redirections, and
/// such errors go to `sys.unraisablehook`.
/// @threads  Several may enter one object.
class OstreamRedirect {
 public:
  /// @param out  Whether `std::cout` is redirected.
  /// @param err  Whether `std::cerr` is.
  OstreamRedirect(bool out, bool err) : out_(out), err_(err) {}

  /// @brief The beginning of a `with` block.
  /// @throws PyErr  What StreamToPython throws when it begins.
  void enter(Python py) const {
    auto scope = std::make_unique<Scope>();
    if (out_) scope->out = std::make_unique<StreamToPython>(py, std::cout);
    if (err_) scope->err = std::make_unique<StreamToPython>(py, std::cerr, StandardStream::error);
    const std::lock_guard<std::mutex> lock(mutex_);
    entered_.push_back(std::move(scope));
  }
  /// @brief Its end.
  /// @throws PyErr  The first error of the block's text; RuntimeError without an enter().
  void exit(Python) const {
    const std::unique_ptr<Scope> scope = take_last();
    if (scope == nullptr) throw PyRuntimeError::new_err("ostream_redirect was not entered");
    // Without the mutex: write() of Python code may enter this very object.
    if (scope->err) scope->err->flush();
    if (scope->out) scope->out->flush();
  }

 private:
  struct Scope {
    std::unique_ptr<StreamToPython> out;
    std::unique_ptr<StreamToPython> err;
  };

  std::unique_ptr<Scope> take_last() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (entered_.empty()) return nullptr;
    std::unique_ptr<Scope> last = std::move(entered_.back());
    entered_.pop_back();
    return last;
  }

  bool out_;
  bool err_;
  mutable std::mutex mutex_{};  ///< Of entered_, and never held while Python is called.
  mutable std::vector<std::unique_ptr<Scope>> entered_{};
};

template <>
struct PyClass<OstreamRedirect> {
  static constexpr auto name = "ostream_redirect";
  static constexpr auto doc =
      "A context manager: std::cout goes to sys.stdout, std::cerr to sys.stderr, in the whole process.";
  static constexpr bool frozen = true, sync = true;  // Its mutex guards what changes.
  static void define(ClassBuilder<OstreamRedirect>& cls) {
    cls.def_new<bool, bool>(arg("stdout") = true, arg("stderr") = true);
    cls.def<"__enter__", [](const Bound<OstreamRedirect>& self) {
      self.get().enter(self.py());
      return self;
    }>();
    cls.def<"__exit__", [](const Bound<OstreamRedirect>& self, const Bound<PyAny>&, const Bound<PyAny>&,
                           const Bound<PyAny>&) { self.get().exit(self.py()); }>();
  }
};

}  // namespace adder::inline ADDER_ABI
