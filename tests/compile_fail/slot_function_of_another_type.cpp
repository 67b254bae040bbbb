// SPDX-License-Identifier: MIT
// A slot whose function returns an object takes none that returns a number.
// EXPECT: the function has another type than CPython wants for this slot
#include "adder/adder.hpp"
#include "adder/class/slot_guard.hpp"

using namespace adder;

struct Plain {
  int x = 0;
};
int number(const Plain& self) { return self.x; }
bool truth(const Plain& self) { return self.x != 0; }

template <>
struct adder::PyClass<Plain> {
  static constexpr auto name = "Plain";
  static void define(ClassBuilder<Plain>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.slot<Py_tp_repr>(slot_guard<&number>);
#else
    cls.slot<Py_nb_bool>(slot_guard<&truth>);
#endif
  }
};

void probe(Python py) { (void)Bound<Plain>::new_(py); }
