// SPDX-License-Identifier: MIT
// The other of the two modules: see error_thrower_ext.cpp. Both are built with hidden visibility.
#include <adder/adder.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/string.hpp>

#include "error_crossing.hpp"

#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

using namespace adder;
using Any = Bound<PyAny>;

namespace {

struct CatcherError : NewException<"error_catcher_ext.CatcherError", PyLookupError> {};
struct Failure : std::runtime_error {
  int more;
  explicit Failure(const char* text) : std::runtime_error(text), more(1) {}
};

const crossing::Interface* thrower = nullptr;

void connect(const Any& capsule) {
  const Bound<PyCapsule> typed = capsule.downcast<PyCapsule>();
  thrower = static_cast<const crossing::Interface*>(typed.pointer(crossing::name));
}

/// Which clause takes it, and what it says.
std::string caught(const std::string& which) {
  try {
    thrower->throw_it(which.c_str());
  } catch (const PyErr& error) {
    return std::string("PyErr ") + error.what();
  } catch (const std::exception& error) {
    return std::string("std::exception ") + error.what();
  } catch (...) {
    return "unknown";
  }
  return "nothing";
}
std::string caught_detached(Python py, const std::string& which) {
  return py.allow_threads(
      [](const std::string& kind) {
        std::string text;
        std::thread([&] { text = caught(kind); }).join();
        return text;
      },
      which);
}
bool caught_as(Python py, const std::string& which, const Any& types) {
  try {
    thrower->throw_it(which.c_str());
  } catch (const PyErr& error) {
    if (error.is_instance_of<CatcherError>(py)) throw PyAssertionError::new_err("of the wrong module's class");
    return error.matches(types);
  }
  return false;
}
Any value_of(Python py, const std::string& which) {
  try {
    thrower->throw_it(which.c_str());
  } catch (const PyErr& error) {
    return error.value(py).into_any();
  }
  return py.None().into_any();
}
void let_through(const std::string& which) { thrower->throw_it(which.c_str()); }
void rethrow(const std::string& which) {
  try {
    thrower->throw_it(which.c_str());
  } catch (const PyErr& error) {
    PyErr copy = error;
    throw copy;  // NOLINT
  }
}
void throw_made(const std::string& text) { throw thrower->make_it(text.c_str()); }
PyResult<int> result_of(int value) {
  ADDER_TRY(const int doubled, thrower->result_of(value));
  return doubled + 1;
}
/// The other way round: what is thrown here is caught there.
std::optional<std::string> caught_there(const std::string& which) {
  crossing::Text text;
  const auto throw_here = [](const char* kind) {
    if (std::string_view(kind) == "own") throw CatcherError::new_err("own, from here");
    if (std::string_view(kind) == "lazy") throw PyValueError::new_err("lazy, from here");
    if (std::string_view(kind) == "raised") Python::with_gil([](Python py) { (void)py.eval("1 / 0"); });
  };
  if (!thrower->catch_it(throw_here, which.c_str(), &text)) return std::nullopt;
  return text.text;
}
void throw_failure() { throw Failure("failure, from here"); }
std::optional<PyErr> kept;
void keep(const std::string& which) {
  try {
    thrower->throw_it(which.c_str());
  } catch (const PyErr& error) {
    kept = error;
  }
}
void raise_kept() { throw PyErr(*kept); }  // NOLINT
void drop_kept(Python py) {
  py.allow_threads([](std::optional<PyErr>& error) { error.reset(); }, kept);
}
std::optional<std::string> nested_is(const std::string& which) {
  try {
    thrower->throw_it(which.c_str());
  } catch (const std::exception& error) {
    try {
      std::rethrow_if_nested(error);
    } catch (const PyErr& inner) {
      return inner.what();
    }
  }
  return std::nullopt;
}

}  // namespace

ADDER_MODULE(error_catcher_ext, m) {
  const Python py = m.py();
  m.add("CatcherError", py.get_type<CatcherError>());
  m.def<&connect>("connect");
  m.def<&caught>("caught");
  m.def<&caught_detached>("caught_detached");
  m.def<&caught_as>("caught_as");
  m.def<&value_of>("value_of");
  m.def<&let_through>("let_through");
  m.def<&rethrow>("rethrow");
  m.def<&throw_made>("throw_made");
  m.def<&result_of>("result_of");
  m.def<&caught_there>("caught_there");
  m.def<&throw_failure>("throw_failure");
  m.def<&keep>("keep");
  m.def<&raise_kept>("raise_kept");
  m.def<&drop_kept>("drop_kept");
  m.def<&nested_is>("nested_is");
}
