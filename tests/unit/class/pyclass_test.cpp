// SPDX-License-Identifier: MIT
// Classes and what is derived from them, as C++ sees their objects. What Python sees is in python/test_classes.py.
#include "adder/class/pyclass.hpp"

#include "adder/adder.hpp"
#include "adder/function/closure.hpp"
#include "support/classes.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

using namespace adder;

namespace {

using test::collect;
using test::count;
using test::Counted;
using test::error_of;
using test::Polygon;
using test::Shape;
using test::Square;

struct Failure {
  explicit Failure(int given) : code(given), part(given) {}
  int code;
  Counted part;
};

}  // namespace

template <>
struct adder::PyClass<Failure> {
  static constexpr auto name = "Failure";
  static constexpr bool subclass = true;
  using base = PyValueError;
  static void define(ClassBuilder<Failure>& cls) {
    cls.def_new<int>();
    cls.getter<&Failure::code>("code");
  }
};

namespace {

/// A class of so many names that they are looked up in a table, and which one of them is bound once more: how, what.
struct Crowded {
  template <int I>
  int method() const {
    return I;
  }
  static constexpr int methods = 40;
  static inline int how = 0, which = 0;
  static std::string name_of(int i) { return "method" + std::to_string(i); }
};

}  // namespace

template <>
struct adder::PyClass<Crowded> {
  static constexpr auto name = "Crowded";
  template <int... I>
  static void define_all(ClassBuilder<Crowded>& cls, std::integer_sequence<int, I...>) {
    (cls.def<&Crowded::method<I>>(Crowded::name_of(I).c_str()), ...);
  }
  static void define(ClassBuilder<Crowded>& cls) {
    cls.def_new<>();
    cls.getter<&Crowded::method<1000>>("got");
    define_all(cls, std::make_integer_sequence<int, Crowded::methods>());
    cls.def_staticmethod<[] { return 1; }>("fixed");
    cls.attr("constant", 1);
    const std::string taken = Crowded::which < 0 ? "fixed" : Crowded::name_of(Crowded::which);
    if (Crowded::how == 1) cls.def<&Crowded::method<2000>>(taken.c_str());
    if (Crowded::how == 2) cls.def_staticmethod<[] { return 2; }>(taken.c_str());
    if (Crowded::how == 3) cls.getter<&Crowded::method<2001>>(taken.c_str());
    if (Crowded::how == 4) cls.def<&Crowded::method<2002>>("got");
    if (Crowded::how == 5) cls.def<&Crowded::method<2003>>("constant");
  }
};

namespace {

// REFERENCE_ROUNDS: 0. What is known of functions is kept for good.

TEST(PyClass, one_name_is_not_bound_twice_however_many_there_are) {
  static bool made = false;  // Once, and for good.
  if (std::exchange(made, true)) return;
  Python::with_gil([](Python py) {
    const auto made_with = [&](int how, int which) {
      Crowded::how = how;
      Crowded::which = which;
      return error_of([&] { return py.get_type<Crowded>(); });
    };
    const auto hint = [](const std::string& name) {
      return ". Functions that share a name are bound together: cls.def<overload<&f, &g>>(\"" + name + "\")";
    };
    for (const int which : {0, 3, 16, 17, Crowded::methods - 1}) {
      const std::string expected =
          "SystemError: Crowded." + Crowded::name_of(which) + ": there is something of that name already";
      for (const int how : {1, 2}) {
        EXPECT_EQ(made_with(how, which), expected + hint(Crowded::name_of(which))) << how;
      }
      EXPECT_EQ(made_with(3, which), expected);
    }
    EXPECT_EQ(made_with(1, -1), "SystemError: Crowded.fixed: there is something of that name already" + hint("fixed"));
    EXPECT_EQ(made_with(4, 0), "SystemError: Crowded.got: there is something of that name already");
    EXPECT_EQ(made_with(5, 0),
              "SystemError: Crowded.constant: there is something of that name already" + hint("constant"));
    EXPECT_EQ(made_with(0, 0), "no error");
    const auto object = Bound<Crowded>::new_(py);
    for (int i = 0; i < Crowded::methods; ++i) {
      EXPECT_EQ(object.call_method(Crowded::name_of(i)).extract<int>(), i);
    }
    EXPECT_EQ(object.getattr("got"_s).extract<int>(), 1000);
  });
}

TEST(PyClass, dunder_names_that_have_a_type_slot_are_known) {
  for (const char* name : {"__repr__", "__lt__", "__len__", "__contains__", "__getattribute__", "__get__", "__or__"}) {
    EXPECT_TRUE(detail::has_type_slot(name)) << name;
  }
  for (const char* name : {"", "_", "__", "____", "_____", "repr", "__repr", "repr__", "_repr__", "__rep__", "__epr__",
                           "__repr str__", "__ __", "__ repr__", "__reduce__", "__enter__", "__Len__", "___len__"}) {
    EXPECT_FALSE(detail::has_type_slot(name)) << name;
  }
}

// REFERENCE_ROUNDS: 60

TEST(PyClass, a_method_returns_its_object_or_another_of_its_class) {
  Python::with_gil([](Python py) {
    const auto object = Bound<Counted>::new_(py, 4);
    EXPECT_TRUE(object.call_method("itself"_s).is(object));
    EXPECT_EQ(object.call_method("next"_s).call_method("next"_s).getattr("value"_s).extract<int>(), 6);
    EXPECT_EQ(count(object), 1);
  });
  EXPECT_EQ(Counted::alive, 0);
}

TEST(PyClass, handles_of_derived_classes_are_handles_of_their_bases) {
  Python::with_gil([](Python py) {
    const auto square = Bound<Square>::new_(py, 1);
    const Bound<Polygon> polygon = square;
    const Bound<Shape> shape = square;
    EXPECT_EQ(count(square), 3);
    Bound<Shape> taken = Bound<Square>::new_(py, 2);
    EXPECT_EQ(count(taken), 1);
    const Py<Shape> stored = square;
    const Py<Polygon> from_py = Py<Square>::new_(py, 3);
    EXPECT_EQ(count(from_py), 1);
    EXPECT_EQ(shape.borrow()->corners(), 4);
    EXPECT_EQ(from_py.bind(py).borrow()->label(), 3);
    EXPECT_TRUE(shape.downcast<Square>().is(square));
    EXPECT_EQ(error_of([&] { (void)Bound<Shape>(Bound<Polygon>::new_(py, 1, 5)).downcast<Square>(); }),
              "TypeError: 'builtins.Polygon' object is not an instance of 'Square'");
    EXPECT_TRUE(square.as_super().is(square));
    EXPECT_EQ(square.as_super().as_super().borrow()->corners(), 4);
    EXPECT_TRUE((py.is_subclass<Square, Shape>()));
    EXPECT_FALSE((py.is_subclass<Shape, Square>()));
  });
}

int corners_of(const int&, const Shape& shape) { return shape.corners(); }
int rename_to(const int&, Shape& shape, int label) { return shape.rename(label); }

TEST(PyClass, functions_of_the_base_take_derived_objects) {
  Python::with_gil([](Python py) {
    const auto square = Bound<Square>::new_(py, 1);
    const auto corners = new_closure<&corners_of>(py, "corners_of", 0);
    const auto rename = new_closure<&rename_to>(py, "rename_to", 0);
    EXPECT_EQ(corners.call(square).extract<int>(), 4);
    EXPECT_EQ(rename.call(square, 5).extract<int>(), 1);
    EXPECT_EQ(square.borrow()->label(), 5);
    const auto reader = square.borrow();
    EXPECT_EQ(corners.call(square).extract<int>(), 4);
    EXPECT_TRUE(error_of([&] { (void)rename.call(square, 5); }).find("Already borrowed: 'Shape' object") !=
                std::string::npos);
    EXPECT_EQ(square.as_any().extract<PyRef<Shape>>()->corners(), 4);
  });
}

PyResult<void> raise_failure(const int&, Python py, int code) {
  return PyErr::from_value(Bound<Failure>::new_(py, code));
}

TEST(PyClass, an_exception_class_carries_its_value) {
  Python::with_gil([](Python py) {
    try {
      throw PyErr::from_value(Bound<Failure>::new_(py, 42));
    } catch (const PyErr& error) {
      EXPECT_TRUE(error.is_instance_of<Failure>(py));
      EXPECT_TRUE(error.is_instance_of<PyValueError>(py));
      EXPECT_FALSE(error.is_instance_of<PyKeyError>(py));
      EXPECT_EQ(error.value(py).downcast<Failure>().borrow()->code, 42);
      EXPECT_EQ(Counted::alive, 1);
    }
    EXPECT_EQ(Counted::alive, 0);
    const auto raise = new_closure<&raise_failure>(py, "raise_failure", 0);
    const auto names = PyDict::new_(py, kw("raises"_s) = raise, kw("Failure"_s) = py.get_type<Failure>());
    py.run(R"(
        class More(Failure): pass
        for make in (lambda: raises(7), lambda: (_ for _ in ()).throw(Failure(7)), lambda: (_ for _ in ()).throw(More(7))):
            try:
                make()
            except ValueError as error:
                assert error.code == 7 and isinstance(error, Failure), error
            else:
                raise AssertionError('nothing was raised')
        assert Failure(7).args == (7,)
        del More, make
    )",
           names);
    (void)collect(py);
    EXPECT_EQ(Counted::alive, 0);
    const auto made = py.get_type<Failure>().call(3);
    try {
      py.import("builtins");
      throw PyErr::from_value(made);
    } catch (const PyErr& error) {
      EXPECT_STREQ(error.what(), "builtins.Failure: 3");
      EXPECT_TRUE(error.value(py).is(made));
    }
  });
  EXPECT_EQ(Counted::alive, 0);
}

}  // namespace
