// SPDX-License-Identifier: MIT
// Calls and classes, bound with pybind11.
#include "calls.hpp"

#include <pybind11/native_enum.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace py = pybind11;
using namespace calls;

namespace {

py::object identity(const py::object& object) { return object; }
py::object identity_kept(py::object object) { return object; }
Int mixed_any(Int a, double b, bool c, std::string_view d, const py::object& e, std::uint8_t f) {
  return mixed(a, b, c, d.size(), e.is_none(), f);
}
std::size_t count_bytes(const py::bytes& bytes) { return static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.ptr())); }
py::bytes same_bytes(const py::bytes& bytes) {
  return py::bytes(PyBytes_AS_STRING(bytes.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.ptr())));
}
Int reject_by_throw() { throw py::value_error("the value is out of range"); }

template <class T>
void add_counter(py::module_& m, const char* name) {
  py::class_<T>(m, name)
      .def(py::init<Int>())
      .def("inc", [](T& self) { self.inc(); })
      .def("add", [](T& self, Int by) { return self.add(by); })
      .def("add_two", [](T& self, Int by, Int more) { return self.add_two(by, more); })
      .def("get", [](const T& self) { return self.total(); })
      .def_property(
          "total", [](const T& self) { return self.total(); }, [](T& self, Int total) { self.set_total(total); })
      .def_readwrite("field", &T::field);
}
template <class T>
void add_frozen(py::module_& m, const char* name) {
  py::class_<T>(m, name)
      .def(py::init<Int>())
      .def("get", [](const T& self) { return self.get(); })
      .def_readonly("field", &T::field);
}

}  // namespace

PYBIND11_MODULE(calls_pybind11, m) {
  m.def("take_0", &take<>);
  m.def("take_1", &take<Int>);
  m.def("take_2", &take<Int, Int>);
  m.def("take_3", &take<Int, Int, Int>);
  m.def("take_4", &take<Int, Int, Int, Int>);
  m.def("take_6", &take<Int, Int, Int, Int, Int, Int>);
  m.def("take_8", &take<Int, Int, Int, Int, Int, Int, Int, Int>);
  m.def("take_12", &take<Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int>);
  m.def("take_16", &take<Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int>);
  m.def("identity", &identity);
  m.def("identity_kept", &identity_kept);
  m.def("add", &add);
  m.def("add_named", &add, py::arg("a"), py::arg("b"));
  m.def("scale", &scale, py::arg("value"), py::arg("by") = 2);
  m.def("mixed", &mixed_any);
  m.def("mixed_named", &mixed_any, py::arg("a"), py::arg("b"), py::arg("c"), py::arg("d"), py::arg("e"), py::arg("f"));
  m.def("over", &over_int);
  m.def("over", &over_double);
  m.def("over", &over_text);
  m.def("not_", &not_);
  m.def("half", &half);
  m.def("byte", &calls::byte);
  m.def("length", &length);
  m.def("length_of_string", &length_of_string);
  m.def("text", &text);
  m.def("greet", &greet);
  m.def("count_bytes", &count_bytes);
  m.def("same_bytes", &same_bytes);
  m.def("or_seven", &or_seven, py::arg("value"));
  m.def("swapped", &swapped);
  m.def("doubled", &doubled);
  m.def("reject_by_throw", &reject_by_throw);
  m.def("reject_standard", &reject_standard);
  add_counter<Counter>(m, "Counter");
  add_counter<OpenCounter>(m, "OpenCounter");
  add_frozen<Frozen>(m, "Frozen");
  add_frozen<OpenFrozen>(m, "OpenFrozen");
  py::class_<Pair>(m, "Pair")
      .def(py::init([](double x, double y) {
        return Pair{x, y};
      }))
      .def("__add__", &Pair::plus, py::is_operator())
      .def("__iadd__", &Pair::operator+=, py::is_operator())
      .def("__eq__", &Pair::operator==, py::is_operator())
      .def("__lt__", &Pair::operator<, py::is_operator())
      .def("__getitem__", &Pair::get)
      .def("__setitem__", &Pair::set)
      .def("__len__", &Pair::size)
      .def("__hash__", &Pair::hash)
      .def("__contains__", &Pair::has)
      .def("__call__", &Pair::scaled);
  py::class_<Row>(m, "Row")
      .def(py::init<Int>())
      .def(
          "__iter__", [](const Row& self) { return py::make_iterator(self.numbers.begin(), self.numbers.end()); },
          py::keep_alive<0, 1>());
  py::native_enum<Shape>(m, "Shape", "enum.IntEnum")
      .value("POINT", Shape::point)
      .value("LINE", Shape::line)
      .value("TRIANGLE", Shape::triangle)
      .value("SQUARE", Shape::square)
      .value("CIRCLE", Shape::circle)
      .value("SPHERE", Shape::sphere)
      .finalize();
  m.def("pass_counter", &pass_counter);
  m.def("pass_frozen", &pass_frozen);
  m.def("pass_enum", &pass_enum);
  m.def("return_enum", &return_enum);
  m.def("return_counter", &return_counter);
  m.def("return_frozen", &return_frozen);
}
