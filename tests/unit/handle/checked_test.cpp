// SPDX-License-Identifier: MIT
// What checked builds catch at run time, and what unchecked builds do instead.
#include "support/refcount.hpp"

#include <gtest/gtest.h>

namespace {

using namespace adder;
using test::fresh;

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

TEST(CheckedDeathTest, use_while_detached_names_operation_type_and_place) {
  const char* place = "checked_test\\.cpp:[0-9]+";
  EXPECT_DEATH(copy_while_detached(), std::string("Bound<PyAny>: copied: this thread is not attached.*") + place);
  EXPECT_DEATH(call_while_detached(), std::string("Bound<PyList>: append: this thread is not attached.*") + place);
  EXPECT_DEATH(drop_while_detached(), std::string("Bound<PyAny>: dropped: this thread is not attached.*") + place);
  EXPECT_DEATH(static_handle_used_detached(), std::string("Bound<PyAny>: repr: this thread is not attached.*") + place);
}

TEST(CheckedDeathTest, use_after_move_is_caught) {
  EXPECT_DEATH(use_after_move(), "Bound<PyAny>: repr: the handle was moved from.*checked_test\\.cpp:[0-9]+");
}

TEST(CheckedDeathTest, false_promises_are_caught) {
  EXPECT_DEATH(detach_twice(), "allow_threads needs the GIL, and this thread does not hold it");
  EXPECT_DEATH(assume_too_much(), "assume_gil_acquired: this thread does not hold the GIL.*checked_test\\.cpp:[0-9]+");
  EXPECT_DEATH(wrong_unchecked_cast(), "downcast_unchecked: the object is not of the type.*checked_test\\.cpp:[0-9]+");
}

#else

TEST(Unchecked, use_after_move_throws_and_copying_copies_nothing) {
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

static_assert(sizeof(Bound<PyAny>) == sizeof(void*) && sizeof(Py<PyList>) == sizeof(void*));

#endif

}  // namespace
