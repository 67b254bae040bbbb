// SPDX-License-Identifier: MIT
// C++ functions in type slots: what they are given, what they may throw, and who may use the object meanwhile.
#include "adder/class/slot_guard.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace {

using namespace adder;
using test::count;
using test::error_of;

struct Slots {
  std::int64_t number = 0;
  std::string shown() const { return std::string("<").append(std::to_string(number)).append(">"); }
};

}  // namespace

template <>
struct adder::PyClass<Slots> {
  static constexpr auto name = "Slots";
  static void define(ClassBuilder<Slots>& cls);
};

namespace {

/// As CPython calls it: either of the two may be something else.
Bound<PyAny> add(Python py, const Bound<PyAny>& left, const Bound<PyAny>& right) {
  const auto number = [](const Bound<PyAny>& side) -> std::optional<std::int64_t> {
    if (const auto slots = side.try_downcast<Slots>()) return slots->borrow()->number;
    const auto value = side.try_extract<std::int64_t>();
    return value.is_ok() ? std::optional(*value) : std::nullopt;
  };
  const auto a = number(left), b = number(right);
  if (!a || !b) return py.NotImplemented();
  return into_py(py, *a + *b).value();
}
std::int64_t subtract_slots(const Slots& left, const PyRef<Slots>& right) { return left.number - right->number; }
Py<PyAny> subtract(Python py, const Slots& left, const PyRef<Slots>& right) {
  return into_py(py, subtract_slots(left, right)).value();
}
bool truth(const Slots& self) { return self.number != 0; }
PyResult<bool> contains(const Slots& self, const Bound<PyAny>& wanted) {
  ADDER_TRY(const auto value, wanted.try_extract<std::int64_t>());
  return value == self.number;
}
Py_hash_t hash(const Slots& self) {
  if (self.number < 0) throw PyTypeError::new_err("negative numbers have no hash");
  return 7 * self.number;
}
PyResult<Bound<PyAny>> compare(const Slots& self, const Bound<PyAny>& other, int operation) {
  const auto slots = other.try_downcast<Slots>();
  if (!slots) return other.py().NotImplemented();
  if (operation != Py_LT) return PyNotImplementedError::new_err("only <");
  return into_py(other.py(), self.number < slots->borrow()->number);
}
/// A raw pointer, as in C.
::PyObject* item(PyRefMut<Slots> self, Py_ssize_t index) {
  if (index >= 3) throw std::out_of_range("no more");
  return PyLong_FromLongLong(static_cast<long long>(self->number++ + index));
}
PyResult<void> set_item(Slots& self, Py_ssize_t index, std::optional<Borrowed<PyInt>> value) {
  if (index != 0) return PyIndexError::new_err("there is but one");
  self.number = value ? value->extract<std::int64_t>() : -1;
  return {};
}
int set_attribute(Slots& self, const Bound<PyString>&, Bound<PyAny> value) {
  self.number = value.extract<std::int64_t>();
  return 0;
}
/// Calls the first argument with the object borrowed.
std::string call(Slots& self, const Bound<PyTuple>& args, const std::optional<Bound<PyDict>>& kwargs) {
  args.get_item(0).call();
  return std::to_string(self.number) + (kwargs ? kwargs->repr().to_string() : "");
}
Bound<Slots> iterate(Bound<Slots> self) { return self; }
/// Ends as C functions do.
::PyObject* next(Slots& self) {
  return self.number >= 3 ? nullptr : PyLong_FromLongLong(static_cast<long long>(self.number++));
}
void release_buffer(const Py<Slots>&, Py_buffer* view) {
  view->obj = nullptr;
  throw std::runtime_error("not released");
}

static_assert(std::is_same_v<decltype(slot_guard<&contains>), int (*const)(::PyObject*, ::PyObject*) noexcept>);
static_assert(std::is_same_v<decltype(slot_guard<&hash>), Py_hash_t (*const)(::PyObject*) noexcept>);
static_assert(std::is_convertible_v<decltype(slot_guard<&compare>), richcmpfunc>);
static_assert(std::is_convertible_v<decltype(slot_guard<&release_buffer>), releasebufferproc>);

}  // namespace

void adder::PyClass<Slots>::define(ClassBuilder<Slots>& cls) {
  cls.slot<Py_tp_repr>(slot_guard<&Slots::shown>);
  cls.slot<Py_nb_add>(slot_guard<&add>);
  cls.slot<Py_nb_subtract>(slot_guard<&subtract>);
  cls.slot<Py_nb_bool>(slot_guard<&truth>);
  cls.slot<Py_nb_negative>(slot_guard<[](const Slots& self) { return Slots{-self.number}; }>);
  cls.slot<Py_sq_contains>(slot_guard<&contains>);
  cls.slot<Py_tp_hash>(slot_guard<&hash>);
  cls.slot<Py_tp_richcompare>(slot_guard<&compare>);
  cls.slot<Py_sq_item>(slot_guard<&item>);
  cls.slot<Py_sq_ass_item>(slot_guard<&set_item>);
  cls.slot<Py_tp_setattro>(slot_guard<&set_attribute>);
  cls.slot<Py_tp_call>(slot_guard<&call>);
  cls.slot<Py_tp_iter>(slot_guard<&iterate>);
  cls.slot(Py_tp_iternext, reinterpret_cast<void*>(slot_guard<&next>));
}

namespace {

struct Object {
  explicit Object(Python py, std::int64_t number) : x(Bound<Slots>::new_(py, number)) {}
  Bound<PyAny> eval(const char* code) const { return x.py().eval(code, PyDict::new_(x.py(), kw("x"_s) = x)); }
  std::string shown(const char* code) const { return eval(code).repr().to_string(); }
  std::string error(const char* code) const {
    return error_of([&] { eval(code); });
  }
  Bound<Slots> x;
};

TEST(SlotGuard, arguments_and_results_are_those_of_the_slot) {
  Python::with_gil([](Python py) {
    const Object object(py, 2);
    EXPECT_EQ(object.shown("x"), "<2>");
    EXPECT_EQ(object.shown("(x + x, x + 1, 1 + x, x - x, -x)"), "(4, 3, 3, 0, <-2>)");
    EXPECT_EQ(object.shown("(bool(x), 2 in x, 3 in x, hash(x), x < x)"), "(True, True, False, 14, False)");
    EXPECT_EQ(object.shown("x(dict)") + object.shown("x(dict, a=1)"), "'2'\"2{'a': 1}\"");
    EXPECT_EQ(object.shown("[x[0], x[1]]"), "[2, 4]");
    EXPECT_EQ(object.x.borrow()->number, 4);
    object.x.setattr("number"_s, 1);
    EXPECT_EQ(object.shown("list(x)"), "[1, 2]");
    object.x.set_item(0, 9);
    EXPECT_EQ(object.x.borrow()->number, 9);
    object.x.del_item(0);
    EXPECT_EQ(object.x.borrow()->number, -1);
    EXPECT_EQ(count(object.x), 1);
  });
}

TEST(SlotGuard, what_the_function_throws_or_returns_is_raised) {
  Python::with_gil([](Python py) {
    const Object object(py, -2);
    EXPECT_EQ(object.error("hash(x)"), "TypeError: negative numbers have no hash");
    EXPECT_EQ(object.error("x[3]"), "IndexError: no more");
    EXPECT_EQ(object.error("x > x"), "NotImplementedError: only <");
    EXPECT_EQ(object.error("'a' in x"), "TypeError: expected int, got str");
    EXPECT_EQ(error_of([&] { object.x.set_item(1, 1); }), "IndexError: there is but one");
    EXPECT_FALSE(PyErr::occurred(py));
    EXPECT_EQ(count(object.x), 1);
    EXPECT_TRUE(object.x.try_borrow_mut().is_ok());
  });
}

TEST(SlotGuard, objects_of_another_type_and_null_are_refused) {
  Python::with_gil([](Python py) {
    const Object object(py, 2);
    EXPECT_EQ(object.error("1 - x"), "TypeError: 'int' object is not an instance of 'Slots'");
    EXPECT_EQ(object.error("x - 1"), "TypeError: 'int' object is not an instance of 'Slots'");
    EXPECT_EQ(error_of([&] { object.x.set_item(0, "a"); }), "TypeError: 'str' object is not an instance of 'int'");
    EXPECT_EQ(error_of([&] { object.x.delattr("number"_s); }).substr(0, 10), "TypeError:");
    EXPECT_EQ(object.x.borrow()->number, 2);
    EXPECT_EQ(object.error("x + 'a'").substr(0, 10), "TypeError:");
  });
}

TEST(SlotGuard, the_object_is_borrowed_for_the_call) {
  Python::with_gil([](Python py) {
    const Object object(py, 2);
    EXPECT_EQ(object.error("x(lambda: hash(x))").substr(0, 38), "RuntimeError: Already mutably borrowed");
    EXPECT_EQ(object.error("x(lambda: x[0])").substr(0, 30), "RuntimeError: Already borrowed");
    const auto reading = object.x.borrow();
    EXPECT_EQ(object.error("x[0]").substr(0, 30), "RuntimeError: Already borrowed");
    EXPECT_EQ(object.shown("hash(x)"), "14");
  });
}

TEST(SlotGuard, where_c_has_no_way_to_fail_errors_are_unraisable_and_a_pending_exception_stays) {
  Python::with_gil([](Python py) {
    const Object object(py, 2);
    const auto seen = PyList::empty(py);
    const auto sys = py.import("sys");
    sys.setattr("unraisablehook"_s, py.eval("lambda seen: lambda args: seen.append(repr(args.exc_value))").call(seen));
    PyErr_SetString(PyExc_KeyError, "pending");
    Py_buffer view{};
    view.obj = object.x.as_ptr();
    slot_guard<&release_buffer>(object.x.as_ptr(), &view);
    EXPECT_EQ(view.obj, nullptr);
    EXPECT_TRUE(PyErr::fetch(py).is_instance_of<PyKeyError>(py));
    sys.setattr("unraisablehook"_s, sys.getattr("__unraisablehook__"_s));
    EXPECT_EQ(seen.repr().to_string(), "[\"RuntimeError('not released')\"]");
    EXPECT_EQ(count(object.x), 1);
  });
}

}  // namespace
