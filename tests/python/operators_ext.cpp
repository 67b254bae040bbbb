// SPDX-License-Identifier: MIT
// Operators, comparison and hash. Values are texts that say which function was called with what: "add(a,b)".
#include <adder/adder.hpp>
#include <adder/class/protocols.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/string.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

using namespace adder;

namespace {

struct Term {
  std::string text;
};

/// All of its operators take a Term or an int.
template <detail::FixedString Name>
struct Binary {
  static Term of_term(const Term& self, const Term& other) {
    return {std::string(Name.view()) + "(" + self.text + "," + other.text + ")"};
  }
  static Term of_int(const Term& self, std::int64_t other) { return of_term(self, {std::to_string(other)}); }
};
template <detail::FixedString Name>
struct InPlace {
  static void of_term(Term& self, const Term& other) { self = Binary<Name>::of_term(self, other); }
  static void of_int(Term& self, std::int64_t other) { self = Binary<Name>::of_int(self, other); }
};
template <detail::FixedString Dunder, class T>
void add_binary(ClassBuilder<T>& cls) {
  cls.template def<Dunder, overload<&Binary<Dunder>::of_term, &Binary<Dunder>::of_int>>();
}
template <detail::FixedString Dunder, class T>
void add_in_place(ClassBuilder<T>& cls) {
  cls.template def<Dunder, overload<&InPlace<Dunder>::of_term, &InPlace<Dunder>::of_int>>();
}
template <class T>
void add_forward(ClassBuilder<T>& cls) {
  add_binary<"__add__">(cls), add_binary<"__sub__">(cls), add_binary<"__mul__">(cls), add_binary<"__matmul__">(cls);
  add_binary<"__truediv__">(cls), add_binary<"__floordiv__">(cls), add_binary<"__mod__">(cls);
  add_binary<"__divmod__">(cls), add_binary<"__lshift__">(cls), add_binary<"__rshift__">(cls);
  add_binary<"__and__">(cls), add_binary<"__xor__">(cls), add_binary<"__or__">(cls), add_binary<"__pow__">(cls);
}
template <class T>
void add_reflected(ClassBuilder<T>& cls) {
  add_binary<"__radd__">(cls), add_binary<"__rsub__">(cls), add_binary<"__rmul__">(cls);
  add_binary<"__rmatmul__">(cls), add_binary<"__rtruediv__">(cls), add_binary<"__rfloordiv__">(cls);
  add_binary<"__rmod__">(cls), add_binary<"__rdivmod__">(cls), add_binary<"__rlshift__">(cls);
  add_binary<"__rrshift__">(cls), add_binary<"__rand__">(cls), add_binary<"__rxor__">(cls);
  add_binary<"__ror__">(cls), add_binary<"__rpow__">(cls);
}
template <class T>
void add_all_in_place(ClassBuilder<T>& cls) {
  add_in_place<"__iadd__">(cls), add_in_place<"__isub__">(cls), add_in_place<"__imul__">(cls);
  add_in_place<"__imatmul__">(cls), add_in_place<"__itruediv__">(cls), add_in_place<"__ifloordiv__">(cls);
  add_in_place<"__imod__">(cls), add_in_place<"__ilshift__">(cls), add_in_place<"__irshift__">(cls);
  add_in_place<"__iand__">(cls), add_in_place<"__ixor__">(cls), add_in_place<"__ior__">(cls);
  add_in_place<"__ipow__">(cls);
}

// Which of them a class has: a Forward knows no reflected ones, and so on.
struct Full : Term {};
struct Forward : Term {};
struct Reflected : Term {};
struct FullWithAdd : Full {};   // Has an __add__ of its own,
struct FullWithRadd : Full {};  // or an __radd__.

template <class T>
struct TermClass {
  static constexpr bool subclass = true;
  using fields = FieldList<>;
  static void define_term(ClassBuilder<T>& cls) {
    cls.template def_new<[](std::string text) {
      T made;
      made.text = std::move(text);
      return made;
    }>();
    cls.template getter<&T::text>("text");
  }
};

}  // namespace

template <>
struct adder::PyClass<Term> {
  static constexpr auto name = "Term";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Term>& cls) {
    cls.getter<&Term::text>("text");
    cls.def<"__neg__", [](const Term& self) { return Term{"neg(" + self.text + ")"}; }>();
    cls.def<"__pos__", [](const Term& self) { return Term{"pos(" + self.text + ")"}; }>();
    cls.def<"__abs__", [](const Term& self) { return Term{"abs(" + self.text + ")"}; }>();
    cls.def<"__invert__", [](const Term& self) { return Term{"invert(" + self.text + ")"}; }>();
  }
};
template <>
struct adder::PyClass<Full> : TermClass<Full> {
  static constexpr auto name = "Full";
  using base = Term;
  static void define(ClassBuilder<Full>& cls) {
    define_term(cls), add_forward(cls), add_reflected(cls), add_all_in_place(cls);
  }
};
template <>
struct adder::PyClass<Forward> : TermClass<Forward> {
  static constexpr auto name = "Forward";
  using base = Term;
  static void define(ClassBuilder<Forward>& cls) { define_term(cls), add_forward(cls); }
};
template <>
struct adder::PyClass<Reflected> : TermClass<Reflected> {
  static constexpr auto name = "Reflected";
  using base = Term;
  static void define(ClassBuilder<Reflected>& cls) { define_term(cls), add_reflected(cls); }
};
template <>
struct adder::PyClass<FullWithAdd> : TermClass<FullWithAdd> {
  static constexpr auto name = "FullWithAdd";
  using base = Full;
  static void define(ClassBuilder<FullWithAdd>& cls) {
    define_term(cls);
    cls.def<"__add__", [](const FullWithAdd& self, const Term& other) {
      return Term{"own_add(" + self.text + "," + other.text + ")"};
    }>();
  }
};
template <>
struct adder::PyClass<FullWithRadd> : TermClass<FullWithRadd> {
  static constexpr auto name = "FullWithRadd";
  using base = Full;
  static void define(ClassBuilder<FullWithRadd>& cls) {
    define_term(cls);
    cls.def<"__radd__", [](const FullWithRadd& self, const Term& other) {
      return Term{"own_radd(" + self.text + "," + other.text + ")"};
    }>();
  }
};

namespace {

/// With one function for each operator, as most classes have.
struct Vec {
  double x = 0, y = 0;
  Vec plus(const Vec& other) const { return {x + other.x, y + other.y}; }
  Vec scaled(double factor) const { return {x * factor, y * factor}; }
  Vec& operator+=(const Vec& other) {
    x += other.x;
    y += other.y;
    return *this;
  }
  void subtract(const Vec& other) {
    x -= other.x;
    y -= other.y;
  }
  Vec power(std::int64_t exponent, std::optional<std::int64_t> modulus) const {
    return {x * static_cast<double>(exponent), modulus.has_value() ? static_cast<double>(*modulus) : y};
  }
  /// For a + b with what raises.
  static Vec fails(const Vec&, const Vec&) { throw PyKeyError::new_err("no"); }
  bool operator==(const Vec&) const = default;
};
struct Unique {
  explicit Unique(int n) : value(n) {}
  Unique(const Unique&) = delete;
  int value;
  void add(const Unique& other) { value += other.value; }
};
struct Counter {
  std::int64_t value = 0;
  std::int64_t as_int() const { return value; }
  double as_float() const { return static_cast<double>(value); }
  bool truth() const { return value != 0; }
};

/// Compared by one function.
struct ByOne {
  std::int64_t value = 0;
  bool compare(const ByOne& other, CompareOp how) const {
    switch (how) {
      case CompareOp::lt:
        return value < other.value;
      case CompareOp::le:
        return value <= other.value;
      case CompareOp::eq:
        return value == other.value;
      case CompareOp::ne:
        return value != other.value;
      case CompareOp::gt:
        return value > other.value;
      default:
        return value >= other.value;
    }
  }
};
/// By six; equal values have the same hash.
struct BySix {
  std::int64_t value = 0;
  bool lt(const BySix& other) const { return value < other.value; }
  bool le(const BySix& other) const { return value <= other.value; }
  bool eq(const BySix& other) const { return value == other.value; }
  bool ne(const BySix& other) const { return value != other.value; }
  bool gt(const BySix& other) const { return value > other.value; }
  bool ge(const BySix& other) const { return value >= other.value; }
  std::size_t hash() const { return static_cast<std::size_t>(value); }
};
/// Derived from `==`, `<=>` and std::hash.
struct Derived {
  double value = 0;
  bool operator==(const Derived&) const = default;
  std::partial_ordering operator<=>(const Derived&) const = default;
};
struct OnlyEq {
  std::int64_t value = 0;
  bool eq(const OnlyEq& other) const { return value == other.value; }
};
struct OnlyLess {
  std::int64_t value = 0;
  bool lt(const OnlyLess& other) const { return value < other.value; }
};
struct EqAndLess : OnlyEq {
  bool lt(const EqAndLess& other) const { return value < other.value; }
};

}  // namespace

template <>
struct std::hash<Derived> {
  std::size_t operator()(const Derived& it) const { return static_cast<std::size_t>(it.value); }
};

template <>
struct adder::PyClass<Vec> {
  static constexpr auto name = "Vec";
  static constexpr bool eq = true;
  static void define(ClassBuilder<Vec>& cls) {
    cls.def_new<&Vec::x, &Vec::y>();
    cls.field<&Vec::x>("x");
    cls.field<&Vec::y>("y");
    cls.def<"__add__", &Vec::plus>();
    cls.def<"__mul__", &Vec::scaled>();
    cls.def<"__rmul__", &Vec::scaled>();
    cls.def < "__iadd__", &Vec::operator+=>();
    cls.def<"__isub__", &Vec::subtract>();
    cls.def<"__pow__", &Vec::power>();
    cls.def<"__matmul__", &Vec::fails>();
    cls.def<"__or__", [](const Vec& self, std::int8_t bits) { return Vec{self.x, static_cast<double>(bits)}; }>();
    cls.def<"__imul__", [](const Bound<Vec>&, double) { return PyResult<double>(PyValueError::new_err("frozen")); }>();
    cls.def<"__lshift__", [](const Vec& self, Python py, Vec& other) {
      std::swap(other.x, other.y);
      return PyTuple::new_(py, self.x, other.x);
    }>();
  }
};
template <>
struct adder::PyClass<Unique> {
  static constexpr auto name = "Unique";
  static void define(ClassBuilder<Unique>& cls) {
    cls.def_new<int>();
    cls.getter<&Unique::value>("value");
    cls.def<"__iadd__", &Unique::add>();
  }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) {
    cls.def_new<&Counter::value>();
    cls.def<"__int__", &Counter::as_int>();
    cls.def<"__index__", &Counter::as_int>();
    cls.def<"__float__", &Counter::as_float>();
    cls.def<"__bool__", &Counter::truth>();
    cls.def<"__complex__",
            [](const Counter& self, Python py) { return PyComplex::new_(py, static_cast<double>(self.value), 1.0); }>();
    cls.def<"__round__", [](const Counter& self, std::optional<int> digits) {
      return self.value * 100 + digits.value_or(0);
    }>(arg("ndigits") = std::nullopt);
    cls.def<"__trunc__", &Counter::as_int>();
    cls.def<"__floor__", [](const Counter& self) { return self.value - 1; }>();
    cls.def<"__ceil__", [](const Counter& self) { return self.value + 1; }>();
    cls.def<"__format__",
            [](const Counter& self, const std::string& how) { return std::to_string(self.value) + how; }>();
  }
};
template <>
struct adder::PyClass<ByOne> {
  static constexpr auto name = "ByOne";
  static void define(ClassBuilder<ByOne>& cls) {
    cls.def_new<&ByOne::value>();
    cls.def<"__richcmp__", &ByOne::compare>();
  }
};
template <>
struct adder::PyClass<BySix> {
  static constexpr auto name = "BySix";
  static void define(ClassBuilder<BySix>& cls) {
    cls.def_new<&BySix::value>();
    cls.def<"__lt__", &BySix::lt>();
    cls.def<"__le__", &BySix::le>();
    cls.def<"__eq__", &BySix::eq>();
    cls.def<"__ne__", &BySix::ne>();
    cls.def<"__gt__", &BySix::gt>();
    cls.def<"__ge__", &BySix::ge>();
    cls.def<"__hash__", &BySix::hash>();
  }
};
template <>
struct adder::PyClass<Derived> {
  static constexpr auto name = "Derived";
  static constexpr bool frozen = true, eq = true, order = true, hash = true, sync = true;
  static void define(ClassBuilder<Derived>& cls) { cls.def_new<&Derived::value>(); }
};
template <>
struct adder::PyClass<OnlyEq> {
  static constexpr auto name = "OnlyEq";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<OnlyEq>& cls) {
    cls.def_new<&OnlyEq::value>();
    cls.def<"__eq__", &OnlyEq::eq>();
  }
};
template <>
struct adder::PyClass<EqAndLess> {
  static constexpr auto name = "EqAndLess";
  using base = OnlyEq;
  static void define(ClassBuilder<EqAndLess>& cls) {
    cls.def_new<[](std::int64_t value) {
      EqAndLess made;
      made.value = value;
      return made;
    }>();
    cls.def<"__lt__", &EqAndLess::lt>();
  }
};
template <>
struct adder::PyClass<OnlyLess> {
  static constexpr auto name = "OnlyLess";
  static void define(ClassBuilder<OnlyLess>& cls) {
    cls.def_new<&OnlyLess::value>();
    cls.def<"__lt__", &OnlyLess::lt>();
  }
};

ADDER_MODULE(operators_ext, m) {
  m.add_class<Term>();
  m.add_class<Full>();
  m.add_class<Forward>();
  m.add_class<Reflected>();
  m.add_class<FullWithAdd>();
  m.add_class<FullWithRadd>();
  m.add_class<Vec>();
  m.add_class<Unique>();
  m.add_class<Counter>();
  m.add_class<ByOne>();
  m.add_class<BySix>();
  m.add_class<Derived>();
  m.add_class<OnlyEq>();
  m.add_class<EqAndLess>();
  m.add_class<OnlyLess>();
}
