// SPDX-License-Identifier: MIT
// One of two extension modules with a C++ interface between them: this one throws, error_catcher_ext catches.
#include <adder/adder.hpp>
#include <adder/stl/string.hpp>

#include "error_crossing.hpp"

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace adder;
using Any = Bound<PyAny>;

namespace {

struct ThrowerError : NewException<"error_thrower_ext.ThrowerError", PyLookupError> {};
/// Both modules have one of this name, with another content.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void throw_it(const char* which) {
  const std::string_view kind = which;
  if (kind == "lazy") throw PyValueError::new_err("lazy, from afar");
  if (kind == "bare") throw PyStopIteration::new_err();
  if (kind == "own") throw ThrowerError::new_err("own, from afar");
  if (kind == "raised") Python::with_gil([](Python py) { (void)py.eval("{}['raised, from afar']"); });
  if (kind == "standard") throw std::out_of_range("standard, from afar");
  if (kind == "failure") throw Failure("failure, from afar");
  if (kind == "nested") {
    try {
      throw PyKeyError::new_err("inner, from afar");
    } catch (...) {
      std::throw_with_nested(std::runtime_error("outer, from afar"));
    }
  }
}
PyErr make_it(const char* text) { return ThrowerError::new_err(text); }
PyResult<int> result_of(int value) {
  if (value < 0) return PyValueError::new_err("negative, from afar");
  return 2 * value;
}
bool catch_it(void (*function)(const char*), const char* which, crossing::Text* text) {
  try {
    function(which);
  } catch (const PyErr& error) {
    text->set(error.what());
    return true;
  }
  return false;
}
const crossing::Interface interface {
  &throw_it, &make_it, &result_of, &catch_it
};

}  // namespace

ADDER_MODULE(error_thrower_ext, m) {
  const Python py = m.py();
  m.add("ThrowerError", py.get_type<ThrowerError>());
  m.add("interface", PyCapsule::new_with_pointer(py, const_cast<crossing::Interface*>(&interface), crossing::name));
  m.def<[](const std::string& which) { throw_it(which.c_str()); }>("throw_it");
  register_exception_translator<Failure>(py, [](const Failure& failure) {
    return ThrowerError::new_err(std::string("the thrower's: ") + failure.what());
  });
}
