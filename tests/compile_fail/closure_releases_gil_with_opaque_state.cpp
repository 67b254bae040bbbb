// SPDX-License-Identifier: MIT
// Without the GIL the function uses its state, too.
// EXPECT: this type is not Ungil
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

using namespace adder;

class Opaque {
 public:
  explicit Opaque(int number) : number_(number) {}
  int number() const { return number_; }

 private:
  int number_;
};
struct Plain {
  int number_;
  int number() const { return number_; }
};
#if ADDER_MUST_NOT_COMPILE
using State = Opaque;
#else
using State = Plain;
#endif

Bound<PyBuiltinFunction> probe(Python py) {
  return new_closure<[](const State& state) { return state.number(); }>(py, "f", State{1}, release_gil);
}
