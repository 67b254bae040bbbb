// SPDX-License-Identifier: MIT
// PyO3's traits as concepts: what is one, and what is none.
#include "adder/object/concepts.hpp"

#include "adder/adder.hpp"
#include "adder/types/weakref.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace {
struct Class {};
struct Other {};
struct PyDecimal : adder::ImportedType<"decimal", "Decimal"> {};
}  // namespace

template <>
struct adder::PyClass<Class> {
  static constexpr auto name = "Class";
  static void define(ClassBuilder<Class>&) {}
};

namespace {

using namespace adder;

static_assert(PyNativeType<PyAny> && PyNativeType<PyList> && PyNativeType<PyIterator> && PyNativeType<PyDecimal>);
static_assert(PyNativeType<PyValueError>);
static_assert(!PyNativeType<Class> && !PyNativeType<int> && !PyNativeType<std::string> && !PyNativeType<Bound<PyList>>);

static_assert(HasTypeObject<PyAny> && HasTypeObject<PyDecimal> && HasTypeObject<PyKeyError> && HasTypeObject<Class>);
static_assert(HasTypeObject<PyCell<Class>>);
static_assert(!HasTypeObject<int> && !HasTypeObject<Other> && !HasTypeObject<PyCell<Other>> && !HasTypeObject<void>);
static_assert(!HasTypeObject<PyIterator> && !HasTypeObject<PyWeakrefProxy> && !HasTypeObject<Bound<PyList>>);

static_assert(FromPyPointer<PyIterator> && FromPyPointer<Class> && !FromPyPointer<PyCell<Class>>);
static_assert(PyTryFrom<PyCell<Class>> && PyTryFrom<PyIterator> && !PyTryFrom<int> && !PyTryFrom<Other>);

static_assert(AsPyPointer<Bound<PyAny>> && AsPyPointer<Borrowed<PyList>> && AsPyPointer<Py<Class>>);
static_assert(!AsPyPointer<int> && !AsPyPointer<Class> && !AsPyPointer<Python>);
static_assert(IntoPyPointer<Bound<PyAny>> && IntoPyPointer<Py<Class>> && !IntoPyPointer<Borrowed<PyAny>>);
static_assert(!IntoPyPointer<int> && !IntoPyPointer<std::optional<Py<PyAny>>>);

TEST(Concepts, what_has_a_type_object_has_one_and_objects_of_it_can_be_told) {
  Python::with_gil([](Python py) {
    const auto check = [&]<class T>(std::optional<T>) {
      static_assert(HasTypeObject<T> && PyTryFrom<T>);
      EXPECT_FALSE(py.None().is_instance_of<T>());
      EXPECT_TRUE(py.get_type<T>().template is_instance_of<PyType>());
    };
    check(std::optional<PyList>());
    check(std::optional<PyDecimal>());
    check(std::optional<Class>());
  });
}

}  // namespace
