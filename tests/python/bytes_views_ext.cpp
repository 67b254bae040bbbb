// SPDX-License-Identifier: MIT
// What test_bytes_views.py calls: functions that read any bytes-like object in place.
#include <adder/adder.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/pair.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/variant.hpp>
#include <adder/stl/vector.hpp>
#include <adder/types/bytes_view.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

using namespace adder;

namespace {

std::size_t sum(const BytesView& data) {
  std::size_t total = 0;
  for (const std::byte byte : data.as_bytes()) total += std::to_integer<std::size_t>(byte);
  return total;
}
std::size_t sum_by_value(BytesView data) { return sum(data); }
std::size_t address(const BytesView& data) { return reinterpret_cast<std::size_t>(data.data()); }
Bound<PyBytes> copied(Python py, const BytesView& data) { return PyBytes::new_(py, data.as_string_view()); }
std::int64_t optional_size(const std::optional<BytesView>& data) {
  return data ? static_cast<std::int64_t>(data->size()) : -1;
}
std::size_t size_of_all(const std::vector<BytesView>& all) {
  std::size_t total = 0;
  for (const BytesView& data : all) total += data.size();
  return total;
}
std::string alternative(const std::variant<std::string, BytesView>& value) {
  return value.index() == 0 ? "text" : "bytes";
}
std::string of_text(std::string_view) { return "text"; }
std::string of_bytes(const BytesView&) { return "bytes"; }
std::string of_number(double) { return "number"; }

/// Calls back while the view is there.
Bound<PyAny> meanwhile(const BytesView& data, const Bound<PyAny>& function) { return function(data.size()); }

/// The view goes with the section that it is given to, and ends without the GIL.
std::size_t given_away(Python py, BytesView data) {
  return py.allow_threads([](BytesView inside) { return sum(inside); }, std::move(data));
}
std::size_t lent(Python py, BytesView data) {
  return py.allow_threads([](const BytesView& inside) { return sum(inside); }, data);
}
bool moves(Python, const Bound<PyAny>& first, const Bound<PyAny>& second) {
  BytesView a(first), b(second);
  const std::byte* place = b.data();
  a = std::move(b);
  BytesView c(std::move(a));
  return c.data() == place && a.empty() && a.data() == nullptr && b.empty();  // NOLINT(bugprone-use-after-move)
}
std::size_t size_of(const Bound<PyAny>& object) { return BytesView(object).size(); }
std::size_t extracted(const Bound<PyAny>& object) { return object.extract<BytesView>().size(); }

struct Counter {
  std::size_t total = 0;
  void add(const BytesView& data) { total += data.size(); }
  void set(const BytesView& data) { total = data.size(); }
};

}  // namespace

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) {
    cls.def_new<>();
    cls.def<&Counter::add>("add", arg("data"));
    cls.field<&Counter::total>("total");
  }
};

ADDER_MODULE(bytes_views_ext, m) {
  m.def<&sum>("sum", arg("data"));
  m.def<&sum_by_value>("sum_by_value", arg("data"));
  m.def<&sum>("sum_detached", arg("data"), release_gil);
  m.def<&sum_by_value>("sum_by_value_detached", arg("data"), release_gil);
  m.def<&given_away>("given_away");
  m.def<&lent>("lent");
  m.def<&address>("address");
  m.def<&copied>("copied");
  m.def<&optional_size>("optional_size", arg("data") = std::nullopt);
  m.def<&size_of_all>("size_of_all");
  m.def<&alternative>("alternative");
  m.def<overload<&of_text, &of_bytes, &of_number>>("overloaded");
  m.def<&meanwhile>("meanwhile");
  m.def<&moves>("moves");
  m.def<&size_of>("size_of");
  m.def<&extracted>("extracted");
  m.add_class<Counter>();
}
