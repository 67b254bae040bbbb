// SPDX-License-Identifier: MIT
#include "adder/adder.hpp"
#include "adder/class/named_tuple.hpp"
#include "adder/stl/string.hpp"

#include <string>

namespace {
struct Row {
  double x = 0;
  std::string label;
};
using RowTuple =
    adder::NamedTuple<Row, "named_tuple_ext", "Row", adder::Field<"x", &Row::x>, adder::Field<"label", &Row::label>>;
Row make_row(double x, std::string label) { return {x, label}; }
Row twice(Row row) { return {row.x * 2, row.label + row.label}; }
}  // namespace

template <>
struct adder::IntoPyObject<Row> : RowTuple {};
template <>
struct adder::FromPyObject<Row> : RowTuple {};

ADDER_MODULE(named_tuple_ext, m) {
  m.add("Row", RowTuple::type(m.py()));
  m.def<&make_row>("make_row");
  m.def<&twice>("twice");
}
