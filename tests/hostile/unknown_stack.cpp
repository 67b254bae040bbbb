// SPDX-License-Identifier: MIT
// Where the bounds of the stack cannot be known, as glibc knows none of the main thread's without /proc, conversions
// and dunder methods work, and Python's own limit is the one that counts.
#include "adder/adder.hpp"

#include "adder/class/protocols.hpp"
#include "adder/stl/vector.hpp"
#include "adder/types/fields.hpp"
#include "threads/check.hpp"

#include <pthread.h>

#include <vector>

/// Takes the place of the C library's.
extern "C" int pthread_getattr_np(pthread_t, pthread_attr_t*) noexcept { return ENOENT; }

using namespace adder;
using test::check;

namespace {

struct Tree {
  std::vector<Tree> children;
};
struct Adds {
  int value = 0;
  Adds sum(const Adds& other) const { return {value + other.value}; }
};

}  // namespace

template <>
struct adder::FromPyObject<Tree> : adder::FromItems<Tree, Field<"children", &Tree::children>> {};
template <>
struct adder::PyClass<Adds> {
  static constexpr auto name = "Adds";
  static void define(ClassBuilder<Adds>& cls) {
    cls.def_new<int>();
    cls.def<"__add__", &Adds::sum>();
    cls.field<&Adds::value>("value");
  }
};

int main() {
  Python::with_gil([](Python py) {
    const auto tree = [&](int depth) {
      const Bound<PyDict> names = PyDict::new_(py);
      names.set_item("depth", depth);
      py.run("t = {'children': []}\nfor _ in range(depth): t = {'children': [t]}", names);
      return names.get_item("t").value();
    };
    check(tree(100).extract<Tree>().children.size() == 1, "what is deep converts");
    const PyResult<Tree> endless = tree(5000).try_extract<Tree>();
    check(!endless.is_ok() && endless.error().is_instance_of<PyRecursionError>(py), "Python's limit holds");

    const Bound<PyDict> names = PyDict::new_(py);
    names.set_item("Adds", py.get_type<Adds>());
    check(py.eval("(Adds(1) + Adds(2)).value", names).extract<int>() == 3, "a dunder method works");
  });
  return 0;
}
