// SPDX-License-Identifier: MIT
// Objects in states that no constructor made: bases with allocators of their own, objects without a value, bases that
// the collector tracks by themselves, arguments that change while they are counted.
#include "adder/adder.hpp"
#include "adder/stl/optional.hpp"
#include "adder/stl/string.hpp"
#include "adder/types/datetime.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

using namespace adder;

namespace {

using Any = Bound<PyAny>;

long live_values = 0;
/// Behind a pointer: of a value that was never built it is null.
class Value {
 public:
  Value() { ++live_values; }
  explicit Value(long number) : number_(new long(number)) { ++live_values; }
  Value(const Value& other) : number_(new long(*other.number_)) { ++live_values; }
  Value& operator=(const Value&) = delete;
  ~Value() {
    *number_ = 0;
    --live_values;
  }
  long get() const { return *number_; }
  long add(long by) { return *number_ += by; }
  std::string repr() const { return "Value of " + std::to_string(*number_); }
  std::size_t size() const { return static_cast<std::size_t>(*number_); }
  bool truth() const { return *number_ != 0; }

 private:
  std::unique_ptr<long> number_{new long(42)};
};

// --- Any type for a base, chosen at run time -------------------------------------------------------------------------

constexpr int base_count = 8;
::PyTypeObject* base_types[base_count] = {};

template <int N>
struct ChosenBase {
  using Base = PyAny;
  template <class Self>
  using Methods = PyAnyMethods<Self>;
  static constexpr const char* python_name = "ChosenBase";
  static ::PyTypeObject* type_object() noexcept { return base_types[N]; }
  static bool is_type_of(::PyObject* object) noexcept { return PyObject_TypeCheck(object, base_types[N]) != 0; }
};
template <int N, class... Taken>
class OnBase : public Value {
 public:
  explicit OnBase(const Taken&...) {}
  std::string text() const { return text_; }

 private:
  std::string text_ = "a text that is too long to stand in the object itself";
};

// --- Objects without a value -----------------------------------------------------------------------------------------

struct Day : Value {
  Day(int, int, int) {}
};
struct Moment : Value {
  Moment(int, int, int) {}
};
struct Bag : Value {
  using Value::Value;
};
/// Of a class that Python code may change.
struct Loose : Value {
  using Value::Value;
  std::optional<Py<PyAny>> other;
};
struct LooseDerived : Loose {
  using Loose::Loose;
};
struct LooseFrozen : Value {
  using Value::Value;
};
struct LooseUnsendable : Value {
  using Value::Value;
};
struct LooseWithoutNew : Value {
  LooseWithoutNew() {}
};
struct LooseDict : Value {
  using Value::Value;
};
/// Nothing can make one of these without a value.
struct Firm : Value {
  using Value::Value;
};
struct FirmDerived : Firm {
  using Firm::Firm;
};

// --- Others ----------------------------------------------------------------------------------------------------------

struct Conf : Value {
  explicit Conf(const Any&) {}
};
struct Row : Value {
  explicit Row(const Any&) {}
};
struct Members : Value {
  explicit Members(const Any&) {}
};
struct Failure : Value {
  explicit Failure(long number) : Value(number) {}
};
/// A failure that keeps nothing but its Python part.
struct EmptyFailure {};
struct Options : Value {
  explicit Options(const Kwargs& keywords) : Value(static_cast<long>(keywords->len())) {}
};
/// Needs no destructor, and classes that do derive from it.
class OpenNumber {
 public:
  explicit OpenNumber(long number) : number_(number) {
    if (number < 0) throw std::invalid_argument("negative");
  }
  long get() const { return number_; }

 private:
  long number_;
};
class OpenValue : public OpenNumber {
 public:
  explicit OpenValue(long number) : OpenNumber(number), value_(number) {}
  long get_value() const { return value_.get(); }

 private:
  Value value_;
};
/// 1000 is always the same object.
class OpenMade {
 public:
  static PyResult<Py<OpenMade>> make(Python py, long number) {
    static Py<OpenMade>* same = nullptr;
    if (number == 1000 && same != nullptr) return same->clone_ref(py);
    Py<OpenMade> made = Bound<OpenMade>::new_(py, number).unbind();
    if (number == 1000) same = new Py<OpenMade>(made.clone_ref(py));
    return made;
  }
  explicit OpenMade(long number) : number_(number) {}
  long get() const { return number_; }

 private:
  long number_;
};
struct ThreeWords {
  std::string a, b, c;
};

int finalized = 0;

}  // namespace

template <int N, class... Taken>
struct adder::PyClass<OnBase<N, Taken...>> {
  static constexpr auto name = "OnBase";
  static constexpr bool base_takes_args = true, subclass = true, weakref = true;
  using base = ChosenBase<N>;
  static void define(ClassBuilder<OnBase<N, Taken...>>& cls) {
    cls.template def_new<Taken...>();
    cls.template def<&Value::get>("cpp_get");
    cls.template def<&Value::add>("cpp_add");
    cls.template def<&OnBase<N, Taken...>::text>("cpp_text");
  }
};

namespace {
template <int N>
constexpr auto type_makers() {
  return std::array{+[] { return PyTypeInfo<OnBase<N>>::type_object(); },
                    +[] { return PyTypeInfo<OnBase<N, Any>>::type_object(); },
                    +[] { return PyTypeInfo<OnBase<N, Any, Any>>::type_object(); },
                    +[] { return PyTypeInfo<OnBase<N, Any, Any, Any>>::type_object(); }};
}
/// A pyclass on @p base whose constructor takes @p arity arguments and hands them on.
Any class_on(Python py, int place, const Bound<PyType>& base, std::size_t arity) {
  base_types[place] = reinterpret_cast<::PyTypeObject*>(base.as_ptr());
  constexpr std::array<decltype(type_makers<0>()), base_count> makers = {
      type_makers<0>(), type_makers<1>(), type_makers<2>(), type_makers<3>(),
      type_makers<4>(), type_makers<5>(), type_makers<6>(), type_makers<7>()};
  ::PyTypeObject* type = makers[static_cast<std::size_t>(place)][arity]();
  return Any::from_borrowed_ptr(py, reinterpret_cast<::PyObject*>(type));
}

/// What all classes of Values offer, to meet an object without one.
template <class T>
void define_value(ClassBuilder<T>& cls) {
  cls.template def<&Value::get>("get");
  cls.template def<[](const T& self, int by) { return self.get() + by; }>("plus");
  cls.template def<[](const Bound<T>& self) { return Py<T>(self); }>("same");
  cls.template def<[](const PyRef<T>& self) { return self->get(); }>("get_ref");
  cls.template getter<&Value::get>("number");
  cls.template def<"__repr__", &Value::repr>();
  cls.template def<"__len__", &Value::size>();
  cls.template def<"__bool__", &Value::truth>();
  if constexpr (!detail::is_frozen<T>()) {
    cls.template def<&Value::add>("add");
    cls.template def<[](PyRefMut<T> self, long by) { return self->add(by); }>("add_ref");
    cls.template setter<[](T& self, long number) { self.add(number); }>("number");
    cls.template deleter<[](T& self) { self.add(1); }>("number");
  } else {
    cls.template def<[](const Bound<T>& self) { return self.get().get(); }>("bound_get");
  }
}
/// Functions that take a T in every way there is.
template <class T>
void define_takers(ModuleBuilder& m, const char* name) {
  m.add_submodule(name, [](ModuleBuilder& sub) {
    sub.add_class<T>();
    sub.def<[](const T& value) { return value.get(); }>("by_const");
    if constexpr (std::is_copy_constructible_v<T>) sub.def<[](T value) { return value.get(); }>("by_value");
    sub.def<[](const PyRef<T>& value) { return value->get(); }>("by_ref");
    sub.def<[](const Bound<T>& value) { return value.borrow()->get(); }>("by_handle");
    sub.def<[](const Bound<T>& value) { return value.try_borrow().is_ok(); }>("can_borrow");
    if constexpr (!detail::is_frozen<T>()) {
      sub.def<[](T& value) { return value.add(1); }>("by_mut");
      sub.def<[](PyRefMut<T> value) { return value->add(1); }>("by_ref_mut");
      sub.def<[](const Bound<T>& value) { return value.borrow_mut()->add(1); }>("by_handle_mut");
    } else if constexpr (!detail::is_unsendable<T>()) {
      sub.def<[](Python py, Py<T> value) {
        return py.allow_threads([](const Py<T>& held) { return held.get().get(); }, value);
      }>("by_get");
    }
  });
}
}  // namespace

#define ADDER_TEST_CLASS(T, ...)                          \
  template <>                                             \
  struct adder::PyClass<T> {                              \
    static constexpr auto name = #T;                      \
    __VA_ARGS__ static void define(ClassBuilder<T>& cls); \
  };                                                      \
  inline void adder::PyClass<T>::define([[maybe_unused]] ClassBuilder<T>& cls)

ADDER_TEST_CLASS(Day, using base = PyDate;
                 static constexpr bool base_takes_args = true, subclass = true, weakref = true;) {
  cls.def_new<int, int, int>(arg("year"), arg("month"), arg("day"));
  define_value(cls);
}
ADDER_TEST_CLASS(Moment, using base = PyDateTime; static constexpr bool base_takes_args = true, dict = true;) {
  cls.def_new<int, int, int>(arg("year"), arg("month"), arg("day"));
  define_value(cls);
}
ADDER_TEST_CLASS(Bag, using base = PySet; static constexpr bool subclass = true;) {
  cls.def_new<>();
  define_value(cls);
}
ADDER_TEST_CLASS(
    Loose, static constexpr bool immutable = false, subclass = true, dict = true, weakref = true;
    static void finalize(const Bound<Loose>& self) {
      (void)self.borrow();
      ++finalized;
    } using fields = PartialFieldList<&Loose::other>;) {
  cls.def_new<long>(arg("number"));
  cls.field<&Loose::other>("other");
  define_value(cls);
}
ADDER_TEST_CLASS(LooseDerived, using base = Loose;) {
  cls.def_new<long>(arg("number"));
  define_value(cls);
}
ADDER_TEST_CLASS(LooseFrozen, static constexpr bool immutable = false, subclass = true, frozen = true, sync = true;) {
  cls.def_new<long>(arg("number"));
  define_value(cls);
}
ADDER_TEST_CLASS(LooseUnsendable, static constexpr bool immutable = false, subclass = true, unsendable = true;) {
  cls.def_new<long>(arg("number"));
  define_value(cls);
}
ADDER_TEST_CLASS(LooseWithoutNew, static constexpr bool immutable = false, subclass = true;) { define_value(cls); }
ADDER_TEST_CLASS(LooseDict, using base = PyDict; static constexpr bool immutable = false, subclass = true;) {
  cls.def_new<long>(arg("number"));
  define_value(cls);
}
ADDER_TEST_CLASS(Firm, static constexpr bool subclass = true;) {
  cls.def_new<long>(arg("number"));
  define_value(cls);
}
ADDER_TEST_CLASS(FirmDerived, using base = Firm; static constexpr bool immutable = false, subclass = true;) {
  cls.def_new<long>(arg("number"));
  define_value(cls);
}
ADDER_TEST_CLASS(Conf, using base = PyDict; static constexpr bool base_takes_args = true, subclass = true;) {
  cls.def_new<const Any&>();
  cls.def<&Value::get>("get_value");
}
ADDER_TEST_CLASS(Row, using base = PyList; static constexpr bool base_takes_args = true, subclass = true;) {
  cls.def_new<const Any&>();
  cls.def<&Value::get>("get_value");
}
ADDER_TEST_CLASS(Members, using base = PySet; static constexpr bool base_takes_args = true, subclass = true;) {
  cls.def_new<const Any&>();
  cls.def<&Value::get>("get_value");
}
ADDER_TEST_CLASS(Failure, using base = PyValueError; static constexpr bool subclass = true;) {
  cls.def_new<long>(arg("number"));
  cls.def<&Value::get>("get_value");
  cls.def<&Value::add>("add");
}
ADDER_TEST_CLASS(EmptyFailure, using base = PyValueError;) { cls.def_new<>(); }
ADDER_TEST_CLASS(Options, static constexpr bool subclass = true;) {
  cls.def_new<const Kwargs&>();
  cls.def<&Value::get>("get");
}
ADDER_TEST_CLASS(OpenNumber, static constexpr bool subclass = true;) {
  cls.def_new<long>(arg("number"));
  cls.def<&OpenNumber::get>("get");
}
ADDER_TEST_CLASS(OpenValue, using base = OpenNumber; static constexpr bool subclass = true;) {
  cls.def_new<long>(arg("number"));
  cls.def<&OpenValue::get_value>("get");
}
ADDER_TEST_CLASS(OpenMade, static constexpr bool subclass = true;) {
  cls.def_new<&OpenMade::make>(arg("number"));
  cls.def<&OpenMade::get>("get");
}
ADDER_TEST_CLASS(ThreeWords, static constexpr bool subclass = true;) {
  cls.def_new<std::string, std::string, std::string>(arg("a"), arg("b") = "", arg("c") = "");
  cls.def_init<[](const ThreeWords&, const std::string&, const std::string&, const std::string&) {}>(
      arg("a"), arg("b") = "", arg("c") = "");
  cls.def<[](const ThreeWords& words) { return words.a + words.b + words.c; }>("joined");
}

ADDER_MODULE(objects_ext, m) {
  m.def<&class_on>("class_on");
  m.def<[] { return live_values; }>("live");
  m.def<[] { return std::exchange(finalized, 0); }>("take_finalized");
  define_takers<Day>(m, "day");
  define_takers<Moment>(m, "moment");
  define_takers<Bag>(m, "bag");
  define_takers<Loose>(m, "loose");
  define_takers<LooseDerived>(m, "loose_derived");
  define_takers<LooseFrozen>(m, "loose_frozen");
  define_takers<LooseUnsendable>(m, "loose_unsendable");
  define_takers<LooseWithoutNew>(m, "loose_without_new");
  define_takers<LooseDict>(m, "loose_dict");
  define_takers<Firm>(m, "firm");
  define_takers<FirmDerived>(m, "firm_derived");
  m.add_class<Conf>();
  m.add_class<Row>();
  m.add_class<Members>();
  m.add_class<Failure>();
  m.add_class<EmptyFailure>();
  m.add_class<Options>();
  m.add_class<ThreeWords>();
  m.add_class<OpenNumber>();
  m.add_class<OpenValue>();
  m.add_class<OpenMade>();
}
