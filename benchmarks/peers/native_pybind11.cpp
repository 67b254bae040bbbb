// SPDX-License-Identifier: MIT
// The tasks in C++ that pybind11 has too: see native.hpp, and native_adder.cpp.
#include <pybind11/eval.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace py = pybind11;

namespace {

/// An object with an attribute `x` and methods, as in native_types.cpp.
py::object thing() {
  py::dict scope;
  scope["__builtins__"] = py::module_::import("builtins");
  py::exec("class Thing:\n    def __init__(self): self.x = 1\n    def zero(self): pass\n    def one(self, a): pass\n",
           scope);
  return py::object(scope["Thing"])();
}
py::object builtin(const char* name) { return py::module_::import("builtins").attr(name); }
py::object function(const char* text) {
  py::dict scope;
  return py::eval(text, scope);
}

template <class Body>
void repeat(std::size_t count, Body body) {
  for (; count != 0; --count) body();
}
void keep(const void* memory) { asm volatile("" : : "r"(memory) : "memory"); }

py::list build(const std::vector<long>& numbers) {
  py::list list;
  for (const long number : numbers) list.append(number);
  return list;
}

struct Named {
  const char* name;
  void (*run)(std::size_t count);
};
const Named entries[] = {
    {"attach_nested",
     [](std::size_t n) {
       repeat(n, [] {
         py::gil_scoped_acquire guard;
         keep(&guard);
       });
     }},
    {"guard_nested",
     [](std::size_t n) {
       repeat(n, [] {
         py::gil_scoped_acquire guard;
         keep(&guard);
       });
     }},
    {"attach_outermost",
     [](std::size_t n) {
       py::gil_scoped_release detached;
       repeat(n, [] {
         py::gil_scoped_acquire guard;
         keep(&guard);
       });
     }},
    {"detach_empty",
     [](std::size_t n) {
       repeat(n, [] {
         py::gil_scoped_release guard;
         keep(&guard);
       });
     }},
    {"copy_bound",
     [](std::size_t n) {
       auto b = builtin("len");
       repeat(n, [&] {
         py::object c = b;
         keep(c.ptr());
       });
     }},
    {"getattr_name_ok",
     [](std::size_t n) {
       auto o = thing();
       repeat(n, [&] {
         py::object x = o.attr("x");
         keep(x.ptr());
       });
     }},
    {"setattr_name_ok",
     [](std::size_t n) {
       auto o = thing();
       auto v = py::int_(7);
       repeat(n, [&] { o.attr("x") = v; });
     }},
    {"call_none_ok",
     [](std::size_t n) {
       auto f = function("lambda: None");
       repeat(n, [&] { f(); });
     }},
    {"call_one_ok",
     [](std::size_t n) {
       auto f = function("lambda a: None");
       auto a = py::int_(1);
       repeat(n, [&] { f(a); });
     }},
    {"call_three_ok",
     [](std::size_t n) {
       auto f = function("lambda a, b, c: None");
       auto a = py::int_(1), b = py::int_(2), c = py::int_(3);
       repeat(n, [&] { f(a, b, c); });
     }},
    {"method_none_ok",
     [](std::size_t n) {
       auto o = thing();
       repeat(n, [&] { o.attr("zero")(); });
     }},
    {"method_one_ok",
     [](std::size_t n) {
       auto o = thing();
       auto a = py::int_(1);
       repeat(n, [&] { o.attr("one")(a); });
     }},
    {"build_list_1000",
     [](std::size_t n) {
       std::vector<long> all(1000);
       std::iota(all.begin(), all.end(), 0L);
       repeat(n, [&] {
         py::list list = build(all);
         keep(list.ptr());
       });
     }},
    {"import_call_ok",
     [](std::size_t n) {
       auto x = py::float_(2.0);
       repeat(n, [&] { py::module_::import("math").attr("sqrt")(x); });
     }},
};

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Named& named : entries) all.emplace_back(named.name);
  return all;
}
void run(const std::string& name, std::size_t count) {
  for (const Named& named : entries) {
    if (named.name == name) return named.run(count);
  }
  throw std::invalid_argument("there is no such task");
}

}  // namespace

PYBIND11_MODULE(native_pybind11, m) {
  m.def("names", &names);
  m.def("run", &run);
}
