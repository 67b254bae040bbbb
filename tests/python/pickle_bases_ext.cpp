// SPDX-License-Identifier: MIT
// Classes with a built-in base whose __reduce__ says how they are pickled: their C++ value and the base's part.
#include "adder/adder.hpp"
#include "adder/class/protocols.hpp"  // IWYU pragma: keep (__reduce__, __getitem__)
#include "adder/stl/optional.hpp"

#include <cstdint>
#include <optional>
#include <utility>

using namespace adder;

namespace {

struct Cache {
  std::int64_t hits = 0;
};
struct Stack {
  std::int64_t limit = 0;
};
struct BadCode {
  std::int64_t code = 0;
  Py<PyAny> detail;
};
struct Silent {
  std::int64_t n = 0;
};

/// The class's own __new__ with what makes an object of the same class; then the object's attributes, its items, its
/// keys and values. No __new__ and __init__ of a Python subclass is called.
template <class T, class... Rest>
Bound<PyTuple> reduced(const Bound<T>& self, const Bound<PyTuple>& arguments, const Rest&... rest) {
  const Python py = self.py();
  // From CPython 3.11 on this has what __slots__ hold as well as the __dict__.
  std::optional<Bound<PyAny>> state = self.getattr_opt("__dict__");
  if (PY_VERSION_HEX >= 0x030B0000) state = self.call_method("__getstate__");
  return PyTuple::new_(py, py.get_type<T>().getattr("__new__"), arguments, state, rest...);
}

}  // namespace

template <>
struct adder::PyClass<Cache> {
  static constexpr auto name = "Cache";
  using base = PyDict;
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Cache>& cls) {
    cls.def_new<&Cache::hits>(arg("hits") = 0);
    cls.field<&Cache::hits>("hits");
    cls.def<"__reduce__", &reduce>();
  }
  static Bound<PyTuple> reduce(Python py, const Bound<Cache>& self) {
    return reduced(self, PyTuple::new_(py, self.get_type(), self.borrow()->hits), py.None(),
                   self.as_super().items().try_iter());
  }
};
template <>
struct adder::PyClass<Stack> {
  static constexpr auto name = "Stack";
  using base = PyList;
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Stack>& cls) {
    cls.def_new<&Stack::limit>(arg("limit"));
    cls.getter<&Stack::limit>("limit");
    cls.def<"__reduce__", &reduce>();
  }
  static Bound<PyTuple> reduce(Python py, const Bound<Stack>& self) {
    return reduced(self, PyTuple::new_(py, self.get_type(), self.borrow()->limit), self.as_super().try_iter());
  }
};
template <>
struct adder::PyClass<BadCode> {
  static constexpr auto name = "BadCode";
  using base = PyValueError;
  static constexpr bool subclass = true;
  static void define(ClassBuilder<BadCode>& cls) {
    cls.def_new<std::int64_t, Py<PyAny>>(arg("code"), arg("detail"));
    cls.getter<&BadCode::code>("code");
    cls.field<&BadCode::detail>("detail");
    cls.def<"__reduce__", &reduce>();
  }
  static Bound<PyTuple> reduce(Python py, const Bound<BadCode>& self) {
    const auto value = self.borrow();
    return reduced(self, PyTuple::new_(py, self.get_type(), value->code, value->detail));
  }
};
/// Says nothing, so its value would be lost.
template <>
struct adder::PyClass<Silent> {
  static constexpr auto name = "Silent";
  using base = PyDict;
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Silent>& cls) { cls.def_new<&Silent::n>(arg("n") = 0); }
};

namespace {

void fail(Python py, std::int64_t code, Py<PyAny> detail) {
  throw PyErr::from_value(Bound<BadCode>::new_(py, code, std::move(detail)).into_any());
}

}  // namespace

ADDER_MODULE(pickle_bases_ext, m) {
  m.add_class<Cache>();
  m.add_class<Stack>();
  m.add_class<BadCode>();
  m.add_class<Silent>();
  m.def<&fail>("fail");
}
