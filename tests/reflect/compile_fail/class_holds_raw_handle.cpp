// SPDX-License-Identifier: MIT
// The compiler lists private fields, so a handle that would outlive the GIL is found there as well.
// EXPECT: adder: a pyclass may not hold Bound, Borrowed, Python or raw PyObject\* members
#include "adder/adder.hpp"
#include "adder/reflect/reflect.hpp"

#include <utility>

class Keeper {
#if ADDER_MUST_NOT_COMPILE
  [[maybe_unused]] ::PyObject* object_ = nullptr;
#else
  adder::Py<adder::PyAny> object_;

 public:
  explicit Keeper(adder::Py<adder::PyAny> object) : object_(std::move(object)) {}
#endif
};
template <>
struct adder::PyClass<Keeper> : adder::Reflected<Keeper> {};

ADDER_MODULE(keeper, m) { m.add_class<Keeper>(); }
