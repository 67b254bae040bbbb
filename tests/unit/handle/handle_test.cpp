// SPDX-License-Identifier: MIT
// Handles of every kind: how one becomes another; what checked builds catch at run time, and what unchecked builds do
// instead.
#include "adder/handle/handle.hpp"

#include "adder/adder.hpp"
#include "adder/token/gil_guard.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

namespace {

using namespace adder;
using test::count;
using test::error_of;
using test::fresh;

TEST(Handle, an_object_of_any_type_converts_to_every_other_handle) {
  const GILGuard gil = Python::acquire_gil();
  const Python py = gil.python();
  const Bound<PyAny> object = PyList::empty(py);
  EXPECT_EQ(count(object), 1);
  const Borrowed<PyList> list = object.downcast<PyList>();
  EXPECT_EQ(count(object), 1);
  EXPECT_EQ(list.len(), 0u);
  const PyObj kept = object;
  const Py<PyAny> the_same = object;
  const auto typed = object.extract<Py<PyList>>();
  EXPECT_EQ(count(object), 4);
  EXPECT_TRUE(kept.bind(py).is(the_same.bind(py)));
  EXPECT_EQ(typed.bind(py).len(), 0u);
  EXPECT_EQ(error_of([&] { (void)object.extract<Py<PyDict>>(); }), "TypeError: expected dict, got list");
}

TEST(Handle, a_native_type_has_the_methods_of_any_object) {
  const GILGuard gil = Python::acquire_gil();
  const Python py = gil.python();
  const Bound<PyList> list = PyList::empty(py);
  EXPECT_EQ(list.repr().to_string(), "[]");
  const Bound<PyAny>& implicit = list.as_any();
  const auto takes_any = [](const Bound<PyAny>& any) { return any.as_ptr(); };
  EXPECT_EQ(takes_any(list), list.as_ptr());
  EXPECT_EQ(implicit.as_ptr(), list.as_ptr());
  EXPECT_EQ(count(list), 1);
  const PyObj object = list;
  const Py<PyList> typed = list;
  EXPECT_EQ(count(list), 3);
  list.append(1);  // A const handle changes its object: Python knows no constness.
  EXPECT_EQ(typed.bind(py).len(), 1u);
}

TEST(Handle, an_independent_reference_gets_back_to_every_handle) {
  const GILGuard gil = Python::acquire_gil();
  const Python py = gil.python();
  const PyObj object = PyList::empty(py);
  const Bound<PyAny>& any = object.bind(py);
  EXPECT_EQ(count(any), 1);
  EXPECT_TRUE(any.downcast<PyList>().is(any));
  const auto list = any.extract<Py<PyList>>();
  const PyObj again = object.clone_ref(py);
  EXPECT_EQ(count(any), 3);
  EXPECT_EQ(error_of([&] { (void)any.downcast<PyTuple>(); }), "TypeError: 'list' object is not an instance of 'tuple'");

  Py<PyList> typed = PyList::new_(py, 1, 2);
  EXPECT_EQ(typed.bind(py).len(), 2u);
  const PyObj erased = std::move(typed);
  EXPECT_EQ(count(erased.bind(py)), 1);
}

#if ADDER_CHECKED

void copy_while_detached() {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    py.allow_threads_unchecked([&] { const Bound<PyAny> copy = object; });
  });
}
void call_while_detached() {
  Python::with_gil([](Python py) {
    const Bound<PyList> list = PyList::empty(py);
    py.allow_threads_unchecked([&] { list.append(1); });
  });
}
void drop_while_detached() {
  Python::with_gil([](Python py) {
    const Bound<PyAny> kept = fresh(py);
    std::optional<Bound<PyAny>> object = Bound<PyAny>(kept);
    py.allow_threads_unchecked([&] { object.reset(); });
  });
}
void use_after_move() {
  Python::with_gil([](Python py) {
    Bound<PyAny> object = fresh(py);
    const Bound<PyAny> taken = std::move(object);
    (void)object.repr();  // NOLINT(bugprone-use-after-move)
  });
}
void detach_twice() {
  Python::with_gil([](Python py) { py.allow_threads_unchecked([&] { py.allow_threads([] {}); }); });
}
void assume_too_much() { (void)Python::assume_gil_acquired(); }
void wrong_unchecked_cast() {
  Python::with_gil([](Python py) { (void)fresh(py).downcast_unchecked<PyList>(); });
}
void static_handle_used_detached() {
  static const Bound<PyAny>* kept = nullptr;
  Python::with_gil([](Python py) { kept = new Bound<PyAny>(fresh(py)); });
  (void)kept->repr();
}

TEST(HandleDeathTest, use_while_detached_names_operation_type_and_place) {
  const char* place = "handle_test\\.cpp:[0-9]+";
  EXPECT_DEATH(copy_while_detached(), std::string("Bound<PyAny>: copied: this thread is not attached.*") + place);
  EXPECT_DEATH(call_while_detached(), std::string("Bound<PyList>: append: this thread is not attached.*") + place);
  EXPECT_DEATH(drop_while_detached(), std::string("Bound<PyAny>: dropped: this thread is not attached.*") + place);
  EXPECT_DEATH(static_handle_used_detached(), std::string("Bound<PyAny>: repr: this thread is not attached.*") + place);
}

TEST(HandleDeathTest, use_after_move_is_caught) {
  EXPECT_DEATH(use_after_move(), "Bound<PyAny>: repr: the handle was moved from.*handle_test\\.cpp:[0-9]+");
}

TEST(HandleDeathTest, false_promises_are_caught) {
  EXPECT_DEATH(detach_twice(), "allow_threads needs the GIL, and this thread does not hold it");
  EXPECT_DEATH(assume_too_much(), "assume_gil_acquired: this thread does not hold the GIL.*handle_test\\.cpp:[0-9]+");
  EXPECT_DEATH(wrong_unchecked_cast(), "downcast_unchecked: the object is not of the type.*handle_test\\.cpp:[0-9]+");
}

#else

TEST(Handle, use_after_move_throws_and_copying_copies_nothing) {
  Python::with_gil([](Python py) {
    Bound<PyAny> object = fresh(py);
    const Bound<PyAny> taken = std::move(object);
    const Bound<PyAny> copy = object;  // NOLINT(bugprone-use-after-move): that is the question
    EXPECT_EQ(copy.as_ptr(), nullptr);
    EXPECT_THROW((void)object.repr(), PyErr);
    EXPECT_THROW((void)taken.call_method("__eq__", object), PyErr);
    EXPECT_THROW((void)PyTuple::new_(py, object), PyErr);
    EXPECT_THROW((void)taken.is_instance(object), PyErr);
    EXPECT_THROW((void)PyErr::from_value(object), PyErr);
    EXPECT_THROW((void)PyErr::from_type(object, "x"), PyErr);
    Bound<PyString> name = PyString::new_(py, "x");
    const Bound<PyString> kept = std::move(name);
    EXPECT_THROW((void)taken.getattr(name), PyErr);  // NOLINT(bugprone-use-after-move)
    Bound<PyDict> names = PyDict::new_(py);
    const Bound<PyDict> dict = std::move(names);
    EXPECT_THROW(py.run("x = 1", names), PyErr);  // NOLINT(bugprone-use-after-move)
    EXPECT_FALSE(py.eval("'x' in globals()").extract<bool>());
  });
}

static_assert(sizeof(Bound<PyAny>) == sizeof(void*) && sizeof(Py<PyAny>) == sizeof(void*) &&
              sizeof(Borrowed<PyAny>) == sizeof(void*) && sizeof(Bound<PyIterator>) == sizeof(void*) &&
              sizeof(Py<PyList>) == sizeof(void*));

#endif

}  // namespace
