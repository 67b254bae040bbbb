// SPDX-License-Identifier: MIT
#include "adder/adder.hpp"
#include "adder/stl/chrono.hpp"
#include "adder/stl/optional.hpp"
#include "adder/stl/span.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/string_view.hpp"
#include "adder/stl/variant.hpp"
#include "adder/stl/vector.hpp"
#include "adder/types/fields.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <ratio>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace {

using adder::Bound;
using adder::Field;
using adder::OptionalField;
using adder::PyAny;
using adder::PyResult;
using Bytes = std::span<const std::byte>;

template <class T>
T echo(T value) {
  return value;
}
/// The other way into C++: bound functions load scalars themselves.
template <class T>
PyResult<T> extracted(const Bound<PyAny>& object) {
  return object.try_extract<T>();
}
/// Text whose code units are the bytes.
template <class Text>
Text text_of(Bytes bytes) {
  Text text(bytes.size() / sizeof(typename Text::value_type), typename Text::value_type());
  if (!bytes.empty()) std::memcpy(text.data(), bytes.data(), bytes.size());
  return text;
}
std::string_view view_of_nothing() { return {}; }
const char* no_text() { return nullptr; }
Bytes bytes_of_nothing() { return {}; }

template <class Char>
Char char_of(std::uint32_t value) {
  return static_cast<Char>(value);
}
template <class Char>
std::uint32_t code_of(Char character) {
  return static_cast<std::uint32_t>(static_cast<std::make_unsigned_t<Char>>(character));
}

template <class Time>
Time time_of(typename Time::rep count) {
  return Time(typename Time::duration(count));
}
template <class Duration>
Duration duration_of(typename Duration::rep count) {
  return Duration(count);
}
template <class Duration>
typename Duration::rep count_of(Duration time) {
  return time.count();
}
template <class Time>
typename Time::rep time_count_of(Time time) {
  return time.time_since_epoch().count();
}
std::chrono::year_month_day date_of(int year, unsigned month, unsigned day) {
  return {std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
}

using Seconds = std::chrono::duration<double>;
using Milliseconds8 = std::chrono::duration<std::int8_t, std::milli>;
using UnsignedSeconds = std::chrono::duration<std::uint64_t>;
using Thirds = std::chrono::duration<std::int64_t, std::ratio<1, 3>>;
using LocalMicros = std::chrono::local_time<std::chrono::microseconds>;
using SysMicros = std::chrono::sys_time<std::chrono::microseconds>;

struct Point {
  double x = 0, y = 0;
  std::string label = "none";
};
struct Shape {
  Point origin;
  std::vector<Point> corners;
};
struct Wide {
  std::uint8_t small = 0;
  std::u32string text;
};

enum class Color : std::uint8_t { red = 1, green = 2, blue = 255 };
enum class Sign : std::int64_t { lowest = INT64_MIN, zero = 0, highest = INT64_MAX };
enum class Letter : char { a = 'a', b = 'b' };
Color color_of(std::uint8_t number) { return static_cast<Color>(number); }

}  // namespace

template <>
struct adder::FromPyObject<Point>
    : adder::FromAttributes<Point, Field<"x", &Point::x>, Field<"y", &Point::y>, OptionalField<"name", &Point::label>> {
};
template <>
struct adder::IntoPyObject<Point>
    : adder::IntoItems<Point, Field<"x", &Point::x>, Field<"y", &Point::y>, Field<"name", &Point::label>> {};
template <>
struct adder::FromPyObject<Shape>
    : adder::FromItems<Shape, Field<"origin", &Shape::origin>, OptionalField<"points", &Shape::corners>> {};
template <>
struct adder::IntoPyObject<Shape>
    : adder::IntoItems<Shape, Field<"origin", &Shape::origin>, Field<"points", &Shape::corners>> {};
template <>
struct adder::FromPyObject<Wide>
    : adder::FromItems<Wide, Field<"small", &Wide::small>, OptionalField<"text", &Wide::text>> {};
template <>
struct adder::IntoPyObject<Wide> : adder::IntoItems<Wide, Field<"small", &Wide::small>, Field<"text", &Wide::text>> {};

template <>
struct adder::FromPyObject<Color> : adder::EnumAsInt<Color, Color::red, Color::green, Color::blue> {};
template <>
struct adder::IntoPyObject<Color> : adder::EnumAsInt<Color, Color::red, Color::green, Color::blue> {};
template <>
struct adder::FromPyObject<Sign> : adder::EnumAsInt<Sign, Sign::lowest, Sign::zero, Sign::highest> {};
template <>
struct adder::IntoPyObject<Sign> : adder::EnumAsInt<Sign, Sign::lowest, Sign::zero, Sign::highest> {};
template <>
struct adder::FromPyObject<Letter> : adder::EnumAsInt<Letter, Letter::a, Letter::b> {};
template <>
struct adder::IntoPyObject<Letter> : adder::EnumAsInt<Letter, Letter::a, Letter::b> {};

namespace {

Wide wide_of(Bytes text) { return {7, text_of<std::u32string>(text)}; }

/// Under its name from a bound function's arguments, under x_ and its name from extract().
#define BOTH(type, name)    \
  m.def<&echo<type>>(name); \
  m.def<&extracted<type>>("x_" name)

void integers(adder::ModuleBuilder& m) {
  BOTH(std::int8_t, "int8");
  BOTH(std::uint8_t, "uint8");
  BOTH(std::int16_t, "int16");
  BOTH(std::uint16_t, "uint16");
  BOTH(std::int32_t, "int32");
  BOTH(std::uint32_t, "uint32");
  BOTH(std::int64_t, "int64");
  BOTH(std::uint64_t, "uint64");
  BOTH(long long, "longlong");
  BOTH(unsigned long long, "ulonglong");
#if defined(__SIZEOF_INT128__)
  BOTH(adder::detail::Int128, "int128");
  BOTH(adder::detail::UInt128, "uint128");
#endif
  BOTH(double, "double");
  BOTH(float, "float");
  BOTH(long double, "longdouble");
  BOTH(bool, "bool");
}

void characters(adder::ModuleBuilder& m) {
  BOTH(char, "char");
  BOTH(char8_t, "char8");
  BOTH(char16_t, "char16");
  BOTH(char32_t, "char32");
  BOTH(wchar_t, "wchar");
  m.def<&char_of<char>>("char_of");
  m.def<&char_of<char8_t>>("char8_of");
  m.def<&char_of<char16_t>>("char16_of");
  m.def<&char_of<char32_t>>("char32_of");
  m.def<&char_of<wchar_t>>("wchar_of");
  m.def<&code_of<char32_t>>("char32_code");

  BOTH(std::string, "string");
  BOTH(std::string_view, "string_view");
  BOTH(std::u8string, "u8string");
  BOTH(std::u16string, "u16string");
  BOTH(std::u32string, "u32string");
  BOTH(std::wstring, "wstring");
  m.def<&text_of<std::string>>("string_of");
  m.def<&text_of<std::u8string>>("u8string_of");
  m.def<&text_of<std::u16string>>("u16string_of");
  m.def<&text_of<std::u32string>>("u32string_of");
  m.def<&text_of<std::wstring>>("wstring_of");
  m.def<&view_of_nothing>("view_of_nothing");
  m.def<&no_text>("no_text");

  BOTH(Bytes, "span");
  BOTH(std::vector<std::uint8_t>, "vector_uint8");
  BOTH(std::vector<std::byte>, "vector_byte");
  BOTH(std::vector<std::string>, "strings");
  BOTH(std::vector<double>, "doubles");
  m.def<&bytes_of_nothing>("bytes_of_nothing");
}

void times(adder::ModuleBuilder& m) {
  using namespace std::chrono;
  BOTH(nanoseconds, "nanoseconds");
  BOTH(microseconds, "microseconds");
  BOTH(milliseconds, "milliseconds");
  BOTH(seconds, "seconds");
  BOTH(hours, "hours");
  BOTH(days, "days");
  BOTH(Seconds, "double_seconds");
  BOTH(Milliseconds8, "milliseconds8");
  BOTH(UnsignedSeconds, "unsigned_seconds");
  BOTH(Thirds, "thirds");
  m.def<&duration_of<nanoseconds>>("nanoseconds_of");
  m.def<&duration_of<microseconds>>("microseconds_of");
  m.def<&duration_of<seconds>>("seconds_of");
  m.def<&duration_of<Seconds>>("double_seconds_of");
  m.def<&duration_of<UnsignedSeconds>>("unsigned_seconds_of");
  m.def<&duration_of<Thirds>>("thirds_of");
  m.def<&count_of<nanoseconds>>("nanoseconds_count");
  m.def<&count_of<Seconds>>("double_seconds_count");
  m.def<&count_of<Thirds>>("thirds_count");

  BOTH(system_clock::time_point, "time_point");
  BOTH(SysMicros, "sys_micros");
  BOTH(sys_seconds, "sys_seconds");
  BOTH(sys_days, "sys_days");
  BOTH(LocalMicros, "local_micros");
  BOTH(local_days, "local_days");
  BOTH(year_month_day, "date");
  m.def<&time_of<system_clock::time_point>>("time_point_of");
  m.def<&time_of<SysMicros>>("sys_micros_of");
  m.def<&time_of<sys_seconds>>("sys_seconds_of");
  m.def<&time_of<LocalMicros>>("local_micros_of");
  m.def<&time_count_of<SysMicros>>("sys_micros_count");
  m.def<&date_of>("date_of");
}

void composed(adder::ModuleBuilder& m) {
  using Number = std::variant<std::int32_t, double, std::string>;
  using Narrow = std::variant<std::int8_t, std::int64_t>;
  using Choice = std::variant<std::monostate, bool, Color, std::vector<std::uint8_t>>;
  BOTH(std::optional<std::int32_t>, "optional_int");
  BOTH(std::optional<bool>, "optional_bool");
  BOTH(std::optional<std::vector<std::uint8_t>>, "optional_bytes");
  BOTH(Number, "number");
  BOTH(Narrow, "narrow");
  BOTH(Choice, "choice");
  BOTH(Point, "point");
  BOTH(Shape, "shape");
  BOTH(Wide, "wide");
  m.def<&wide_of>("wide_of");
  BOTH(Color, "color");
  BOTH(Sign, "sign");
  BOTH(Letter, "letter");
  m.def<&color_of>("color_of");
}

}  // namespace

ADDER_MODULE(conversions_ext, m) {
  integers(m);
  characters(m);
  times(m);
  composed(m);
}
