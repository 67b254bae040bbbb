// SPDX-License-Identifier: MIT
// A class that hides a handle cannot be copied from outside: it has to say how.
// EXPECT: adder: clone_ref: what this type is made of cannot be seen
// EXPECT: give it a member clone_ref\(Python\) const
#include "adder/adder.hpp"
#include "adder/sync/clone_ref.hpp"

#include <optional>
#include <utility>

using namespace adder;

class Opaque {
 public:
  explicit Opaque(Py<PyAny> object) : object_(std::move(object)) {}
#if !ADDER_MUST_NOT_COMPILE
  Opaque clone_ref(Python py) const { return Opaque(object_.clone_ref(py)); }
#endif

 private:
  Py<PyAny> object_;
};

std::optional<Opaque> probe(Python py, const std::optional<Opaque>& opaque) { return clone_ref(py, opaque); }
